"""The summary sheet of progress: every pupil's period, year, exam and final marks in all subjects."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import Enum

import sqlalchemy as sa

from archive_store.asof import AsOf
from archive_store.forms.class_record import ClassRecord, load
from archive_store.forms.collation import alphabetical
from archive_store.forms.gathering import Gathered, Key, gather
from archive_store.forms.marks import Meaning, read_mark
from archive_store.forms.people import Pupil, full_name
from archive_store.forms.periods import FinalColumn, FinalKind, YearPlan, year_plan
from archive_store.forms.sections import is_without_marks, list_of_pupils
from archive_store.records import EduGroup


class Filling(Enum):
    """How a cell is filled."""

    MARK = "mark"
    NOT_TAKEN = "—"  # the pupil does not take the subject, or it has no mark of this kind
    MISSING = "∅"  # the mark was due and is not there
    NOT_DUE = ""  # the period has not ended, or the pupil has left


@dataclass(frozen=True, slots=True)
class SummaryCell:
    """A cell: the mark as the diary shows it, or why there is none."""

    filling: Filling
    mark: str = ""

    @property
    def text(self) -> str:
        """What is printed."""
        return self.mark if self.filling is Filling.MARK else self.filling.value


@dataclass(frozen=True, slots=True)
class SummaryRow:
    """A pupil: for each line of the sheet a cell per subject."""

    pupil: Pupil
    cells: tuple[tuple[SummaryCell, ...], ...]


@dataclass(frozen=True, slots=True)
class SummarySheet:
    """A summary sheet of progress. ``missing`` counts the marks that were due and are not there."""

    school: str | None
    town: str | None
    class_name: str
    study_year: int | None
    class_teachers: tuple[str, ...]
    subjects: tuple[str, ...]
    lines: tuple[FinalColumn, ...]
    rows: tuple[SummaryRow, ...]
    missing: int
    unknown: tuple[tuple[str, int], ...]

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
    sheet = _Sheet(record, year_plan(record.periods))
    school = record.school
    rows = tuple(sheet.rows())
    cells = [cell for row in rows for line in row.cells for cell in line]
    return SummarySheet(
        school=(school.full_name or school.name) if school else None,
        town=school.city if school else None,
        class_name=record.group.name,
        study_year=record.group.study_year,
        class_teachers=tuple(full_name(one, one.person_id) for one in record.class_teachers),
        subjects=tuple(record.subjects.get(one, str(one)) for one in sheet.subjects),
        lines=sheet.lines,
        rows=rows,
        missing=sum(cell.filling is Filling.MISSING for cell in cells),
        unknown=_unknown(record),
    )


class _Sheet:
    """The sheet while it is filled."""

    def __init__(self, record: ClassRecord, plan: YearPlan) -> None:
        self.record = record
        self.plan = plan
        self.sections = gather(record, plan)
        self.marks = _marks(self.sections)
        self.filled = {(column, subject) for column, subject, _person in self.marks}
        self.subjects = self._subjects()
        self.lines = self._lines()
        self.takes = {
            (person, subject)
            for (subject, _group), section in self.sections.items()
            for person in section.pupils
        }
        self.assessed = {one.subject_id for one in record.marks} | {one.subject_id for one in record.finals}
        self.first_trace = _first_traces(record)
        self.due = {
            (line, subject) for line in self.lines for subject in self.subjects if self._is_due(line, subject)
        }

    def rows(self) -> Iterator[SummaryRow]:
        """A row per pupil of the class; those who only share a subgroup with it have their own sheet."""
        class_id = self.record.group.group_id
        people = set(self.record.members.get(class_id, ()))
        people.update(
            one
            for (_, group), section in self.sections.items()
            if group == class_id
            for one in section.pupils
        )
        for pupil in list_of_pupils(people, class_id, self.record):
            cells = (
                tuple(self._cell(line, subject, pupil) for subject in self.subjects) for line in self.lines
            )
            yield SummaryRow(pupil, tuple(cells))

    def _cell(self, line: FinalColumn, subject: int, pupil: Pupil) -> SummaryCell:
        if marks := self.marks.get((line, subject, pupil.person_id)):
            return SummaryCell(Filling.MARK, "/".join(marks))
        takes = (pupil.person_id, subject) in self.takes and not self._came_later(pupil, line)
        if (line, subject) not in self.due or not takes:
            return SummaryCell(Filling.NOT_TAKEN)
        return SummaryCell(Filling.NOT_DUE if pupil.has_left or self._is_open(line) else Filling.MISSING)

    def _came_later(self, pupil: Pupil, line: FinalColumn) -> bool:
        """Whether the pupil's first mark or absence, which alone dates an arrival, is after the period."""
        first = self.first_trace.get(pupil.person_id)
        return first is not None and line.period is not None and line.period.last_day < first

    def _subjects(self) -> tuple[int, ...]:
        found = {subject for subject, _group in self.sections if subject is not None}
        return tuple(sorted(found, key=lambda one: (alphabetical(self.record.subjects.get(one, "")), one)))

    def _lines(self) -> tuple[FinalColumn, ...]:
        filled = {column for column, _subject in self.filled}
        always = {FinalColumn(FinalKind.PERIOD, block.period) for block in self.plan.blocks if block.period}
        always.add(FinalColumn(FinalKind.YEAR))
        columns = (column for block in self.plan.blocks for column in block.finals)
        return tuple(column for column in columns if column in filled or column in always)

    def _is_due(self, line: FinalColumn, subject: int) -> bool:
        """Whether the subject is assessed at the end of ``line``.

        It is when anybody has the mark; else a year's mark always, and that of a shortest period with
        lessons, unless the subject is assessed by a longer one, as by half-years beside quarters. The
        first year of study is taught without marks, and so is a subject that has none of any kind.
        """
        if is_without_marks(self.record) or subject not in self.assessed:
            return False
        if (line, subject) in self.filled or line.kind is FinalKind.YEAR:
            return line.kind in {FinalKind.PERIOD, FinalKind.YEAR}
        shortest = [block.period for block in self.plan.blocks]
        if line.period is None or line.period not in shortest:
            return False
        if any(
            (FinalColumn(FinalKind.PERIOD, one), subject) in self.filled
            for one in self.plan.longer(line.period)
        ):
            return False
        return any(
            self.plan.block_of(lesson.day) == shortest.index(line.period)
            for (one, _group), section in self.sections.items()
            if one == subject
            for lesson in section.lessons
        )

    def _is_open(self, line: FinalColumn) -> bool:
        """Whether the period had not ended when the record was last taken."""
        known_on = self.record.known_on
        if known_on is None or not self.plan.periods:
            return False
        return (line.period or self.plan.periods[-1]).last_day >= known_on


def _marks(sections: Mapping[Key, Gathered]) -> dict[tuple[FinalColumn, int, int], list[str]]:
    """Marks by line, subject and pupil. A pupil of two subgroups has one mark, though each shows it."""
    marks: dict[tuple[FinalColumn, int, int], list[str]] = defaultdict(list)
    for (subject, _group), section in sections.items():
        for (person, column), texts in section.finals.items():
            if subject is not None and marks.get((column, subject, person)) != texts:
                marks[column, subject, person].extend(texts)
    return marks


def _first_traces(record: ClassRecord) -> dict[int, str]:
    """The day of each pupil's first mark or absence."""
    traces: dict[int, str] = {}
    for person_id, day in (
        *((one.person_id, one.day) for one in record.marks),
        *((one.person_id, one.day) for one in record.attendance),
    ):
        traces[person_id] = min(traces.get(person_id, day), day)
    return traces


def _unknown(record: ClassRecord) -> tuple[tuple[str, int], ...]:
    counts = Counter(
        one.text_value or one.value
        for one in record.finals
        if read_mark(one.text_value or one.value, one.type).meaning is Meaning.UNKNOWN
    )
    return tuple(sorted(counts.items()))
