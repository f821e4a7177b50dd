"""Anchors: a head of the ledger kept where nobody can alter it later - on paper, on a carrier, in a mail.

Whoever can write the database can also write a ledger that agrees with itself. Not one that goes through a
head which was kept elsewhere before. An anchor names the number of an entry and its head; a file holds it
as lines of text that a person can read and type.
"""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

import sqlalchemy as sa

from archive_store import ledger
from archive_store.errors import FolderNotWritable, NotAnAnchor
from archive_store.schema import LEDGER
from archive_store.verification.findings import Finding

KIND: Final = "anchor"
Way = Literal["paper", "file", "mail", "heartbeat"]

_FEWEST_DIGITS: Final = 16
_LARGEST_FILE: Final = 10_000
_TITLE: Final = "dnevnik-archive ledger anchor"


@dataclass(frozen=True, slots=True)
class Anchor:
    """A head that was kept: the number of its entry (None: not known), and its first digits, or all."""

    entry: int | None
    digits: str
    school_id: int | None = None

    @property
    def groups(self) -> str:
        """The digits in groups of four, as they are read out and typed."""
        return " ".join(self.digits[start : start + 4] for start in range(0, len(self.digits), 4))

    @property
    def name(self) -> str:
        """The name of a file for it, without an ending."""
        return f"ledger-anchor-{self.school_id}-{self.entry:06}"


def newest(connection: sa.Connection, school_id: int) -> Anchor:
    """An anchor of the ledger's head as it is now."""
    head = ledger.head(connection, school_id)
    return Anchor(head.entry, head.digest.hex(), school_id)


def record(connection: sa.Connection, anchor: Anchor, way: Way, place: str, at: str) -> None:
    """Put on record that an anchor was made, in the caller's transaction. ``place`` names no person."""
    about = {"entry": anchor.entry, "head": anchor.digits, "way": way, "place": place}
    ledger.append(connection, int(anchor.school_id or 0), KIND, at, about)


def as_text(anchor: Anchor, at: str) -> str:
    """The anchor as lines of text, for a file or a mail. Each can be read with the naked eye."""
    lines = (
        _TITLE,
        f"school {anchor.school_id}",
        f"entry {anchor.entry}",
        f"head {anchor.groups}",
        f"at {at}",
    )
    return "\n".join(lines) + "\n"


def write(anchor: Anchor, place: Path, content: bytes, ending: str) -> Path:
    """Write an anchor into a new file, or into a folder; flushed to the carrier, and never over another.

    Raises FolderNotWritable.
    """
    file = place / f"{anchor.name}{ending}" if place.is_dir() else place
    try:
        with file.open("xb") as out:
            out.write(content)
            out.flush()
            os.fsync(out.fileno())
    except OSError as error:
        raise FolderNotWritable(file, error.strerror or str(error)) from error
    return file


def parse(text: str) -> Anchor:
    """What a person gives: a file of :func:`write`, or ENTRY:HEAD, or HEAD; spaces do not matter.

    A head may be cut short, to sixteen digits at least, as documents show it. Raises NotAnAnchor.
    """
    as_lines = _of_lines(_contents(text))
    if as_lines is not None:
        return as_lines
    entry, _colon, digits = text.rpartition(":")
    digits = "".join(digits.split()).lower()
    entry = entry.strip()
    if not re.fullmatch(rf"[0-9a-f]{{{_FEWEST_DIGITS},64}}", digits) or (entry and not entry.isdecimal()):
        raise NotAnAnchor(text)
    return Anchor(int(entry) if entry else None, digits)


def check(connection: sa.Connection, school_id: int, anchor: Anchor) -> Finding | None:
    """A finding if the school's chain does not go through the anchor: it was cut, or rewritten since.

    What follows the anchor is for :func:`archive_store.verification.whole.verify` to recompute.
    """
    if anchor.school_id not in (None, school_id):
        return Finding("anchor", anchor.entry or 0, "another school")
    column = LEDGER.c
    rows = sa.select(column.entry, column.head).where(column.school_id == school_id)
    if anchor.entry is not None:
        rows = rows.where(column.entry == anchor.entry)
    heads = connection.execute(rows).all()
    known = [row.head.hex() for row in heads if isinstance(row.head, bytes | memoryview)]
    if any(head.startswith(anchor.digits) for head in known):
        return None
    if anchor.entry == 0:
        return None  # made before there was an entry: every chain goes through it
    return Finding("anchor", anchor.entry or 0, "rewritten" if heads and anchor.entry else "cut")


def _contents(text: str) -> str:
    path = Path(text)
    try:
        if not path.is_file() or path.stat().st_size > _LARGEST_FILE:
            return ""
        return path.read_text(encoding="utf-8-sig", errors="replace")
    except (OSError, ValueError):
        return ""


def _of_lines(text: str) -> Anchor | None:
    if not text.startswith(_TITLE):
        return None
    words = dict(line.split(" ", 1) for line in text.splitlines() if " " in line)
    digits = "".join(words.get("head", "").split()).lower()
    entry, school = words.get("entry", ""), words.get("school", "")
    if not re.fullmatch(r"[0-9a-f]{64}", digits) or not entry.isdecimal() or not school.isdecimal():
        raise NotAnAnchor(text.splitlines()[0])
    return Anchor(int(entry), digits, int(school))
