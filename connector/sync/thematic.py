"""The kind of slices for thematic marks: a class, one call for each of its subjects."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import sqlalchemy as sa

from archive_store import schema
from archive_store.asof import AsOf
from archive_store.history import Scope
from connector.api import calls
from connector.api import models as wire
from connector.api.calls import Call
from connector.sync import mapping
from connector.sync.answer import Answer
from connector.sync.slices import Kind, Reading, Slice, Writing


def _subjects(reading: Reading, slice_: Slice) -> list[int]:
    """The subjects in which the class has had lessons, or has thematic marks."""
    found: set[int] = set()
    for entity in (schema.LESSON, schema.THEMATIC_MARK):
        columns = entity.table.c
        query = sa.select(columns.subject_id).where(
            AsOf(reading.school_id).stands(entity),
            columns.group_id.in_(slice_.known),
            columns.subject_id.is_not(None),
        )
        found.update(reading.connection.execute(query.distinct()).scalars())
    return sorted(found)


def _calls(reading: Reading, slice_: Slice) -> Sequence[Call]:
    group_id = slice_.place.group_id
    return [calls.thematic_marks(group_id, subject) for subject in _subjects(reading, slice_)]


def _write(writing: Writing, slice_: Slice, answer: Answer) -> None:
    group_id = slice_.place.group_id
    subjects = _subjects(writing.reading, slice_)
    records = [
        mapping.thematic_mark(model, group_id, subject, writing.moments)
        for subject, part in zip(subjects, answer.parts(list[wire.Mark]), strict=True)
        for model in part
    ]
    writing.write(schema.THEMATIC_MARK, records, Scope((("group_id", (group_id,)),)))


THEMATIC_MARKS: Final = Kind(
    "thematic_marks", None, _write, list[wire.Mark], optional=True, other_ways=(_calls,)
)
