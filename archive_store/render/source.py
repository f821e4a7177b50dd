"""Where a document comes from: the line that stands on every page."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from archive_store.render.look import Look
from archive_store.texts import _

_HEAD_DIGITS: Final = 16


@dataclass(frozen=True, slots=True)
class Sealed:
    """A sealed archive: the year and the bag that vouches for it, and that bag's root in full."""

    name: str
    root: str


@dataclass(frozen=True, slots=True)
class Source:
    """What a document was made from.

    ``as_of`` is the moment of the record and ``made_at`` that of the document, both with a time zone, in
    which they are printed. ``ledger_head`` is the head of the ledger in hexadecimal digits. ``sealed`` is
    the sealed archive that the record was taken from, if it was not the archive itself.
    """

    school_name: str
    as_of: datetime
    ledger_head: str
    made_at: datetime
    look: Look = field(default_factory=Look)
    sealed: Sealed | None = None

    @property
    def head(self) -> str:
        """The beginning of the ledger's head, in groups of four digits."""
        return grouped(self.ledger_head)

    @property
    def line(self) -> str:
        """The line in the footer of every page."""
        if self.sealed:
            text = _("{school}. Sealed archive {name}, record as of {moment}, root {root}")
            return text.format(
                school=self.school_name,
                name=self.sealed.name,
                moment=moment(self.as_of),
                root=grouped(self.sealed.root),
            )
        text = _("{school}. Archive of the electronic journal, record as of {moment}, ledger {head}")
        return text.format(school=self.school_name, moment=moment(self.as_of), head=self.head)

    def facts(self) -> list[tuple[str, str]]:
        """The same, each fact with its name."""
        if self.sealed:
            return [
                (_("Source"), _("sealed archive {name}").format(name=self.sealed.name)),
                (_("Root of the sealed archive"), self.sealed.root),
                (_("Record as of"), moment(self.as_of)),
                (_("Document made"), moment(self.made_at)),
            ]
        return [
            (_("Source"), _("archive of the electronic journal of Dnevnik.ru")),
            (_("Record as of"), moment(self.as_of)),
            (_("Head of the ledger"), self.head),
            (_("Document made"), moment(self.made_at)),
        ]


def grouped(digest: str) -> str:
    """The beginning of a digest, in groups of four digits."""
    digits = digest[:_HEAD_DIGITS]
    return " ".join(digits[start : start + 4] for start in range(0, len(digits), 4))


def moment(at: datetime) -> str:
    """A moment as people write it, with the zone: 30.06.2026 23:10 (UTC+3)."""
    return f"{at:%d.%m.%Y %H:%M} ({zone(at)})"


def zone(at: datetime) -> str:
    """The zone of a moment: UTC, UTC+3, UTC+5:30."""
    minutes = (at.utcoffset() or timedelta()) // timedelta(minutes=1)
    if not minutes:
        return "UTC"
    hours, rest = divmod(abs(minutes), 60)
    return f"UTC{'-' if minutes < 0 else '+'}{hours}{f':{rest:02}' if rest else ''}"
