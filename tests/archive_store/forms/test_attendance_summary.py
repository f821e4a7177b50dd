"""The summary sheet of attendance: FORMS §4, with its hand example."""

from __future__ import annotations

from fractions import Fraction

import pytest
import sqlalchemy as sa

from archive_store.forms import attendance_summary
from archive_store.forms.attendance_summary import AttendanceSummary, Missed
from archive_store.forms.averages import written
from archive_store.forms.class_record import load
from archive_store.forms.span import Span, within
from archive_store.forms.stays import stays
from archive_store.schema import LESSON, MEMBERSHIP
from invented_class import InventedClass

WEEK = {
    "2025-09-01": (5, ["Ill"] * 5),
    "2025-09-02": (6, ["Absent"] * 2),
    "2025-09-03": (5, ["Pass"] * 5),
    "2025-09-04": (6, ["Late"]),
    "2025-09-05": (5, []),
}


@pytest.fixture
def invented(connection: sa.Connection) -> InventedClass:
    return InventedClass(connection)


def _sheet(invented: InventedClass, span: Span | None = None) -> AttendanceSummary:
    record = load(invented.connection, invented.at(), invented.edu_group)
    groups = [one.group_id for one in record.groups]
    of_span = within(record, span) if span else record
    return attendance_summary.build(of_span, stays(invented.connection, invented.at(), groups))


def _week(invented: InventedClass, pupil: int) -> None:
    maths = invented.subject("Математика")
    for day, (held, statuses) in WEEK.items():
        lessons = [invented.lesson(maths, day, number=number) for number in range(1, held + 1)]
        for lesson, status in zip(lessons, statuses, strict=False):
            invented.attendance(lesson, pupil, status)


def test_the_hand_example(invented: InventedClass) -> None:
    invented.quarters()
    _week(invented, invented.pupil("Агапов", "Иван"))
    invented.write()
    row, *others = _sheet(invented).rows
    assert not others
    assert row.total == Missed(
        held=27, full_days=2, full_days_ill=1, ill=5, for_good_reason=5, without_reason=2, late=1
    )
    assert row.total.lessons == 12
    assert row.total.attended is not None
    assert written(row.total.attended, 2) == "55,56"
    assert row.periods == (row.total, Missed(), Missed(), Missed())


def test_the_class_is_computed_from_sums_not_from_percentages(invented: InventedClass) -> None:
    invented.quarters()
    maths = invented.subject("Математика")
    anna, boris = invented.pupil("Агапова", "Анна"), invented.pupil("Бекетов", "Борис")
    small = invented.subgroup("7Б англ. 1")
    invented.member(small, anna)
    for day in ("2025-09-01", "2025-09-02"):
        invented.attendance(invented.lesson(maths, day), boris, "Ill")
    invented.lesson(maths, "2025-09-01", group=small, number=2)
    invented.write()
    sheet = _sheet(invented)
    assert [row.total.held for row in sheet.rows] == [3, 2]  # the subgroup's lesson is hers alone
    assert sheet.total.attended == Fraction(100 * 3, 5)


def test_a_cancelled_lesson_and_one_to_come_are_nobodys(invented: InventedClass) -> None:
    invented.quarters()
    maths, _anna = invented.subject("Математика"), invented.pupil("Агапова", "Анна")
    invented.lesson(maths, "2025-09-01", status="Cancelled")
    invented.lesson(maths, "2025-09-02")
    invented.lesson(maths, "2025-09-30")
    invented.write("2025-09-05T22:00:00Z")
    assert _sheet(invented).total.held == 1


def test_without_a_lesson_there_is_no_percentage(invented: InventedClass) -> None:
    invented.pupil("Агапова", "Анна")
    invented.write()
    assert _sheet(invented).total.attended is None


def test_a_status_that_is_not_known_is_counted_and_misses_nothing(invented: InventedClass) -> None:
    anna = invented.pupil("Агапова", "Анна")
    invented.attendance(invented.lesson(invented.subject("Математика"), "2025-09-01"), anna, "Remote")
    invented.write()
    sheet = _sheet(invented)
    assert (sheet.total.lessons, sheet.unknown) == (0, (("Remote", 1),))


def test_who_came_later_owes_no_lesson_of_before(invented: InventedClass) -> None:
    invented.quarters()
    maths = invented.subject("Математика")
    invented.pupil("Агапова", "Анна")
    for day in ("2025-09-01", "2025-09-15"):
        invented.lesson(maths, day)
    invented.write("2025-09-05T22:00:00Z")
    invented.pupil("Яшин", "Юрий")
    invented.write("2025-09-10T22:00:00Z")
    invented.write("2026-05-30T22:00:00Z")
    assert [row.total.held for row in _sheet(invented).rows] == [2, 1]


def test_who_left_owes_no_lesson_of_after(invented: InventedClass) -> None:
    invented.quarters()
    maths, anna = invented.subject("Математика"), invented.pupil("Агапова", "Анна")
    for day in ("2025-09-01", "2025-09-15"):
        invented.attendance(invented.lesson(maths, day, number=1), anna, "Ill") if day < "2025-09-05" else (
            invented.lesson(maths, day)
        )
    invented.write("2025-09-05T22:00:00Z")
    invented.withdraw_all(MEMBERSHIP, ended_at="2025-09-10T22:00:00Z")
    invented.records[MEMBERSHIP] = []
    invented.write("2026-05-30T22:00:00Z")
    (row,) = _sheet(invented).rows
    assert (row.total.held, row.pupil.has_left) == (1, True)


def test_a_span_takes_its_days_alone(invented: InventedClass) -> None:
    invented.quarters()
    _week(invented, invented.pupil("Агапов", "Иван"))
    invented.write()
    sheet = _sheet(invented, Span("2025-09-02", "2025-09-03"))
    assert (sheet.total.held, sheet.total.full_days, sheet.periods) == (11, 1, ())


def test_a_lesson_that_is_not_on_record_is_nobodys_but_whose_absence_names_it(
    invented: InventedClass,
) -> None:
    invented.quarters()
    maths = invented.subject("Математика")
    anna, boris = invented.pupil("Агапова", "Анна"), invented.pupil("Бекетов", "Борис")
    for number in (1, 2):
        invented.attendance(invented.lesson(maths, "2025-09-01", number=number), anna, "Ill")
    gone = invented.lesson(maths, "2025-09-01", number=3)
    invented.records[LESSON].remove(gone)
    invented.mark(gone, boris, "5")
    invented.write()
    annas, boriss = (row.total for row in _sheet(invented).rows)
    assert (annas.held, annas.full_days_ill) == (2, 1)
    assert boriss.held == 2
