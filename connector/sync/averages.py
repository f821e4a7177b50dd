"""Kinds of slices for the averages that the platform computes itself, as it shows them at a period's end."""

from __future__ import annotations

from typing import Final

from archive_store import schema
from archive_store.history import Scope
from archive_store.records import PlatformAverage
from connector.api import calls
from connector.api import models as wire
from connector.api.calls import Call
from connector.sync.answer import Answer
from connector.sync.slices import Kind, Slice, Writing


def _write_simple(writing: Writing, slice_: Slice, answer: Answer) -> None:
    rows = answer.parsed(list[wire.PersonAverages])
    shown = [(row.person, one.subject, one.value) for row in rows for one in row.averages or ()]
    _write(writing, slice_, "simple", shown)


def _write_weighted(writing: Writing, slice_: Slice, answer: Answer) -> None:
    subjects = answer.parsed(wire.WeightedAverages).subject_marks or ()
    shown = [(one.person, row.subject, one.value) for row in subjects for one in row.marks or ()]
    _write(writing, slice_, "weighted", shown)


def _write(
    writing: Writing, slice_: Slice, kind: str, shown: list[tuple[int, int, str | int | float | None]]
) -> None:
    place = slice_.place
    records = [
        PlatformAverage(place.group_id, place.first_day, place.last_day, person, subject, kind, str(value))
        for person, subject, value in shown
        if value not in (None, "")
    ]
    scope = Scope(
        (
            ("group_id", (place.group_id,)),
            ("first_day", (place.first_day,)),
            ("last_day", (place.last_day,)),
            ("kind", (kind,)),
        )
    )
    writing.write(schema.PLATFORM_AVERAGE, records, scope)


def _simple_calls(slice_: Slice) -> list[Call]:
    return [calls.averages(slice_.place.group_id, slice_.place.first_day, slice_.place.last_day)]


def _weighted_calls(slice_: Slice) -> list[Call]:
    return [calls.weighted_averages(slice_.place.group_id, slice_.place.first_day, slice_.place.last_day)]


SIMPLE_AVERAGES: Final = Kind("averages", _simple_calls, _write_simple, optional=True)
WEIGHTED_AVERAGES: Final = Kind("weighted_averages", _weighted_calls, _write_weighted, optional=True)
KINDS: Final = (SIMPLE_AVERAGES, WEIGHTED_AVERAGES)
