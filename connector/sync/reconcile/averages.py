"""Compare the averages of a class and a reporting period with those that the platform computes."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from archive_store import schema
from archive_store.forms.averages import Average, Key, averages, numbers, rounded, written
from archive_store.forms.marks import read_mark, split
from archive_store.forms.signs import STANDARD, Meaning
from archive_store.records import Mark, ReportingPeriod
from connector.sync.grid import JournalGroup
from connector.sync.reconcile import by_id, platform
from connector.sync.reconcile.comparison import Comparison
from connector.sync.reconcile.platform import Shown
from connector.sync.reconcile.verdict import Cause, Difference, What

Weights = Mapping[int, int | None]
# A platform that counts signs may take 4- for as little as 3.5.
_SIGNS: Final = STANDARD  # the platform knows nothing of what a school has said of its signs
_A_SIGN: Final = Fraction(1, 2)


@dataclass(frozen=True, slots=True)
class _Kind:
    """One of the two averages: how the platform is asked, and which number of ours is meant."""

    what: What
    ask: Callable[..., Shown]
    number: Callable[[Average], Fraction | None]


_KINDS = (
    _Kind(What.AVERAGE, platform.simple_averages, lambda one: one.simple),
    _Kind(What.WEIGHTED_AVERAGE, platform.weighted_averages, lambda one: one.weighted),
)


@dataclass(slots=True)
class _Period:
    """A class in a period up to ``last_day``: the archive's marks, and the platform's once they are read."""

    comparison: Comparison
    one: JournalGroup
    period: ReportingPeriod
    last_day: str
    marks: Sequence[Mark]
    weights: Weights
    fresh: list[Mark] | None = None

    def compare(self, kind: _Kind) -> None:
        """Compare one kind of average. Raises ApiError, but not if it is not offered."""
        comparison, group_id = self.comparison, self.one.group.group_id
        ours = self._values(kind, self.marks, self.weights)
        shown = comparison.unless_refused(
            lambda: kind.ask(comparison.source.client, group_id, self.period, self.last_day),
            kind.what, self.one, self.period.period_id, len(ours),
        )  # fmt: skip
        if shown is None:
            return
        missing = 0
        for key in sorted(ours.keys() | shown.values.keys()):
            here, there = ours.get(key), shown.values.get(key)
            if comparison.is_compared_elsewhere(key[0], self.one):
                continue
            if here is None or there is None or not _equal(here, there, shown.decimals):
                cause = self._cause(kind, key, there, shown.decimals)
                if cause is None:
                    missing += 1
                    continue
                comparison.verdict.differences.append(self._difference(kind, key, here, there, shown, cause))
            comparison.verdict.checked[group_id] += 1
        comparison.not_offered(kind.what, self.one, self.period.period_id, missing, None)

    def _values(
        self, kind: _Kind, marks: Sequence[Mark], weights: Weights, *, heed_flag: bool = True
    ) -> dict[Key, Fraction]:
        found = averages(marks, weights, _SIGNS, heed_flag=heed_flag).items()
        return {key: number for key, one in found if (number := kind.number(one)) is not None}

    def _cause(self, kind: _Kind, key: Key, there: Fraction | None, decimals: int) -> Cause | None:
        """The likely cause of a difference; None if the platform merely does not give this value."""
        fresh = self._fresh()
        found = self.comparison.verdict.differences
        if cause := by_id.worst(
            one.cause for one in by_id.of_cell(found, *key, self.period.starts, self.last_day)
        ):
            return cause
        if there is None:
            return None
        of_cell = [one for one in fresh if (one.person_id, one.subject_id) == key]

        def explains(marks: Sequence[Mark], weights: Weights, *, heed_flag: bool = True) -> bool:
            value = self._values(kind, marks, weights, heed_flag=heed_flag).get(key)
            return value is not None and _equal(value, there, decimals)

        of_class = [one for one in of_cell if one.group_id == self.one.group.group_id]
        ours = self._values(kind, of_cell, self.weights).get(key)
        if kind.what is What.WEIGHTED_AVERAGE and explains(of_cell, self.comparison.weights_now()):
            return Cause.WEIGHTS
        if explains(of_cell, self.weights, heed_flag=False):
            return Cause.NOT_COUNTED
        if explains(of_class, self.weights):
            return Cause.SUBGROUPS
        apart = abs(ours - there) if ours is not None else None
        if apart is not None and apart < Fraction(1, 10**decimals):
            return Cause.ROUNDING
        if _has_odd_scale(of_cell) or (apart is not None and apart <= _A_SIGN and _has_signs(of_cell)):
            return Cause.SCALE
        return Cause.UNKNOWN

    def _fresh(self) -> list[Mark]:
        """The platform's marks of the period; reading them compares the months by ids, too."""
        if self.fresh is None:
            self.fresh = [
                mark
                for one in self.comparison.sharing(self.one)
                for first, last in self.comparison.months_between(self.period.starts, self.last_day)
                for mark in self.comparison.month(one, first, last)
                if self.period.starts <= mark.day <= self.last_day
            ]
        return self.fresh

    def _difference(
        self, kind: _Kind, key: Key, here: Fraction | None, there: Fraction | None, shown: Shown, cause: Cause
    ) -> Difference:
        texts = [None if one is None else written(one, shown.decimals) for one in (here, there)]
        group_id, period_id = self.one.group.group_id, self.period.period_id
        return Difference(kind.what, group_id, *key, period_id, None, None, texts[0], texts[1], cause)


def compare_averages(comparison: Comparison, one: JournalGroup) -> None:
    """Compare the averages of a class in each period that has begun. Raises ApiError."""
    today = comparison.today.isoformat()
    weights = comparison.archive.weights()
    for period in comparison.archive.of_group(schema.REPORTING_PERIOD, one.group.group_id):
        if period.starts > today:
            continue
        last_day = min(period.ends, today)
        marks = comparison.archive.by_days(schema.MARK, one.known, period.starts, last_day)
        ours = [mark for mark in marks if not comparison.is_compared_elsewhere(mark.person_id, one)]
        part = _Period(comparison, one, period, last_day, ours, weights)
        for kind in _KINDS:
            part.compare(kind)


def _equal(here: Fraction, there: Fraction, decimals: int) -> bool:
    return rounded(here, decimals) == rounded(there, decimals)


def _has_odd_scale(marks: Sequence[Mark]) -> bool:
    """Whether there is a mark in letters or an unknown one, or digits of more than one scale."""
    scales = {(mark.type or "").casefold() for mark in marks if numbers(mark, _SIGNS)}
    readings = [read_mark(part, mark.type) for mark in marks for part in split(mark.value, mark.type)]
    odd = any(
        one.meaning is Meaning.UNKNOWN or (one.meaning is Meaning.MARK and one.number is None)
        for one in readings
    )
    return odd or len(scales) > 1


def _has_signs(marks: Sequence[Mark]) -> bool:
    """Whether a mark that counts has a sign, such as 4-: whether the platform heeds it is not known."""
    return any(not one.value.strip().isdigit() for one in marks if numbers(one, _SIGNS))
