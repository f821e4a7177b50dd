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
from connector.sync.plan import Window
from connector.sync.summary import Failure

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
    "homework_files": schema.HOMEWORK_FILE,
    "homework_tasks": schema.HOMEWORK_TASK,
}
# The partner API lists no call that reads these (see docs/how-it-works.md).
_NO_CALL: Final = ("messages", "notice_board")


def sections(
    connection: sa.Connection, school_id: int, window: Window, failures: Sequence[Failure]
) -> list[Section]:
    """Every section with its state after a run."""
    return [
        *_asked(connection, school_id, window, failures),
        *(Section(one, NOT_OFFERED, None) for one in _NO_CALL),
    ]


def _asked(
    connection: sa.Connection, school_id: int, window: Window, failures: Sequence[Failure]
) -> Iterator[Section]:
    errors = {one.slice.kind.name: one.error for one in failures}
    refused = checkpoints.refused(connection, school_id)
    not_asked = {"homework_files": not window.homework_files, "homework_tasks": not window.homework_tasks}
    for name, entity in _SECTIONS.items():
        if not_asked.get(name):
            yield Section(name, NOT_ASKED, None)
        elif _holds_records(connection, school_id, entity):
            yield Section(name, RECEIVED, None)
        elif name in refused:
            yield Section(name, REFUSED, None)
        else:
            error = errors.get(name)
            yield Section(name, _state(error), getattr(error, "reason", None))


def _state(error: ApiError | None) -> str:
    if error is None:
        return EMPTY
    if isinstance(error, AccessRefused):
        return REFUSED
    return NOT_OFFERED if isinstance(error, (CallRefused, NotThere)) else FAILED


def _holds_records(connection: sa.Connection, school_id: int, entity: Entity[Any]) -> bool:
    query = sa.select(sa.literal(1)).where(AsOf(school_id).stands(entity)).limit(1)
    return connection.execute(query).first() is not None
