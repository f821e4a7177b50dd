"""Calls about averages, computed from the marks that the clock shows."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from connector.sandbox.call import Call
from connector.sandbox.content.work_types import WORK_KINDS
from connector.sandbox.endpoint import Endpoints
from connector.sandbox.groups import EduGroup
from connector.sandbox.journal import Journal
from connector.sandbox.marking import DIGITS
from connector.sandbox.records import Lesson, Mark, Work
from connector.sandbox.routes.diary import own_lessons
from connector.sandbox.wire.journal import JournalView
from connector.sandbox.wire.school import period_id
from connector.sandbox.year_calendar import calendar_of

AVERAGES = Endpoints()
Sums = dict[tuple[int, int], list[int]]


def group_sums(
    call: Call, found: tuple[Journal, EduGroup], span: tuple[int, int], *, weighted: bool = False
) -> Sums:
    """Return (person, subject) -> [sum, weight] of the digits among a group's marks of a range."""
    return _sums(call, ((found[0], lesson) for lesson in call.lessons(found, *span)), weighted=weighted)


def _sums(call: Call, lessons: Iterable[tuple[Journal, Lesson]], *, weighted: bool) -> Sums:
    sums: Sums = {}
    for journal, lesson in lessons:
        view = JournalView(call.school, journal)
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


def _text(total: int, weight: int) -> str:
    """Return total/weight with a decimal comma and two places."""
    value = _hundredths(total, weight)
    return f"{value // 100},{value % 100:02d}"


def _by_person(call: Call, sums: Sums) -> dict[int, list[dict[str, Any]]]:
    """Return person -> SubjectAverages of plain sums, both ascending."""
    rows: dict[int, list[dict[str, Any]]] = {}
    for (person, subject), (total, weight) in sorted(sums.items()):
        ident = call.school.ids.subject(subject)
        cell = {"subject": ident, "subject_str": str(ident), "avg-mark-value": _text(total, weight)}
        rows.setdefault(person, []).append(cell)
    return rows


def _person_keys(call: Call, person: int) -> dict[str, Any]:
    ident = call.school.ids.person(person)
    return {"person": ident, "person_str": str(ident)}


@AVERAGES.get("edu-groups/{group}/avg-marks/{start}/{end}")
def averages(call: Call) -> object:
    """Return GroupAverageMarkByDates: plain means as text with a decimal comma."""
    sums = group_sums(call, call.open_group(), call.span("start", "end"))
    return [
        _person_keys(call, person) | {"per-subject-averages": cells}
        for person, cells in _by_person(call, sums).items()
    ]


@AVERAGES.get("edu-groups/{group}/reporting-periods/{period}/avg-marks/{date}")
def period_averages(call: Call) -> object:
    """Return GroupAverageMarks: plain means of a period's lessons up to a day, that day included."""
    journal, group = call.open_group()
    calendar = calendar_of(journal.year, group.grade)
    period = call.period(calendar, journal.year)
    last = min(call.day("date"), period.last.toordinal())
    sums = group_sums(call, (journal, group), (period.first.toordinal(), last))
    ident = call.school.group_id(journal.year, group.index)
    asked = period_id(call.school, journal.year, calendar, period)
    of_group = {
        "group": ident,
        "group_str": str(ident),
        "reportingPeriod": asked,
        "reportingPeriod_str": str(asked),
    }
    return [
        of_group | _person_keys(call, person) | {"per-subject-averages": cells}
        for person, cells in _by_person(call, sums).items()
    ]


@AVERAGES.get("edu-groups/{group}/wa-marks/{start}/{end}")
def weighted_averages(call: Call) -> object:
    """Return WeightedAverageMarks: means weighted by work types, as JSON numbers."""
    sums = group_sums(call, call.open_group(), call.span("start", "end"), weighted=True)
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


def _person_sums(call: Call) -> Sums:
    period = call.any_period()
    span = period.first.toordinal(), period.last.toordinal()
    return _sums(call, own_lessons(call.school, call.person(), *span), weighted=False)


def _mean(cells: list[list[int]]) -> str:
    """Return the mean of a pupil's cells; no marks: an empty text."""
    total, weight = sum(cell[0] for cell in cells), sum(cell[1] for cell in cells)
    return _text(total, weight) if weight else ""


@AVERAGES.get("persons/{person}/reporting-periods/{period}/avg-mark")
def person_average(call: Call) -> object:
    """Return the plain mean of a pupil's marks of a period as text, all subjects together."""
    own = call.person()
    return _mean([cell for (person, _), cell in _person_sums(call).items() if person == own])


@AVERAGES.get("persons/{person}/reporting-periods/{period}/subjects/{subject}/avg-mark")
def person_subject_average(call: Call) -> object:
    """Return the plain mean of a pupil's marks of a period in one subject as text."""
    cell = _person_sums(call).get((call.person(), call.subject()))
    return _mean([cell] if cell else [])
