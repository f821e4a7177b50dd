"""Calls about homework as given to each pupil."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from connector.sandbox.call import Call
from connector.sandbox.endpoint import Endpoints
from connector.sandbox.errors import ApiError, bad_parameter, unknown_id
from connector.sandbox.ids import Kind
from connector.sandbox.journal import Journal
from connector.sandbox.records import Lesson
from connector.sandbox.routes.diary import own_lessons
from connector.sandbox.wire.journal import JournalView
from connector.sandbox.wire.tasks import COMPLETED, task_of, tasks_of

TASKS = Endpoints()
_PAGE_SIZE, _LARGEST_PAGE = 50, 500


def _of_lesson(call: Call, journal: Journal, lesson: Lesson, only: set[int] | None) -> list[dict[str, Any]]:
    works = JournalView(call.school, journal).works_of(lesson)
    return [task for work in works for task in tasks_of(call.school, journal, work, only)]


@TASKS.get("tasks")
def tasks_of_lessons(call: Call) -> object:
    """Return the Tasks of lessons by ids; unknown ids are left out."""
    found: list[dict[str, Any]] = []
    for ident in call.numbers("lessons"):
        try:
            found += _of_lesson(call, *call.lesson(ident), None)
        except ApiError:
            continue
    return found


@TASKS.get("lessons/{lesson}/tasks")
def tasks_of_lesson(call: Call) -> object:
    """Return the Tasks of a lesson."""
    return _of_lesson(call, *call.lesson(call.number("lesson")), None)


@TASKS.get("works/{work}/tasks")
def tasks_of_work(call: Call) -> object:
    """Return the Tasks of a work, of `persons` if they are given."""
    only = None
    if "persons" in call.request.query_params:
        only = {call.school.ids.person_index(ident) for ident in call.numbers("persons")}
    return tasks_of(call.school, *call.work(call.number("work")), only)


def _own(call: Call, person: int, first: int, last: int) -> Iterator[tuple[Lesson, dict[str, Any]]]:
    for journal, lesson in own_lessons(call.school, person, first, last):
        for task in _of_lesson(call, journal, lesson, {person}):
            yield lesson, task


@TASKS.get("persons/{person}/tasks")
def tasks_of_person(call: Call) -> object:
    """Return a page of a pupil's Tasks of one subject and a range of days; pages count from one."""
    ident = call.query_number("subject")
    if ident is None:
        raise bad_parameter("subject")
    subject = call.school.ids.subject_index(ident)
    number = call.query_number("pageNumber") or 1
    size = call.query_number("pageSize") or _PAGE_SIZE
    if number < 1 or not 1 <= size <= _LARGEST_PAGE:
        raise bad_parameter("pageSize")
    found = _own(call, call.person(), *call.span("from", "to"))
    tasks = [task for lesson, task in found if lesson.subject == subject]
    return tasks[(number - 1) * size : number * size]


@TASKS.get("tasks/{person}/undone")
def undone(call: Call) -> object:
    """Return a pupil's Tasks that are not completed."""
    found = _own(call, call.person(), 1, call.school.today_ordinal)
    return [task for _, task in found if task["status"] != COMPLETED]


@TASKS.get("tasks/{task}")
def task(call: Call) -> object:
    """Return a Task."""
    try:
        journal, serial = call.school.locate(Kind.TASK, call.number("task"))
    except KeyError as error:
        raise unknown_id("task") from error
    found = task_of(call.school, journal, serial)
    if found is None:
        raise unknown_id("task")
    return found
