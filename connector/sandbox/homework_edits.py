"""Changes of homework and its files while a school is served; ids are those of the API.

Every function raises KeyError for an id the school does not have.
"""

from __future__ import annotations

from connector.sandbox.content.homework import FILE_NAMES
from connector.sandbox.content.work_types import HOMEWORK
from connector.sandbox.ids import Kind
from connector.sandbox.journal import Journal
from connector.sandbox.records import AttachedFile, Work
from connector.sandbox.school import School
from connector.sandbox.year_calendar import calendar_of


def _work(school: School, ident: int) -> tuple[Journal, Work]:
    journal, serial = school.locate(Kind.WORK, ident)
    work = journal.works[serial] if serial < len(journal.works) else None
    if work is None:
        raise KeyError(ident)
    return journal, work


def add_homework(school: School, lesson_id: int, text: str, *, files: int = 0) -> int:
    """Give homework in a lesson now, with so many files; return the id of its work."""
    with school.lock:
        journal, serial = school.locate(Kind.LESSON, lesson_id)
        lesson = journal.lessons[serial] if serial < len(journal.lessons) else None
        if lesson is None:
            raise KeyError(lesson_id)
        calendar = calendar_of(journal.year, journal.groups[lesson.group].grade)
        work = Work(
            len(journal.works),
            HOMEWORK,
            lesson.serial,
            lesson.group,
            lesson.subject,
            calendar.period_at(lesson.day),
            calendar.periods[0].kind,
            1,
            text,
            (),
            lesson.teacher,
            lesson.day,
            school.now_ms,
        )
        journal.add_work(lesson, work)
        ident = school.ids.big(Kind.WORK, journal.year, work.serial)
        for _ in range(files):
            add_file(school, ident)
        return ident


def change_homework(school: School, work_id: int, text: str) -> None:
    """Give a homework (or any work) another text."""
    with school.lock:
        journal, work = _work(school, work_id)
        journal.works[work.serial] = work._replace(text=text)


def remove_work(school: School, work_id: int) -> None:
    """Remove a homework, or any work of a lesson, with its marks and files."""
    with school.lock:
        journal, work = _work(school, work_id)
        journal.remove_work(work.serial)


def add_file(school: School, work_id: int) -> int:
    """Hang one more file on a homework now; return the file's id."""
    with school.lock:
        journal, work = _work(school, work_id)
        serial = len(journal.files)
        journal.files.append(AttachedFile(serial, serial % len(FILE_NAMES), work.author, school.now_ms))
        journal.works[work.serial] = work._replace(files=(*work.files, serial))
        return school.ids.file(journal.year, serial)


def remove_file(school: School, work_id: int, file_id: int) -> None:
    """Take a file off a homework; its download is 404 from then on."""
    with school.lock:
        journal, work = _work(school, work_id)
        year, serial = school.ids.file_parts(file_id)
        if year != journal.year or serial not in work.files:
            raise KeyError(file_id)
        journal.files[serial] = None
        journal.works[work.serial] = work._replace(files=tuple(n for n in work.files if n != serial))
