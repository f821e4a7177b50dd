"""The summary sheet of progress: every pupil's period, year, exam and final marks in all subjects."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

import sqlalchemy as sa

from archive_store.asof import AsOf
from archive_store.forms.class_record import ClassRecord, load
from archive_store.forms.marks import read_mark
from archive_store.forms.people import full_name
from archive_store.forms.periods import FinalColumn, year_plan
from archive_store.forms.replaced_finals import Replacement
from archive_store.forms.signs import Meaning, Signs
from archive_store.forms.summary_cells import Filling, SummaryRow
from archive_store.forms.summary_filling import SummaryFilling
from archive_store.records import EduGroup


@dataclass(frozen=True, slots=True)
class SummarySheet:
    """A summary sheet of progress. ``missing`` counts the marks that were due and are not there.

    ``teachers`` are those of each subject; ``footnotes`` tell of marks that were replaced after the year was
    closed, from number 1.
    """

    school: str | None
    town: str | None
    class_name: str
    study_year: int | None
    days: tuple[str, str] | None
    class_teachers: tuple[str, ...]
    subjects: tuple[str, ...]
    subject_ids: tuple[int, ...]
    teachers: tuple[tuple[str, ...], ...]
    lines: tuple[FinalColumn, ...]
    rows: tuple[SummaryRow, ...]
    missing: int
    unknown: tuple[tuple[str, int], ...]
    footnotes: tuple[Replacement, ...]
    signs: Signs

    @property
    def mark_count(self) -> int:
        """How many cells hold a mark."""
        cells = (cell for row in self.rows for line in row.cells for cell in line)
        return sum(cell.filling is Filling.MARK for cell in cells)


def build(connection: sa.Connection, at: AsOf, group: EduGroup) -> SummarySheet:
    """The summary sheet of the class ``group`` as of ``at``."""
    return from_record(load(connection, at, group))


def from_record(record: ClassRecord) -> SummarySheet:
    """The summary sheet of a class whose record is loaded already."""
    sheet = SummaryFilling(record, year_plan(record.periods))
    school = record.school
    rows = tuple(sheet.rows())
    cells = [cell for row in rows for line in row.cells for cell in line]
    return SummarySheet(
        school=(school.full_name or school.name) if school else None,
        town=school.city if school else None,
        class_name=record.group.name,
        study_year=record.group.study_year,
        days=record.days,
        class_teachers=tuple(full_name(one, one.person_id) for one in record.class_teachers),
        subjects=tuple(record.subjects.get(one, str(one)) for one in sheet.subjects),
        subject_ids=sheet.subjects,
        teachers=tuple(sheet.teachers(one) for one in sheet.subjects),
        lines=sheet.lines,
        rows=rows,
        missing=sum(cell.filling is Filling.MISSING for cell in cells),
        unknown=_unknown(record),
        footnotes=sheet.footnotes,
        signs=record.signs,
    )


def _unknown(record: ClassRecord) -> tuple[tuple[str, int], ...]:
    counts = Counter(
        one.text_value or one.value
        for one in record.finals
        if read_mark(one.text_value or one.value, one.type, record.signs).meaning is Meaning.UNKNOWN
    )
    return tuple(sorted(counts.items()))
