"""The protocol of a check of presence and state: what was looked at, what was counted, what was found.

It is kept for the file: as JSON for programs, and as a page to be signed (``render/check_protocol.py``).
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import orjson
import sqlalchemy as sa

from archive_store import ledger
from archive_store.carriers.checking import Counts, Verdict
from archive_store.carriers.copies import Level, Place
from archive_store.carriers.rounds import Round, mending
from archive_store.carriers.words import About, about, lost
from archive_store.snapshot import naming

FORMAT: Final = "dnevnik-archive check protocol 1"
_READ: Final = (Level.DEEP, Level.DRILL)


@dataclass(frozen=True, slots=True)
class Line:
    """A copy in the protocol: the verdict, whose bag it is, what is lost, and the command that mends it."""

    verdict: Verdict
    about: About
    lost: tuple[str, ...]
    mending: str | None


@dataclass(frozen=True, slots=True)
class Part:
    """A carrier (or the folder beside the archive) in the protocol, with its copies and their sum."""

    place: Place
    lines: tuple[Line, ...]
    total: Counts

    @property
    def is_sound(self) -> bool:
        """Whether all that was expected here was found sound."""
        return all(line.verdict.is_sound for line in self.lines)


@dataclass(frozen=True, slots=True)
class Protocol:
    """A check of presence and state."""

    school_id: int
    school: str
    account: str
    round: Round
    head: ledger.Head
    parts: tuple[Part, ...]

    @property
    def contents_read(self) -> bool:
        """Whether tables were parsed and databases opened, and not files hashed alone."""
        return self.round.level in _READ

    def as_json(self) -> bytes:
        """For programs. Ids are texts, moments UTC."""
        value = {
            "format": FORMAT,
            "at": self.round.at,
            "level": self.round.level.value,
            "school": {"id": str(self.school_id), "name": self.school},
            "account": self.account,
            "ledger": {"entry": self.head.entry, "head": self.head.digest.hex()},
            "sound": self.round.is_sound,
            "contents_read": self.contents_read,
            "places": [_part(part) for part in self.parts],
            "disagreements": [
                {"study_year": one.study_year, "bag": one.bag, "roots": one.witnesses}
                for one in self.round.disagreements
            ],
        }
        return orjson.dumps(value, option=orjson.OPT_INDENT_2) + b"\n"


def protocol(connection: sa.Connection, school_id: int, school: str, account: str, one: Round) -> Protocol:
    """The protocol of a round."""
    parts = []
    for place in one.places:
        lines = tuple(sorted((_line(verdict, one) for verdict in one.of(place)), key=_class_order))
        parts.append(Part(place, lines, sum((line.verdict.counts for line in lines), Counts())))
    return Protocol(school_id, school, account, one, ledger.head(connection, school_id), tuple(parts))


def _line(verdict: Verdict, one: Round) -> Line:
    same = [
        other.path
        for other in one.verdicts
        if other.path and (other.study_year, other.bag) == (verdict.study_year, verdict.bag)
    ]
    paths = [path for path in (verdict.path, *same) if path]
    titles: list[str] = []
    if verdict.state == "damaged":
        titles = lost(one.path for one in verdict.findings if one.code != "extra")
    mended = None if verdict.is_sound else mending(verdict, one.verdicts)
    return Line(verdict, about(verdict.study_year, verdict.bag, paths), tuple(titles), mended)


def _class_order(line: Line) -> tuple[Any, ...]:
    """Year by year, the classes as a school counts them, then the sheets of the year and the answers."""
    year, said = line.verdict.study_year, line.about
    edition = naming.edition_of(line.verdict.bag)[1]
    return year, said.of_answers, said.group is None, naming.natural(said.group or ""), edition


def _part(part: Part) -> dict[str, Any]:
    carrier = part.place.carrier
    described = None
    if carrier is not None:
        described = {
            "id": carrier.carrier_id,
            "role": carrier.label.role.value,
            "room": carrier.label.room,
            "inventory": carrier.label.inventory,
            "device": carrier.device.as_json(),
            "apart": carrier.apart,
            "added_at": carrier.added_at,
        }
    return {
        "name": part.place.name,
        "carrier": described,
        "sound": part.is_sound,
        "counts": _counts(part.total),
        "bags": [_bag(line) for line in part.lines],
    }


def _bag(line: Line) -> dict[str, Any]:
    verdict = line.verdict
    return {
        "study_year": verdict.study_year,
        "bag": verdict.bag,
        "title": line.about.title,
        "state": verdict.state,
        "why": verdict.why or None,
        "root": verdict.root,
        "registered_root": verdict.registered,
        "counts": _counts(verdict.counts),
        "signatures": {"count": verdict.signatures, "checked": False},
        "findings": [{"code": one.code, "path": one.path, "detail": one.detail} for one in verdict.findings],
        "lost": list(line.lost),
        "mending": line.mending,
    }


def _counts(counts: Counts) -> dict[str, int]:
    return {
        "expected": counts.expected,
        "checked": counts.checked,
        "ok": counts.ok,
        "bad": counts.bad,
        "missing": counts.missing,
        "extra": counts.extra,
        "not_read": counts.unread,
        "files": counts.files,
        "bytes": counts.size,
    }


def write_protocol(folder: Path, at: str, made: dict[str, bytes]) -> list[Path]:
    """Write the files of a protocol, named after its moment; nothing is written over. Raises OSError."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    stem = f"check-{at[:10]}-{at[11:19].replace(':', '')}"
    number, name = 1, stem
    while any((folder / f"{name}.{ending}").exists() for ending in made):
        number += 1
        name = f"{stem}-{number}"
    written = []
    for ending, content in made.items():
        with (folder / f"{name}.{ending}").open("xb") as file:
            file.write(content)
        written.append(folder / f"{name}.{ending}")
    return written
