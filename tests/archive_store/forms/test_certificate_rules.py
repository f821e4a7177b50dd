"""The final marks of certificates by the rule: FORMS §8, with its hand examples."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive_store.forms.certificate_rules import Reason, basic, rules_on, secondary
from archive_store.forms.marks import Reading, read_mark

MARKS = st.integers(3, 5)


def _read(*marks: str) -> list[Reading]:
    return [read_mark(one) for one in marks]


def test_grade_nine_takes_the_mean_of_year_and_exam_a_half_upwards() -> None:
    by_rule = basic(*_read("4", "3"))
    assert (by_rule.mark, by_rule.mean) == ("4", Decimal("3.5"))


@pytest.mark.parametrize(
    ("year", "exam", "reason"),
    [
        ("3", "2", Reason.EXAM_FAILED),
        ("2", "5", Reason.YEAR_FAILED),
        ("2", None, Reason.YEAR_FAILED),
        (None, "4", Reason.NO_YEAR_MARK),
        ("н/а", None, Reason.NOT_ASSESSED),
        ("незач", None, Reason.YEAR_FAILED),
        ("превосходно", None, Reason.UNKNOWN),
    ],
)
def test_no_mark_follows_and_why(year: str | None, exam: str | None, reason: Reason) -> None:
    by_rule = basic(read_mark(year) if year else None, read_mark(exam) if exam else None)
    assert (by_rule.mark, by_rule.reason) == (None, reason)


@pytest.mark.parametrize(("year", "mark"), [("4", "4"), ("4-", "4"), ("зач", "зач"), ("ОСВ", "ОСВ")])
def test_without_an_exam_the_year_mark_stands(year: str, mark: str) -> None:
    assert basic(read_mark(year), None).mark == mark


@pytest.mark.parametrize(
    ("marks", "mark", "mean"),
    [
        ("444555", "5", Decimal("4.5")),
        ("444545", "4", None),
        ("344343", "4", Decimal("3.5")),
    ],
)
def test_grade_eleven_takes_the_mean_of_all_marks_of_both_years(
    marks: str, mark: str, mean: Decimal | None
) -> None:
    by_rule = secondary(_read(*marks))
    assert by_rule.mark == mark
    assert mean is None or by_rule.mean == mean


def test_marks_in_words_are_left_out_of_the_mean_and_stand_alone() -> None:
    assert secondary(_read("осв", "4", "5")).mark == "5"
    assert secondary(_read("зач", "зач")).mark == "зач"
    assert secondary(_read("4", "??")).reason is Reason.UNKNOWN


@pytest.mark.parametrize(
    ("last", "reason"),
    [("2", Reason.YEAR_FAILED), ("незач", Reason.YEAR_FAILED), ("н/а", Reason.NOT_ASSESSED)],
)
def test_a_last_year_that_was_failed_gives_no_mark(last: str, reason: Reason) -> None:
    by_rule = secondary(_read("5", "5", "5", last))
    assert (by_rule.mark, by_rule.reason) == (None, reason)


@given(st.lists(MARKS, min_size=1, max_size=12))
def test_the_mark_is_the_mean_rounded_as_on_paper_and_lies_between_the_marks(marks: list[int]) -> None:
    by_rule = secondary(_read(*map(str, marks)))
    mean = Decimal(sum(marks)) / Decimal(len(marks))
    assert by_rule.mark == str(mean.quantize(Decimal(1), rounding=ROUND_HALF_UP))
    assert min(marks) <= int(by_rule.mark) <= max(marks)


def test_rules_are_those_of_the_day() -> None:
    on = {day: rules_on(day) for day in ("2016-06-30", "2020-12-31", "2021-01-01", "2027-06-30")}
    assert on["2016-06-30"] is None
    assert "№ 115" in on["2020-12-31"].source  # type: ignore[union-attr]
    assert "№ 546" in on["2021-01-01"].source  # type: ignore[union-attr]
    assert on["2027-06-30"].sure_to == "2026-12-31"  # type: ignore[union-attr]
