"""How the marks of a certificate follow from those of the years, by the order in force on a day.

Orders: of the Ministry of Education of 14.02.2014 № 115 as amended on 09.01.2017 (№ 3), from 01.01.2021 that
of 05.10.2020 № 546; clause 5.3 of each. Of certificates of before 2017 the program knows no rules.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from fractions import Fraction
from typing import Final

from archive_store.forms.averages import rounded
from archive_store.forms.marks import Reading
from archive_store.forms.signs import Meaning
from archive_store.texts import N_

BASIC: Final = 9
SECONDARY: Final = 11
FIRST_OF_SECONDARY: Final = 10
GRADES_WITH_CERTIFICATE: Final = frozenset({BASIC, SECONDARY})
_FAILED: Final = 2


class Reason(Enum):
    """Why the rule gives no mark."""

    EXAM_FAILED = "exam failed"
    YEAR_FAILED = "year failed"
    NOT_ASSESSED = "not assessed"
    NO_YEAR_MARK = "no year mark"
    YEAR_NOT_KEPT = "year not kept"
    EXAM_ELSEWHERE = "exam elsewhere"
    FINISHED_EARLIER = "finished earlier"
    OTHER_SCALE = "other scale"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class RuleSet:
    """The rules for certificates issued from the day ``since`` on, to ``until``.

    After ``sure_to`` the program does not know whether they are still in force.
    """

    since: str
    until: str | None
    sure_to: str
    source: str


RULE_SETS: Final = (
    RuleSet(
        "2017-01-09",
        "2020-12-31",
        "2020-12-31",
        N_("order of 14.02.2014 № 115 as amended by that of 09.01.2017 № 3"),
    ),
    RuleSet("2021-01-01", None, "2026-12-31", N_("order of 05.10.2020 № 546")),
)


@dataclass(frozen=True, slots=True)
class ByRule:
    """What the rule gives: a mark, in digits or a word, with the mean that was rounded; or why not."""

    mark: str | None
    mean: Fraction | None = None
    reason: Reason | None = None


def rules_on(day: str) -> RuleSet | None:
    """The rules for certificates issued on a day, None if the program knows none."""
    known = [one for one in RULE_SETS if one.since <= day and (one.until is None or day <= one.until)]
    return known[-1] if known else None


def basic(year: Reading | None, exam: Reading | None) -> ByRule:
    """The mark of grade 9: the mean of year and exam mark where there was an exam, else the year mark."""
    if exam is not None and exam.number is not None and exam.number <= _FAILED:
        return ByRule(None, reason=Reason.EXAM_FAILED)
    if year is None:
        return ByRule(None, reason=Reason.NO_YEAR_MARK)
    if exam is None or exam.number is None or year.number is None:
        return _alone(year)
    if year.number <= _FAILED:
        return ByRule(None, reason=Reason.YEAR_FAILED)
    return _mean([year.number, exam.number])


def secondary(marks: Sequence[Reading]) -> ByRule:
    """The mark of grade 11: the mean of all half-year (quarter) and year marks of grades 10 and 11.

    Marks in words are left out; if there are no others, the last one stands. A last year that was failed or
    not assessed gives no mark.
    """
    if not marks:
        return ByRule(None, reason=Reason.NO_YEAR_MARK)
    for one in marks:
        if one.meaning is Meaning.UNKNOWN:
            return ByRule(None, reason=Reason.UNKNOWN)
    last = _alone(marks[-1])
    if last.reason in {Reason.YEAR_FAILED, Reason.NOT_ASSESSED}:
        return last
    numbers = [one.number for one in marks if one.number is not None]
    return _mean(numbers) if numbers else last


def _mean(numbers: Sequence[int]) -> ByRule:
    """The mean in whole numbers, a half upwards."""
    mean = Fraction(sum(numbers), len(numbers))
    return ByRule(str(int(rounded(mean, 0))), mean)


def _alone(mark: Reading) -> ByRule:
    if mark.number is not None:
        if mark.number <= _FAILED:
            return ByRule(None, reason=Reason.YEAR_FAILED)
        return ByRule(str(mark.number), Fraction(mark.number))
    if mark.meaning in {Meaning.PASS, Meaning.RELEASED}:
        return ByRule(mark.raw)
    failed = {Meaning.FAIL: Reason.YEAR_FAILED, Meaning.NOT_ASSESSED: Reason.NOT_ASSESSED}
    return ByRule(None, reason=failed.get(mark.meaning, Reason.UNKNOWN))
