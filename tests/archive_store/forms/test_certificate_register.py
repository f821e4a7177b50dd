"""The sheet for the register of certificates: the platform's final marks against the rule (FORMS §8)."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
import sqlalchemy as sa

from archive_store.export.forms import FORMS, Asked
from archive_store.forms.rules import Rules
from archive_store.render.report import Report
from archive_store.schema import EDU_GROUP, FINAL_MARK, REPORTING_PERIOD
from invented_class import InventedClass


@pytest.fixture
def ninth(connection: sa.Connection) -> InventedClass:
    return InventedClass(connection, "9А", parallel=9)


@pytest.fixture
def eleventh(connection: sa.Connection) -> InventedClass:
    return InventedClass(connection, "11А", parallel=11)


def _sheet(invented: InventedClass, rules: Rules | None = None) -> Report:
    at = invented.write()
    asked = Asked(invented.connection, at, 2025, group=invented.edu_group)
    made = FORMS["certificate-register"].make(replace(asked, rules=rules) if rules else asked)
    assert isinstance(made, Report)
    return made


def _check(sheet: Report) -> dict[object, tuple[object, ...]]:
    """By subject: the marks that count, by the rule, on the platform, the comparison."""
    return {row.values[1]: row.values[2:3] + row.values[4:] for row in sheet.tables[2].rows}


def _earlier(invented: InventedClass, name: str, grade: int) -> int:
    """A class of the year before, with its half-years."""
    group = invented.group(name, parallel=grade)
    groups = invented.records[EDU_GROUP]
    groups[-1] = groups[-1]._replace(study_year=2024)
    return group


def _half_years(invented: InventedClass, group: int, year: int) -> list[int]:
    ids = [
        invented.period(name, starts, ends, "HalfYear")
        for name, starts, ends in (
            ("1 полугодие", f"{year}-09-01", f"{year}-12-30"),
            ("2 полугодие", f"{year + 1}-01-12", f"{year + 1}-05-26"),
        )
    ]
    for index in (-2, -1):
        periods = invented.records[REPORTING_PERIOD]
        periods[index] = periods[index]._replace(group_id=group)
    return ids


def _years_of(invented: InventedClass, subject: int, pupil: int, marks: str) -> None:
    """Half-year and year marks of grades 10 and 11, in this order."""
    groups = (_earlier(invented, "10А", 10), invented.class_id)
    for group, year, own in zip(groups, (2024, 2025), (marks[:3], marks[3:]), strict=True):
        for period, value in zip(_half_years(invented, group, year), own, strict=False):
            invented.final(subject, pupil, value, period, group=group)
        invented.final(subject, pupil, own[2], group=group)


@pytest.mark.parametrize(
    ("marks", "mark"), [("444555", "5"), ("444545", "4"), ("344343", "4")], ids=["4.5", "4.33", "3.5"]
)
def test_the_hand_examples_of_grade_eleven(eleventh: InventedClass, marks: str, mark: str) -> None:
    anna, maths = eleventh.pupil("Агапова", "Анна"), eleventh.subject("Математика")
    _years_of(eleventh, maths, anna, marks)
    eleventh.final(maths, anna, mark, kind="final")
    first, second = marks[:3], marks[3:]
    counted = "; ".join(
        f"gr. {grade}: {one[0]}, {one[1]}, year {one[2]}" for grade, one in ((10, first), (11, second))
    )
    sheet = _sheet(eleventh)
    assert _check(sheet) == {"Математика": (counted, mark, mark, "agrees")}
    assert sheet.tables[1].rows == ()


def test_a_mark_that_differs_is_named(eleventh: InventedClass) -> None:
    anna, maths = eleventh.pupil("Агапова", "Анна"), eleventh.subject("Математика")
    _years_of(eleventh, maths, anna, "444555")
    eleventh.final(maths, anna, "4", kind="final")
    ((pupil, subject, _mean, by_rule, platform, verdict),) = [
        row.values for row in _sheet(eleventh).tables[1].rows
    ]
    assert (pupil, subject, by_rule, platform, verdict) == ("Агапова Анна", "Математика", "5", "4", "differs")


def test_grade_ten_that_is_not_kept_is_told(eleventh: InventedClass) -> None:
    anna, maths = eleventh.pupil("Агапова", "Анна"), eleventh.subject("Математика")
    eleventh.final(maths, anna, "5")
    (line,) = _check(_sheet(eleventh)).values()
    assert line[1:] == (None, None, "unchecked: the marks of grade 10 are not in the archive")


def test_a_subject_that_goes_on_without_a_year_mark_is_not_checked(eleventh: InventedClass) -> None:
    anna, maths = eleventh.pupil("Агапова", "Анна"), eleventh.subject("Математика")
    tenth = _earlier(eleventh, "10А", 10)
    eleventh.final(maths, anna, "5", group=tenth)
    eleventh.final(maths, anna, "5", group=tenth, kind="final")  # of the move to grade 11: no certificate's
    eleventh.lesson(maths, "2025-09-02")
    (line,) = _check(_sheet(eleventh)).values()
    assert line[2:] == (None, "unchecked: a year mark is missing")


def test_a_subject_finished_in_grade_ten_counts_that_year_alone(eleventh: InventedClass) -> None:
    anna, project = eleventh.pupil("Агапова", "Анна"), eleventh.subject("Проект")
    eleventh.final(project, anna, "4", group=_earlier(eleventh, "10А", 10))
    assert _check(_sheet(eleventh)) == {"Проект": ("gr. 10: year 4", "4", None, "not set on the platform")}


def test_grade_nine(ninth: InventedClass) -> None:
    anna = ninth.pupil("Агапова", "Анна")
    physics, history, music = (ninth.subject(name) for name in ("Физика", "История", "Музыка"))
    chemistry = ninth.subject("Химия")
    for subject, year, exam, final in (
        (physics, "4", "3", "4"), (history, "5", None, None), (chemistry, "3", "2", "3"),
    ):  # fmt: skip
        ninth.final(subject, anna, year)
        if exam:
            ninth.final(subject, anna, exam, kind="exam")
        if final:
            ninth.final(subject, anna, final, kind="final")
    ninth.final(music, anna, "5", group=_earlier(ninth, "8А", 8))
    sheet = _sheet(ninth)
    assert _check(sheet) == {
        "История": ("gr. 9: year 5", "5", None, "not set on the platform"),
        "Музыка": (
            "gr. 8: year 5", "5", None,
            "unchecked: finished before grade 9: the school decides whether it is entered",
        ),
        "Физика": ("gr. 9: year 4, exam 3", "4", "4", "agrees"),
        "Химия": (
            "gr. 9: year 3, exam 2", None, "3", "unchecked: the exam is failed: no final mark follows",
        ),
    }  # fmt: skip
    entry = str(dict(zip(FIELDS, sheet.tables[0].rows[0].values, strict=True))["marks"])
    assert entry.replace("\N{NO-BREAK SPACE}", " ") == "История: ∅; Физика: 4 (good); Химия: 3 (satisf.)"


FIELDS = (
    "number", "name", "representative", "born", "blank", "marks", "order", "officer", "recipient", "issued",
)  # fmt: skip


def test_an_exam_in_mathematics_as_a_whole_is_left_to_the_school(ninth: InventedClass) -> None:
    anna = ninth.pupil("Агапова", "Анна")
    ninth.final(ninth.subject("Математика"), anna, "5", kind="exam")
    ninth.final(ninth.subject("Алгебра"), anna, "4")
    verdicts = {subject: line[3] for subject, line in _check(_sheet(ninth)).items()}
    reason = "unchecked: the exam is in mathematics as a whole: the school's local act decides"
    assert verdicts == {"Алгебра": reason, "Математика": reason}


def test_the_columns_are_in_the_order_of_the_schools_book(ninth: InventedClass) -> None:
    ninth.pupil("Агапова", "Анна")
    sheet = _sheet(ninth, Rules(certificate_columns=("blank", "name")))
    assert [one.key for one in sheet.tables[0].columns] == ["blank", "name"]
    assert sheet.tables[0].rows[0].values == ("", "Агапова Анна")


def test_who_left_is_not_on_the_sheet_but_counted(ninth: InventedClass) -> None:
    ninth.pupil("Агапова", "Анна", status="Archive")
    sheet = _sheet(ninth)
    assert sheet.tables[0].rows == ()
    assert "Not on the sheet: 1 pupil has left." in sheet.notes


def test_ten_points_are_not_checked_by_the_rule_of_five(ninth: InventedClass) -> None:
    anna, maths = ninth.pupil("Агапова", "Анна"), ninth.subject("Математика")
    ninth.final(maths, anna, "8")
    finals: list[Any] = ninth.records[FINAL_MARK]
    finals[0] = finals[0]._replace(type="Mark10")
    (line,) = _check(_sheet(ninth)).values()
    assert line[3] == "unchecked: marks of another scale than five points"
