"""Which slices are due: gaps, months still open, months that a repair has touched."""

from __future__ import annotations

import itertools
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive_store.checkpoints import Checkpoint, Place
from archive_store.records import EduGroup
from connector.sync import finals, grid, journal, plan
from connector.sync.grid import JournalGroup
from connector.sync.slices import Slice
from connector.sync.window import Window

TODAY = date(2026, 11, 24)
WINDOW = Window(TODAY, first_year=2025, days_back=14, days_ahead=7, reference_days=7)


def group(group_id: int, *parents: int, year: int = 2026) -> EduGroup:
    kind = "Subgroup" if parents else "Group"
    listed = "[" + ",".join(f'"{parent}"' for parent in parents) + "]" if parents else None
    return EduGroup(group_id, f"g{group_id}", None, kind, 9, year, listed, "Active", None, None, None, None)


def whole(*, year: int = 2026) -> list[JournalGroup]:
    return grid.journal_groups([group(1, year=year)])


def months(slices: list[Slice]) -> list[str]:
    return [one.place.first_day[:7] for one in slices]


def whys(slices: list[Slice]) -> dict[str, str]:
    return {one.place.first_day[:7]: one.why for one in slices}


def done(day: str, *, digest: bytes | None = b"x", months: tuple[str, ...]) -> dict[Place, Checkpoint]:
    return {
        Place("lessons", 1, f"{month}-01", last): Checkpoint(digest, f"{day}T03:00:00Z")
        for month in months
        for last in [max(str(b) for a, b in _all_months() if str(a).startswith(month))]
    }


def _all_months() -> list[tuple[date, date]]:
    return [*grid.months_of(2025), *grid.months_of(2026)]


def test_an_academic_year_is_its_twelve_months_without_gap_or_overlap() -> None:
    spans = list(grid.months_of(2023))
    assert (spans[0][0], spans[-1][1]) == (date(2023, 9, 1), date(2024, 8, 31))
    assert all((after[0] - before[1]).days == 1 for before, after in itertools.pairwise(spans))
    assert (date(2024, 2, 1), date(2024, 2, 29)) in spans


@pytest.mark.parametrize(("day", "year"), [("2026-08-31", 2025), ("2026-09-01", 2026), ("2027-01-01", 2026)])
def test_the_academic_year_begins_in_september(day: str, year: int) -> None:
    assert grid.study_year_of(date.fromisoformat(day)) == year


def test_an_empty_archive_is_all_gaps_up_to_the_horizon() -> None:
    assert months(plan.lesson_slices(whole(), {}, WINDOW)) == ["2026-09", "2026-10", "2026-11", "2026-12"]


def test_a_past_year_is_read_whole_and_once() -> None:
    assert len(plan.lesson_slices(whole(year=2025), {}, WINDOW)) == 12
    every = tuple(str(first)[:7] for first, _ in grid.months_of(2025))
    assert plan.lesson_slices(whole(year=2025), done("2026-11-24", months=every), WINDOW) == []


def test_a_month_stays_due_until_it_was_read_after_its_records_settled() -> None:
    read_in_time = done("2026-11-20", months=("2026-09", "2026-10", "2026-11"))
    assert months(plan.lesson_slices(whole(), read_in_time, WINDOW)) == ["2026-11", "2026-12"]


def test_a_month_last_read_before_a_long_outage_is_read_again() -> None:
    before_the_outage = done("2026-10-15", months=("2026-09", "2026-10", "2026-11"))
    due = plan.lesson_slices(in_quarters(group(1)), before_the_outage, WINDOW)
    assert whys(due) == {"2026-09": "verify", "2026-10": "open", "2026-11": "open", "2026-12": "new"}


def test_a_slice_without_a_digest_is_due() -> None:
    distrusted = done("2026-11-24", digest=None, months=("2026-09",))
    assert "2026-09" in months(plan.lesson_slices(whole(), distrusted, WINDOW))


def test_a_month_read_by_a_clock_in_the_future_is_read_again() -> None:
    future = done("2027-07-01", months=("2026-09", "2026-10"))
    assert {"2026-09", "2026-10"} <= set(months(plan.lesson_slices(whole(), future, WINDOW)))


def test_a_class_answers_for_its_own_subgroups_and_a_shared_subgroup_for_itself() -> None:
    groups = grid.journal_groups([group(1), group(2), group(11, 1), group(12, 1, 2), group(13, 99)])
    assert [(one.group.group_id, one.owned, one.known) for one in groups] == [
        (1, (1, 11), (1, 11, 12)),
        (2, (2,), (2, 12)),
        (12, (12,), (12,)),
        (13, (13,), (13,)),
    ]


def test_final_marks_are_asked_of_classes_only() -> None:
    groups = grid.journal_groups([group(1), group(2), group(12, 1, 2)])
    assert [one.place.group_id for one in grid.final_mark_slices(groups)] == [1, 2]


def test_a_repair_covers_exactly_its_days_cut_at_the_ends_of_months() -> None:
    slices = grid.repair_slices([journal.MARKS], whole(), date(2026, 9, 20), date(2026, 11, 2), None)
    assert [(one.place.first_day, one.place.last_day) for one in slices] == [
        ("2026-09-20", "2026-09-30"),
        ("2026-10-01", "2026-10-31"),
        ("2026-11-01", "2026-11-02"),
    ]


def test_a_repair_of_one_subject_is_complete_for_that_subject_only() -> None:
    (one,) = grid.repair_slices([journal.MARKS], whole(), TODAY, TODAY, 63)
    assert one.scope().equal == (("group_id", (1,)), ("subject_id", (63,)))


def test_the_whole_school_is_few_slices() -> None:
    assert len(plan.school_slices(7)) == 5
    assert all(one.owned == (7,) for one in plan.school_slices(7))


SPRING = ((date(2027, 4, 1), date(2027, 5, 30)),)
QUARTERS = ((date(2026, 9, 1), date(2026, 10, 25)), (date(2026, 11, 5), date(2026, 12, 30)))


def in_quarters(*groups: EduGroup) -> list[JournalGroup]:
    return grid.journal_groups(groups, {one.group_id: list(QUARTERS) for one in groups})


def test_the_current_quarter_is_read_again_from_its_first_day_every_week() -> None:
    december = Window(date(2026, 12, 20), 2026, days_back=5, days_ahead=0, reference_days=7)
    read = done("2026-12-12", months=("2026-09", "2026-10", "2026-11", "2026-12"))
    due = plan.lesson_slices(in_quarters(group(1)), read, december)
    assert whys(due)["2026-11"] == "deep"
    yesterday = done("2026-12-19", months=("2026-09", "2026-10", "2026-11", "2026-12"))
    assert whys(plan.lesson_slices(in_quarters(group(1)), yesterday, december)) == {"2026-12": "open"}


@given(
    ages=st.lists(st.integers(0, 27), min_size=1, max_size=60),
    off=st.sets(st.integers(0, 80), max_size=10),
)
def test_nothing_of_the_year_stays_unverified_for_longer_than_the_cycle(
    ages: list[int], off: set[int]
) -> None:
    """Night after night, some of them with the PC off: after each other night nothing is older."""
    start = date(2027, 4, 1)
    groups = [
        grid.JournalGroup(group(number), (number,), (number,), SPRING) for number in range(1, len(ages) + 1)
    ]
    known: dict[Place, Checkpoint] = {}
    for one, age in zip(groups, ages, strict=True):
        for first, last in list(grid.months_of(2026))[:4]:
            read = start - timedelta(days=age)
            known[grid.of_days(journal.LESSONS, one, first, last).place] = Checkpoint(
                b"x", f"{read}T02:00:00Z"
            )
    for night in range(80):
        if night in off:
            continue
        today = start + timedelta(days=night)
        window = Window(today, 2026, days_back=14, days_ahead=0, reference_days=7)
        for due in plan.lesson_slices(groups, known, window):
            known[due.place] = Checkpoint(b"x", f"{today}T02:00:00Z")
        oldest = min(date.fromisoformat(one.done_at[:10]) for one in known.values())
        assert (today - oldest).days < window.full_days


def test_the_rest_of_the_year_is_verified_in_portions_of_about_equal_size() -> None:
    start = date(2027, 4, 1)
    groups = [grid.JournalGroup(group(number), (number,), (number,), SPRING) for number in range(1, 41)]
    places = [
        grid.of_days(journal.LESSONS, one, *month).place
        for one in groups
        for month in list(grid.months_of(2026))[:6]
    ]
    known = dict.fromkeys(places, Checkpoint(b"x", f"{start}T02:00:00Z"))
    sizes = []
    for night in range(60):
        today = start + timedelta(days=night)
        window = Window(today, 2026, days_back=14, days_ahead=0, reference_days=7)
        verified = [one for one in plan.lesson_slices(groups, known, window) if one.why == "verify"]
        known |= {one.place: Checkpoint(b"x", f"{today}T02:00:00Z") for one in verified}
        sizes.append(len(verified))
    assert max(sizes) <= 2 * len(places) / 21
    assert sum(sizes) >= len(places)


@pytest.mark.parametrize(
    ("today", "why"),
    [("2026-10-20", "nightly"), ("2026-10-30", "nightly"), ("2026-11-08", ""), ("2026-12-20", "nightly")],
)
def test_final_marks_are_read_nightly_around_the_end_of_a_period(today: str, why: str) -> None:
    window = Window(date.fromisoformat(today), 2026, days_back=14, days_ahead=7, reference_days=7)
    groups = in_quarters(group(1))
    yesterday = date.fromisoformat(today) - timedelta(days=1)
    known = {Place("final_marks", 1): Checkpoint(b"x", f"{yesterday}T02:00:00Z")}
    finals = [one.why for one in plan.mark_slices(groups, known, window) if one.place.entity == "final_marks"]
    assert finals == ([why] if why else [])


@pytest.mark.parametrize(
    ("read", "due"),
    [("2026-12-13", "2026-12-16"), ("2026-12-17", "2026-12-18"), ("2026-12-01", "2026-12-16")],
)
def test_final_marks_are_due_no_sooner_than_the_end_of_the_period_comes_near(read: str, due: str) -> None:
    window = Window(date(2026, 12, 20), 2026, days_back=14, days_ahead=7, reference_days=7)
    known = {Place("final_marks", 1): Checkpoint(b"x", f"{read}T02:00:00Z")}
    found = plan.mark_slices(in_quarters(group(1)), known, window)
    assert [str(one.due) for one in found if one.place.entity == "final_marks"] == [due]


def test_a_class_that_becomes_the_current_years_is_due_from_its_first_day() -> None:
    window = Window(date(2026, 9, 2), 2026, days_back=14, days_ahead=7, reference_days=7)
    known = {Place("roster", 1): Checkpoint(b"x", "2026-06-20T02:00:00Z")}
    found = plan.group_slices(whole(), known, window)
    assert [str(one.due) for one in found if one.place.entity == "roster"] == ["2026-09-01"]


def test_averages_are_due_when_their_period_has_ended_and_once_more_a_week_later() -> None:
    def due(today: str, read: str | None) -> set[str]:
        window = Window(date.fromisoformat(today), 2026, days_back=14, days_ahead=7, reference_days=7)
        found = plan.average_slices(in_quarters(group(1)), {}, window)
        known = {one.place: Checkpoint(b"x", f"{read}T02:00:00Z") for one in found} if read else {}
        return {str(one.due) for one in plan.average_slices(in_quarters(group(1)), known, window)}

    assert due("2026-10-26", None) == {"2026-10-25"}
    assert due("2026-11-02", "2026-10-26") == {"2026-11-01"}
    assert due("2026-12-01", "2026-11-02") == {"2026-11-30"}


def test_of_a_month_to_come_only_the_timetable_is_read() -> None:
    assert "2026-12" in months(plan.lesson_slices(whole(), {}, WINDOW))
    assert "2026-12" not in months(plan.mark_slices(whole(), {}, WINDOW))


def year_marks_due(today: date, read_on: date | None, *, apart: bool = True) -> list[str]:
    """Why the year marks of a class whose year ends on 30 May are read pupil by pupil, if they are."""
    (one,) = grid.journal_groups([group(1)], {1: list(SPRING)}, year_marks_apart=apart)
    place = grid.of_group(finals.YEAR_MARKS, one).place
    read = {place: Checkpoint(b"x", f"{read_on}T03:00:00Z")} if read_on else {}
    window = Window(today, 2026, days_back=14, days_ahead=7, reference_days=7)
    due = plan.mark_slices([one], read, window)
    return [str(slice_.why) for slice_ in due if slice_.kind is finals.YEAR_MARKS]


def test_year_marks_are_read_pupil_by_pupil_only_when_they_can_be_there() -> None:
    assert year_marks_due(date(2027, 5, 15), None) == []
    assert year_marks_due(date(2027, 5, 16), None) == ["new"]
    assert year_marks_due(date(2027, 5, 22), date(2027, 5, 16)) == []
    assert year_marks_due(date(2027, 6, 10), date(2027, 6, 3)) == ["rarely"]
    assert year_marks_due(date(2027, 5, 20), None, apart=False) == []
