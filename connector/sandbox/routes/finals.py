"""Calls about final marks and averages."""

from __future__ import annotations

from typing import Any

from connector.sandbox.call import Call
from connector.sandbox.content.work_types import WORK_KINDS
from connector.sandbox.endpoint import Endpoints
from connector.sandbox.errors import unknown_id
from connector.sandbox.marking import DIGITS
from connector.sandbox.records import Mark, Work
from connector.sandbox.wire.finals import FinalMarksView
from connector.sandbox.wire.journal import JournalView
from connector.sandbox.wire.school import period_id
from connector.sandbox.year_calendar import calendar_of

FINALS = Endpoints()
Sums = dict[tuple[int, int], list[int]]


def _finals(call: Call) -> FinalMarksView:
    return FinalMarksView(call.school, *call.group())


@FINALS.get("edu-groups/{group}/final-marks")
def group_finals(call: Call) -> object:
    """Return a class's PersonFinalMarks; year, exam and final marks stand in the null period."""
    return _finals(call).rows()


@FINALS.get("edu-groups/{group}/subjects/{subject}/final-marks")
def subject_finals(call: Call) -> object:
    """Return a class's final Marks of one subject."""
    return _finals(call).of_subject(call.subject())


@FINALS.get("persons/{person}/edu-groups/{group}/final-marks")
def person_finals(call: Call) -> object:
    """Return a pupil's SubjectFinalMarks in a class."""
    return _finals(call).of_person(call.person())


@FINALS.get("persons/{person}/edu-groups/{group}/allfinalmarks")
def person_all_finals(call: Call) -> object:
    """Return a pupil's AllFinalMarks in a class."""
    return _finals(call).all_of_person(call.person())


def _sums(call: Call, first: int, last: int, *, weighted: bool) -> Sums:
    """Return (person, subject) -> [sum, weight] of the digits among the marks of a range."""
    journal, group = call.group()
    view = JournalView(call.school, journal)
    sums: Sums = {}
    for lesson in journal.lessons_between(group.index, first, last):
        for work in view.works_of(lesson):
            for mark in view.marks_of(work):
                _add(sums, work, mark, weighted)
    return sums


def _add(sums: Sums, work: Work, mark: Mark, weighted: bool) -> None:
    digit = DIGITS.get(mark.value)
    if digit is not None:
        weight = WORK_KINDS[work.kind].weight if weighted else 1
        own = sums.setdefault((mark.person, work.subject), [0, 0])
        own[0] += digit * weight
        own[1] += weight


def _hundredths(total: int, weight: int) -> int:
    """Return total/weight in hundredths, half upwards, without a float."""
    return (200 * total + weight) // (2 * weight)


@FINALS.get("edu-groups/{group}/avg-marks/{start}/{end}")
def averages(call: Call) -> object:
    """Return GroupAverageMarkByDates: plain means as text with a decimal comma."""
    return _person_rows(call, _sums(call, *call.span("start", "end"), weighted=False))


@FINALS.get("edu-groups/{group}/reporting-periods/{period}/avg-marks/{date}")
def period_averages(call: Call) -> object:
    """Return GroupAverageMarks: plain means of a reporting period's lessons up to a day."""
    journal, group = call.group()
    calendar, wanted = calendar_of(journal.year, group.grade), call.number("period")
    for period in calendar.periods:
        if period_id(call.school, journal.year, calendar, period) == wanted:
            last = min(call.day("date"), period.last.toordinal())
            ident = call.school.group_id(journal.year, group.index)
            where = {"group": ident, "group_str": str(ident)}
            where |= {"reportingPeriod": wanted, "reportingPeriod_str": str(wanted)}
            sums = _sums(call, period.first.toordinal(), last, weighted=False)
            return [where | row for row in _person_rows(call, sums)]
    raise unknown_id("period")


def _person_rows(call: Call, sums: Sums) -> list[dict[str, Any]]:
    rows: dict[int, list[dict[str, Any]]] = {}
    for (person, subject), (total, weight) in sorted(sums.items()):
        value = _hundredths(total, weight)
        ident = call.school.ids.subject(subject)
        rows.setdefault(person, []).append(
            {
                "subject": ident,
                "subject_str": str(ident),
                "avg-mark-value": f"{value // 100},{value % 100:02d}",
            }
        )
    return [
        {
            "person": call.school.ids.person(person),
            "person_str": str(call.school.ids.person(person)),
            "per-subject-averages": cells,
        }
        for person, cells in rows.items()
    ]


@FINALS.get("edu-groups/{group}/wa-marks/{start}/{end}")
def weighted_averages(call: Call) -> object:
    """Return WeightedAverageMarks: weighted means as JSON numbers."""
    sums = _sums(call, *call.span("start", "end"), weighted=True)
    rows: dict[int, list[dict[str, Any]]] = {}
    for (person, subject), (total, weight) in sorted(sums.items()):
        value = _hundredths(total, weight) / 100
        row = {"person": call.school.ids.person(person), "value": value}
        rows.setdefault(subject, []).append(row)
    return {
        "subjectMarks": [
            {
                "subject": call.school.ids.subject(subject),
                "subject_str": str(call.school.ids.subject(subject)),
                "marks": rows[subject],
            }
            for subject in sorted(rows)
        ]
    }
