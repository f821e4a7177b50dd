"""The diary of a pupil for a span of days, as in the diary itself."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
import sqlalchemy as sa

from archive_store import records as r
from archive_store.export.forms import FORMS, Asked
from archive_store.forms.bell_times import bell_times
from archive_store.forms.span import Span
from archive_store.render.report import Report
from archive_store.schema import BELL, HOMEWORK_FILE, MARK, SECTION, THEMATIC_MARK, WORK
from invented_class import InventedClass

FIRST_BELL = r.Bell("Основное", 1, 1, "1 урок", "Lesson", "08:30", "09:15", '["Monday","Tuesday"]', None)


@pytest.fixture
def invented(connection: sa.Connection) -> InventedClass:
    return InventedClass(connection)


def _diary(invented: InventedClass, person_id: int, first: str, last: str) -> Report:
    at = invented.write("2025-12-31T00:00:00Z")
    asked = Asked(invented.connection, at, 2025, span=Span(first, last), person_id=person_id)
    made = FORMS["diary"].make(asked)
    assert isinstance(made, Report)
    return made


def _lessons(table: Any) -> list[tuple[object, ...]]:
    return [row.values for row in table.rows]


def test_a_day_of_the_diary(invented: InventedClass) -> None:
    anna, maths = invented.pupil("Агапова", "Анна"), invented.subject("Математика")
    kind = invented.work_type("Контрольная работа", "КР", 3)
    invented.records[BELL] = [FIRST_BELL]
    lesson = invented.lesson(maths, "2025-09-02", topic="Дроби", homework="§ 1, № 5")
    work = invented.records[WORK][0]
    invented.records[WORK][0] = work._replace(target_day="2025-09-05")
    invented.records[HOMEWORK_FILE] = [
        r.HomeworkFile(
            work.work_id, 1, invented.class_id, "2025-09-02", "карточка.pdf", "pdf", 1, "kept", None, None
        )
    ]
    invented.mark(lesson, anna, "5")
    invented.records[MARK][0] = invented.records[MARK][0]._replace(work_type_id=kind)
    invented.attendance(lesson, anna, "Late", "на 5 минут")
    (week,) = _diary(invented, anna, "2025-09-01", "2025-09-07").tables
    assert week.title == "Week 01.09.2025 – 07.09.2025"
    assert _lessons(week) == [
        (
            date(2025, 9, 2), "Tue", 1, "08:30–09:15", "Математика", "Дроби",
            "§ 1, № 5 (for 05.09.2025) [files: карточка.pdf]", "5 (КР, weight 3)", "О: на 5 минут",
        )
    ]  # fmt: skip


def test_weeks_days_and_what_is_not_of_this_pupil(invented: InventedClass) -> None:
    anna, maths = invented.pupil("Агапова", "Анна"), invented.subject("Математика")
    boris = invented.pupil("Бекетов", "Борис")
    french, group = invented.subject("Французский"), invented.subgroup("7Б фр.")
    invented.member(group, boris)
    invented.lesson(french, "2025-09-02", group=group, number=2)
    for day in ("2025-09-02", "2025-09-03", "2025-09-08"):
        invented.mark(
            invented.lesson(maths, day, status="Cancelled" if day == "2025-09-03" else None), boris, "2"
        )
    first, second = _diary(invented, anna, "2025-09-01", "2025-09-30").tables
    assert [row[4:6] + row[7:] for row in _lessons(first)] == [
        ("Математика", "", "", ""), ("Математика", "(the lesson was cancelled)", "", ""),
    ]  # fmt: skip
    assert [row.parted for row in first.rows] == [False, True]
    assert second.title == "Week 08.09.2025 – 14.09.2025"


def test_periods_that_end_in_the_days_have_their_marks(invented: InventedClass) -> None:
    quarter, *_ = invented.quarters()
    anna, maths = invented.pupil("Агапова", "Анна"), invented.subject("Математика")
    invented.final(maths, anna, "4", quarter)
    invented.lesson(maths, "2025-10-24")
    assert [one.name for one in _diary(invented, anna, "2025-10-20", "2025-10-26").tables] == [
        "lessons",
        "periods",
    ]
    assert [one.name for one in _diary(invented, anna, "2025-10-20", "2025-10-25").tables] == ["lessons"]


def test_thematic_marks_stand_apart(invented: InventedClass) -> None:
    anna, maths = invented.pupil("Агапова", "Анна"), invented.subject("Математика")
    empty = dict.fromkeys(r.ThematicMark._fields)
    known = {
        "mark_id": 1, "person_id": anna, "work_id": 1, "group_id": invented.class_id, "subject_id": maths,
        "value": "4", "set_at": "2025-09-05T10:00:00Z",
    }  # fmt: skip
    invented.records[THEMATIC_MARK] = [r.ThematicMark(**{**empty, **known})]  # type: ignore[arg-type]
    tables = {one.name: one for one in _diary(invented, anna, "2025-09-01", "2025-09-07").tables}
    assert _lessons(tables["thematic"]) == [("Математика", "4", date(2025, 9, 5))]
    assert tables["lessons"].when_empty == "There were no lessons in these days."


def test_messages_that_the_platform_does_not_give_are_named(invented: InventedClass) -> None:
    anna = invented.pupil("Агапова", "Анна")
    invented.records[SECTION] = [
        r.Section("messages", "not offered", None),
        r.Section("marks", "received", None),
    ]
    notes = _diary(invented, anna, "2025-09-01", "2025-09-07").notes
    assert notes[-1].endswith("does not hold: Messages – not offered by the platform.")


@pytest.mark.parametrize(
    ("bells", "number", "day", "times"),
    [
        ([FIRST_BELL], 1, "2025-09-02", ("08:30", "09:15")),
        ([FIRST_BELL], 1, "2025-09-03", None),  # a Wednesday
        ([FIRST_BELL], 2, "2025-09-02", None),
        ([FIRST_BELL], None, "2025-09-02", None),
        ([FIRST_BELL._replace(weekdays=None)], 1, "2025-09-03", ("08:30", "09:15")),
        ([FIRST_BELL, FIRST_BELL._replace(timetable="Вторая смена", starts="14:00")], 1, "2025-09-02", None),
        ([FIRST_BELL, FIRST_BELL._replace(timetable="Филиал")], 1, "2025-09-02", ("08:30", "09:15")),
    ],
)
def test_times_are_told_only_where_the_bells_agree(
    bells: list[r.Bell], number: int | None, day: str, times: tuple[str, str] | None
) -> None:
    assert bell_times(bells, number, day) == times
