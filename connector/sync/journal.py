"""Kinds of slices for the journal itself: lessons with works and homework, marks, attendance."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import date, timedelta
from typing import Any, Final

import sqlalchemy as sa

from archive_store import records, schema
from archive_store.asof import AsOf, read
from archive_store.catalogue import day_after
from archive_store.history import Absence
from archive_store.schema import Entity
from connector.api import calls
from connector.api import models as wire
from connector.api.calls import Call
from connector.sync import mapping
from connector.sync.answer import Answer
from connector.sync.pupils import pupils_of
from connector.sync.slices import Filing, Kind, Reading, Slice, Writing

# No limit of a batch is documented; third-party clients send some hundreds of ids at once.
_IDS_PER_CALL: Final = 100
# In a query each id takes about 30 characters, and long addresses are cut by servers between.
IDS_PER_QUERY: Final = 50
# Slices of one class and month come together, or nearly so.
_PLACES_NEARBY: Final = 8
# The number of the way by which marks and attendance are read pupil by pupil.
_BY_PUPILS: Final = 3
# A lesson may fall beside the days that were asked for, as ranges and zones are not documented.
_NEAR: Final = timedelta(days=7)


def _lesson_calls(slice_: Slice) -> Sequence[Call]:
    place = slice_.place
    # Whether the end of a range is inclusive is not documented: ask for one day more.
    end = day_after(place.last_day)
    return [calls.lessons(place.group_id, place.first_day, end, slice_.subject_id)]


def _mark_calls(slice_: Slice) -> Sequence[Call]:
    place = slice_.place
    end = day_after(place.last_day)
    return [calls.marks(place.group_id, place.first_day, end, slice_.subject_id)]


def _attendance_calls(slice_: Slice) -> Sequence[Call]:
    place = slice_.place
    end = day_after(place.last_day)
    return [calls.attendance(place.group_id, place.first_day, end, slice_.subject_id)]


def _write_lessons(writing: Writing, slice_: Slice, answer: Answer) -> None:
    models = answer.parsed(list[wire.Lesson])
    filed = [(model, mapping.lesson(model)) for model in models]
    writing.unfiled += sum(_is_absurd(slice_, lesson.day) for _, lesson in filed)
    ours = [(model, lesson) for model, lesson in filed if _belongs(slice_, mapping.filing(lesson))]
    writing.write(schema.LESSON, [lesson for _, lesson in ours], slice_.scope())
    works = [
        mapping.work(work, writing.moments, lesson) for model, lesson in ours for work in model.works or ()
    ]
    silent = [lesson.lesson_id for model, lesson in ours if model.works is None]
    writing.write(schema.WORK, works + _standing_works(writing, silent), slice_.scope())
    subjects = {model.subject.id: model.subject for model, _ in ours if model.subject}
    named = [mapping.subject(subject) for subject in subjects.values()]
    writing.write(schema.SUBJECT, named, absence=Absence.KEEP_KNOWN)


def _write_marks(writing: Writing, slice_: Slice, answer: Answer) -> None:
    models = answer.parsed(list[wire.Mark])
    of_lessons = [model for model in models if model.lesson is not None]
    lessons = _lessons_behind(writing, slice_, answer)
    writing.unfiled += sum(model.lesson not in lessons for model in of_lessons)
    # A mark of a period says null. One that says nothing has lost its lesson.
    writing.unfiled += sum("lesson" not in model.model_fields_set for model in models)
    records = [
        mapping.mark(model, writing.moments, lesson)
        for model in of_lessons
        if model.lesson is not None and (lesson := lessons.get(model.lesson)) and _belongs(slice_, lesson)
    ]
    writing.write(schema.MARK, records, slice_.scope())


def _write_attendance(writing: Writing, slice_: Slice, answer: Answer) -> None:
    models = entries(answer)
    lessons = _lessons_behind(writing, slice_, answer)
    if answer.way == _BY_PUPILS:
        lessons |= _lessons_of_pupils(writing.reading, answer)
    writing.unfiled += sum(model.lesson not in lessons for model in models)
    records = [
        mapping.attendance(model, writing.moments, lesson)
        for model in models
        if (lesson := lessons.get(model.lesson)) and _belongs(slice_, lesson)
        # A pupil's attendance comes from all of their groups; another class reads its own.
        if answer.way != _BY_PUPILS or lesson.group_id in slice_.owned
    ]
    writing.write(schema.ATTENDANCE, records, slice_.scope())


def entries(answer: Answer) -> list[wire.LessonLogEntry]:
    """The entries of an answer about attendance, whichever way was gone. Raises WrongShape."""
    if answer.way != _BY_PUPILS:
        return answer.parsed(list[wire.LessonLogEntry])
    return [one for log in answer.parts(wire.PersonLessonLog) for one in log.log_entries or ()]


def _belongs(slice_: Slice, lesson: Filing) -> bool:
    """Whether a lesson is this slice's: of its days, its subject, and no other slice's group.

    A subgroup of two classes has slices of its own; the answers for its classes may hold parts of it.
    """
    in_days = slice_.place.first_day <= lesson.day <= slice_.place.last_day
    elsewhere = lesson.group_id in slice_.known and lesson.group_id not in slice_.owned
    of_subject = slice_.subject_id is None or lesson.subject_id == slice_.subject_id
    return in_days and of_subject and not elsewhere


def _is_absurd(slice_: Slice, day: str) -> bool:
    """Whether a lesson's day is none that was asked for, nor near it: then its record is not elsewhere."""
    first, last = (date.fromisoformat(text) for text in (slice_.place.first_day, slice_.place.last_day))
    return not first - _NEAR <= date.fromisoformat(day) <= last + _NEAR


def _standing_works(writing: Writing, lesson_ids: Sequence[int]) -> list[records.Work]:
    """The archive's works of lessons that came without a list of works: silence does not withdraw them."""
    at, column = AsOf(writing.school_id), schema.WORK.table.c.lesson_id
    return list(read(writing.connection, schema.WORK, at, column.in_(lesson_ids))) if lesson_ids else []


def _lessons_of_marks(reading: Reading, slice_: Slice, answer: Answer) -> Sequence[Call]:
    models = answer.parsed(list[wire.Mark])
    return _unknown_lessons(reading, slice_, {model.lesson for model in models if model.lesson is not None})


def _lessons_of_attendance(reading: Reading, slice_: Slice, answer: Answer) -> Sequence[Call]:
    wanted = {model.lesson for model in entries(answer)}
    if answer.way == _BY_PUPILS:
        wanted -= _lessons_of_pupils(reading, answer).keys()
    return _unknown_lessons(reading, slice_, wanted)


def _lessons_of_pupils(reading: Reading, answer: Answer) -> dict[int, Filing]:
    """The lessons of whatever class at which pupils attended: the answer's own, or the archive's."""
    logs = answer.parts(wire.PersonLessonLog)
    shown = [mapping.filing(mapping.lesson(model)) for log in logs for model in log.lessons or ()]
    found = {lesson.lesson_id: lesson for lesson in shown}
    unknown = sorted({one.lesson for one in entries(answer)} - found.keys())
    columns = schema.LESSON.table.c
    for some in chunks(unknown, _IDS_PER_CALL):
        query = sa.select(columns.lesson_id, columns.group_id, columns.subject_id, columns.day).where(
            AsOf(reading.school_id).stands(schema.LESSON), columns.lesson_id.in_(some)
        )
        found |= {row[0]: Filing._make(row) for row in reading.connection.execute(query)}
    return found


def _unknown_lessons(reading: Reading, slice_: Slice, wanted: set[int]) -> Sequence[Call]:
    """Calls for the lessons that the archive does not know: one after the last day, say."""
    unknown = sorted(wanted - _lessons_nearby(reading, slice_).keys())
    return [calls.lessons_by_id(ids) for ids in chunks(unknown)]


def _lessons_behind(writing: Writing, slice_: Slice, answer: Answer) -> dict[int, Filing]:
    """The lessons under which marks and attendance are filed: the archive's, and those looked up."""
    looked_up = (model for models in answer.follow_ups(list[wire.Lesson]) for model in models)
    filings = [mapping.filing(mapping.lesson(model)) for model in looked_up]
    found = {lesson.lesson_id: lesson for lesson in filings if not _is_absurd(slice_, lesson.day)}
    return found | _lessons_nearby(writing.reading, slice_)


def _lessons_nearby(reading: Reading, slice_: Slice) -> dict[int, Filing]:
    """The archive's lessons of the slice's groups and days, and of the day after, by their ids."""
    nearby = reading.nearby
    place = (slice_.known, slice_.place.first_day, slice_.place.last_day)
    if place not in nearby:
        table = schema.LESSON.table
        query = sa.select(table.c.lesson_id, table.c.group_id, table.c.subject_id, table.c.day).where(
            AsOf(reading.school_id).stands(schema.LESSON),
            table.c.group_id.in_(slice_.known),
            table.c.day.between(slice_.place.first_day, day_after(slice_.place.last_day)),
        )
        if len(nearby) >= _PLACES_NEARBY:
            del nearby[next(iter(nearby))]
        nearby[place] = {row[0]: Filing._make(row) for row in reading.connection.execute(query).all()}
    return nearby[place]


def chunks(ids: Sequence[int], size: int = _IDS_PER_CALL) -> Iterator[Sequence[int]]:
    """Ids in portions that one call may carry."""
    for start in range(0, len(ids), size):
        yield ids[start : start + size]


def _lesson_ids(reading: Reading, slice_: Slice) -> list[int]:
    """The archive's lessons that are this slice's."""
    nearby = _lessons_nearby(reading, slice_)
    return sorted(lesson.lesson_id for lesson in nearby.values() if _belongs(slice_, lesson))


def _marks_by_lessons(reading: Reading, slice_: Slice) -> Sequence[Call]:
    return [calls.marks_of_lessons(some) for some in chunks(_lesson_ids(reading, slice_))]


def _marks_lesson_by_lesson(reading: Reading, slice_: Slice) -> Sequence[Call]:
    return [calls.marks_of_lesson(one) for one in _lesson_ids(reading, slice_)]


def _attendance_by_lessons(reading: Reading, slice_: Slice) -> Sequence[Call]:
    ids = _lesson_ids(reading, slice_)
    return [calls.attendance_of_lessons(some) for some in chunks(ids, IDS_PER_QUERY)]


def _attendance_lesson_by_lesson(reading: Reading, slice_: Slice) -> Sequence[Call]:
    return [calls.attendance_of_lesson(one) for one in _lesson_ids(reading, slice_)]


def _marks_by_pupils(reading: Reading, slice_: Slice) -> Sequence[Call] | None:
    place, end = slice_.place, day_after(slice_.place.last_day)
    return _by_pupils(
        reading,
        slice_,
        schema.MARK,
        lambda person: calls.marks_of_pupil(person, place.group_id, place.first_day, end),
    )


def _attendance_by_pupils(reading: Reading, slice_: Slice) -> Sequence[Call] | None:
    first, end = slice_.place.first_day, day_after(slice_.place.last_day)
    return _by_pupils(
        reading, slice_, schema.ATTENDANCE, lambda person: calls.attendance_of_pupil(person, first, end)
    )


def _by_pupils(
    reading: Reading, slice_: Slice, entity: Entity[Any], ask: Callable[[int], Call]
) -> Sequence[Call] | None:
    """A call for each pupil; none where there are no lessons, None where nobody knows the pupils."""
    if not _lesson_ids(reading, slice_):
        return []
    return [ask(person) for person in pupils_of(reading, slice_, entity)] or None


LESSONS: Final = Kind("lessons", _lesson_calls, _write_lessons, list[wire.Lesson])
MARKS: Final = Kind(
    "marks",
    _mark_calls,
    _write_marks,
    list[wire.Mark],
    look_up=_lessons_of_marks,
    filed_by="lessons",
    other_ways=(_marks_by_lessons, _marks_lesson_by_lesson, _marks_by_pupils),
)
ATTENDANCE: Final = Kind(
    "attendance",
    _attendance_calls,
    _write_attendance,
    list[wire.LessonLogEntry],
    look_up=_lessons_of_attendance,
    filed_by="lessons",
    models={_BY_PUPILS: wire.PersonLessonLog},
    other_ways=(_attendance_by_lessons, _attendance_lesson_by_lesson, _attendance_by_pupils),
)
BY_DAYS: Final = (LESSONS, MARKS, ATTENDANCE)
