"""Answers become records where they are fetched; what needs the archive for that is left to the writer."""

from __future__ import annotations

import json
from typing import Any

import pytest
import sqlalchemy as sa

from archive_store import schema
from archive_store.checkpoints import Place
from archive_store.history import write
from archive_store.records import Lesson, Mark
from connector.api.calls import Call
from connector.sync.answer import Answer
from connector.sync.answer_reading import AnswerReading
from connector.sync.journal import LESSONS, MARKS
from connector.sync.limits import Limits
from connector.sync.moments import MomentReader
from connector.sync.slices import Slice

GROUP, LESSON = 2_400_000_000_000_000_101, 2_410_000_000_000_000_001


def month(kind: Any) -> Slice:
    return Slice(kind, Place(kind.name, GROUP, "2025-09-01", "2025-09-30"), owned=(GROUP,), known=(GROUP,))


def a_lesson(**other: Any) -> dict[str, Any]:
    return {"id": LESSON, "group": GROUP, "date": "2025-09-10T00:00:00", "works": [], **other}


def answer(*rows: dict[str, Any]) -> Answer:
    return Answer([Call("edu-groups/1/lessons")], [json.dumps(rows).encode()])


class NoPlatform:
    """No answer leads to another call here."""

    def fetch(self, call: Call) -> bytes:
        raise AssertionError(call)


@pytest.fixture
def reading(store: sa.Engine) -> AnswerReading:
    return AnswerReading(store, NoPlatform(), 1, MomentReader(), Limits())  # type: ignore[arg-type]


def test_lessons_need_no_archive(reading: AnswerReading) -> None:
    found = answer(a_lesson())
    reading.read(month(LESSONS), found)
    assert found.mapped is not None
    assert [batch.entity for batch in found.mapped.batches] == [schema.LESSON, schema.WORK, schema.SUBJECT]
    assert [row[0] for row in found.mapped.batches[0].rows] == [LESSON]


def test_lessons_that_are_silent_on_works_do(reading: AnswerReading) -> None:
    found = answer(a_lesson(works=None))
    reading.read(month(LESSONS), found)
    assert found.mapped is None  # what the archive holds of their works is to stay


def test_marks_are_filed_under_lessons_of_the_archive(reading: AnswerReading, store: sa.Engine) -> None:
    lesson = Lesson(LESSON, GROUP, 63, "2025-09-10", 1, "Roots", None, "[]", None, None)
    with store.begin() as connection:
        write(connection, schema.LESSON, 1, 1, [lesson])
    found = answer({"id": 7, "value": "5", "person": 8, "work": 9, "lesson": LESSON})
    reading.read(month(MARKS), found)
    assert found.mapped is not None
    ((mark,),) = [batch.rows for batch in found.mapped.batches]
    assert Mark._make(mark[:-1])[3:7] == (LESSON, GROUP, 63, "2025-09-10")
