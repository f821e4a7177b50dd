"""The sections of the journal and the diary, and whether the platform gives them: received, empty, refused
by rights, or not offered by the API.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

import sqlalchemy as sa

from archive_store import checkpoints, schema
from archive_store.asof import AsOf
from archive_store.records import Section
from archive_store.schema import Entity
from connector.api.errors import AccessRefused, ApiError, CallRefused, NotThere
from connector.sync.summary import Failure
from connector.sync.window import Window

RECEIVED: Final = "received"
EMPTY: Final = "empty"
REFUSED: Final = "refused"
NOT_OFFERED: Final = "not offered"
NOT_ASKED: Final = "not asked"
FAILED: Final = "failed"

# Which slices bring a section, and where its records lie.
_SECTIONS: Final[Mapping[str, Entity[Any]]] = {
    "roster": schema.MEMBERSHIP,
    "former_members": schema.FORMER_MEMBER,
    "class_teacher": schema.CLASS_TEACHER,
    "teachers": schema.TEACHER,
    "reporting_periods": schema.REPORTING_PERIOD,
    "timetables": schema.BELL,
    "work_types": schema.WORK_TYPE,
    "lessons": schema.LESSON,
    "marks": schema.MARK,
    "attendance": schema.ATTENDANCE,
    "final_marks": schema.FINAL_MARK,
    "averages": schema.PLATFORM_AVERAGE,
    "thematic_marks": schema.THEMATIC_MARK,
    "criteria_marks": schema.CRITERIA_MARK,
    "criteria_totals": schema.CRITERIA_TOTAL,
    "criteria_sections": schema.CRITERIA_SECTION,
    "homework_files": schema.HOMEWORK_FILE,
    "homework_tasks": schema.HOMEWORK_TASK,
}
# What few schools have is found out once in a while: which trait says it.
_FOUND_OUT: Final = {
    "thematic_marks": "thematic_marks",
    "criteria_marks": "criteria_marks",
    "criteria_totals": "criteria_marks",
    "criteria_sections": "criteria_marks",
}
# The partner API lists no call that reads these (see docs/how-it-works.md).
_NO_CALL: Final = ("messages", "notice_board")


def sections(
    connection: sa.Connection,
    school_id: int,
    window: Window,
    failures: Sequence[Failure],
    traits: Mapping[str, str],
) -> list[Section]:
    """Every section with its state after a run."""
    return [
        *_asked(connection, school_id, window, failures, traits),
        *(Section(one, NOT_OFFERED, None) for one in _NO_CALL),
    ]


def _asked(
    connection: sa.Connection,
    school_id: int,
    window: Window,
    failures: Sequence[Failure],
    traits: Mapping[str, str],
) -> Iterator[Section]:
    errors = {one.slice.kind.name: one.error for one in failures}
    refused = checkpoints.refused(connection, school_id)
    not_asked = {"homework_files": not window.homework_files, "homework_tasks": not window.homework_tasks}
    for name, entity in _SECTIONS.items():
        if not_asked.get(name):
            yield Section(name, NOT_ASKED, None)
        elif _holds_records(connection, school_id, entity):
            yield Section(name, RECEIVED, None)
        elif name in _FOUND_OUT and traits.get(_FOUND_OUT[name]) != RECEIVED:
            yield Section(name, traits.get(_FOUND_OUT[name], NOT_ASKED), None)
        elif name in refused:
            yield Section(name, REFUSED, None)
        else:
            error = errors.get(name)
            yield Section(name, state_of(error), getattr(error, "reason", None))


def state_of(error: ApiError | None) -> str:
    """What the error of a section's calls means for it."""
    if error is None:
        return EMPTY
    if isinstance(error, AccessRefused):
        return REFUSED
    return NOT_OFFERED if isinstance(error, (CallRefused, NotThere)) else FAILED


def _holds_records(connection: sa.Connection, school_id: int, entity: Entity[Any]) -> bool:
    query = sa.select(sa.literal(1)).where(AsOf(school_id).stands(entity)).limit(1)
    return connection.execute(query).first() is not None
