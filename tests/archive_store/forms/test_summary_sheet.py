"""The summary sheet of progress: every final mark in its cell, and no cell without a reason."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from archive_store.forms import summary_sheet
from archive_store.forms.class_record import load
from archive_store.forms.span import Span, within
from archive_store.forms.summary_sheet import SummarySheet
from archive_store.render.wording import year_line
from invented_class import InventedClass


@pytest.fixture
def invented(connection: sa.Connection) -> InventedClass:
    return InventedClass(connection)


def _sheet(invented: InventedClass, ended_at: str = "2026-08-31T00:00:00Z") -> SummarySheet:
    return summary_sheet.build(invented.connection, invented.write(ended_at), invented.edu_group)


def _texts(sheet: SummarySheet, pupil: int = 0) -> dict[str, list[str]]:
    lines = zip(sheet.lines, sheet.rows[pupil].cells, strict=True)
    return {line.name: [cell.text for cell in cells] for line, cells in lines}


def test_marks_stand_by_line_and_subject(invented: InventedClass) -> None:
    quarters = invented.quarters()
    algebra, biology = invented.subject("Алгебра"), invented.subject("Биология")
    anna = invented.pupil("Агапова", "Анна")
    for subject, values in ((algebra, "5443"), (biology, "3455")):
        for period, value in zip(quarters, values, strict=True):
            invented.final(subject, anna, value, period)
        invented.final(subject, anna, "4")
    invented.final(biology, anna, "осв", kind="exam")
    sheet = _sheet(invented)
    assert sheet.subjects == ("Алгебра", "Биология")
    assert _texts(sheet) == {
        "1 четверть": ["5", "3"],
        "2 четверть": ["4", "4"],
        "3 четверть": ["4", "5"],
        "4 четверть": ["3", "5"],
        "Year": ["4", "4"],
        "Exam": ["—", "осв"],
    }
    assert (sheet.missing, sheet.mark_count) == (0, 11)


def test_a_mark_that_was_due_is_missing_and_counted(invented: InventedClass) -> None:
    first, *_ = invented.quarters()
    maths = invented.subject("Математика")
    anna = invented.pupil("Агапова", "Анна")
    invented.pupil("Бекетов", "Борис")
    invented.lesson(maths, "2025-09-01")
    invented.final(maths, anna, "5", first)
    sheet = _sheet(invented)
    assert _texts(sheet, 1)["1 четверть"] == ["∅"]
    assert sheet.missing == 3  # and the year's for both


def test_a_whole_column_that_was_never_set_is_missing(invented: InventedClass) -> None:
    invented.quarters()
    anna = invented.pupil("Агапова", "Анна")
    invented.mark(invented.lesson(invented.subject("Математика"), "2025-09-01"), anna, "5")
    texts = _texts(_sheet(invented))
    assert texts["1 четверть"] == ["∅"]
    assert texts["2 четверть"] == ["—"]  # no lessons then


def test_a_subject_without_a_single_mark_is_taught_without_marks(invented: InventedClass) -> None:
    invented.quarters()
    invented.pupil("Агапова", "Анна")
    invented.lesson(invented.subject("Разговоры о важном"), "2025-09-01")
    assert _sheet(invented).missing == 0


def test_who_came_in_the_second_quarter_owes_nothing_for_the_first(invented: InventedClass) -> None:
    first, second, *_ = invented.quarters()
    maths, anna = invented.subject("Математика"), invented.pupil("Агапова", "Анна")
    boris = invented.pupil("Бекетов", "Борис")
    invented.mark(invented.lesson(maths, "2025-09-10"), anna, "5")
    invented.mark(invented.lesson(maths, "2025-11-10"), boris, "4")
    for period in (first, second):
        invented.final(maths, anna, "5", period)
    texts = _texts(_sheet(invented), 1)
    assert (texts["1 четверть"], texts["2 четверть"]) == (["×"], ["∅"])


def test_a_subject_that_the_pupil_does_not_take_is_a_dash(invented: InventedClass) -> None:
    first, *_ = invented.quarters()
    english, german = invented.subject("Английский язык"), invented.subject("Немецкий язык")
    one, two = invented.subgroup("7Б/англ"), invented.subgroup("7Б/нем")
    anna = invented.pupil("Агапова", "Анна", groups=(invented.class_id, one))
    boris = invented.pupil("Бекетов", "Борис", groups=(invented.class_id, two))
    invented.lesson(english, "2025-09-01", group=one)
    invented.lesson(german, "2025-09-01", group=two)
    invented.final(english, anna, "5", first)
    invented.final(german, boris, "4", first)
    sheet = _sheet(invented)
    assert [_texts(sheet, pupil)["1 четверть"] for pupil in (0, 1)] == [["5", "—"], ["—", "4"]]


def test_a_subject_assessed_by_half_years_owes_no_marks_for_quarters(invented: InventedClass) -> None:
    quarters = invented.quarters()
    half = invented.period("1 полугодие", "2025-09-01", "2025-12-30", "HalfYear")
    maths, music = invented.subject("Математика"), invented.subject("Музыка")
    anna = invented.pupil("Агапова", "Анна")
    for subject in (maths, music):
        for day in ("2025-09-10", "2025-11-10"):
            invented.lesson(subject, day)
    for period in quarters[:2]:
        invented.final(maths, anna, "4", period)
    invented.final(music, anna, "5", half)
    texts = _texts(_sheet(invented))
    assert [texts[name] for name in ("1 четверть", "2 четверть", "1 полугодие")] == [
        ["4", "—"],
        ["4", "—"],
        ["—", "5"],
    ]


def test_a_period_that_has_not_ended_owes_no_marks(invented: InventedClass) -> None:
    invented.quarters()
    maths, anna = invented.subject("Математика"), invented.pupil("Агапова", "Анна")
    for day in ("2025-09-10", "2025-11-10"):
        invented.mark(invented.lesson(maths, day), anna, "5")
    sheet = _sheet(invented, ended_at="2025-11-20T00:00:00Z")
    assert _texts(sheet) == {
        "1 четверть": ["∅"],
        "2 четверть": ["·"],
        "3 четверть": ["—"],
        "4 четверть": ["—"],
        "Year": ["·"],
    }
    assert sheet.missing == 1


def test_who_has_left_owes_no_marks(invented: InventedClass) -> None:
    invented.quarters()
    anna = invented.pupil("Агапова", "Анна", status="Archive")
    invented.mark(invented.lesson(invented.subject("Математика"), "2025-09-10"), anna, "5")
    sheet = _sheet(invented)
    assert sheet.missing == 0
    assert list(_texts(sheet).values()) == [["×"], ["—"], ["—"], ["—"], ["×"]]


def test_who_left_in_the_second_quarter_still_owes_the_mark_of_the_first(invented: InventedClass) -> None:
    first, *_ = invented.quarters()
    maths, anna = invented.subject("Математика"), invented.pupil("Агапова", "Анна")
    boris = invented.pupil("Бекетов", "Борис", status="Archive")
    for day in ("2025-09-10", "2025-11-10"):
        invented.mark(invented.lesson(maths, day), boris, "5")
    invented.final(maths, anna, "5", first)
    texts = _texts(_sheet(invented), 1)
    assert [texts[name] for name in ("1 четверть", "2 четверть", "Year")] == [["∅"], ["×"], ["×"]]


def test_the_first_year_of_study_owes_no_marks(connection: sa.Connection) -> None:
    invented = InventedClass(connection, "1А", parallel=1)
    invented.quarters()
    anna = invented.pupil("Агапова", "Анна")
    invented.mark(invented.lesson(invented.subject("Обучение грамоте"), "2025-09-10"), anna, "5")
    sheet = _sheet(invented)
    assert sheet.missing == 0
    assert {text for line in _texts(sheet).values() for text in line} == {"—"}


def test_two_marks_for_one_line_are_both_shown(invented: InventedClass) -> None:
    maths, anna = invented.subject("Математика"), invented.pupil("Агапова", "Анна")
    invented.final(maths, anna, "2")
    invented.final(maths, anna, "3")
    assert _texts(_sheet(invented)) == {"Year": ["2/3"]}


def test_pupils_of_another_class_in_a_common_subgroup_are_not_on_the_sheet(invented: InventedClass) -> None:
    other_class = invented.group("7В")
    common = invented.group("7БВ/1", (invented.class_id, other_class))
    invented.pupil("Агапова", "Анна", groups=(invented.class_id, common))
    invented.pupil("Власов", "Вадим", groups=(other_class, common))
    invented.lesson(invented.subject("Технология"), "2025-09-01", group=common)
    assert [row.pupil.name for row in _sheet(invented).rows] == ["Агапова Анна"]


def test_a_class_without_anything_is_an_empty_sheet(invented: InventedClass) -> None:
    sheet = _sheet(invented)
    assert (sheet.rows, sheet.subjects, sheet.missing) == ((), (), 0)


def test_before_the_year_s_end_nobody_owes_a_mark_of_the_year(invented: InventedClass) -> None:
    first, *_ = invented.quarters()
    maths, anna = invented.subject("Математика"), invented.pupil("Агапова", "Анна")
    invented.mark(invented.lesson(maths, "2025-09-10"), anna, "5")
    invented.final(maths, anna, "5", first)
    record = load(invented.connection, invented.write(), invented.edu_group)
    sheet = summary_sheet.from_record(within(record, Span("2025-09-01", "2025-12-01")))
    assert _texts(sheet) == {"1 четверть": ["5"]}
    assert year_line(sheet) == "academic year 2025/26, 01.09.2025 – 01.12.2025"
    assert "Year" in _texts(summary_sheet.from_record(within(record, Span("2025-09-01", "2026-08-31"))))
