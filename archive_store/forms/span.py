"""A span of days, and the part of a class's record that lies in it."""

from __future__ import annotations

from dataclasses import dataclass, replace

from archive_store.forms.class_record import ClassRecord
from archive_store.records import FinalMark


@dataclass(frozen=True, slots=True)
class Span:
    """Days from ``first`` to ``last``, both inclusive (``YYYY-MM-DD``)."""

    first: str
    last: str

    def __contains__(self, day: str) -> bool:
        return self.first <= day <= self.last


def within(record: ClassRecord, span: Span) -> ClassRecord:
    """The record with the lessons, works, marks and absences of ``span``, and what was set at its end.

    Periods that end outside are left out, and so are their final marks and those that were replaced; marks
    of the year, of an exam and for the certificate belong to the last period.
    """
    periods = [one for one in record.periods if one.ends in span]
    kept = {one.period_id for one in periods}
    closes = closes_year(record, span)
    lessons = [one for one in record.lessons if one.day in span]

    def is_set(mark: FinalMark) -> bool:
        return mark.period_id in kept if mark.kind == "period" else closes

    return replace(
        record,
        periods=periods,
        lessons=lessons,
        works={
            lesson: works
            for lesson, works in record.works.items()
            if any(one.day is None or one.day in span for one in works)
        },
        marks=[one for one in record.marks if one.day in span],
        attendance=[one for one in record.attendance if one.day in span],
        finals=[one for one in record.finals if is_set(one)],
        replaced=[one for one in record.replaced if is_set(one.was)],
        has_year=record.has_year and closes,
        days=(span.first, span.last),
    )


def closes_year(record: ClassRecord, span: Span) -> bool:
    """Whether the end of the last reporting period of the class lies in the span, or it has no periods."""
    ends = max((one.ends for one in record.periods), default=None)
    return ends is None or ends in span
