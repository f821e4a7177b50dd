"""The subject teacher's report: FORMS §5, with its hand examples."""

from __future__ import annotations

from fractions import Fraction

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st

from archive_store.forms import subject_report
from archive_store.forms.averages import written
from archive_store.forms.class_record import load
from archive_store.forms.levels import Level, outcome
from archive_store.forms.rules import COEFFICIENTS
from archive_store.forms.span import Span, within
from archive_store.forms.subject_report import Achieved, SubjectReport, SubjectRow
from archive_store.schema import MEMBERSHIP
from invented_class import InventedClass

MARKS = {
    "Русский язык": ("5", "5", "4", "4", "3", "3", "н/а", "5"),
    "Литература": ("5", "5", "5", "4", "4", "3", "н/а", "5"),
    "Математика": ("5", "5", "4", "3", "3", "2", "3", "4"),
    "Физкультура": ("5", "4", "5", "5", "4", "4", "осв", "осв"),
}


@pytest.fixture
def invented(connection: sa.Connection) -> InventedClass:
    return InventedClass(connection)


def _report(invented: InventedClass, span: Span | None = None) -> SubjectReport:
    record = load(invented.connection, invented.at(), invented.edu_group)
    return subject_report.build(within(record, span) if span else record, span)


def _by_subject(report: SubjectReport, line: str = "1 четверть") -> dict[str, SubjectRow]:
    (found,) = (one for one in report.lines if one.line.column.name == line)
    return {row.group_name or row.subject: row for row in found.rows}


def _achieved(*marks: str, scale: str | None = None) -> Achieved:
    achieved = Achieved()
    for mark in marks:
        achieved.add(outcome(mark, scale))
    return achieved


def _written(*values: Fraction | None) -> list[str]:
    return ["—" if one is None else written(one, 2) for one in values]


def test_the_first_hand_example() -> None:
    marks = ["5"] * 6 + ["4"] * 9 + ["3"] * 7 + ["2", "н/а", "осв", ""]
    achieved = _achieved(*marks)
    assert (achieved.pupils, achieved.assessed, achieved.without_mark) == (26, 23, 1)
    netschool, alt = (achieved.learned(COEFFICIENTS[name]) for name in ("netschool", "alt"))
    assert _written(achieved.success, achieved.quality, netschool, alt, achieved.average) == [
        "91,67", "62,50", "60,46", "60,42", "3,87",
    ]  # fmt: skip


def test_the_class_of_eight(invented: InventedClass) -> None:
    first, *_ = invented.quarters()
    pupils = [invented.pupil(f"Фамилия{number}", "Имя") for number in range(8)]
    for name, marks in MARKS.items():
        subject = invented.subject(name)
        for pupil, mark in zip(pupils, marks, strict=True):
            invented.final(subject, pupil, mark, first)
    invented.write()
    rows = _by_subject(_report(invented))
    assert {
        name: _written(
            row.achieved.success,
            row.achieved.quality,
            row.achieved.learned(COEFFICIENTS["netschool"]),
            row.achieved.average,
        )
        for name, row in rows.items()
    } == {
        "Русский язык": ["87,50", "62,50", "63,38", "4,14"],
        "Литература": ["87,50", "75,00", "71,38", "4,43"],
        "Математика": ["87,50", "50,00", "56,50", "3,63"],
        "Физкультура": ["100,00", "100,00", "82,00", "4,50"],
    }


@pytest.mark.parametrize(
    ("scale", "marks"),
    [
        ("Mark5", {"5+": "5", "5-": "5", "4": "4", "3": "3", "2": "2", "1": "2"}),
        ("Mark10", {"10": "5", "9": "5", "8": "4", "7": "4", "6": "3", "5": "3", "4": "2", "1": "2"}),
        ("Mark12", {"12": "5", "10": "5", "9": "4", "7": "4", "6": "3", "4": "3", "3": "2"}),
        ("Mark100", {"87": "?"}),
        (None, {"OCB": "осв", "н/а": "н/а", "зачет": "зач", "нз": "незач", "+1": "?", "н": "?"}),
    ],
)
def test_marks_of_any_scale_are_merged_in_levels(scale: str | None, marks: dict[str, str]) -> None:
    found = {text: outcome(text, scale) for text in marks}
    assert {text: one.level.value for text, one in found.items() if one} == marks


def test_what_is_no_mark_yet_is_none() -> None:
    assert (outcome(""), outcome(".")) == (None, None)


def test_a_pass_is_a_success_and_not_in_quality_while_a_fail_is_a_two() -> None:
    achieved = _achieved("5", "зач", "незач")
    assert _written(achieved.success, achieved.quality) == ["66,67", "50,00"]
    assert achieved.learned(COEFFICIENTS["netschool"]) == Fraction(116, 2)
    passes = _achieved("зач", "незач")
    assert _written(passes.success, passes.quality, passes.average) == ["50,00", "—", "—"]


def test_marks_of_different_scales_have_no_average() -> None:
    achieved = _achieved("5")
    achieved.add(outcome("10", "Mark10"))
    assert achieved.average is None
    assert achieved.quality == 100


@given(st.lists(st.sampled_from(["5", "4", "3", "2", "1", "н/а", "осв", "зач", "незач", "?!", "", "."])))
def test_every_pupil_is_counted_once(marks: list[str]) -> None:
    achieved = _achieved(*marks)
    assert achieved.levels.total() + achieved.without_mark == achieved.pupils == len(marks)
    named = achieved.assessed + sum(
        achieved.levels[one] for one in (Level.NOT_ASSESSED, Level.RELEASED, Level.OTHER)
    )
    assert named == achieved.levels.total()
    for share in (achieved.success, achieved.quality, achieved.learned(COEFFICIENTS["netschool"])):
        assert share is None or 0 <= share <= 100


def test_who_left_on_the_last_day_is_out_and_who_left_the_day_after_is_not(invented: InventedClass) -> None:
    first, *_ = invented.quarters()
    maths = invented.subject("Математика")
    stays_on, left, left_after = (invented.pupil(name, "Имя") for name in ("Агапов", "Бекетов", "Васин"))
    for pupil in (stays_on, left, left_after):
        invented.final(maths, pupil, "5", first)
    invented.write("2025-09-05T22:00:00Z")
    members = {one.person_id: one for one in invented.records[MEMBERSHIP]}
    for day, who in (("2025-10-26", left), ("2025-10-27", left_after)):
        invented.records[MEMBERSHIP] = [members[who]._replace(status="Archive")]
        invented.write(f"{day}T20:00:00Z")
    invented.write()
    report = _report(invented)
    assert report.lines[0].pupils == 2
    assert _by_subject(report)["Математика"].achieved.levels == {Level.FIVE: 2}


def test_each_group_of_a_subject_has_its_row_below_the_subject(invented: InventedClass) -> None:
    first, *_ = invented.quarters()
    english, one, two = (
        invented.subject("Английский язык"),
        invented.subgroup("7Б/1"),
        invented.subgroup("7Б/2"),
    )
    teachers = [invented.teacher(name, "Анна", "Ильинична") for name in ("Орлова", "Петрова")]
    for group, teacher, marks in ((one, teachers[0], "54"), (two, teachers[1], "332")):
        invented.lesson(english, "2025-09-01", group=group, teachers=[teacher], topic="Времена")
        for index, mark in enumerate(marks):
            pupil = invented.pupil(f"Ученик{teacher}{index}", "Имя", groups=(invented.class_id, group))
            invented.final(english, pupil, mark, first)
    invented.write()
    rows = _by_subject(_report(invented))
    assert [(name, row.achieved.pupils, row.hours) for name, row in rows.items()] == [
        ("Английский язык", 5, 2), ("7Б/1", 2, 1), ("7Б/2", 3, 1),
    ]  # fmt: skip
    assert rows["7Б/2"].teachers == ("Петрова Анна Ильинична",)
    assert (
        rows["Английский язык"].achieved.levels == rows["7Б/1"].achieved.levels + rows["7Б/2"].achieved.levels
    )


def test_a_span_reports_the_periods_that_end_in_it(invented: InventedClass) -> None:
    first, second, *_ = invented.quarters()
    maths, anna = invented.subject("Математика"), invented.pupil("Агапова", "Анна")
    for period, mark in ((first, "5"), (second, "4"), (None, "4")):
        invented.final(maths, anna, mark, period)
    invented.write()
    names = [one.line.column.name for one in _report(invented).lines]
    assert names == ["1 четверть", "2 четверть", "3 четверть", "4 четверть", "Year"]
    report = _report(invented, Span("2025-11-01", "2025-12-31"))
    assert [one.line.column.name for one in report.lines] == ["2 четверть"]
    assert _by_subject(report, "2 четверть")["Математика"].achieved.levels == {Level.FOUR: 1}


def test_a_period_under_way_is_not_reported_until_it_has_marks(invented: InventedClass) -> None:
    first, second, *_ = invented.quarters()
    maths, anna = invented.subject("Математика"), invented.pupil("Агапова", "Анна")
    invented.final(maths, anna, "5", first)
    invented.write("2025-12-20T22:00:00Z")
    assert [one.line.column.name for one in _report(invented).lines] == ["1 четверть"]
    invented.final(maths, anna, "4", second)
    invented.write("2025-12-21T22:00:00Z")
    assert [one.line.column.name for one in _report(invented).lines] == ["1 четверть", "2 четверть"]


def test_a_subject_without_marks_and_a_class_without_pupils_have_no_percentages(
    invented: InventedClass,
) -> None:
    invented.quarters()
    invented.lesson(invented.subject("Разговоры о важном"), "2025-09-01")
    invented.write()
    row = _by_subject(_report(invented))["Разговоры о важном"]
    assert (row.achieved.pupils, row.achieved.success, row.achieved.average, row.hours) == (0, None, None, 0)


def test_the_last_of_several_marks_counts_and_they_are_told(invented: InventedClass) -> None:
    maths, anna = invented.subject("Математика"), invented.pupil("Агапова", "Анна")
    invented.final(maths, anna, "2")
    invented.final(maths, anna, "3")
    invented.write()
    report = _report(invented)
    assert report.several == 1
    assert _by_subject(report, "Year")["Математика"].achieved.levels == {Level.THREE: 1}


def test_a_mark_that_is_not_understood_is_counted_by_itself(invented: InventedClass) -> None:
    first, *_ = invented.quarters()
    invented.final(invented.subject("Математика"), invented.pupil("Агапова", "Анна"), "превосходно!", first)
    invented.write()
    report = _report(invented)
    assert report.unknown == (("превосходно!", 1),)
    assert _by_subject(report)["Математика"].achieved.success is None
