"""How the summary sheet of progress is filled from the record of a class."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import replace

from archive_store.forms.class_record import ClassRecord
from archive_store.forms.collation import alphabetical
from archive_store.forms.gathering import Gathered, Key, gather, shown
from archive_store.forms.lesson_lines import main_teachers, teacher_names
from archive_store.forms.levels import Place
from archive_store.forms.people import Pupil
from archive_store.forms.periods import FinalColumn, FinalKind, YearPlan, column_of, finals_with_year
from archive_store.forms.replaced_finals import Replacement
from archive_store.forms.sections import list_of_pupils
from archive_store.forms.summary_cells import Filling, SummaryCell, SummaryRow


class SummaryFilling:
    """What the cells of a class are filled from."""

    def __init__(self, record: ClassRecord, plan: YearPlan) -> None:
        self.record = record
        self.plan = plan
        self.sections = gather(record, plan)
        self.marks = _marks(self.sections)
        self.replaced = _replaced(record, plan)
        self.filled = {(column, subject) for column, subject, _person in self.marks}
        self.subjects = self._subjects()
        self.lines = self._lines()
        self.takes = {
            (person, subject)
            for (subject, _group), section in self.sections.items()
            for person in section.pupils
        }
        self.assessed = {one.subject_id for one in record.marks} | {one.subject_id for one in record.finals}
        notes = (note for _was, note in self.replaced.values())
        self.footnotes = tuple(sorted(dict.fromkeys(notes), key=lambda one: one.seen))
        self.due = {
            (line, subject) for line in self.lines for subject in self.subjects if self._is_due(line, subject)
        }

    def rows(self) -> Iterator[SummaryRow]:
        """A row per pupil of the class; those who only share a subgroup with it have their own sheet."""
        class_id = self.record.group.group_id
        people = {person for group, person in self.record.stays if group == class_id}
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

    def teachers(self, subject: int) -> tuple[str, ...]:
        """The teachers of most lessons of a subject, group by group."""
        sections = (section for (one, _group), section in self.sections.items() if one == subject)
        ids = dict.fromkeys(one for section in sections for one in main_teachers(section.lessons))
        return teacher_names(tuple(ids), self.record)

    def _cell(self, line: FinalColumn, subject: int, pupil: Pupil) -> SummaryCell:
        cell = self._cell_now(line, subject, pupil)
        if (found := self.replaced.get((line, subject, pupil.person_id))) is None:
            return cell
        was, note = found
        return replace(cell, was=was, footnote=self.footnotes.index(note) + 1)

    def _cell_now(self, line: FinalColumn, subject: int, pupil: Pupil) -> SummaryCell:
        if marks := self.marks.get((line, subject, pupil.person_id)):
            return SummaryCell(Filling.MARK, "/".join(marks))
        if (line, subject) not in self.due or (pupil.person_id, subject) not in self.takes:
            return SummaryCell(Filling.NOT_TAKEN)
        if self._is_outside(line, pupil):
            return SummaryCell(Filling.OUTSIDE)
        return SummaryCell(Filling.NOT_DUE if self._is_open(line) else Filling.MISSING)

    def _is_outside(self, line: FinalColumn, pupil: Pupil) -> bool:
        """Whether the pupil was not in the class when the period, or the last of them, ended."""
        if not pupil.stays:
            return pupil.has_left
        last = line.period or (self.plan.periods[-1] if self.plan.periods else None)
        return not pupil.is_listed_on(last.last_day) if last else pupil.stays[-1].last is not None

    def _subjects(self) -> tuple[int, ...]:
        found = {subject for subject, _group in self.sections if subject is not None}
        found.update(subject for _column, subject, _person in self.replaced)
        return tuple(sorted(found, key=lambda one: (alphabetical(self.record.subjects.get(one, "")), one)))

    def _lines(self) -> tuple[FinalColumn, ...]:
        filled = {column for column, _subject in self.filled}
        filled.update(column for column, _subject, _person in self.replaced)
        always = {FinalColumn(FinalKind.PERIOD, block.period) for block in self.plan.blocks if block.period}
        if self.record.has_year:
            always.add(FinalColumn(FinalKind.YEAR))
        columns = (column for block in self.plan.blocks for column in block.finals)
        return tuple(column for column in columns if column in filled or column in always)

    def _is_due(self, line: FinalColumn, subject: int) -> bool:
        """Whether the subject is assessed at the end of ``line``.

        It is when anybody has the mark; else a year's mark always, and that of a shortest period with
        lessons, unless the subject is assessed by a longer one, as by half-years beside quarters. The
        first year of study is taught without marks, and so is a subject that has none of any kind.
        """
        if self.record.is_without_marks or subject not in self.assessed:
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


def _marks(sections: Mapping[Key, Gathered]) -> dict[Place, list[str]]:
    """Marks by line, subject and pupil. A pupil of two subgroups has one mark, though each shows it."""
    marks: dict[Place, list[str]] = defaultdict(list)
    for (subject, _group), section in sections.items():
        for (person, column), texts in section.finals.items():
            if subject is not None and marks.get((column, subject, person)) != texts:
                marks[column, subject, person].extend(texts)
    return marks


def _replaced(
    record: ClassRecord, plan: YearPlan
) -> dict[tuple[FinalColumn, int, int], tuple[str, Replacement]]:
    """The marks that were sealed and no longer stand, by line, subject and pupil."""
    found: dict[Place, tuple[str, Replacement]] = {}
    sealed = finals_with_year([one.was for one in record.replaced], record.periods)
    for mark, one in zip(sealed, record.replaced, strict=True):
        place = column_of(mark, plan), mark.subject_id, mark.person_id
        before = f"{found[place][0]}/" if place in found else ""
        found[place] = f"{before}{shown(mark)}", one.replacement
    return found
