"""The averages of marks: exact, by hand and against a naive computation; halves are rounded up."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive_store.forms.averages import Average, averages, numbers, rounded, written
from archive_store.forms.signs import STANDARD
from archive_store.records import Mark

PUPIL, SUBJECT = 1_000_000_000_101, 630_000_000_001
WEIGHTS = {1: 1, 2: 2, 3: 3, 5: 5, 7: None, 9: 0}


def mark(value: str, work_type: int | None = 1, **changed: Any) -> Mark:
    nothing = (None,) * 5
    one = Mark(1, PUPIL, 2, 3, 4, SUBJECT, "2026-02-10", value, value, "Mark5", 1, work_type, *nothing)
    return one._replace(**changed)


def average(*marks: Mark) -> Average:
    return averages(marks, WEIGHTS, STANDARD)[PUPIL, SUBJECT]


def test_by_hand_three_marks_of_different_weight() -> None:
    found = average(mark("5", 1), mark("4", 3), mark("3", 5))
    assert (written(found.simple or Fraction(), 2), written(found.weighted or Fraction(), 2)) == (
        "4,00",
        "3,56",
    )


def test_by_hand_a_double_mark_is_two() -> None:
    found = average(mark("5", 1), mark("4", 3), mark("3", 5), mark("5/4", 2))
    assert (found.simple, found.weighted) == (Fraction(21, 5), Fraction(50, 13))
    assert (written(Fraction(21, 5), 2), written(Fraction(50, 13), 2)) == ("4,20", "3,85")


@pytest.mark.parametrize("value", ["ОСВ", "зач", "нз", "н/а", ".", "", "н", "усвоил", "0"])
def test_words_do_not_count(value: str) -> None:
    assert averages([mark(value)], WEIGHTS, STANDARD) == {}
    assert average(mark("4"), mark(value)).marks == 1


def test_a_sign_does_not_count_and_other_scales_do() -> None:
    assert average(mark("5-"), mark("4+")).simple == Fraction(9, 2)
    assert average(mark("87", type="Mark100"), mark("0", type="Mark100")).simple == Fraction(87, 2)
    assert numbers(mark("A", type="MarkAbcdf"), STANDARD) == []


def test_a_mark_that_the_platform_does_not_count_is_left_out_unless_asked_for() -> None:
    marks = [mark("5"), mark("2", in_average=False), mark("4", in_average=True)]
    assert averages(marks, WEIGHTS, STANDARD)[PUPIL, SUBJECT].simple == Fraction(9, 2)
    assert averages(marks, WEIGHTS, STANDARD, heed_flag=False)[PUPIL, SUBJECT].simple == Fraction(11, 3)


def test_an_unknown_weight_is_one_and_no_weight_at_all_gives_no_weighted_average() -> None:
    assert average(mark("5", 7), mark("2", None), mark("2", 8), mark("2", 3)).weighted == Fraction(15, 6)
    assert average(mark("5", 9)).weighted is None
    assert average(mark("5", 9)).simple == 5


def test_pupils_and_subjects_are_apart_and_a_mark_without_a_subject_is_left_out() -> None:
    found = averages(
        [mark("5"), mark("3", person_id=2), mark("2", subject_id=7), mark("1", subject_id=None)], {}, STANDARD
    )
    assert {key: one.simple for key, one in found.items()} == {
        (PUPIL, SUBJECT): 5,
        (2, SUBJECT): 3,
        (PUPIL, 7): 2,
    }


@pytest.mark.parametrize(
    ("value", "decimals", "text"),
    [
        (Fraction(29, 8), 2, "3,63"),  # Python's round() says 3.62
        (Fraction(9, 2), 0, "5"),  # and 4
        (Fraction(5, 2), 0, "3"),
        (Fraction(40, 9), 2, "4,44"),
        (Fraction(14, 3), 1, "4,7"),
        (Fraction(5), 2, "5,00"),
        (Fraction(1, 200), 2, "0,01"),
        (Fraction(-7, 100), 2, "-0,07"),
    ],
)
def test_a_half_is_rounded_up(value: Fraction, decimals: int, text: str) -> None:
    assert written(value, decimals) == text


@given(
    st.lists(
        st.tuples(st.integers(1, 5), st.sampled_from([1, 2, 3, 5]), st.sampled_from(["", "-", "+"])),
        min_size=1,
    )
)
def test_it_equals_a_naive_computation(marks: list[tuple[int, int, str]]) -> None:
    found = average(*(mark(f"{digit}{sign}", weight) for digit, weight, sign in marks))
    assert found.simple == sum(Fraction(digit) for digit, _, _ in marks) / len(marks)
    products = sum((Fraction(digit) * weight for digit, weight, _ in marks), Fraction())
    assert found.weighted == products / sum(weight for _, weight, _ in marks)


@given(st.fractions(0, 100, max_denominator=400), st.integers(0, 6))
def test_rounding_is_that_of_decimal_arithmetic_with_halves_up(value: Fraction, decimals: int) -> None:
    exact = Decimal(value.numerator) / Decimal(value.denominator)
    unit = Decimal(1).scaleb(-decimals)
    assert Decimal(written(value, decimals).replace(",", ".")) == exact.quantize(unit, ROUND_HALF_UP)
    assert abs(rounded(value, decimals) - value) <= Fraction(1, 2 * 10**decimals)
