"""Timeliness of entries: FORMS §12, with its hand example."""

from __future__ import annotations

from zoneinfo import ZoneInfo

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st

from archive_store.forms import entered, timeliness
from archive_store.forms.averages import written
from archive_store.forms.class_record import load
from archive_store.forms.timeliness import Delays, TimelinessRow
from archive_store.schema import ATTENDANCE, LESSON
from invented_class import InventedClass

MOSCOW = ZoneInfo("Europe/Moscow")


@pytest.fixture
def invented(connection: sa.Connection) -> InventedClass:
    return InventedClass(connection)


def _rows(invented: InventedClass) -> tuple[TimelinessRow, ...]:
    record = load(invented.connection, invented.at(), invented.edu_group)
    groups = [one.group_id for one in record.groups]
    return timeliness.build(record, entered.load(invented.connection, invented.at(), groups, MOSCOW)).rows


def _topic(invented: InventedClass, index: int, topic: str) -> None:
    """Fill in the topic of the lesson that was recorded as the index-th."""
    lesson = invented.records[LESSON][index]
    invented.records[LESSON][index] = lesson._replace(topic=topic)


def test_the_hand_example() -> None:
    delays = Delays()
    for days in [0] * 31 + [1] * 5 + [2, 7, 8, 30]:
        delays.count(days)
    shares = delays.share(delays.same_day), delays.share(delays.next_day)
    late = delays.share(delays.in_week + delays.later)
    assert [written(one, 2) for one in (*shares, late) if one is not None] == ["77,50", "12,50", "10,00"]
    assert (delays.in_week, delays.later) == (2, 2)


def test_a_topic_is_dated_by_the_night_that_first_saw_it(invented: InventedClass) -> None:
    maths = invented.subject("Математика")
    for _lesson in range(4):
        invented.lesson(maths, "2025-09-10")
    invented.write("2025-09-01T20:00:00Z")
    for index, night in enumerate(("2025-09-10T23:30:00Z", "2025-09-11T23:30:00Z", "2025-09-18T08:00:00Z")):
        _topic(invented, index, "Дроби")
        invented.write(night)  # 02:30 in Moscow, of the day before; the last by day
    invented.write("2025-09-19T08:00:00Z")
    (row,) = _rows(invented)
    assert row.topics == Delays(same_day=1, next_day=1, later=1, missing=1)


def test_what_was_there_at_the_first_reading_has_no_day(invented: InventedClass) -> None:
    maths = invented.subject("Математика")
    invented.lesson(maths, "2025-09-01", topic="Дроби")
    invented.lesson(maths, "2025-09-10", topic="Дроби")
    invented.write("2025-09-10T20:00:00Z")
    (row,) = _rows(invented)
    assert row.topics == Delays(same_day=1, unknown=1)


def test_a_topic_that_was_reworded_counts_by_its_first(invented: InventedClass) -> None:
    maths = invented.subject("Математика")
    invented.lesson(maths, "2025-09-10", topic="Дроби")
    invented.write("2025-09-10T20:00:00Z")
    _topic(invented, 0, "Дроби, повторение")
    invented.write("2025-09-30T20:00:00Z")
    (row,) = _rows(invented)
    assert row.topics == Delays(same_day=1)


def test_moments_of_the_platform_come_before_readings_in_the_schools_zone(invented: InventedClass) -> None:
    maths, anna = invented.subject("Математика"), invented.pupil("Агапова", "Анна")
    lesson = invented.lesson(maths, "2025-09-10", homework="§ 12")
    for moment in ("2025-09-10T20:59:00Z", "2025-09-10T21:00:00Z", "2025-09-12T08:00:00Z"):
        invented.mark(lesson, anna, "4", set_at=moment)  # midnight in Moscow is at 21:00
    invented.mark(lesson, anna, ".", set_at="2025-09-10T08:00:00Z")
    invented.attendance(lesson, anna, "Ill")
    entry = invented.records[ATTENDANCE][0]
    invented.records[ATTENDANCE] = [entry._replace(recorded_at="2025-09-18T08:00:00Z")]
    invented.write("2025-09-30T20:00:00Z")
    (row,) = _rows(invented)
    assert row.marks == Delays(same_day=1, next_day=1, in_week=1)
    assert row.attendance == Delays(later=1)
    assert (row.homework, row.topics) == (Delays(unknown=1), Delays(missing=1))


def test_a_cancelled_lesson_and_one_to_come_owe_nothing(invented: InventedClass) -> None:
    maths = invented.subject("Математика")
    invented.lesson(maths, "2025-09-10", status="Cancelled")
    invented.lesson(maths, "2025-10-10")
    invented.write("2025-09-30T20:00:00Z")
    assert _rows(invented) == ()


def test_as_of_a_run_later_entries_are_not_known(invented: InventedClass) -> None:
    maths = invented.subject("Математика")
    invented.lesson(maths, "2025-09-10")
    invented.write("2025-09-10T20:00:00Z")
    _topic(invented, 0, "Дроби")
    invented.write("2025-09-11T20:00:00Z")
    at = invented.at(1)
    record = load(invented.connection, at, invented.edu_group)
    entries = entered.load(invented.connection, at, [record.group.group_id], MOSCOW)
    (row,) = timeliness.build(record, entries).rows
    assert row.topics == Delays(missing=1)


@given(st.lists(st.one_of(st.none(), st.integers(-60, 300))))
def test_every_entry_is_in_one_bucket(days: list[int | None]) -> None:
    delays = Delays()
    for one in days:
        delays.count(one)
    assert delays.known + delays.unknown == len(days)
