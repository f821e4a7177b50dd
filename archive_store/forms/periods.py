"""Reporting periods of a class: where its journal is cut, and which columns of final marks it has."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum
from typing import Final

from archive_store.records import FinalMark, ReportingPeriod
from archive_store.texts import N_, _

_NAMES: Final = {
    "Quarter": N_("quarter {number}"),
    "Trimester": N_("trimester {number}"),
    "HalfYear": N_("half-year {number}"),
    "Semester": N_("semester {number}"),
    "Module": N_("module {number}"),
}
_ANY_NAME: Final = N_("period {number}")


class FinalKind(Enum):
    """What a final mark is for, in the order of the columns."""

    PERIOD = "period"
    YEAR = "year"
    EXAM = "exam"
    FINAL = "final"
    OTHER = "other"


_KIND_NAMES: Final = {
    FinalKind.YEAR: N_("Year"),
    FinalKind.EXAM: N_("Exam"),
    FinalKind.FINAL: N_("Final"),
    FinalKind.OTHER: N_("Other"),
}
_CLOSING_KINDS: Final = (FinalKind.YEAR, FinalKind.EXAM, FinalKind.FINAL, FinalKind.OTHER)


@dataclass(frozen=True, slots=True)
class Period:
    """A reporting period; days are inclusive."""

    period_id: int
    name: str
    first_day: str
    last_day: str


@dataclass(frozen=True, slots=True)
class FinalColumn:
    """A column (or, in the summary sheet, a line) of final marks."""

    kind: FinalKind
    period: Period | None = None

    @property
    def name(self) -> str:
        """Its heading, in the active language."""
        return self.period.name if self.period else _(_KIND_NAMES[self.kind])


@dataclass(frozen=True, slots=True)
class Block:
    """A stretch of the year: one of the shortest periods, with the finals that are set at its end.

    The last block also closes the year. ``period`` is None for lessons after the last period.
    """

    period: Period | None
    finals: tuple[FinalColumn, ...]


@dataclass(frozen=True, slots=True)
class YearPlan:
    """The blocks of a class's year in the order of time."""

    blocks: tuple[Block, ...]
    periods: tuple[Period, ...]

    def block_of(self, day: str) -> int:
        """The index of the block of a day: a day between two periods is counted to the later one."""
        for index, block in enumerate(self.blocks):
            if block.period is None or day <= block.period.last_day:
                return index
        return len(self.blocks)

    def longer(self, period: Period) -> list[Period]:
        """The other periods that hold this one: the half-year of a quarter."""
        return [one for one in self.periods if one != period and _holds(one, period)]


def year_plan(periods: Iterable[ReportingPeriod]) -> YearPlan:
    """Cut the year at the ends of its shortest periods; longer ones give only columns of finals."""
    known = [
        Period(one.period_id, one.name or "", one.starts, one.ends)
        for one in with_names(periods)
        if one.type != "Year"
    ]
    shortest = [one for one in known if not any(_holds(one, other) for other in known if other != one)]
    blocks: list[Block] = []
    pending = list(known)
    for period in shortest:
        due = [one for one in pending if one.last_day <= period.last_day or period is shortest[-1]]
        pending = [one for one in pending if one not in due]
        blocks.append(Block(period, tuple(FinalColumn(FinalKind.PERIOD, one) for one in due)))
    closing = tuple(FinalColumn(kind) for kind in _CLOSING_KINDS)
    last = blocks.pop() if blocks else Block(None, ())
    blocks.append(Block(last.period, last.finals + closing))
    return YearPlan(tuple(blocks), tuple(known))


def column_of(final: FinalMark, plan: YearPlan) -> FinalColumn:
    """The column of a final mark."""
    for period in plan.periods:
        if final.kind == "period" and period.period_id == final.period_id:
            return FinalColumn(FinalKind.PERIOD, period)
    kinds = {"year": FinalKind.YEAR, "exam": FinalKind.EXAM, "final": FinalKind.FINAL}
    return FinalColumn(kinds.get(final.kind, FinalKind.OTHER))


def finals_with_year(finals: Iterable[FinalMark], periods: Iterable[ReportingPeriod]) -> list[FinalMark]:
    """The final marks, those of a period that is the whole year turned into marks of the year."""
    years = {one.period_id for one in periods if one.type == "Year"}
    return [
        one._replace(kind="year") if one.kind == "period" and one.period_id in years else one
        for one in finals
    ]


def with_names(periods: Iterable[ReportingPeriod]) -> list[ReportingPeriod]:
    """All periods of a year by their ends, the shorter first; one without a name is numbered in its kind."""
    counts: dict[str, int] = defaultdict(int)
    named: list[ReportingPeriod] = []
    for one in sorted(periods, key=lambda one: (one.ends, _reversed(one.starts), one.period_id)):
        counts[one.type] += 1
        name = one.name or _(_NAMES.get(one.type, _ANY_NAME)).format(number=counts[one.type])
        named.append(one._replace(name=name))
    return named


def _reversed(day: str) -> int:
    return -int(day.replace("-", ""))


def _holds(longer: Period, shorter: Period) -> bool:
    inside = longer.first_day <= shorter.first_day and shorter.last_day <= longer.last_day
    same = (longer.first_day, longer.last_day) == (shorter.first_day, shorter.last_day)
    return inside and not same
