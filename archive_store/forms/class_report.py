"""The class teacher's report: how a class stands at the end of each period and of the year (FORMS §6).

It counts pupils, by all their final marks of the period: those who belonged to the class when it ended.
Passes and releases spoil nothing. Who has no mark that is understood, or is released from all, is named
but not in the shares.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from archive_store.forms import attendance_summary
from archive_store.forms.attendance_summary import AttendanceSummary, Missed
from archive_store.forms.class_record import ClassRecord
from archive_store.forms.class_totals import ClassTotals, Standing
from archive_store.forms.collation import alphabetical
from archive_store.forms.levels import Level, Outcome, outcomes
from archive_store.forms.movement import Movement, roll
from archive_store.forms.people import Pupil
from archive_store.forms.periods import year_plan
from archive_store.forms.report_lines import ReportLine, report_lines
from archive_store.forms.sections import list_of_pupils
from archive_store.forms.span import Span


@dataclass(frozen=True, slots=True)
class PupilStanding:
    """A pupil at the end of a period.

    ``subjects`` are those of the marks to which the standing is owed: the failures, н/а, the only «4» of
    one who is otherwise excellent, the only «3» of one who is otherwise good (``one_short``). ``missed`` is
    what the pupil missed in the period.
    """

    pupil: Pupil
    standing: Standing
    subjects: tuple[str, ...] = ()
    one_short: bool = False
    missed: Missed | None = None


@dataclass(frozen=True, slots=True)
class ClassLine:
    """A period: who came and left, how each pupil stands, and the counts."""

    line: ReportLine
    movement: Movement
    pupils: tuple[PupilStanding, ...]
    totals: ClassTotals


@dataclass(frozen=True, slots=True)
class ClassReport:
    """The report. ``people`` are all who were in the class, by id; ``unknown`` counts the marks that have
    no level; ``several`` how often there are several marks for one period, of which the last counts."""

    record: ClassRecord
    people: Mapping[int, Pupil]
    lines: tuple[ClassLine, ...]
    unknown: tuple[tuple[str, int], ...]
    several: int


def build(record: ClassRecord, span: Span | None = None) -> ClassReport:
    """The report of the class of ``record``, which holds what lies in ``span``."""
    plan = year_plan(record.periods)
    found = outcomes(record, plan)
    class_id = record.group.group_id
    everyone = [person for group, person in record.stays if group == class_id]
    people = {one.person_id: one for one in list_of_pupils(everyone, class_id, record)}
    lines = report_lines(record, plan, found.columns, span)
    marks: dict[object, dict[int, dict[int, Outcome]]] = defaultdict(lambda: defaultdict(dict))
    for (column, subject, person), mark in found.of.items():
        marks[column][person][subject] = mark
    summary, listed = attendance_summary.build(record, record.stays), roll(record)
    return ClassReport(
        record,
        people,
        tuple(
            _line(
                line,
                listed.movement(line.after, line.last_day),
                people,
                marks[line.column],
                _missed(summary, line),
                record,
            )
            for line in lines
        ),
        found.unknown({one.column for one in lines}),
        found.times_several({one.column for one in lines}),
    )


def _line(
    line: ReportLine,
    movement: Movement,
    people: Mapping[int, Pupil],
    marks: Mapping[int, Mapping[int, Outcome]],
    missed: Mapping[int, Missed],
    record: ClassRecord,
) -> ClassLine:
    pupils = tuple(
        _standing(pupil, marks.get(person, {}), missed.get(person), record)
        for person, pupil in people.items()
        if person in movement.at_end
    )
    totals = ClassTotals(
        len(movement.at_start),
        len(movement.arrived),
        len(movement.left),
        len(movement.at_end),
        Counter(one.standing for one in pupils),
        one_four=sum(one.one_short and one.standing is Standing.GOOD for one in pupils),
        one_three=sum(one.one_short and one.standing is Standing.PASSING for one in pupils),
        missed=Missed.total(missed.values()),
    )
    return ClassLine(line, movement, pupils, totals)


def _standing(
    pupil: Pupil, marks: Mapping[int, Outcome], missed: Missed | None, record: ClassRecord
) -> PupilStanding:
    by_level: dict[Level, list[str]] = defaultdict(list)
    for subject, mark in marks.items():
        by_level[mark.level].append(record.subjects.get(subject, str(subject)))
    failed = by_level[Level.TWO] + by_level[Level.FAIL]
    absent = by_level[Level.NOT_ASSESSED]
    fours, threes = by_level[Level.FOUR], by_level[Level.THREE]
    one_short: list[str] = []
    if record.is_without_marks:
        standing, owed = Standing.IN_FIRST_YEAR, []
    elif failed:
        standing, owed = Standing.FAILING, failed
    elif absent:
        standing, owed = Standing.NOT_ASSESSED, absent
    elif threes:
        one_short = threes if len(threes) == 1 else []
        standing, owed = Standing.PASSING, one_short
    elif fours:
        one_short = fours if len(fours) == 1 else []
        standing, owed = Standing.GOOD, one_short
    elif by_level[Level.FIVE]:
        standing, owed = Standing.EXCELLENT, []
    elif by_level[Level.PASS]:
        standing, owed = Standing.PASSING, []
    elif by_level[Level.RELEASED] and not by_level[Level.OTHER]:
        standing, owed = Standing.RELEASED, []
    else:
        standing, owed = Standing.WITHOUT_MARKS, []
    return PupilStanding(pupil, standing, _in_order(owed), bool(one_short), missed)


def _in_order(subjects: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted(subjects, key=alphabetical))


def _missed(summary: AttendanceSummary, line: ReportLine) -> dict[int, Missed]:
    """What each pupil missed in a period, also one who has left since."""
    if line.column.period is None:
        return {row.pupil.person_id: row.total for row in summary.rows}
    within = [index for index, one in enumerate(summary.periods) if one.last_day in line]
    return {row.pupil.person_id: Missed.total(row.periods[index] for index in within) for row in summary.rows}
