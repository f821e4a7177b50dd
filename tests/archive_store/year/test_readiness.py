"""What a year lacks before it is closed is counted, and each count is right by hand."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest
import sqlalchemy as sa
from small_year import (
    ALGEBRA,
    CLASS_A,
    CLASS_B,
    ENGLISH,
    FIRST_NIGHT,
    HOMEWORK,
    NEXT_YEAR,
    PUPILS_A,
    SCHOOL,
    YEAR,
    final,
    lesson,
    mark,
    work,
)

from archive_store import checkpoints, schema
from archive_store.asof import AsOf
from archive_store.history import Absence, write
from archive_store.records import Membership, ReportingPeriod
from archive_store.year.checks.year import Year
from archive_store.year.readiness import check_year

GROUPS = next(one.records for one in FIRST_NIGHT if one.entity is schema.EDU_GROUP)
GOOD = lesson(1, CLASS_A, ALGEBRA, "2024-09-10", topic="Корни")
BARE = lesson(2, CLASS_B, ALGEBRA, "2025-05-12", topic=None)
PUPIL, OTHER = PUPILS_A[:2]
NOTHING = {
    "lesson-without-topic": 0,
    "lesson-without-homework": 0,
    "unresolved-promise": 0,
    "year-mark-missing": 0,
    "lesson-of-no-class": 0,
}


def _homework(of: Any, number: int = 0) -> Any:
    return work(HOMEWORK + of.lesson_id % 1000 + number, of, "Homework", "п. 1")


def _write(store: sa.Engine, run: int, *slices: tuple[schema.Entity[Any], Sequence[Any]]) -> None:
    with store.begin() as connection:
        for entity, records in slices:
            write(connection, entity, SCHOOL, run, records, absence=Absence.UNKNOWN)


def _counts(store: sa.Engine, at: AsOf | None = None) -> dict[str, int]:
    with store.connect() as connection:
        counts = {one.code: one.count for one in check_year(connection, at or AsOf(SCHOOL), YEAR)}
    return {code: counts[code] for code in NOTHING}


@pytest.fixture
def ready(store: sa.Engine) -> sa.Engine:
    """A year that lacks nothing: a lesson with topic and homework, a mark, the finals of a subject."""
    _write(
        store,
        1,
        (schema.EDU_GROUP, GROUPS),
        (schema.MEMBERSHIP, [Membership(CLASS_A, one, "Active", None) for one in (PUPIL, OTHER)]),
        (schema.LESSON, [GOOD]),
        (schema.WORK, [work(1, GOOD), _homework(GOOD)]),
        (schema.MARK, [mark(1, GOOD, PUPIL)]),
        (schema.FINAL_MARK, [final(1, CLASS_A, PUPIL, "period"), final(2, CLASS_A, PUPIL, "year")]),
    )
    return store


def test_all_counts_are_zero_when_nothing_is_wrong(ready: sa.Engine) -> None:
    assert _counts(ready) == NOTHING


def test_an_empty_archive_lacks_nothing(store: sa.Engine) -> None:
    assert _counts(store) == NOTHING
    with store.connect() as connection:
        assert Year(connection, AsOf(SCHOOL), YEAR).last_lesson_day is None


def test_lessons_without_a_topic(ready: sa.Engine) -> None:
    lessons = [
        BARE._replace(lesson_id=BARE.lesson_id + n, topic=topic) for n, topic in enumerate((None, "", "-"))
    ]
    _write(ready, 2, (schema.LESSON, lessons), (schema.WORK, [_homework(one) for one in lessons]))
    assert _counts(ready) == {**NOTHING, "lesson-without-topic": 2}


def test_lessons_without_homework(ready: sa.Engine) -> None:
    one = BARE._replace(topic="Дроби")
    _write(ready, 2, (schema.LESSON, [one]), (schema.WORK, [work(2, one)]))  # a work, but no homework
    assert _counts(ready) == {**NOTHING, "lesson-without-homework": 1}
    _write(ready, 3, (schema.WORK, [_homework(one), _homework(one, 500)]))
    assert _counts(ready) == NOTHING


def test_a_homework_of_no_lesson_hides_nothing(ready: sa.Engine) -> None:
    """NOT IN with a NULL among the values is true of nothing at all, in SQL."""
    loose = _homework(BARE)._replace(lesson_id=None)
    _write(ready, 2, (schema.LESSON, [BARE._replace(topic="Дроби")]), (schema.WORK, [loose]))
    assert _counts(ready) == {**NOTHING, "lesson-without-homework": 1}


def test_a_lesson_that_was_not_held_lacks_nothing(ready: sa.Engine) -> None:
    statuses = ("Cancelled", "Canceled", "New", None)
    lessons = [BARE._replace(lesson_id=BARE.lesson_id + n, status=one) for n, one in enumerate(statuses)]
    _write(ready, 2, (schema.LESSON, lessons[:2]))
    assert _counts(ready) == NOTHING
    _write(ready, 3, (schema.LESSON, lessons[2:]))
    assert _counts(ready) == {**NOTHING, "lesson-without-topic": 2, "lesson-without-homework": 2}


def test_promises_of_a_mark_that_still_stand(ready: sa.Engine) -> None:
    _write(ready, 2, (schema.MARK, [mark(2, GOOD, PUPIL, "."), mark(3, GOOD, OTHER, ".")]))
    assert _counts(ready) == {**NOTHING, "unresolved-promise": 2}
    _write(ready, 3, (schema.MARK, [mark(3, GOOD, OTHER, "5")]))
    assert _counts(ready) == {**NOTHING, "unresolved-promise": 1}
    assert _counts(ready, AsOf(SCHOOL, 2))["unresolved-promise"] == 2


def test_a_pupils_subject_with_a_mark_of_a_period_and_none_of_the_year(ready: sa.Engine) -> None:
    finals = [
        final(3, CLASS_A, PUPIL, "period", ENGLISH),
        final(4, CLASS_A, PUPIL, "period", ENGLISH),  # of another quarter: one subject all the same
        final(5, CLASS_A, OTHER, "period"),  # the year's mark of another pupil does not help
        final(6, CLASS_A, OTHER, "exam"),
        final(7, CLASS_B, OTHER, "year", ENGLISH),  # a year's mark without a period's
    ]
    _write(ready, 2, (schema.FINAL_MARK, finals))
    assert _counts(ready) == {**NOTHING, "year-mark-missing": 2}


def test_other_years_and_other_schools_are_not_counted(ready: sa.Engine) -> None:
    after = lesson(9, NEXT_YEAR, ALGEBRA, "2025-09-01", topic=None)
    before = lesson(10, CLASS_A, ALGEBRA, "2024-08-31", topic=None)
    _write(
        ready,
        2,
        (schema.LESSON, [after, before]),
        (schema.MARK, [mark(9, after, PUPIL, ".")]),
        (schema.FINAL_MARK, [final(9, NEXT_YEAR, PUPIL, "period", ENGLISH)]),
    )
    with ready.begin() as connection:
        write(connection, schema.LESSON, SCHOOL + 1, 2, [BARE])
    assert _counts(ready) == NOTHING


def test_the_last_lesson_of_the_year(ready: sa.Engine) -> None:
    _write(ready, 2, (schema.LESSON, [BARE, lesson(9, NEXT_YEAR, ALGEBRA, "2025-09-01")]))
    with ready.connect() as connection:
        assert Year(connection, AsOf(SCHOOL), YEAR).last_lesson_day == "2025-05-12"
        assert Year(connection, AsOf(SCHOOL, 1), YEAR).last_lesson_day == "2024-09-10"


def test_a_lesson_of_a_group_without_a_class_is_counted(ready: sa.Engine) -> None:
    _write(ready, 2, (schema.LESSON, [lesson(7, 999, ALGEBRA, "2024-10-01", topic="Корни")]))
    assert _counts(ready)["lesson-of-no-class"] == 1


def test_the_last_period_tells_the_end_of_the_year_when_no_lesson_does(ready: sa.Engine) -> None:
    ends = [
        ("1 четверть", "2024-10-25", YEAR),
        ("4 четверть", "2025-05-26", YEAR),
        ("1", "2025-10-24", YEAR + 1),
    ]
    periods = [
        ReportingPeriod(CLASS_A, number, number, "Quarter", name, "2024-09-01", end, year, None)
        for number, (name, end, year) in enumerate(ends)
    ]
    with ready.connect() as connection:
        assert Year(connection, AsOf(SCHOOL), YEAR).last_period_day is None
    _write(ready, 2, (schema.REPORTING_PERIOD, periods))
    with ready.connect() as connection:
        assert Year(connection, AsOf(SCHOOL), YEAR).last_period_day == "2025-05-26"


@pytest.mark.parametrize(
    ("spans", "read"),
    [
        ([("2024-09-01", "2025-08-31")], True),
        ([("2025-02-01", "2025-08-31"), ("2024-09-01", "2025-01-31")], True),
        ([("2024-09-01", "2025-01-31"), ("2025-01-15", "2025-08-31")], True),
        ([("2024-09-01", "2025-01-30"), ("2025-02-01", "2025-08-31")], False),
        ([("2024-09-02", "2025-08-31")], False),
        ([("2024-09-01", "2025-08-30")], False),
        ([], False),
    ],
)
def test_a_section_with_a_gap_was_not_read_in_full(
    ready: sa.Engine, spans: list[tuple[str, str]], read: bool
) -> None:
    places = [checkpoints.Place("final_marks", one) for one in (CLASS_A, CLASS_B)]
    whole = ("2024-09-01", "2025-08-31")
    for group, section in ((CLASS_A, "lessons"), (CLASS_A, "attendance"), (CLASS_A, "marks")):
        places += [
            checkpoints.Place(section, group, *one) for one in (spans if section == "marks" else [whole])
        ]
    places += [checkpoints.Place(one, CLASS_B, *whole) for one in ("lessons", "marks", "attendance")]
    with ready.begin() as connection:
        for place in places:
            checkpoints.save(connection, SCHOOL, place, b"digest", 1, 1, "2025-06-01T00:00:00Z")
        counts = {one.code: one.count for one in check_year(connection, AsOf(SCHOOL), YEAR)}
    assert counts["not-read-in-full"] == (0 if read else 1)
