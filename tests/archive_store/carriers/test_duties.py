"""What is due: two verified copies in different rooms, a check within a year, never later than in five."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from handling import JOURNAL, MARKS, OTHER_JOURNAL, SUMMARY, altered, flipped
from small_year import SCHOOL

from archive_store.carriers import register
from archive_store.carriers.copies import Level
from archive_store.carriers.duties import (
    Damaged,
    Duty,
    FewCopies,
    OldCheck,
    WrongClock,
    duties,
    verified_copies,
)
from archive_store.carriers.register import Said

SOON = datetime(2025, 7, 2, tzinfo=UTC)
NOW = "2025-07-01T09:00:00Z"


def due(school: Any, now: datetime = SOON) -> list[Duty]:
    with school.engine.connect() as connection:
        return duties(connection, SCHOOL, now, 12, 60)


def damage(school: Any, disk: str) -> None:
    file = school.disk(disk) / "2024-2025" / JOURNAL / MARKS
    file.chmod(0o600)
    altered(file, flipped)


def test_a_sealed_year_wants_two_copies_in_different_rooms(school: Any) -> None:
    assert due(school) == [FewCopies(2024, 0, 3)]
    school.copy(school.add("a", room="Room 12"))
    assert due(school) == [FewCopies(2024, 1, 3)]
    school.copy(school.add("b", room=" room  12"))
    assert due(school) == [FewCopies(2024, 1, 3)]  # the same room, however it is written
    school.copy(school.add("c", room="room 3"))
    assert due(school) == []


def test_copies_are_counted_by_rooms_for_each_bag_of_a_year(school: Any) -> None:
    def rooms(year: int) -> dict[str, int]:
        with school.engine.connect() as connection:
            return verified_copies(connection, SCHOOL, year)

    school.copy(school.add("a"))
    school.copy(school.add("b"))
    assert rooms(2024) == {JOURNAL: 2, OTHER_JOURNAL: 2, SUMMARY: 2}
    assert rooms(2023) == {}
    damage(school, "a")
    school.check(Level.FULL)
    assert rooms(2024) == {JOURNAL: 1, OTHER_JOURNAL: 2, SUMMARY: 2}


def test_a_copy_on_a_shared_device_is_no_second_copy(school: Any) -> None:
    school.copy(school.add("a"))
    school.copy(school.add("b", said=Said.SAME))
    assert due(school) == [FewCopies(2024, 1, 3)]


def test_a_retired_carrier_holds_no_copy(copied_twice: Any) -> None:
    assert due(copied_twice) == []
    with copied_twice.engine.begin() as connection:
        carrier = register.find(connection, SCHOOL, "b")
        register.retire(connection, copied_twice.scribe(), carrier, "act 1")
    assert due(copied_twice) == [FewCopies(2024, 1, 3)]


def test_a_copy_found_damaged_counts_no_more_until_it_is_found_sound_in_full(copied_twice: Any) -> None:
    damage(copied_twice, "a")
    assert due(copied_twice) == []
    copied_twice.check(Level.FULL)
    assert due(copied_twice) == [FewCopies(2024, 1, 1), Damaged("a", 1)]
    copied_twice.check(Level.QUICK)  # names and sizes are right, which proves nothing
    assert due(copied_twice) == [FewCopies(2024, 1, 1), Damaged("a", 1)]


def test_a_check_is_due_after_twelve_months_and_overdue_after_five_years(copied_twice: Any) -> None:
    def old(year: int, month: int, day: int) -> list[tuple[str, int, bool]]:
        found = due(copied_twice, datetime(year, month, day, tzinfo=UTC))
        return [(one.carrier, one.months, one.is_hard) for one in found if isinstance(one, OldCheck)]

    assert old(2026, 6, 30) == []
    assert old(2026, 7, 2) == [("a", 12, False), ("b", 12, False)]
    assert old(2030, 6, 30) == [("a", 59, False), ("b", 59, False)]
    assert old(2030, 7, 3) == [("a", 60, True), ("b", 60, True)]


def test_a_full_check_puts_it_off_and_a_quick_one_does_not(copied_twice: Any) -> None:
    later = datetime(2026, 8, 1, tzinfo=UTC)
    copied_twice.check(Level.QUICK, at="2026-07-20T00:00:00Z")
    assert [one.carrier for one in due(copied_twice, later)] == ["a", "b"]
    copied_twice.check(Level.FULL, "a", at="2026-07-21T00:00:00Z")
    assert [one.carrier for one in due(copied_twice, later)] == ["b"]


def test_a_check_dated_in_the_future_does_not_silence_the_reminder(copied_twice: Any) -> None:
    """The clock was ahead when the check was entered, or it was set back since."""
    copied_twice.check(Level.FULL, "a", at="2055-01-01T00:00:00Z")
    assert due(copied_twice) == [WrongClock("a", "2055-01-01T00:00:00Z")]


def test_nothing_is_asked_of_an_archive_without_sealed_years(sqlite_store: Any, tmp_path: Path) -> None:
    with sqlite_store.connect() as connection:
        assert duties(connection, SCHOOL, SOON, 12, 60) == []
