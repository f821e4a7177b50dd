"""Calls about one pupil: marks, attendance, schedule; and homework with its files."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any

from connector.sandbox.call import Call
from connector.sandbox.clock import day_text, school_ms
from connector.sandbox.content.work_types import HOMEWORK
from connector.sandbox.endpoint import Endpoints
from connector.sandbox.errors import ApiError
from connector.sandbox.groups import EduGroup, Member
from connector.sandbox.journal import Journal
from connector.sandbox.records import Lesson, Mark, Work
from connector.sandbox.routes.files import file_json
from connector.sandbox.school import School
from connector.sandbox.wire.journal import CANCELLED, IN_WORK, JournalView
from connector.sandbox.wire.people import person_json
from connector.sandbox.wire.school import clock_text, subject_short_json, work_type_short_json
from connector.sandbox.year_calendar import LESSON_MINUTES, bell_start

DIARY = Endpoints()
_FIRST_ROOM = 101


def _memberships(group: EduGroup, person: int) -> list[Member]:
    return [member for member in group.members if member.pupil.person.index == person]


def own_lessons(
    school: School, person: int, first: int, last: int, only: tuple[Journal, EduGroup] | None = None
) -> Iterator[tuple[Journal, Lesson]]:
    """Yield a pupil's lessons: of their groups, while they belong to them, each once, by time."""
    for year in school.open_years():
        if only and only[0].year != year:
            continue
        journal = school.journal(year)
        found: list[Lesson] = []
        for group in journal.groups:
            if only and only[1].index not in (group.index, *group.parents):
                continue
            for member in _memberships(group, person):
                start = max(first, member.first.toordinal())
                end = last if member.last is None else min(last, member.last.toordinal())
                for lesson in journal.lessons_between(group.index, start, end):
                    if lesson.group == group.index:
                        found.append(lesson)  # noqa: PERF401
        found.sort(key=lambda lesson: (lesson.day, lesson.number or 99, lesson.serial))
        for lesson in found:
            yield journal, lesson


def _marks_of(call: Call, person: int, lessons: Iterable[tuple[Journal, Lesson]]) -> list[Any]:
    shown = []
    for journal, lesson in lessons:
        view = JournalView(call.school, journal)
        shown += [view.mark(m) for m in view.marks_of_lesson(lesson) if m.person == person]
    return shown


@DIARY.get("persons/{person}/schools/{school}/marks/{start}/{end}")
def person_marks(call: Call) -> object:
    """Return a pupil's Marks of a range of lesson days."""
    call.own_school()
    person = call.person()
    return _marks_of(call, person, own_lessons(call.school, person, *call.span("start", "end")))


@DIARY.get("persons/{person}/edu-groups/{group}/marks/{start}/{end}")
def person_group_marks(call: Call) -> object:
    """Return a pupil's Marks in a group; a class's include those of its subgroups."""
    person = call.person()
    span = call.span("start", "end")
    return _marks_of(call, person, own_lessons(call.school, person, *span, call.open_group()))


@DIARY.get("persons/{person}/marks/{date}")
def person_marks_set_on(call: Call) -> object:
    """Return a pupil's Marks of lessons that were set on a day, however old the lesson."""
    person = call.person()
    day = call.day("date")
    start, end = school_ms(day, 0), school_ms(day + 1, 0)
    shown = []
    for journal, lesson in own_lessons(call.school, person, 1, call.school.today_ordinal):
        view = JournalView(call.school, journal)
        own = (m for m in view.marks_of_lesson(lesson) if m.person == person)
        shown += [view.mark(m) for m in own if start <= m.moment < end]
    return shown


@DIARY.get("persons/{person}/lesson-log-entries")
def person_entries(call: Call) -> object:
    """Return a pupil's LessonLogEntries with the Lessons they belong to, or without, by the variant."""
    person = call.person()
    entries, lessons = [], []
    for journal, lesson in own_lessons(call.school, person, *call.span("startDate", "endDate")):
        view = JournalView(call.school, journal)
        own = [view.entry(e) for e in view.entries_of(lesson) if e.person == person]
        if own:
            entries += own
            lessons.append(view.lesson(lesson))
    if call.variant.person_log_entries_as_list:
        return entries
    return {"logEntries": entries, "lessons": lessons}


def schedule_lesson(school: School, journal: Journal, lesson: Lesson) -> dict[str, Any]:
    """Return a ScheduleLesson: like a Lesson, but without text twins and with its hours."""
    view = JournalView(school, journal)
    full = view.lesson(lesson)
    start = bell_start(lesson.number)
    shape = {key: full[key] for key in ("id", "title", "date", "number")}
    return shape | {
        "subjectId": school.ids.subject(lesson.subject),
        "status": CANCELLED if full["status"] == CANCELLED else IN_WORK,
        "resultPlaceId": None,
        "building": None,
        "place": str(_FIRST_ROOM + lesson.teacher % 100),
        "floor": None,
        "hours": f"{clock_text(start)} - {clock_text(start + LESSON_MINUTES)}",
        "works": [work["id"] for work in full["works"]],
        "teachers": full["teachers"],
    }


@DIARY.get("users/me/school/homeworks")
def homeworks_by_id(call: Call) -> object:
    """Return Homeworks by ids of works of type Homework, with their files."""
    found = []
    for ident in call.numbers("homeworkId"):
        try:
            journal, work = call.work(ident)
        except ApiError:
            continue
        lesson = journal.lessons[work.lesson] if work.kind == HOMEWORK else None
        if lesson is not None and lesson.day <= call.school.today_ordinal:
            found.append((journal, lesson, work))
    return _homeworks(call, found)


@DIARY.get("persons/{person}/school/{school}/homeworks")
def person_homeworks(call: Call) -> object:
    """Return a pupil's Homeworks of a range of lesson days."""
    call.own_school()
    found = []
    span = call.span("startDate", "endDate")
    for journal, lesson in own_lessons(call.school, call.person(), *span):
        for work in JournalView(call.school, journal).works_of(lesson):
            if work.kind == HOMEWORK:
                found.append((journal, lesson, work))  # noqa: PERF401
    return _homeworks(call, found)


def _homeworks(call: Call, found: list[tuple[Journal, Lesson, Work]]) -> dict[str, Any]:
    school = call.school
    lessons = {(journal.year, lesson.serial): (journal, lesson) for journal, lesson, _ in found}
    files = {(j.year, n): (j, j.files[n]) for j, _, work in found for n in work.files}
    return {
        "works": [JournalView(school, j).work(work, tasks=False) for j, _, work in found],
        "subjects": [subject_short_json(school, index) for index in sorted({w.subject for *_, w in found})],
        "lessons": [schedule_lesson(school, *pair) for pair in lessons.values()],
        "files": [file_json(school, j, f, call.base_url) for j, f in files.values() if f is not None],
        "teachers": [person_json(school, index) for index in sorted({le.teacher for _, le, _ in found})],
    }


@DIARY.get("persons/{person}/groups/{group}/schedules")
def schedules(call: Call) -> object:
    """Return a pupil's Schedule in a class: a ScheduleDay for each day of the range."""
    person = call.person()
    journal, group = call.group()
    first, last = call.span("startDate", "endDate")
    days: dict[int, list[Lesson]] = {day: [] for day in range(first, last + 1)}
    for _, lesson in own_lessons(call.school, person, first, last, (journal, group)):
        days[lesson.day].append(lesson)
    return {"days": [_day(call.school, journal, person, *item) for item in days.items()]}


def _day(school: School, journal: Journal, person: int, day: int, lessons: list[Lesson]) -> dict[str, Any]:
    view = JournalView(school, journal)
    works = [work for lesson in lessons for work in view.works_of(lesson)]
    marks: list[Mark] = [m for work in works for m in view.marks_of(work) if m.person == person]
    entries = [e for lesson in lessons for e in view.entries_of(lesson) if e.person == person]
    teachers = sorted({lesson.teacher for lesson in lessons})
    return {
        "date": day_text(day),
        "lessons": [schedule_lesson(school, journal, lesson) for lesson in lessons],
        "marks": [view.mark(mark) for mark in marks],
        "works": [view.work(w, tasks=False) for w in works if w.kind != HOMEWORK],
        "homeworks": [view.work(w, tasks=False) for w in works if w.kind == HOMEWORK],
        "subjects": [subject_short_json(school, index) for index in sorted({le.subject for le in lessons})],
        "workTypes": [work_type_short_json(school, index) for index in sorted({w.kind for w in works})],
        "lessonLogEntries": [view.entry(entry) for entry in entries],
        "teachers": [{"person": person_json(school, index), "role": "Учитель"} for index in teachers],
        "nextDate": day_text(next_school_day(day)),
    }


def next_school_day(day: int) -> int:
    """Return the first day after a day that is no Sunday (ordinals)."""
    following = day + 1
    while date.fromordinal(following).weekday() == 6:
        following += 1
    return following
