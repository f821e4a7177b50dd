"""Which bags are sealed, and what is known of each copy: where it lies, when it was last found sound."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path
from typing import Any, Final

import sqlalchemy as sa

from archive_store.carriers.book import OWN, Event, Kind, events
from archive_store.carriers.errors import LinkInTheWay, NothingSealed
from archive_store.carriers.register import Carrier
from archive_store.retention.tombstones import tombstones
from archive_store.schema import SNAPSHOT
from archive_store.snapshot import naming

_PLAIN: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")


class Level(StrEnum):
    """How deep a check goes; each holds those before it, but for ``drill``, which needs no ``cross``."""

    QUICK = "quick"
    FULL = "full"
    DEEP = "deep"
    CROSS = "cross"
    DRILL = "drill"


@dataclass(frozen=True, slots=True)
class SealedBag:
    """A bag that the archive has sealed, with its root in hexadecimal digits and where it was put."""

    study_year: int
    bag: str
    root: str
    path: Path

    @property
    def year(self) -> str:
        """The folder of its year."""
        return naming.year_folder(self.study_year)

    @property
    def place(self) -> str:
        """Year and bag, as a path."""
        return f"{self.year}/{self.bag}"


@dataclass(frozen=True, slots=True)
class Place:
    """Where bags lie: a carrier, or the folder of sealed years beside the live archive (no carrier)."""

    name: str
    key: str
    root: Path
    carrier: Carrier | None = None

    def bag(self, year: str, bag: str) -> Path:
        """Where a bag lies or would. Raises LinkInTheWay: a link could lead anywhere."""
        for path in (self.root / year, self.root / year / bag):
            if path.is_symlink():
                raise LinkInTheWay(path)
        return self.root / year / bag


@dataclass(frozen=True, slots=True)
class Copy:
    """What is known of a bag on a carrier: its root, and how and when it was read last."""

    carrier: str
    study_year: int
    bag: str
    root: str
    verified_at: str | None = None
    state: str = "sound"
    checked_at: str | None = None
    level: str | None = None


def own_place(root: Path) -> Place:
    """The folder of sealed years beside the live archive."""
    return Place(OWN, OWN, root)


def place_of(carrier: Carrier) -> Place:
    """A carrier as a place of bags."""
    return Place(carrier.name, carrier.carrier_id, carrier.path, carrier)


def sealed_bags(connection: sa.Connection, school_id: int, study_year: int | None = None) -> list[SealedBag]:
    """The bags that the archive has sealed, of one year or of all, in order; not what an act has destroyed.

    Raises NothingSealed.
    """
    query = sa.select(SNAPSHOT).where(SNAPSHOT.c.school_id == school_id)
    buried = {(one.study_year, one.bag) for one in tombstones(connection, school_id)}
    known = (row for row in connection.execute(query) if (row.study_year, row.bag) not in buried)
    rows = sorted(known, key=lambda row: (row.study_year, naming.natural(row.bag)))
    found = [
        SealedBag(row.study_year, row.bag, bytes(row.root).hex(), Path(row.path))
        for row in rows
        if study_year in (None, row.study_year) and _PLAIN.fullmatch(row.bag)
    ]
    if not found:
        raise NothingSealed(study_year, sorted({row.study_year for row in rows}))
    return found


def copies(connection: sa.Connection, school_id: int) -> list[Copy]:
    """The copies that the book knows, in the order in which they were first written or found.

    Not those of bags that were destroyed by an act: nobody is to check, mend or count them.
    """
    buried = {(one.study_year, one.bag) for one in tombstones(connection, school_id)}
    known = _by_the_book(connection, school_id, encrypted=False)
    return [one for one in known if (one.study_year, one.bag) not in buried]


def copies_left(connection: sa.Connection, school_id: int) -> list[Copy]:
    """The same with encrypted ones, and those of destroyed bags that were not erased yet from a carrier."""
    return _by_the_book(connection, school_id, encrypted=True)


def _by_the_book(connection: sa.Connection, school_id: int, *, encrypted: bool) -> list[Copy]:
    known: dict[tuple[str, int, str], Copy] = {}
    for event in events(connection, school_id):
        if event.kind is Kind.DESTROYED:
            known.pop((event.carrier, event.details["year"], event.details["bag"]), None)
        for copy in _of_event(event, known):
            known[copy.carrier, copy.study_year, copy.bag] = copy
        if encrypted and event.kind is Kind.ENCRYPTED:
            copy = Copy(event.carrier, event.details["year"], event.details["bag"], event.details["root"])
            known.setdefault((copy.carrier, copy.study_year, copy.bag), copy)
    return list(known.values())


def _of_event(event: Event, known: dict[tuple[str, int, str], Copy]) -> list[Copy]:
    details = event.details
    if event.kind in (Kind.WRITTEN, Kind.REPAIRED):
        year, bag = details["year"], details["bag"]
        return [
            Copy(event.carrier, year, bag, details["root"], event.at, "sound", event.at, Level.DEEP.value)
        ]
    if event.kind is Kind.CHECKED:
        return [
            _checked(event, details, bag, found, known.get((event.carrier, details["year"], bag)))
            for bag, found in details["bags"].items()
        ]
    return []


def _checked(event: Event, details: dict[str, Any], bag: str, found: Any, before: Copy | None) -> Copy:  # noqa: ANN401 - JSON
    root = found["root"] or (before.root if before else "")
    copy = before or Copy(event.carrier, details["year"], bag, root)
    sound = found["state"] == "sound"
    read = sound and details["level"] != Level.QUICK.value
    state = found["state"]
    if sound and not read and before is not None:
        state = before.state  # names and sizes tell nothing new of contents that were found damaged
    return replace(
        copy,
        root=root,
        verified_at=event.at if read else copy.verified_at,
        state=state,
        checked_at=event.at,
        level=details["level"],
    )
