"""What may be destroyed and when: each sealed bag with its term, and what forbids it as yet.

A term runs from 1 January after the calendar year in which the academic year ends (Rosarkhiv's list of terms,
order no. 236 of 20.12.2019, on the reckoning of terms). The longer of two terms counts: the one that stands
on the sealed bag, and that of the school's nomenclature as it is now. All editions of a class's journal are
one record group: none of them may go before all may.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import sqlalchemy as sa

from archive_store.asof import AsOf, last_known
from archive_store.carriers.duties import ENOUGH_ROOMS
from archive_store.nomenclature import kinds
from archive_store.nomenclature.kinds import FileKind, Nomenclature
from archive_store.retention.holds import holds
from archive_store.retention.sheets import known_rooms
from archive_store.retention.tombstones import Tombstone, tombstones
from archive_store.schema import EDU_GROUP, SNAPSHOT
from archive_store.snapshot import answers, naming
from archive_store.snapshot.terms import may_destroy_from

Unit = tuple[int, str]
"""A record group: the academic year, and the name of the bag without its edition."""


class State(StrEnum):
    """What is to be said of a bag, the weightiest first."""

    DESTROYED = "destroyed"
    HELD = "held"
    NOT_YET = "not yet"
    SHEETS = "sheets not verified"
    JOURNALS = "journals remain"
    DUE = "due"


@dataclass(frozen=True, slots=True)
class SealedFile:
    """A sealed bag with its term. Days are ``YYYY-MM-DD``.

    ``kept_from`` is the day from which the term of ``years`` runs, ``due_from`` the first on which the record
    group may be destroyed. ``sheets`` counts the rooms in which the year's summary sheets were found sound.
    """

    study_year: int
    bag: str
    edition: int
    group_id: int | None
    group: str | None
    root: str
    path: str
    years: int
    sealed_years: int
    file: FileKind
    due_from: str
    sheets: int
    holds: tuple[int, ...]
    state: State
    act: int | None

    @property
    def unit(self) -> Unit:
        """Its record group."""
        return self.study_year, naming.stem_of(self.bag)

    @property
    def class_name(self) -> str | None:
        """The name of the class; of one that the record does not know, by the bag. None: all classes."""
        return self.group or (None if self.is_summary else self.unit[1].removeprefix("journal-"))

    @property
    def is_summary(self) -> bool:
        """Whether it holds the summary sheets of the year."""
        return naming.is_summary(self.bag)

    @property
    def is_answers(self) -> bool:
        """Whether it holds the platform's answers."""
        return naming.stem_of(self.bag) == answers.NAME

    @property
    def kept_from(self) -> str:
        """The day from which the term runs."""
        return may_destroy_from(self.study_year, 0)

    @property
    def sheets_verified(self) -> bool:
        """Whether the summary sheets of its year are known to be sound on two carriers in different rooms."""
        return self.sheets >= ENOUGH_ROOMS


@dataclass(frozen=True, slots=True)
class _Known:
    """What the states of the bags follow from."""

    today: str
    buried: Mapping[tuple[int, str], Tombstone]
    held: Mapping[Unit, tuple[int, ...]]
    due_from: Mapping[Unit, str]
    sheets: Mapping[int, int]
    remaining: Mapping[int, int]

    def state(self, row: sa.Row[Any]) -> State:
        unit = row.study_year, naming.stem_of(row.bag)
        if (row.study_year, row.bag) in self.buried:
            return State.DESTROYED
        if self.held[unit]:
            return State.HELD
        if self.today < self.due_from[unit]:
            return State.NOT_YET
        if naming.is_summary(row.bag):
            return State.JOURNALS if self.remaining.get(row.study_year) else State.DUE
        return State.DUE if self.sheets.get(row.study_year, 0) >= ENOUGH_ROOMS else State.SHEETS


def sealed_files(
    connection: sa.Connection, school_id: int, nomenclature: Nomenclature, today: str
) -> list[SealedFile]:
    """Every bag of every sealed year and edition, also destroyed ones; of copies, what the book says."""
    rows = _rows(connection, school_id)
    buried = {(one.study_year, one.bag): one for one in tombstones(connection, school_id)}
    names = {one.group_id: one.name for one in last_known(connection, EDU_GROUP, AsOf(school_id))}
    years = {(row.study_year, row.bag): _years(row, nomenclature) for row in rows}
    known = _Known(
        today,
        buried,
        _held(connection, school_id, rows),
        _due_from(rows, years),
        {year: known_rooms(connection, school_id, year) for year in {row.study_year for row in rows}},
        _remaining(rows, buried),
    )
    found = []
    for row in rows:
        unit = row.study_year, naming.stem_of(row.bag)
        stone = buried.get((row.study_year, row.bag))
        found.append(
            SealedFile(
                row.study_year,
                row.bag,
                row.edition,
                row.group_id,
                names.get(row.group_id),
                bytes(row.root).hex(),
                row.path,
                years[row.study_year, row.bag],
                row.retention_years,
                _kind(row.bag, nomenclature),
                known.due_from[unit],
                known.sheets[row.study_year],
                known.held[unit],
                known.state(row),
                stone.act if stone else None,
            )
        )
    return found


def term_of(bag: str, sealed_years: int, nomenclature: Nomenclature) -> int:
    """The term of a bag in years: the one it was sealed with, or that of the nomenclature if it is longer."""
    return max(sealed_years, _kind(bag, nomenclature).years or 0)


def _kind(bag: str, nomenclature: Nomenclature) -> FileKind:
    return nomenclature.of(kinds.SUMMARY if naming.is_summary(bag) else kinds.JOURNAL)


def _years(row: sa.Row[Any], nomenclature: Nomenclature) -> int:
    return term_of(row.bag, row.retention_years, nomenclature)


def _rows(connection: sa.Connection, school_id: int) -> Sequence[sa.Row[Any]]:
    table = SNAPSHOT.c
    query = sa.select(SNAPSHOT).where(table.school_id == school_id)
    return connection.execute(query.order_by(table.study_year, table.edition, table.bag)).all()


def _due_from(rows: Sequence[sa.Row[Any]], years: Mapping[tuple[int, str], int]) -> dict[Unit, str]:
    found: dict[Unit, str] = {}
    for row in rows:
        unit = row.study_year, naming.stem_of(row.bag)
        day = may_destroy_from(row.study_year, years[row.study_year, row.bag])
        found[unit] = max(found.get(unit, ""), day)
    return found


def _held(
    connection: sa.Connection, school_id: int, rows: Sequence[sa.Row[Any]]
) -> dict[Unit, tuple[int, ...]]:
    standing = holds(connection, school_id)
    units = {(row.study_year, naming.stem_of(row.bag)) for row in rows}
    return {unit: tuple(one.number for one in standing if one.subject.covers(*unit)) for unit in units}


def _remaining(rows: Sequence[sa.Row[Any]], buried: Mapping[tuple[int, str], Tombstone]) -> dict[int, int]:
    """How many bags of each year, summaries apart, are not destroyed."""
    found: dict[int, int] = {}
    for row in rows:
        if not naming.is_summary(row.bag) and (row.study_year, row.bag) not in buried:
            found[row.study_year] = found.get(row.study_year, 0) + 1
    return found
