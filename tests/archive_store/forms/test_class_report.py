"""The class teacher's report and the totals of the school: FORMS §6, with its hand examples."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st

from archive_store.forms import class_report, school_report
from archive_store.forms.averages import written
from archive_store.forms.class_record import load
from archive_store.forms.class_report import ClassLine, ClassReport
from archive_store.forms.class_totals import ClassTotals, Standing
from archive_store.forms.movement import Listed, Movement, Roll
from archive_store.forms.periods import FinalColumn, FinalKind, Period
from archive_store.forms.report_lines import ReportLine
from archive_store.forms.school_report import Scale
from archive_store.forms.span import Span, within
from archive_store.schema import MEMBERSHIP
from invented_class import InventedClass

SUBJECTS = ("Русский язык", "Литература", "Математика", "Физкультура", "ОДНКНР")
EIGHT = {
    "Агапов": ("5", "5", "5", "5", "зач"),
    "Бекетов": ("5", "5", "5", "4", "зач"),
    "Васин": ("4", "5", "4", "5", "зач"),
    "Гусев": ("4", "4", "3", "5", "зач"),
    "Дёмин": ("3", "4", "3", "4", "зач"),
    "Егоров": ("3", "3", "2", "4", "зач"),
    "Жуков": ("н/а", "н/а", "3", "осв", "зач"),
    "Зотов": ("5", "5", "4", "осв", "зач"),
}


@pytest.fixture
def invented(connection: sa.Connection) -> InventedClass:
    return InventedClass(connection)


def _report(invented: InventedClass, span: Span | None = None) -> ClassReport:
    record = load(invented.connection, invented.at(), invented.edu_group)
    return class_report.build(within(record, span) if span else record, span)


def _line(report: ClassReport, name: str = "1 четверть") -> ClassLine:
    (found,) = (one for one in report.lines if one.line.column.name == name)
    return found


def _finals(invented: InventedClass, pupils: dict[str, Sequence[str]], period: int | None) -> None:
    subjects = [invented.subject(name) for name in SUBJECTS]
    for name, marks in pupils.items():
        pupil = invented.pupil(name, "Имя")
        for subject, mark in zip(subjects, marks, strict=False):
            invented.final(subject, pupil, mark, period)


def test_the_class_of_eight(invented: InventedClass) -> None:
    first, *_ = invented.quarters()
    _finals(invented, EIGHT, first)
    invented.write()
    line = _line(_report(invented))
    told = {one.pupil.name.split()[0]: (one.standing, one.one_short, one.subjects) for one in line.pupils}
    assert told == {
        "Агапов": (Standing.EXCELLENT, False, ()),
        "Бекетов": (Standing.GOOD, True, ("Физкультура",)),
        "Васин": (Standing.GOOD, False, ()),
        "Гусев": (Standing.PASSING, True, ("Математика",)),
        "Дёмин": (Standing.PASSING, False, ()),
        "Егоров": (Standing.FAILING, False, ("Математика",)),
        "Жуков": (Standing.NOT_ASSESSED, False, ("Литература", "Русский язык")),
        "Зотов": (Standing.GOOD, True, ("Математика",)),
    }
    totals = line.totals
    assert (totals.to_assess, totals.one_four, totals.one_three) == (8, 2, 1)
    assert totals.success is not None
    assert totals.quality is not None
    assert (written(totals.success, 2), written(totals.quality, 2)) == ("75,00", "50,00")


@pytest.mark.parametrize(
    ("marks", "standing"),
    [
        (("2", "н/а"), Standing.FAILING),
        (("5", "незач"), Standing.FAILING),
        (("1",), Standing.FAILING),
        (("зач",), Standing.PASSING),
        (("5", "осв", "зач"), Standing.EXCELLENT),
        (("осв", "осв"), Standing.RELEASED),
        (("осв", "превосходно!"), Standing.WITHOUT_MARKS),
        (("",), Standing.WITHOUT_MARKS),
        ((), Standing.WITHOUT_MARKS),
    ],
)
def test_each_pupil_has_one_standing(
    invented: InventedClass, marks: tuple[str, ...], standing: Standing
) -> None:
    first, *_ = invented.quarters()
    _finals(invented, {"Агапов": marks}, first)
    invented.write()
    line = _line(_report(invented))
    assert [one.standing for one in line.pupils] == [standing]
    in_shares = standing not in {Standing.RELEASED, Standing.WITHOUT_MARKS}
    assert line.totals.to_assess == in_shares
    assert (line.totals.quality is not None) == in_shares


def test_the_movement_of_the_hand_example(invented: InventedClass) -> None:
    invented.period("1 четверть", "2025-09-01", "2025-10-24")
    pupils = [invented.pupil(f"Фамилия{number:02}", "Имя") for number in range(26)]
    invented.write("2025-08-30T22:00:00Z")
    new = [invented.pupil("Яшин", "Юрий"), invented.pupil("Ясин", "Юрий")]
    invented.write("2025-09-15T20:00:00Z")
    members = {one.person_id: one for one in invented.records[MEMBERSHIP]}
    for pupil, day in ((pupils[0], "2025-10-24"), (pupils[1], "2025-10-25")):
        invented.records[MEMBERSHIP] = [members[pupil]._replace(status="Archive")]
        invented.write(f"{day}T20:00:00Z")
    line = _line(_report(invented))
    movement = line.movement
    assert (len(movement.at_start), len(movement.arrived), len(movement.left), len(movement.at_end)) == (
        26, 2, 1, 27,
    )  # fmt: skip
    assert [one.person_id for one in movement.arrived] == new
    assert pupils[0] not in movement.at_end
    assert pupils[1] in movement.at_end


DAYS = [f"2025-09-{day:02}" for day in range(1, 11)]


@st.composite
def _rolls(draw: st.DrawFn) -> Roll:
    """Pupils who come and go several times, one stay after the other."""
    stretches = []
    for person in range(draw(st.integers(0, 6))):
        days = sorted(draw(st.lists(st.sampled_from(DAYS), max_size=6)))
        ends = [None, *days] if draw(st.booleans()) else days
        pairs = [(ends[i], ends[i + 1] if i + 1 < len(ends) else None) for i in range(0, len(ends), 2)]
        stretches += [Listed(person, joined, gone) for joined, gone in pairs]
    return Roll(tuple(stretches))


@given(_rolls(), st.sampled_from(["2025-08-31", *DAYS]), st.sampled_from(DAYS))
def test_the_end_is_the_start_with_who_came_without_who_left(roll: Roll, after: str, until: str) -> None:
    if after <= until:
        moved = roll.movement(after, until)
        assert len(moved.at_end) == len(moved.at_start) + len(moved.arrived) - len(moved.left)


def test_who_came_in_the_holidays_came_in_the_next_period(invented: InventedClass) -> None:
    invented.quarters()
    invented.pupil("Агапова", "Анна")
    invented.write("2025-09-05T22:00:00Z")
    invented.pupil("Яшин", "Юрий")
    invented.write("2025-11-01T22:00:00Z")
    invented.write()
    moved = [(one.totals.at_start, one.totals.arrived, one.totals.at_end) for one in _report(invented).lines]
    assert moved == [(1, 0, 1), (1, 1, 2), (2, 0, 2), (2, 0, 2), (1, 1, 2)]


def test_who_was_marked_as_left_from_the_first_is_counted_until_the_last_trace(
    invented: InventedClass,
) -> None:
    invented.quarters()
    maths = invented.subject("Математика")
    boris = invented.pupil("Бекетов", "Борис", status="Archive")
    invented.mark(invented.lesson(maths, "2025-11-20"), boris, "4")
    invented.write()
    assert [one.totals.at_end for one in _report(invented).lines] == [1, 0, 0, 0, 0]


def test_missed_lessons_are_those_of_the_period(invented: InventedClass) -> None:
    invented.quarters()
    maths, anna = invented.subject("Математика"), invented.pupil("Агапова", "Анна")
    for day, status in (("2025-09-01", "Ill"), ("2025-09-02", "Absent"), ("2025-11-20", "Pass")):
        invented.attendance(invented.lesson(maths, day), anna, status)
    invented.write()
    report = _report(invented)
    assert [one.totals.missed.lessons for one in report.lines] == [2, 1, 0, 0, 3]
    assert _line(report).totals.missed.ill == 1


def test_the_first_year_of_study_is_not_to_be_assessed(connection: sa.Connection) -> None:
    invented = InventedClass(connection, "1А", parallel=1)
    invented.quarters()
    invented.pupil("Агапова", "Анна")
    invented.write()
    totals = _line(_report(invented)).totals
    assert (totals.at_end, totals.to_assess, totals.success) == (1, 0, None)


def test_a_class_without_periods_is_reported_for_the_year(invented: InventedClass) -> None:
    _finals(invented, {"Агапов": ("5", "4")}, None)
    invented.write()
    report = _report(invented)
    assert [one.line.column.name for one in report.lines] == ["Year"]
    assert report.lines[0].totals.one_four == 1


def test_a_span_within_a_period_reports_nothing(invented: InventedClass) -> None:
    first, *_ = invented.quarters()
    _finals(invented, EIGHT, first)
    invented.write()
    assert _report(invented, Span("2025-09-01", "2025-09-30")).lines == ()
    assert [one.line.column.name for one in _report(invented, Span("2025-09-01", "2025-10-31")).lines] == [
        "1 четверть"
    ]


def _of_class(
    invented: InventedClass, name: str, parallel: int | None, period: Period, totals: ClassTotals
) -> ClassReport:
    record = load(invented.connection, invented.at(), invented.edu_group)
    group = record.group._replace(group_id=hash(name), name=name, parallel=parallel)
    line = ReportLine(FinalColumn(FinalKind.PERIOD, period), "2025-10-26", period.last_day)
    nobody = Movement(frozenset(), (), (), frozenset())
    return ClassReport(
        replace(record, group=group), {}, (ClassLine(line, nobody, (), totals),), (("!", 1),), several=1
    )


def _good(good: int, pupils: int) -> ClassTotals:
    standings = Counter({Standing.GOOD: good, Standing.PASSING: pupils - good})
    return ClassTotals(at_start=pupils, at_end=pupils, standings=standings)


def test_the_school_sums_counts_and_averages_no_percentages(invented: InventedClass) -> None:
    invented.write()
    quarter = Period(1, "2 четверть", "2025-11-05", "2025-12-30")
    half = Period(2, "1 полугодие", "2025-09-01", "2025-12-30")
    classes = [
        ("4А", 4, quarter, _good(0, 0)), ("5А", 5, quarter, _good(8, 8)),
        ("5Б", 5, quarter, _good(6, 24)), ("10А", 10, half, _good(1, 2)),
    ]  # fmt: skip
    found = school_report.build(_of_class(invented, *one) for one in classes)
    (line,) = found.lines
    assert line.names == ("1 полугодие", "2 четверть")
    assert [(row.scale, row.name, row.totals.at_end, row.totals.quality) for row in line.rows] == [
        (Scale.CLASS, "4А", 0, None),
        (Scale.PRIMARY, "", 0, None),
        (Scale.CLASS, "5А", 8, 100),
        (Scale.CLASS, "5Б", 24, 25),
        (Scale.PARALLEL, "5", 32, Fraction("43.75")),
        (Scale.BASIC, "", 32, Fraction("43.75")),
        (Scale.CLASS, "10А", 2, 50),
        (Scale.SECONDARY, "", 2, 50),
        (Scale.SCHOOL, "", 34, Fraction(1500, 34)),
    ]
    assert (found.unknown, found.several) == ((("!", 4),), 4)


def test_periods_that_end_on_different_days_are_apart_and_a_class_is_never_counted_twice(
    invented: InventedClass,
) -> None:
    invented.write()
    quarter = Period(1, "2 четверть", "2025-11-05", "2025-12-30")
    half = Period(2, "1 полугодие", "2025-09-01", "2025-12-30")
    later = Period(3, "1 триместр", "2025-09-01", "2025-12-31")
    both = _of_class(invented, "5А", 5, quarter, _good(1, 1))
    both = replace(both, lines=both.lines + _of_class(invented, "5А", 5, half, _good(1, 1)).lines)
    found = school_report.build([both, _of_class(invented, "6А", 6, later, _good(1, 1))])
    assert [one.names for one in found.lines] == [("1 полугодие",), ("2 четверть",), ("1 триместр",)]


def test_a_class_without_a_parallel_is_in_the_school_alone(invented: InventedClass) -> None:
    invented.write()
    period = Period(1, "Модуль 1", "2025-09-01", "2025-10-05")
    found = school_report.build([_of_class(invented, "Семейная", None, period, _good(1, 1))])
    assert [row.scale for row in found.lines[0].rows] == [Scale.CLASS, Scale.SCHOOL]


def test_a_school_without_classes_has_no_totals() -> None:
    assert school_report.build([]).lines == ()
