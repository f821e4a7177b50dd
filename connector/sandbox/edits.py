"""Changes of the truth while a school is served; ids are those of the API.

Every function raises KeyError for an id the school does not have.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta

from connector.sandbox.clock import to_ms
from connector.sandbox.groups import CLASS, Member
from connector.sandbox.ids import Kind
from connector.sandbox.journal import Journal
from connector.sandbox.records import Lesson, Mark
from connector.sandbox.school import School


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
        person = school.ids.person_index(person_id)
        if not 0 <= person < len(school.staff) + len(school.pupils):
            raise KeyError(person_id)
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


def archive_membership(school: School, group_id: int, person_id: int, last: date | None = None) -> None:
    """End a pupil's membership after the day `last` (yesterday by default).

    Leaving a class ends the memberships in its subgroups too. Marks already set stay.
    """
    with school.lock:
        journal, group = school.group(group_id)
        person = school.ids.person_index(person_id)
        day = last if last is not None else school.today - timedelta(days=1)
        related = [group]
        if group.kind == CLASS:
            related += [journal.groups[n] for n in journal.subgroups_of.get(group.index, ())]
        if all(member.pupil.person.index != person for member in group.members):
            raise KeyError(person_id)
        for each in related:
            each.members = [
                Member(m.pupil, m.first, day) if m.pupil.person.index == person else m for m in each.members
            ]


def set_clock(school: School, now: datetime) -> None:
    """Set the school's clock; one without a zone is school time. It may also go back."""
    with school.lock:
        school.now = now
