"""Tombstones: what was destroyed, by which act. They say nothing of any person.

They stand in the book of retention, hence in the ledger; and as small files elsewhere, of which
:mod:`archive_store.retention.notes` knows.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Final

import sqlalchemy as sa

from archive_store.asof import AsOf, last_known
from archive_store.catalogue import parents
from archive_store.retention.book import Clerk, Kind, events
from archive_store.retention.errors import RecordsDestroyed
from archive_store.schema import EDU_GROUP
from archive_store.snapshot import naming
from archive_store.snapshot.verifier import Destroyed, Report

_BAG: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")
_ROOT: Final = re.compile(r"[0-9a-f]{64}")
_STUDY_YEARS: Final = range(1900, 3000)
_TERMS: Final = range(1, 1000)


@dataclass(frozen=True, slots=True)
class Tombstone:
    """A destroyed bag: which it was, its root, how many files and bytes it had, its term, the act.

    ``group`` is the id of its class, None for the bags of the whole school; ``at`` the moment (UTC).
    """

    study_year: int
    bag: str
    root: str
    group: int | None
    files: int
    size: int
    years: int
    act: int
    at: str

    @property
    def unit(self) -> tuple[int, str]:
        """The record group: year and bag without its edition. Whatever belongs to it is destroyed."""
        return self.study_year, naming.stem_of(self.bag)

    @property
    def place(self) -> str:
        """Year and bag, as a path."""
        return f"{naming.year_folder(self.study_year)}/{self.bag}"

    @property
    def is_summary(self) -> bool:
        """Whether the bag held the summary sheets of the year."""
        return naming.is_summary(self.bag)


def tombstones(connection: sa.Connection, school_id: int, study_year: int | None = None) -> list[Tombstone]:
    """All tombstones of the book, or those of a year, the oldest first."""
    found = (tombstone_of(one.details) for one in events(connection, school_id, Kind.DESTROYED))
    return [one for one in found if one is not None and study_year in (None, one.study_year)]


def as_json(one: Tombstone) -> dict[str, Any]:
    """A tombstone for the book or a file; ids as text."""
    return asdict(one) | {"group": str(one.group) if one.group is not None else None}


def enter(connection: sa.Connection, clerk: Clerk, stones: Sequence[Tombstone]) -> None:
    """Put tombstones of another copy of the archive into this one's book, in the caller's transaction."""
    for one in stones:
        clerk.enter(connection, Kind.DESTROYED, {**as_json(one), "again": True})


def journals_destroyed(connection: sa.Connection, school_id: int) -> dict[int, int]:
    """The groups whose journals are destroyed, with the act: classes, and subgroups of such classes alone."""
    return groups_of(connection, school_id, tombstones(connection, school_id))


def groups_of(connection: sa.Connection, school_id: int, known: Iterable[Tombstone]) -> dict[int, int]:
    """The same for given tombstones."""
    acts = {one.group: one.act for one in known if one.group is not None}
    if acts:
        for group in last_known(connection, EDU_GROUP, AsOf(school_id)):
            above = parents(group)
            if above and all(parent in acts for parent in above):
                acts[group.group_id] = max(acts[parent] for parent in above)
    return acts


def years_destroyed(connection: sa.Connection, school_id: int) -> set[int]:
    """The academic years of which nothing is left: their summary sheets are destroyed too."""
    return {one.study_year for one in tombstones(connection, school_id) if one.is_summary}


def require_undestroyed(connection: sa.Connection, school_id: int, study_year: int) -> None:
    """Raises RecordsDestroyed if anything of the year was destroyed."""
    acts = {one.act for one in tombstones(connection, school_id, study_year)}
    if acts:
        raise RecordsDestroyed(study_year, naming.year_folder(study_year), sorted(acts))


def require_journal(
    connection: sa.Connection, school_id: int, study_year: int, group_id: int, name: str
) -> None:
    """Raises RecordsDestroyed if the journal of the class was destroyed."""
    act = journals_destroyed(connection, school_id).get(group_id)
    if act is not None:
        raise RecordsDestroyed(study_year, name, [act])


def acknowledge(report: Report, known: Iterable[Tombstone]) -> None:
    """Take what was destroyed out of what a check misses, of which it knows from elsewhere.

    What lies beside the years the check reads itself. A tombstone of another root is of another bag.
    """
    for one in known:
        if one.root not in report.lacking.get(one.place, ()):
            continue
        for finding in [found for found in report.findings if found.code == "bag-missing"]:
            if finding.path == one.place:
                report.findings.remove(finding)
                report.expected -= 1
                report.missing -= 1
                report.destroyed.append(Destroyed(one.place, one.act, one.at))


def tombstone_of(value: dict[str, Any]) -> Tombstone | None:
    """The tombstone that a line of the book or a file says; None if it says none."""
    try:
        group, bag, root = value["group"], str(value["bag"]), str(value["root"])
        numbers = [value[name] for name in ("study_year", "files", "size", "years", "act")]
        study_year, files, size, years, act = numbers
        if not _BAG.fullmatch(bag) or not _ROOT.fullmatch(root) or not all(map(_is_count, numbers)):
            return None
        if not isinstance(value["at"], str):
            return None
        if study_year not in _STUDY_YEARS or years not in _TERMS:
            return None  # days are compared as texts: a year has four digits
        number = int(group) if group is not None else None
        if number is not None and not _is_count(number):
            return None
        return Tombstone(study_year, bag, root, number, files, size, years, act, value["at"])
    except (KeyError, TypeError, ValueError, OverflowError):
        return None


def _is_count(value: object) -> bool:
    """Whether it is a number that a database can hold, not below nought."""
    return type(value) is int and 0 <= value < 1 << 63
