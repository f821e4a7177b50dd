"""For which periods a class is reported: each reporting period that has ended, and the year."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from archive_store.catalogue import year_span
from archive_store.forms.class_record import ClassRecord
from archive_store.forms.periods import FinalColumn, FinalKind, Period, YearPlan
from archive_store.forms.span import Span

_YEAR = FinalColumn(FinalKind.YEAR)


@dataclass(frozen=True, slots=True)
class ReportLine:
    """A period, or the year, with its days (inclusive).

    Who comes and leaves is counted after the day ``after``: that is when the period before ended, so that
    the pupils at the end of one are those at the start of the next, holidays or not.
    """

    column: FinalColumn
    after: str
    last_day: str

    def __contains__(self, day: str) -> bool:
        return self.after < day <= self.last_day


def report_lines(
    record: ClassRecord, plan: YearPlan, filled: Collection[FinalColumn], span: Span | None = None
) -> tuple[ReportLine, ...]:
    """The periods and the year of a record, which holds what lies in ``span`` alone.

    A period longer than others, as a half-year beside quarters, is reported if it has marks (``filled``);
    so is one that has not ended yet.
    """
    earliest = _day_before(span.first) if span else ""
    year = record.group.study_year
    begins, ends = ("0001-01-02", "9999-12-31") if year is None else year_span(year)
    before = max(_day_before(begins), earliest)
    shortest = {block.period for block in plan.blocks}
    columns = ((column, column.period) for block in plan.blocks for column in block.finals)
    lines = [
        ReportLine(column, max(_end_before(period, plan.periods, before), earliest), period.last_day)
        for column, period in columns
        if period is not None
        and (column in filled or (period in shortest and _has_ended(period.last_day, record)))
    ]
    last_day = max((one.last_day for one in plan.periods), default=min(ends, record.known_on or ends))
    if _YEAR in filled or (span is None and _has_ended(last_day, record)):
        lines.append(ReportLine(_YEAR, before, last_day))
    return tuple(lines)


def _end_before(period: Period, periods: Iterable[Period], otherwise: str) -> str:
    return max((one.last_day for one in periods if one.last_day < period.first_day), default=otherwise)


def _has_ended(day: str, record: ClassRecord) -> bool:
    return record.known_on is None or day < record.known_on


def _day_before(day: str) -> str:
    return (date.fromisoformat(day) - timedelta(days=1)).isoformat()
