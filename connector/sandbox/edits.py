"""Changes of the truth while a school is served; ids are those of the API.

Every function raises KeyError for an id the school does not have. Homework is changed by
`homework_edits`, memberships by `membership_edits`.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta

from connector.sandbox.clock import to_ms
from connector.sandbox.content.work_types import WORK_KINDS
from connector.sandbox.homework_edits import add_file, add_homework, change_homework, remove_file, remove_work
from connector.sandbox.ids import Kind
from connector.sandbox.journal import Journal
from connector.sandbox.membership_edits import archive_membership, transfer_pupil
from connector.sandbox.records import Lesson, LogEntry, Mark
from connector.sandbox.school import School

__all__ = [
    "add_file",
    "add_homework",
    "add_late_mark",
    "add_mark",
    "advance_clock",
    "archive_membership",
    "cancel_lesson",
    "change_attendance",
    "change_final_mark",
    "change_homework",
    "change_mark",
    "change_topic",
    "move_lesson",
    "remove_file",
    "remove_lesson",
    "remove_mark",
    "remove_work",
    "set_clock",
    "transfer_pupil",
]


def _lesson(school: School, ident: int) -> tuple[Journal, Lesson]:
    journal, serial = school.locate(Kind.LESSON, ident)
    lesson = journal.lessons[serial] if serial < len(journal.lessons) else None
    if lesson is None:
        raise KeyError(ident)
    return journal, lesson


def _mark(school: School, ident: int) -> tuple[Journal, Mark]:
    journal, serial = school.locate(Kind.MARK, ident)
    mark = journal.marks[serial] if serial < len(journal.marks) else None
    if mark is None:
        raise KeyError(ident)
    return journal, mark


def _person(school: School, ident: int) -> int:
    index = school.ids.person_index(ident)
    if not school.is_pupil(index):
        raise KeyError(ident)
    return index


def change_mark(school: School, mark_id: int, value: str) -> None:
    """Give a mark another value; its id and the moment it was set stay."""
    with school.lock:
        journal, mark = _mark(school, mark_id)
        journal.marks[mark.serial] = mark._replace(value=value)


def remove_mark(school: School, mark_id: int) -> None:
    """Remove a mark."""
    with school.lock:
        journal, mark = _mark(school, mark_id)
        journal.remove_mark(mark.serial)


def add_mark(school: School, work_id: int, person_id: int, value: str, at: datetime | None = None) -> int:
    """Set a mark for a work, now by the school's clock or `at` a moment; return its id."""
    with school.lock:
        journal, serial = school.locate(Kind.WORK, work_id)
        if serial >= len(journal.works) or journal.works[serial] is None:
            raise KeyError(work_id)
        person = _person(school, person_id)
        marks = (journal.marks[n] for n in journal.marks_of.get(serial, ()))
        number = 1 + sum(1 for mark in marks if mark is not None and mark.person == person)
        moment = to_ms(at if at is not None else school.now)
        mark = journal.add_mark(person, serial, number, value, moment)
        return school.ids.big(Kind.MARK, journal.year, mark.serial)


def change_topic(school: School, lesson_id: int, topic: str | None) -> None:
    """Give a lesson another topic, None for none."""
    with school.lock:
        journal, lesson = _lesson(school, lesson_id)
        journal.replace_lesson(lesson._replace(title=topic))


def move_lesson(school: School, lesson_id: int, day: date, number: int | None = None) -> None:
    """Move a lesson to another day, and to another number if one is given."""
    with school.lock:
        journal, lesson = _lesson(school, lesson_id)
        place = lesson.number if number is None else number
        journal.replace_lesson(lesson._replace(day=day.toordinal(), number=place))


def cancel_lesson(school: School, lesson_id: int) -> None:
    """Mark a lesson as cancelled; what was written in it stays."""
    with school.lock:
        journal, lesson = _lesson(school, lesson_id)
        journal.replace_lesson(lesson._replace(cancelled=True))


def remove_lesson(school: School, lesson_id: int) -> None:
    """Remove a lesson with its works, marks and attendance."""
    with school.lock:
        journal, lesson = _lesson(school, lesson_id)
        journal.remove_lesson(lesson.serial)


def change_attendance(
    school: School, lesson_id: int, person_id: int, status: str | None, comment: str | None = None
) -> None:
    """Give a pupil another attendance status in a lesson, None for no entry at all.

    An entry that shows already keeps its moment, a new one is made now.
    """
    with school.lock:
        journal, lesson = _lesson(school, lesson_id)
        person = _person(school, person_id)
        entries = journal.entries_of.pop(lesson.serial, [])
        rest = [entry for entry in entries if entry.person != person]
        if status is not None:
            old = [entry.moment for entry in entries if entry.person == person]
            moment = min([*old, school.now_ms])
            rest.append(LogEntry(lesson.serial, person, status, comment, moment))
        if rest:
            journal.entries_of[lesson.serial] = rest


def add_late_mark(school: School, lesson_id: int, person_id: int, value: str) -> int:
    """Set a mark now for the usual work of a lesson, however old; return its id."""
    with school.lock:
        journal, lesson = _lesson(school, lesson_id)
        if not lesson.works:
            raise KeyError(lesson_id)
        work = school.ids.big(Kind.WORK, journal.year, lesson.works[0])
        return add_mark(school, work, person_id, value)


def change_final_mark(
    school: School,
    group_id: int,
    subject_id: int,
    person_id: int,
    value: str,
    *,
    period: int | None = None,
    kind: str = "PeriodMark",
) -> int:
    """Change a final mark of a class, or set it now if there is none yet; return its id.

    `period` counts from zero, None is the whole year; `kind` is PeriodMark, Exam or PeriodFinalMark.
    """
    with school.lock:
        journal, group = school.group(group_id)
        person, subject = _person(school, person_id), school.ids.subject_index(subject_id)
        for serial in journal.final_works_of.get(group.index, ()):
            work = journal.works[serial]
            if work is None or work.subject != subject or WORK_KINDS[work.kind].kind != kind:
                continue
            if (None if work.period_type == "Year" else work.period) != period:
                continue
            for number in journal.marks_of.get(serial, ()):
                mark = journal.marks[number]
                if mark is not None and mark.person == person:
                    moment = min(mark.moment, school.now_ms)
                    journal.marks[number] = mark._replace(value=value, moment=moment)
                    return school.ids.big(Kind.MARK, journal.year, number)
            added = journal.add_mark(person, serial, 1, value, school.now_ms)
            return school.ids.big(Kind.MARK, journal.year, added.serial)
        raise KeyError(subject_id)


def set_clock(school: School, now: datetime) -> None:
    """Set the school's clock; one without a zone is school time. It may also go back."""
    with school.lock:
        school.now = now


def advance_clock(school: School, days: int = 1) -> None:
    """Let days pass: the next night shows what was written meanwhile."""
    with school.lock:
        school.now += timedelta(days=days)
