"""The subject teacher's report: what the pupils of a class achieved in each subject in a period.

FORMS §5. Those count who belonged to the class at the end of the period; who is released or has no mark is
not in the percentages. A pupil of several marks for one period counts once, with the last of them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction

from archive_store.forms.class_record import ClassRecord
from archive_store.forms.collation import alphabetical
from archive_store.forms.counts import per_cent
from archive_store.forms.gathering import Gathered, Key, gather
from archive_store.forms.held import is_held
from archive_store.forms.lesson_lines import main_teachers, teacher_names
from archive_store.forms.levels import Level, Outcome, Outcomes, outcomes
from archive_store.forms.movement import roll
from archive_store.forms.periods import year_plan
from archive_store.forms.report_lines import ReportLine, report_lines
from archive_store.forms.rules import Coefficients
from archive_store.forms.span import Span

_ON_THE_SCALE = (Level.FIVE, Level.FOUR, Level.THREE, Level.TWO)


@dataclass(slots=True)
class Achieved:
    """What pupils achieved: how many there are, and how many have a mark of each level.

    ``totals`` sums the numbers of the marks, with their count, by scale.
    """

    pupils: int = 0
    levels: Counter[Level] = field(default_factory=Counter)
    totals: dict[str, tuple[int, int]] = field(default_factory=dict)

    def add(self, found: Outcome | None) -> None:
        """Count a pupil."""
        self.pupils += 1
        if found is None:
            return
        self.levels[found.level] += 1
        if found.number is not None:
            total, count = self.totals.get(found.scale, (0, 0))
            self.totals[found.scale] = total + found.number, count + 1

    @property
    def without_mark(self) -> int:
        """Pupils who have no mark."""
        return self.pupils - self.levels.total()

    @property
    def assessed(self) -> int:
        """Pupils who have a mark, a pass or a fail."""
        return self._count(*_ON_THE_SCALE, Level.PASS, Level.FAIL)

    @property
    def success(self) -> Fraction | None:
        """The share of those who succeeded, in per cent: marks from «3» and passes."""
        all_of_them = self.assessed + self.levels[Level.NOT_ASSESSED]
        return per_cent(self._count(Level.FIVE, Level.FOUR, Level.THREE, Level.PASS), all_of_them)

    @property
    def quality(self) -> Fraction | None:
        """The share of «5» and «4», in per cent; None where nobody has a mark on the scale, nor н/а."""
        return per_cent(self._count(Level.FIVE, Level.FOUR), self._graded)

    def learned(self, weights: Coefficients) -> Fraction | None:
        """The degree of learning (СОУ), in per cent; a fail weighs as a «2»."""
        sum_of_weights = (
            self.levels[Level.FIVE] * weights.five
            + self.levels[Level.FOUR] * weights.four
            + self.levels[Level.THREE] * weights.three
            + self._count(Level.TWO, Level.FAIL) * weights.two
            + self.levels[Level.NOT_ASSESSED] * weights.not_assessed
        )
        return Fraction(sum_of_weights, self._graded) if self._graded else None

    @property
    def average(self) -> Fraction | None:
        """The average of the marks in numbers; None without one, or if they are of different scales."""
        if len(self.totals) != 1:
            return None
        ((total, count),) = self.totals.values()
        return Fraction(total, count)

    @property
    def _graded(self) -> int:
        """Who is in the denominator of quality and of СОУ: a pass is not, a fail beside marks is."""
        graded = self._count(*_ON_THE_SCALE, Level.NOT_ASSESSED)
        return graded + self.levels[Level.FAIL] if graded else 0

    def _count(self, *levels: Level) -> int:
        return sum(self.levels[one] for one in levels)


@dataclass(frozen=True, slots=True)
class SubjectRow:
    """A subject, or one of its groups where it is taught in several (``group_name``).

    ``hours`` are the lessons held with a topic.
    """

    subject: str
    group_name: str | None
    teachers: tuple[str, ...]
    achieved: Achieved
    hours: int


@dataclass(frozen=True, slots=True)
class SubjectLine:
    """The subjects in a period; ``pupils`` is how many the class had at its end."""

    line: ReportLine
    pupils: int
    rows: tuple[SubjectRow, ...]


@dataclass(frozen=True, slots=True)
class SubjectReport:
    """The report. ``unknown`` counts the marks that have no level; ``several`` the places of several."""

    record: ClassRecord
    lines: tuple[SubjectLine, ...]
    unknown: tuple[tuple[str, int], ...]
    several: int


def build(record: ClassRecord, span: Span | None = None) -> SubjectReport:
    """The report of the class of ``record``, which holds what lies in ``span``."""
    plan = year_plan(record.periods)
    found = outcomes(record, plan)
    listed = roll(record)
    subjects = _Subjects(record, gather(record, plan), found)
    lines = []
    for line in report_lines(record, plan, found.columns, span):
        pupils = listed.at_end_of(line.last_day)
        lines.append(SubjectLine(line, len(pupils), tuple(subjects.rows(line, pupils))))
    columns = {one.line.column for one in lines}
    return SubjectReport(record, tuple(lines), found.unknown(columns), found.times_several(columns))


@dataclass(frozen=True, slots=True)
class _Subjects:
    """The sections of a class and their marks, from which the rows are counted."""

    record: ClassRecord
    sections: Mapping[Key, Gathered]
    outcomes: Outcomes

    def rows(self, line: ReportLine, pupils: Collection[int]) -> Iterator[SubjectRow]:
        """A row per subject that was taught, or has marks; below it one per group, if it has several."""
        names = self.record.subjects
        ids = {subject for subject, _group in self.sections if subject is not None}
        for subject in sorted(ids, key=lambda one: (alphabetical(names.get(one, "")), one)):
            groups = [group for one, group in self.sections if one == subject]
            row = self._row(line, subject, groups, pupils)
            if row.hours or row.achieved.levels or self._was_taught(line, subject):
                yield row
                taught = sorted(group for group in groups if self.sections[subject, group].lessons)
                if len(taught) > 1:
                    yield from (self._row(line, subject, [one], pupils, is_group=True) for one in taught)

    def _row(
        self,
        line: ReportLine,
        subject: int,
        groups: Iterable[int],
        pupils: Collection[int],
        *,
        is_group: bool = False,
    ) -> SubjectRow:
        sections = {group: self.sections[subject, group] for group in groups}
        lessons = [lesson for one in sections.values() for lesson in one.lessons]
        achieved = Achieved()
        for person in {one for section in sections.values() for one in section.pupils}.intersection(pupils):
            achieved.add(self.outcomes.of.get((line.column, subject, person)))
        name = next((one.name for one in self.record.groups if one.group_id in sections), None)
        return SubjectRow(
            self.record.subjects.get(subject, str(subject)),
            name if is_group else None,
            self._teachers(sections.values()),
            achieved,
            sum(
                one.day in line and is_held(one, self.record.known_on) and bool(one.topic) for one in lessons
            ),
        )

    def _teachers(self, sections: Iterable[Gathered]) -> tuple[str, ...]:
        ids = dict.fromkeys(one for section in sections for one in main_teachers(section.lessons))
        return teacher_names(tuple(ids), self.record)

    def _was_taught(self, line: ReportLine, subject: int) -> bool:
        sections = (section for (one, _group), section in self.sections.items() if one == subject)
        return any(lesson.day in line for section in sections for lesson in section.lessons)
