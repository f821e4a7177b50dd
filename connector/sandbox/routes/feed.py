"""The feed of the token's owner: days of a pupil, empty for who has neither lessons nor a child."""

from __future__ import annotations

from typing import Any

from connector.sandbox.call import Call
from connector.sandbox.clock import day_text
from connector.sandbox.content.subjects import SUBJECTS
from connector.sandbox.content.work_types import HOMEWORK, WORK_KINDS
from connector.sandbox.endpoint import Endpoints
from connector.sandbox.errors import bad_parameter, forbidden
from connector.sandbox.ids import Kind
from connector.sandbox.journal import Journal
from connector.sandbox.records import Lesson, Work
from connector.sandbox.routes.diary import next_school_day, own_lessons
from connector.sandbox.wire.journal import CANCELLED, IN_WORK, JournalView

FEED = Endpoints()
Json = dict[str, Any]
Lessons = list[tuple[Journal, Lesson]]
_DAYS, _MOST_DAYS = 7, 30


@FEED.get("users/me/feed")
def feed(call: Call) -> object:
    """Return the UserFeed of `limit` days up to `date`, newest first, of the owner's child."""
    last = call.day("date")
    days = call.query_number("limit") or _DAYS
    if not 1 <= days <= _MOST_DAYS:
        raise bad_parameter("limit")
    school = call.school
    child = school.parents_child()[2] if school.is_parent(school.owner) else None
    asked = call.query_number("childPersonId")
    if asked is not None and (child is None or asked != school.ids.person(child)):
        raise forbidden()
    if child is None:
        return {"days": []}
    return {"days": [_day(call, child, day) for day in range(last, last - days, -1)]}


def _day(call: Call, person: int, day: int) -> Json:
    following = next_school_day(day)
    today, ahead = (list(own_lessons(call.school, person, n, n)) for n in (day, following))
    return {
        "date": day_text(day),
        "nextWorkingDayDate": day_text(following),
        "summary": {
            "importantWorks": _works(call, ahead, homework=False),
            "marksCards": _cards(call, person, today),
            "dayEmotion": "NotSet",
            "feedMode": "Default",
        },
        "nextDayHomeworks": _works(call, ahead, homework=True),
        "nextDaySchedule": _schedule(call, ahead),
        "todayHomeworks": _works(call, today, homework=True),
        "todaySchedule": _schedule(call, today),
        "logEntries": _entries(call, person, today),
    }


def _named(call: Call, journal: Journal, work: Work) -> Json:
    return {
        "work": JournalView(call.school, journal).work(work),
        "subjectName": SUBJECTS[work.subject].name,
        "workTypeName": WORK_KINDS[work.kind].title,
    }


def _works(call: Call, lessons: Lessons, *, homework: bool) -> list[Json]:
    return [
        _named(call, journal, work)
        for journal, lesson in lessons
        for work in JournalView(call.school, journal).works_of(lesson)
        if (work.kind == HOMEWORK if homework else WORK_KINDS[work.kind].important)
    ]


def _schedule(call: Call, lessons: Lessons) -> list[Json]:
    return [
        {
            "lessonId": call.school.ids.big(Kind.LESSON, journal.year, lesson.serial),
            "lessonStatus": CANCELLED if lesson.cancelled else IN_WORK,
            "number": lesson.number,
            "subjectName": SUBJECTS[lesson.subject].name,
            "importantWorkTypes": [
                {"id": call.school.ids.work_type(work.kind), "name": WORK_KINDS[work.kind].title}
                for work in JournalView(call.school, journal).works_of(lesson)
                if WORK_KINDS[work.kind].important
            ],
        }
        for journal, lesson in lessons
    ]


def _cards(call: Call, person: int, lessons: Lessons) -> list[Json]:
    cards = []
    for journal, lesson in lessons:
        view = JournalView(call.school, journal)
        for work in view.works_of(lesson):
            own = [{"mark": view.mark(mark)} for mark in view.marks_of(work) if mark.person == person]
            if own:
                ident = call.school.ids.big(Kind.LESSON, journal.year, lesson.serial)
                cards.append(
                    {
                        "marks": own,
                        "lesson": {"id": ident, "date": day_text(lesson.day)},
                        "isImportant": WORK_KINDS[work.kind].important,
                        "subjectName": SUBJECTS[work.subject].name,
                        "subjectId": call.school.ids.subject(work.subject),
                        "workTypeName": WORK_KINDS[work.kind].title,
                    }
                )
    return cards


def _entries(call: Call, person: int, lessons: Lessons) -> list[Json]:
    return [
        {
            "lessonLogEntry": view.entry(entry),
            "subjectName": SUBJECTS[lesson.subject].name,
            "lessonTitle": lesson.title,
        }
        for journal, lesson in lessons
        for view in (JournalView(call.school, journal),)
        for entry in view.entries_of(lesson)
        if entry.person == person
    ]
