"""Calls about thematic marks and the criteria journal, which few schools have."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random
from typing import Any

from connector.sandbox.call import Call
from connector.sandbox.clock import day_text, school_ms
from connector.sandbox.content.subjects import HOURS, SUBJECTS
from connector.sandbox.content.work_types import TEST
from connector.sandbox.endpoint import Endpoints
from connector.sandbox.errors import no_resource
from connector.sandbox.groups import SUBJECT_INDEX, EduGroup, Member
from connector.sandbox.ids import Kind
from connector.sandbox.journal import Journal
from connector.sandbox.marking import mood, rounded
from connector.sandbox.routes.averages import group_sums
from connector.sandbox.year_calendar import Period, calendar_of

SPECIAL_MARKS = Endpoints()
_NOON = 720
_SUBJECTS, _PERIODS, _PLACES = 32, 4, 64
_SECTIONS = (1, 2)  # the two written works that a period sums up


def _serial(group: EduGroup, subject: int, period: int, place: int) -> int:
    return ((group.index * _SUBJECTS + subject) * _PERIODS + period) * _PLACES + place


def _members(group: EduGroup, period: Period) -> Iterator[tuple[int, Member]]:
    for place, member in enumerate(group.members[:_PLACES]):
        if member.on(period.last):
            yield place, member


@SPECIAL_MARKS.get("edu-groups/{group}/subjects/{subject}/thematic-marks")
def thematic_marks(call: Call) -> object:
    """Return a class's thematic Marks of one subject: one for each finished period, if the school has any.

    Their work is known to no other call: nothing shows what the platform puts there.
    """
    journal, group = call.open_group()
    subject = call.subject()
    if not call.variant.thematic_marks or not 0 <= subject < len(SUBJECTS):
        return []
    periods = calendar_of(journal.year, group.grade).periods
    ended = [period for period in periods if period.last < call.school.today]
    return [mark for period in ended for mark in _thematic(call, (journal, group), subject, period)]


def _thematic(
    call: Call, found: tuple[Journal, EduGroup], subject: int, period: Period
) -> Iterator[dict[str, Any]]:
    journal, group = found
    last = period.last.toordinal()
    sums = group_sums(call, found, (period.first.toordinal(), last))
    ids = call.school.ids
    for place, member in _members(group, period):
        own = sums.get((member.pupil.person.index, subject))
        if own is None:
            continue
        serial, value = _serial(group, subject, period.number, place), str(rounded(*own))
        ident = ids.big(Kind.THEMATIC_MARK, journal.year, serial)
        person = ids.person(member.pupil.person.index)
        work = ids.big(Kind.THEMATIC_WORK, journal.year, serial // _PLACES)
        yield {
            "id": ident,
            "id_str": str(ident),
            "type": "Mark5",
            "value": value,
            "textValue": value,
            "person": person,
            "person_str": str(person),
            "work": work,
            "work_str": str(work),
            "lesson": None,
            "lesson_str": None,
            "number": 1,
            "date": call.school.moment_text(school_ms(last, _NOON)),
            "workType": ids.work_type(TEST),
            "mood": mood(value),
            "use_avg_calc": False,
        }


@SPECIAL_MARKS.get("edu-group/{group}/period/{period}/criteria-marks")
def criteria_marks(call: Call) -> object:
    """Return a class's SubjectCriteriaMarks of a period; apiResourceUnavailable without such a journal."""
    if not call.variant.criteria_journal:
        raise no_resource()
    journal, group = call.open_group()
    period = call.period(calendar_of(journal.year, group.grade), journal.year)
    if journal.year not in call.school.open_years():
        return []
    subjects = [SUBJECT_INDEX[key] for key, _ in HOURS[group.grade]]
    marked = [s for s in subjects if group.grade not in SUBJECTS[s].passfail]
    return [_of_subject(call, (journal, group), subject, period) for subject in marked]


def _of_subject(call: Call, found: tuple[Journal, EduGroup], subject: int, period: Period) -> dict[str, Any]:
    journal, group = found
    rng = Random(
        f"criteria/{call.school.parameters.seed}/{journal.year}/{group.index}/{subject}/{period.number}"
    )
    third = (period.last - period.first).days // 3
    days = [period.first.toordinal() + third * section for section in _SECTIONS]
    rows = []
    for place, member in _members(group, period):
        values = [int(rng.random() * 15) + 6 for _ in _SECTIONS]
        serial = _serial(group, subject, period.number, place) * len(_SECTIONS)
        marks = [
            {
                "id": call.school.ids.big(Kind.CRITERIA_MARK, journal.year, serial + number),
                "section": _SECTIONS[number],
                "value": values[number],
                "date": day_text(day),
            }
            for number, day in enumerate(days)
            if day <= call.school.today_ordinal
        ]
        person = call.school.ids.person(member.pupil.person.index)
        rows.append({"person": person, "criteriamarks": marks})
    return {"subject": call.school.ids.subject(subject), "personmarks": rows}
