"""Homework as given to each pupil (model Task); the values of `status` are invented, none is known."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from connector.sandbox.clock import day_text
from connector.sandbox.content.work_types import HOMEWORK
from connector.sandbox.groups import Member
from connector.sandbox.ids import Kind
from connector.sandbox.journal import Journal
from connector.sandbox.records import Work
from connector.sandbox.school import School

Json = dict[str, Any]
NEW, COMPLETED = "New", "Completed"
_PLACES = 64  # a task's serial is work and place in the group


def _members(journal: Journal, work: Work) -> Iterator[tuple[int, Member]]:
    """Yield those a homework was given to, with their place in the group's list."""
    day = date.fromordinal(work.day)
    for place, member in enumerate(journal.groups[work.group].members[:_PLACES]):
        if member.on(day):
            yield place, member


def _status(school: School, serial: int, work: Work) -> str:
    """Return Completed for seven of ten once the day of the homework is past."""
    done = work.day < school.today_ordinal and serial * 7919 % 10 < 7
    return COMPLETED if done else NEW


def _task(school: School, journal: Journal, work: Work, place: int, person: int) -> Json:
    serial = work.serial * _PLACES + place
    ident = school.ids.big(Kind.TASK, journal.year, serial)
    own = school.ids.person(person)
    work_id = school.ids.big(Kind.WORK, journal.year, work.serial)
    return {
        "id": ident,
        "id_str": str(ident),
        "person": own,
        "person_str": str(own),
        "work": work_id,
        "work_str": str(work_id),
        "status": _status(school, serial, work),
        "targetDate": day_text(work.day),
    }


def tasks_of(school: School, journal: Journal, work: Work, only: set[int] | None = None) -> list[Json]:
    """Return the Tasks of a homework, of the persons `only` if given; other works have none."""
    if work.kind != HOMEWORK or work.day > school.today_ordinal:
        return []
    found = ((place, member.pupil.person.index) for place, member in _members(journal, work))
    return [
        _task(school, journal, work, place, person)
        for place, person in found
        if only is None or person in only
    ]


def task_of(school: School, journal: Journal, serial: int) -> Json | None:
    """Return the Task of a serial, None if there is none."""
    number, place = divmod(serial, _PLACES)
    work = journal.works[number] if number < len(journal.works) else None
    if work is None or work.kind != HOMEWORK:
        return None
    for own, member in _members(journal, work):
        if own == place:
            return _task(school, journal, work, place, member.pupil.person.index)
    return None
