"""Calls about lessons, works, marks and attendance."""

from __future__ import annotations

from collections.abc import Iterator

from connector.sandbox.call import Call
from connector.sandbox.content.work_types import MARK_VALUES
from connector.sandbox.endpoint import Endpoints
from connector.sandbox.errors import ApiError, bad_parameter, call_closed, forbidden, unknown_id
from connector.sandbox.groups import EduGroup
from connector.sandbox.ids import Kind
from connector.sandbox.journal import Journal
from connector.sandbox.records import Lesson
from connector.sandbox.wire.journal import JournalView

JOURNAL = Endpoints()
STATUSES = ("Attend", "Absent", "Ill", "Late", "Pass")


def _lessons(call: Call, found: tuple[Journal, EduGroup]) -> Iterator[Lesson]:
    return call.lessons(found, *call.span("start", "end"))


def _known_lessons(call: Call, ids: list[int]) -> Iterator[tuple[JournalView, Lesson]]:
    """Yield the lessons of the ids in the order asked; unknown ids are left out."""
    for ident in ids:
        try:
            journal, lesson = call.lesson(ident)
        except ApiError:
            continue
        yield JournalView(call.school, journal), lesson


@JOURNAL.get("edu-groups/{group}/lessons/{start}/{end}")
def group_lessons(call: Call) -> object:
    """Return a group's Lessons of a range of days; a class's include its subgroups'."""
    found = call.open_group()
    view = JournalView(call.school, found[0])
    return [view.lesson(lesson) for lesson in _lessons(call, found)]


@JOURNAL.get("edu-groups/{group}/subjects/{subject}/lessons/{start}/{end}")
def subject_lessons(call: Call) -> object:
    """Return a group's Lessons of one subject."""
    found, subject = call.open_group(), call.subject()
    view = JournalView(call.school, found[0])
    return [view.lesson(le) for le in _lessons(call, found) if le.subject == subject]


@JOURNAL.get("lessons/{lesson}")
def lesson(call: Call) -> object:
    """Return a Lesson."""
    journal, found = call.lesson(call.number("lesson"))
    return JournalView(call.school, journal).lesson(found)


@JOURNAL.post("lessons/many")
def lessons_many(call: Call) -> object:
    """Return Lessons by ids."""
    return [view.lesson(found) for view, found in _known_lessons(call, call.id_list())]


def _works(call: Call, ident: int) -> object:
    journal, found = call.lesson(ident)
    view = JournalView(call.school, journal)
    return [view.work(work) for work in view.works_of(found)]


@JOURNAL.get("lessons/{lesson}/works")
def lesson_works(call: Call) -> object:
    """Return a lesson's Works."""
    return _works(call, call.number("lesson"))


@JOURNAL.get("works")
def works_of_lesson(call: Call) -> object:
    """Return a lesson's Works, the lesson named in the query."""
    return _works(call, call.numbers("lesson")[0])


@JOURNAL.get("works/{work}")
def work(call: Call) -> object:
    """Return a Work."""
    journal, found = call.work(call.number("work"))
    return JournalView(call.school, journal).work(found)


@JOURNAL.post("works/many")
def works_many(call: Call) -> object:
    """Return Works by ids, those of final marks included; unknown ids are left out."""
    shown = []
    for ident in call.id_list():
        try:
            journal, found = call.work(ident)
        except ApiError:
            continue
        shown.append(JournalView(call.school, journal).work(found))
    return shown


def _demand_open_marks(call: Call) -> None:
    if call.variant.marks_by_group_closed:
        raise forbidden()


def _demand_open_lessons(call: Call) -> None:
    if call.variant.lesson_records_closed:
        raise forbidden()


@JOURNAL.get("edu-groups/{group}/marks/{start}/{end}")
def group_marks(call: Call) -> object:
    """Return the Marks of a group's lessons in a range of lesson days."""
    _demand_open_marks(call)
    found = call.open_group()
    view = JournalView(call.school, found[0])
    return [view.mark(m) for le in _lessons(call, found) for m in view.marks_of_lesson(le)]


@JOURNAL.get("edu-groups/{group}/subjects/{subject}/marks/{start}/{end}")
def subject_marks(call: Call) -> object:
    """Return the Marks of a group's lessons of one subject."""
    _demand_open_marks(call)
    found, subject = call.open_group(), call.subject()
    view = JournalView(call.school, found[0])
    lessons = (le for le in _lessons(call, found) if le.subject == subject)
    return [view.mark(m) for le in lessons for m in view.marks_of_lesson(le)]


@JOURNAL.post("lessons/many/marks", "lessons/marks")
def marks_of_lessons(call: Call) -> object:
    """Return the Marks of lessons by ids."""
    _demand_open_lessons(call)
    known = _known_lessons(call, call.id_list())
    return [view.mark(m) for view, le in known for m in view.marks_of_lesson(le)]


@JOURNAL.get("lessons/{lesson}/marks")
def lesson_marks(call: Call) -> object:
    """Return the Marks of a lesson."""
    _demand_open_lessons(call)
    journal, found = call.lesson(call.number("lesson"))
    view = JournalView(call.school, journal)
    return [view.mark(m) for m in view.marks_of_lesson(found)]


@JOURNAL.get("works/{work}/marks")
def work_marks(call: Call) -> object:
    """Return the Marks of a work."""
    _demand_open_lessons(call)
    journal, found = call.work(call.number("work"))
    view = JournalView(call.school, journal)
    return [view.mark(m) for m in view.marks_of(found)]


@JOURNAL.get("marks/values")
def mark_values(call: Call) -> object:  # noqa: ARG001
    """Return the values of every mark type, keyed by the type in lower case."""
    return MARK_VALUES


@JOURNAL.get("marks/values/type/{type}")
def values_of_type(call: Call) -> object:
    """Return the values of one mark type."""
    values = MARK_VALUES.get(call.text("type").lower())
    if values is None:
        raise bad_parameter("type")
    return values


@JOURNAL.get("marks/{mark}")
def mark(call: Call) -> object:
    """Return a Mark."""
    journal, found = call.mark(call.number("mark"))
    return JournalView(call.school, journal).mark(found)


@JOURNAL.get("lesson-log-entries/statuses")
def statuses(call: Call) -> object:  # noqa: ARG001
    """Return the attendance statuses."""
    return STATUSES


@JOURNAL.get("lesson-log-entries/group/{group}")
def group_entries(call: Call) -> object:
    """Return a group's LessonLogEntries of a range of days, of one subject if asked."""
    if call.variant.attendance_by_group_closed:
        raise call_closed()
    found = call.open_group()
    subject = call.query_number("subject")
    if subject is None and call.variant.attendance_needs_subject:
        raise bad_parameter("subject")
    wanted = call.school.ids.subject_index(subject) if subject else None
    view = JournalView(call.school, found[0])
    lessons = call.lessons(found, *call.span("from", "to"))
    return [
        view.entry(entry)
        for each in lessons
        if wanted is None or each.subject == wanted
        for entry in view.entries_of(each)
    ]


@JOURNAL.get("lesson-log-entries")
def entries_of_lessons(call: Call) -> object:
    """Return the LessonLogEntries of lessons by ids."""
    _demand_open_lessons(call)
    known = _known_lessons(call, call.numbers("lessons"))
    return [view.entry(entry) for view, found in known for entry in view.entries_of(found)]


@JOURNAL.get("lessons/{lesson}/log-entries")
def lesson_entries(call: Call) -> object:
    """Return the LessonLogEntries of a lesson."""
    _demand_open_lessons(call)
    journal, found = call.lesson(call.number("lesson"))
    view = JournalView(call.school, journal)
    return [view.entry(entry) for entry in view.entries_of(found)]


@JOURNAL.get("lesson-log-entries/lesson/{lesson}/person/{person}")
def lesson_entry_of_person(call: Call) -> object:
    """Return a person's LessonLogEntry of a lesson; an error if there is none."""
    journal, found = call.lesson(call.number("lesson"))
    person = call.person()
    view = JournalView(call.school, journal)
    for entry in view.entries_of(found):
        if entry.person == person:
            return view.entry(entry)
    raise unknown_id(Kind.LESSON.name.lower())
