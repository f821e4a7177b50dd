"""Reading the platform's averages, and whose turn it is to be read again."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive_store.forms.averages import written
from archive_store.records import EduGroup
from connector.api.models import PersonAverages, WeightedAverages
from connector.api.parsing import parse
from connector.sync.grid import JournalGroup, months_of
from connector.sync.reconcile.archive import moment
from connector.sync.reconcile.by_id import worst
from connector.sync.reconcile.platform import read_shown
from connector.sync.reconcile.sample import choose, usual_size
from connector.sync.reconcile.verdict import EXPLAINED, Cause

JUNE = date(2026, 6, 30)


@pytest.mark.parametrize(
    ("value", "number", "decimals"),
    [
        ("4,33", Fraction(433, 100), 2),
        ("4.5", Fraction(9, 2), 1),
        (" 5,00 ", Fraction(5), 2),
        ("5", Fraction(5), 0),
        (4.67, Fraction(467, 100), 2),
        (5, Fraction(5), 0),
        (4.333333333333333, Fraction("4.333333333333333"), 6),
    ],
)
def test_texts_with_a_comma_and_numbers_are_read(value: Any, number: Fraction, decimals: int) -> None:
    shown = read_shown([((1, 2), value)])
    assert (shown.values, shown.decimals) == ({(1, 2): number}, decimals)


@pytest.mark.parametrize(
    "value", [None, "", "-", "н/а", "4,", ",5", "1e5", "NaN", "4,3,3", "99999", float("nan")]
)
def test_what_is_no_number_is_left_out(value: Any) -> None:
    assert read_shown([((1, 2), value)]).values == {}


def test_the_longest_value_tells_how_many_places_are_shown() -> None:
    assert read_shown([((1, 1), 4.5), ((1, 2), 4.25), ((1, 3), 5)]).decimals == 2


@given(st.fractions(0, 100, max_denominator=300), st.integers(0, 6))
def test_what_is_written_with_a_comma_is_read_back(value: Fraction, decimals: int) -> None:
    text = written(value, decimals)
    shown = read_shown([((1, 2), text)])
    assert shown.decimals == decimals
    assert written(shown.values[1, 2], decimals) == text


def test_the_documented_shapes_are_read_and_null_lists_too() -> None:
    text = b'[{"person":1,"person_str":"1","per-subject-averages":[{"subject":2,"avg-mark-value":"4,67"}]}]'
    (row,) = parse(list[PersonAverages], text, "call")
    assert row.averages is not None
    assert (row.person, row.averages[0].subject, row.averages[0].value) == (1, 2, "4,67")
    assert (
        parse(list[PersonAverages], b'[{"person":1,"per-subject-averages":null}]', "call")[0].averages is None
    )
    body = b'{"subjectMarks":[{"subject":2,"marks":[{"person":1,"value":4.67},{"person":3,"value":5}]}]}'
    found = parse(WeightedAverages, body, "call").subject_marks
    assert found is not None
    assert [one.value for one in found[0].marks or ()] == [4.67, 5]
    assert parse(WeightedAverages, b'{"subjectMarks":null}', "call").subject_marks is None


def groups(count: int) -> list[JournalGroup]:
    names = [(number, f"{number}А") for number in range(1, count + 1)]
    return [
        JournalGroup(
            EduGroup(number, name, None, "Group", None, 2025, None, None, None, None, None, None),
            (number,),
            (number,),
        )
        for number, name in names
    ]


def test_the_usual_sample_is_two_per_cent_and_at_least_five() -> None:
    assert [usual_size(count) for count in (1, 20, 40, 100)] == [5, 5, 10, 24]


@given(st.integers(1, 12), st.integers(1, 9))
def test_in_turn_every_class_month_is_read_before_any_comes_again(count: int, size: int) -> None:
    before: list[list[tuple[int, str]]] = []
    total = count * sum(first <= JUNE for first, _ in months_of(2025))
    rounds = -(-total // size)
    for _ in range(rounds):
        before.append(choose(groups(count), 2025, JUNE, before, size))
    assert len({month for sample in before for month in sample}) == total


def test_the_usual_samples_of_a_year_of_weeks_read_every_month_of_a_large_school() -> None:
    before: list[list[tuple[int, str]]] = []
    for week in range(52):
        today = date.fromordinal(date(2025, 9, 1).toordinal() + 7 * week)
        before.append(choose(groups(40), 2025, today, before, usual_size(40)))
    read = {month for sample in before for month in sample}
    assert read == {(n, first.isoformat()) for n in range(1, 41) for first, _ in months_of(2025)}


def test_a_month_to_come_is_not_sampled() -> None:
    assert {day for _, day in choose(groups(3), 2025, date(2025, 10, 1), [], 99)} == {
        "2025-09-01",
        "2025-10-01",
    }


def test_the_cause_that_nothing_excuses_comes_first() -> None:
    assert worst([Cause.NEWER, Cause.MISSING, Cause.WITHDRAWN]) is Cause.MISSING
    assert worst([]) is None
    order = [cause in EXPLAINED for cause in Cause]
    assert order == sorted(order)


@pytest.mark.parametrize("text", [None, "", "no moment", "2026-02-10", "2026-02-10T08:41:12"])
def test_what_is_no_moment_dates_nothing(text: str | None) -> None:
    assert moment(text) is None


def test_a_moment_with_seven_digits_of_a_second_is_read() -> None:
    found = moment("2026-02-10T08:41:12.1234567Z")
    assert found is not None
    assert found.second == 12
