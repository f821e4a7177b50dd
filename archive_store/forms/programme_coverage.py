"""Programme coverage: the hours and control works of the plan against what was given.

FORMS §11. Given are the lessons held with a topic, an hour each; a lesson without one is no hour given, and
is counted by itself. The plan is the school's own table; it is never taken from the number of lessons in
the journal. Without a plan, or where it does not tell of these days, its columns cannot be computed.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction

from archive_store.forms.class_record import ClassRecord
from archive_store.forms.collation import alphabetical
from archive_store.forms.counts import per_cent
from archive_store.forms.gathering import gather
from archive_store.forms.lesson_lines import main_teachers, teacher_names
from archive_store.forms.periods import Period, year_plan
from archive_store.forms.sections import subgroup_name, subject_name
from archive_store.forms.span import Span, within
from archive_store.imports.plan import Amount, PlannedSubject, ProgrammePlan
from archive_store.records import Lesson


@dataclass(frozen=True, slots=True)
class Coverage:
    """A subject of the class or of a subgroup. ``controls_*`` are works of control types."""

    subject: str
    group: str | None
    teachers: tuple[str, ...]
    planned: Fraction | None
    given: int
    without_topic: int
    controls_planned: Fraction | None
    controls_held: int

    @property
    def share(self) -> Fraction | None:
        """Given of planned, in per cent."""
        return per_cent(self.given, self.planned)

    @property
    def behind(self) -> Fraction | None:
        """Hours of the plan not given; less than none if more were given."""
        return None if self.planned is None else self.planned - self.given


@dataclass(frozen=True, slots=True)
class ProgrammeCoverage:
    """The class. ``is_whole`` tells that the days are the year, or end with periods and begin with them.

    ``controls`` are the titles of the types of work that were counted.
    """

    record: ClassRecord
    rows: tuple[Coverage, ...]
    is_whole: bool
    controls: tuple[str, ...]


def build(
    record: ClassRecord, span: Span | None, plan: ProgrammePlan | None, control_words: Sequence[str]
) -> ProgrammeCoverage:
    """The coverage in the class of ``record``, given for its whole year, in the days of ``span``."""
    periods = [block.period for block in year_plan(record.periods).blocks if block.period]
    touched = [one for one in periods if span and one.first_day <= span.last and span.first <= one.last_day]
    whole = span is None or (
        bool(touched) and all(one.first_day in span and one.last_day in span for one in touched)
    )
    form = _Form(
        record=within(record, span) if span else record,
        plan=plan,
        periods=periods if span is None else touched if whole else [],
        of_year=span is None or (whole and len(touched) == len(periods)),
        controls={
            one.work_type_id: one.title
            for one in record.work_types.values()
            if any(word.casefold() in one.title.casefold() for word in control_words)
        },
    )
    rows = sorted(form.rows(), key=lambda one: (alphabetical(one.subject), alphabetical(one.group or "")))
    return ProgrammeCoverage(record, tuple(rows), whole, tuple(sorted(set(form.controls.values()))))


@dataclass(frozen=True, slots=True)
class _Form:
    record: ClassRecord
    plan: ProgrammePlan | None
    periods: list[Period]
    of_year: bool
    controls: dict[int, str]

    def rows(self) -> Iterator[Coverage]:
        """The sections with lessons, and the rows of the plan that have none."""
        seen: set[PlannedSubject] = set()
        for (subject_id, group_id), section in gather(self.record, year_plan(())).items():
            held = section.held(self.record.known_on)
            if not held:
                continue
            subject = subject_name(subject_id, self.record)
            group = subgroup_name(group_id, self.record)
            planned = self.plan.of(self.record.group, subject, group) if self.plan else None
            if planned:
                seen.add(planned)
            yield self._row(subject, group, held, planned)
        for planned in self.plan.of_class(self.record.group) if self.plan else ():
            if planned not in seen:
                yield self._row(planned.subject, planned.subgroup, [], planned)

    def _row(
        self, subject: str, group: str | None, held: list[Lesson], planned: PlannedSubject | None
    ) -> Coverage:
        given = sum(bool((one.topic or "").strip()) for one in held)
        controls = sum(
            work.work_type_id in self.controls
            for lesson in held
            for work in self.record.works.get(lesson.lesson_id, ())
        )
        return Coverage(
            subject,
            group,
            teacher_names(main_teachers(held), self.record),
            self._amount(planned.hours) if planned else None,
            given,
            len(held) - given,
            self._amount(planned.controls) if planned else None,
            controls,
        )

    def _amount(self, amount: Amount) -> Fraction | None:
        names = [one.name for one in self.periods]
        return amount.of_year(names) if self.of_year else amount.of_periods(names)
