"""Kinds of slices for the diary: files of homework, and what became of homework with each pupil.

What they ask follows from the works that the archive holds, so they come after the lessons.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from typing import Final, NamedTuple

import sqlalchemy as sa

from archive_store import schema
from archive_store.asof import AsOf, read
from connector.api import calls
from connector.api import models as wire
from connector.api.calls import Call
from connector.sync import mapping
from connector.sync.answer import Answer
from connector.sync.journal import IDS_PER_QUERY, chunks
from connector.sync.slices import Kind, Reading, Slice, Writing

_HOMEWORK: Final = "Homework"

Homework = Mapping[str, AbstractSet[tuple[int, str]]]
"""Groups and months (``2026-03``) with homework, by the name of the kind."""


def months_with_homework(reading: Reading) -> Homework:
    """Which kind has something to ask of which group in which month."""
    table = schema.WORK.table
    month = sa.func.substr(table.c.day, 1, len("2026-03"))
    query = sa.select(table.c.group_id, month, sa.func.count(table.c.files)).where(
        AsOf(reading.school_id).stands(schema.WORK), table.c.type == _HOMEWORK, table.c.day.is_not(None)
    )
    rows = reading.connection.execute(query.group_by(table.c.group_id, month)).all()
    return {
        HOMEWORK_TASKS.name: {(group, of_month) for group, of_month, _ in rows},
        HOMEWORK_FILES.name: {(group, of_month) for group, of_month, files in rows if files},
    }


class _Homework(NamedTuple):
    """What a work says of the files and tasks that are filed under it."""

    work_id: int
    lesson_id: int | None
    group_id: int
    day: str


def _homework(reading: Reading, slice_: Slice, *, with_files: bool = False) -> list[_Homework]:
    """The homework of the slice's lessons; only that with files, if so wished."""
    table = schema.WORK.table
    query = sa.select(*(table.c[name] for name in _Homework._fields)).where(
        AsOf(reading.school_id).stands(schema.WORK),
        table.c.type == _HOMEWORK,
        table.c.group_id.in_(slice_.owned),
        table.c.day.between(slice_.place.first_day, slice_.place.last_day),
    )
    if with_files:
        query = query.where(table.c.files.is_not(None))
    return sorted(map(_Homework._make, reading.connection.execute(query).all()))


def _file_calls(reading: Reading, slice_: Slice) -> Sequence[Call]:
    ids = [work.work_id for work in _homework(reading, slice_, with_files=True)]
    return [calls.homeworks(some) for some in chunks(ids, IDS_PER_QUERY)]


def _write_files(writing: Writing, slice_: Slice, answer: Answer) -> None:
    works = {work.work_id: work for work in _homework(writing.reading, slice_, with_files=True)}
    known = {
        (one.work_id, one.file_id): one
        for one in read(
            writing.connection,
            schema.HOMEWORK_FILE,
            AsOf(writing.school_id),
            schema.HOMEWORK_FILE.table.c.group_id.in_(slice_.owned),
        )
    }
    records = []
    for part in answer.parts(wire.Homeworks):
        files = {file.id: file for file in part.files}
        for work in part.works:
            filed = works.get(work.id)
            if filed is None:
                continue  # of a class that is not this slice's
            records += [
                mapping.homework_file(
                    work.id, files[number], filed.group_id, filed.day, known.get((work.id, number))
                )
                for number in work.files or ()
                if number in files
            ]
    writing.write(schema.HOMEWORK_FILE, records, slice_.scope())


def _task_calls(reading: Reading, slice_: Slice) -> Sequence[Call]:
    lessons = sorted({work.lesson_id for work in _homework(reading, slice_) if work.lesson_id is not None})
    return [calls.tasks_of_lessons(some) for some in chunks(lessons, IDS_PER_QUERY)]


def _write_tasks(writing: Writing, slice_: Slice, answer: Answer) -> None:
    works = {work.work_id: work for work in _homework(writing.reading, slice_)}
    records = [
        mapping.homework_task(task, filed.group_id, filed.day)
        for task in answer.parsed(list[wire.Task])
        if (filed := works.get(task.work))
    ]
    writing.write(schema.HOMEWORK_TASK, records, slice_.scope())


HOMEWORK_FILES: Final = Kind(
    "homework_files", None, _write_files, filed_by="lessons", other_ways=(_file_calls,)
)
HOMEWORK_TASKS: Final = Kind(
    "homework_tasks", None, _write_tasks, filed_by="lessons", other_ways=(_task_calls,)
)
