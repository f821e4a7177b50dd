"""When a pupil came whom the archive saw in the class from the first, as far as his traces tell.

Nobody is in a class for a whole reporting period without a mark, an absence or a final mark; who has none
until the first period of the year was over came no later than the day of the first one. In the first year of
study, taught without marks, this says nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from archive_store.forms.stays import Stays
from archive_store.records import Attendance, FinalMark, Mark, ReportingPeriod


def first_traces(
    marks: Iterable[Mark],
    attendance: Iterable[Attendance],
    finals: Iterable[FinalMark],
    periods: Iterable[ReportingPeriod],
) -> dict[int, str]:
    """The day of each pupil's first mark or absence; a final mark is a trace of the days of its period."""
    starts = {one.period_id: one.starts for one in periods}
    traces: dict[int, str] = {}
    for person_id, day in (
        *((one.person_id, one.day) for one in marks),
        *((one.person_id, one.day) for one in attendance),
        *((one.person_id, starts[one.period_id]) for one in finals if one.period_id in starts),
    ):
        traces[person_id] = min(traces.get(person_id, day), day)
    return traces


def since_trace(known: Stays, class_id: int, traces: Mapping[int, str], first_end: str) -> Stays:
    """The stays; those of a pupil of the class whose first trace is after ``first_end`` begin with it.

    ``first_end`` is the last day of the first reporting period of the class. Nobody came late to a class of
    which the record has nothing before that day.
    """
    if all(day > first_end for day in traces.values()):
        return known
    came = {
        person: traces[person]
        for group, person in known
        if group == class_id and traces.get(person, first_end) > first_end
    }
    return {
        (group, person): (replace(some[0], first=came[person], since_trace=True), *some[1:])
        if person in came and some[0].first is None
        else some
        for (group, person), some in known.items()
    }
