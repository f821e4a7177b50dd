"""The pupil's record card (личное дело): year, exam and final marks of all years of school (FORMS §7)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Final

import sqlalchemy as sa

from archive_store.asof import AsOf
from archive_store.forms import attendance_summary, summary_sheet
from archive_store.forms.attendance_summary import Missed
from archive_store.forms.class_record import load
from archive_store.forms.collation import alphabetical
from archive_store.forms.moves import with_finals_of_moved
from archive_store.forms.people import full_name
from archive_store.forms.periods import FinalColumn, FinalKind
from archive_store.forms.places import Place, person, places
from archive_store.forms.signs import STANDARD, Signs
from archive_store.forms.summary_cells import Filling, SummaryCell
from archive_store.forms.summary_sheet import SummarySheet

_KINDS: Final = (FinalKind.YEAR, FinalKind.EXAM, FinalKind.FINAL, FinalKind.OTHER)


@dataclass(frozen=True, slots=True)
class CardYear:
    """A year of the pupil. ``columns`` are the kinds of marks that it has; ``marks`` are by subject.

    ``missed`` is None where the record holds no lesson of the year. ``is_open``: the year had not ended when
    the record was taken.
    """

    study_year: int
    class_name: str
    grade: int | None
    columns: tuple[FinalColumn, ...]
    marks: Mapping[str, tuple[SummaryCell, ...]]
    missed: Missed | None
    is_open: bool


@dataclass(frozen=True, slots=True)
class Gap:
    """Grades from ``first`` to ``last`` of which the archive holds no year of the pupil."""

    first: int
    last: int


@dataclass(frozen=True, slots=True)
class RecordCard:
    """The card: gaps and years in the order of grades.

    ``has_left`` tells of the last class; ``gone_on`` is the day since which the platform has not shown him.
    """

    name: str
    stretches: tuple[Gap | CardYear, ...]
    subjects: tuple[str, ...]
    has_left: bool
    gone_on: str | None

    @property
    def years(self) -> tuple[CardYear, ...]:
        """The years that the archive keeps."""
        return tuple(one for one in self.stretches if isinstance(one, CardYear))


def build(
    connection: sa.Connection, at: AsOf, person_id: int, until: int, signs: Signs = STANDARD
) -> RecordCard:
    """The card with all years kept, to that of ``until``. Holds the record of one class at a time."""
    known = [one for one in places(connection, at, person_id) if one.study_year <= until]
    years = [
        _year(connection, person_id, list(of_year), signs)
        for _study_year, of_year in groupby(known, key=lambda one: one.study_year)
    ]
    subjects = {subject for year in years for subject in year.marks}
    return RecordCard(
        full_name(person(connection, at, person_id), person_id),
        tuple(_with_gaps(years)),
        tuple(sorted(subjects, key=lambda one: (alphabetical(one), one))),
        bool(known) and known[-1].has_left,
        known[-1].gone_on if known else None,
    )


def _year(connection: sa.Connection, person_id: int, of_year: Sequence[Place], signs: Signs) -> CardYear:
    """A year: marks as the last class has them, lessons missed as the classes of the year add up."""
    total = Missed()
    for place in of_year:
        record = load(connection, place.at, place.group, signs)
        for row in attendance_summary.build(record, record.stays).rows:
            if row.pupil.person_id == person_id:
                total.add(row.total)
    last = of_year[-1]
    record = with_finals_of_moved(connection, last.at, record, [person_id])
    columns, marks = _marks(summary_sheet.from_record(record), person_id)
    ends = max((one.ends for one in record.periods), default=f"{last.study_year + 1}-05-31")
    return CardYear(
        last.study_year,
        last.group.name,
        last.group.parallel,
        columns,
        marks,
        total if total.held else None,
        record.known_on is not None and record.known_on <= ends,
    )


def _marks(
    sheet: SummarySheet, person_id: int
) -> tuple[tuple[FinalColumn, ...], Mapping[str, tuple[SummaryCell, ...]]]:
    """The columns of marks of the whole year that the class has, and the pupil's cells by subject."""
    row = next((one for one in sheet.rows if one.pupil.person_id == person_id), None)
    lines = [index for index, line in enumerate(sheet.lines) if line.kind in _KINDS]
    if row is None:
        return (), {}
    taken = {
        subject: tuple(row.cells[line][index] for line in lines)
        for index, subject in enumerate(sheet.subjects)
        if any(cells[index].filling is not Filling.NOT_TAKEN for cells in row.cells)
    }
    used = [
        place
        for place, line in enumerate(lines)
        if sheet.lines[line].kind is FinalKind.YEAR
        or any(cells[place].filling is Filling.MARK for cells in taken.values())
    ]
    columns = tuple(sheet.lines[lines[place]] for place in used)
    return columns, {subject: tuple(cells[place] for place in used) for subject, cells in taken.items()}


def _with_gaps(years: Iterable[CardYear]) -> Iterable[Gap | CardYear]:
    next_grade = 1
    for year in years:
        if year.grade is not None and year.grade > next_grade:
            yield Gap(next_grade, year.grade - 1)
        yield year
        next_grade = (year.grade or next_grade) + 1
