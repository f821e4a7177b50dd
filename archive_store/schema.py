"""The tables of the archive, made from :mod:`archive_store.records`.

Every versioned table has the record's columns and, around them: ``school_id`` first, so that a
district's database can be partitioned; ``digest``, SHA-256 of the record's canonical form;
``seen_from``, the run that first saw this version; ``seen_to``, the run that saw it gone or changed, or
NULL while it stands. A version stands *as of* run R when ``seen_from <= R`` and (``seen_to`` is NULL or
``seen_to > R``).
"""

from __future__ import annotations

from dataclasses import dataclass
from types import UnionType
from typing import Any, Final, Generic, NamedTuple, TypeVar, get_args, get_type_hints

import sqlalchemy as sa

from archive_store import records

R = TypeVar("R", bound=NamedTuple)

METADATA: Final = sa.MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)

_COLUMN_TYPES: Final[dict[type, sa.types.TypeEngine[Any]]] = {
    int: sa.BigInteger(),
    str: sa.Text(),
    bool: sa.Boolean(),
}


@dataclass(frozen=True, slots=True)
class Entity(Generic[R]):
    """A kind of record: its name, its tuple, its key within a school, its table."""

    name: str
    record: type[R]
    key: tuple[str, ...]
    table: sa.Table

    @property
    def columns(self) -> tuple[str, ...]:
        """The record's own columns, in the canonical order."""
        return self.record._fields


def _unwrap(annotation: object) -> tuple[type, bool]:
    """The plain type of an annotation and whether None is allowed."""
    if isinstance(annotation, UnionType):
        plain = next(part for part in get_args(annotation) if part is not type(None))
        return plain, True
    assert isinstance(annotation, type)  # noqa: S101 - records.py is ours
    return annotation, False


def _columns(record: type[R], key: tuple[str, ...]) -> list[sa.Column[Any]]:
    hints = get_type_hints(record, include_extras=True)
    columns: list[sa.Column[Any]] = []
    for name in record._fields:
        annotation, meaning = get_args(hints[name])
        plain, nullable = _unwrap(annotation)
        columns.append(
            sa.Column(
                name,
                _COLUMN_TYPES[plain],
                nullable=nullable,
                primary_key=name in key,
                autoincrement=False if name in key else "auto",
                comment=meaning,
            )
        )
    return columns


def _entity(record: type[R], *key: str, filed_under: tuple[str, ...] = ()) -> Entity[R]:
    name = "".join(f"_{c.lower()}" if c.isupper() else c for c in record.__name__).lstrip("_")
    table = sa.Table(
        name,
        METADATA,
        sa.Column("school_id", sa.BigInteger(), primary_key=True, autoincrement=False),
        *_columns(record, key),
        sa.Column("digest", sa.LargeBinary(32), nullable=False),
        sa.Column("seen_from", sa.Integer(), primary_key=True, autoincrement=False),
        sa.Column("seen_to", sa.Integer()),
    )
    # For the ledger. Without the school: SQLite would take it for the reading of a class's days.
    sa.Index(None, table.c.seen_from)
    closed = table.c.seen_to.is_not(None)
    # The migrations say it of PostgreSQL, too; said here, it would import what speaks with PostgreSQL.
    sa.Index(None, table.c.seen_to, sqlite_where=closed)
    if filed_under:
        sa.Index(None, table.c.school_id, *(table.c[column] for column in filed_under))
    return Entity(name, record, key, table)


SCHOOL: Final = _entity(records.School)
PERSON: Final = _entity(records.Person, "person_id")
TEACHER: Final = _entity(records.Teacher, "person_id")
EDU_GROUP: Final = _entity(records.EduGroup, "group_id")
MEMBERSHIP: Final = _entity(records.Membership, "group_id", "person_id")
CLASS_TEACHER: Final = _entity(records.ClassTeacher, "group_id", "person_id")
SUBJECT: Final = _entity(records.Subject, "subject_id")
REPORTING_PERIOD: Final = _entity(records.ReportingPeriod, "group_id", "period_id")
BELL: Final = _entity(records.Bell, "timetable", "bell_id")
WORK_TYPE: Final = _entity(records.WorkType, "work_type_id")
LESSON: Final = _entity(records.Lesson, "lesson_id", filed_under=("group_id", "day"))
WORK: Final = _entity(records.Work, "work_id", filed_under=("group_id", "day"))
MARK: Final = _entity(records.Mark, "mark_id", filed_under=("group_id", "day"))
ATTENDANCE: Final = _entity(records.Attendance, "lesson_id", "person_id", filed_under=("group_id", "day"))
FORMER_MEMBER: Final = _entity(records.FormerMember, "group_id", "person_id")
STAFF_MEMBER: Final = _entity(records.StaffMember, "kind", "person_id")
VALUE_LIST: Final = _entity(records.ValueList, "name")
HOMEWORK_FILE: Final = _entity(records.HomeworkFile, "work_id", "file_id", filed_under=("group_id", "day"))
HOMEWORK_TASK: Final = _entity(records.HomeworkTask, "task_id", filed_under=("group_id", "day"))
PLATFORM_AVERAGE: Final = _entity(
    records.PlatformAverage,
    "group_id", "first_day", "last_day", "person_id", "subject_id", "kind",
)  # fmt: skip
SECTION: Final = _entity(records.Section, "name")
FINAL_MARK: Final = _entity(records.FinalMark, "mark_id", filed_under=("group_id",))
THEMATIC_MARK: Final = _entity(records.ThematicMark, "mark_id", filed_under=("group_id",))
CRITERIA_MARK: Final = _entity(records.CriteriaMark, "mark_id", filed_under=("group_id", "period_id"))
CRITERIA_TOTAL: Final = _entity(records.CriteriaTotal, "group_id", "subject_id", "period_id", "person_id")
CRITERIA_SECTION: Final = _entity(records.CriteriaSection, "group_id", "subject_id", "period_id")

ENTITIES: Final[tuple[Entity[Any], ...]] = (
    SCHOOL, PERSON, TEACHER, EDU_GROUP, MEMBERSHIP, CLASS_TEACHER, SUBJECT, REPORTING_PERIOD, BELL,
    WORK_TYPE, LESSON, WORK, MARK, ATTENDANCE, FINAL_MARK, FORMER_MEMBER, STAFF_MEMBER, VALUE_LIST,
    HOMEWORK_FILE, HOMEWORK_TASK, PLATFORM_AVERAGE, SECTION,
    THEMATIC_MARK, CRITERIA_MARK, CRITERIA_TOTAL, CRITERIA_SECTION,
)  # fmt: skip

RUN: Final = sa.Table(
    "run",
    METADATA,
    sa.Column("run_id", sa.Integer(), primary_key=True),
    sa.Column("school_id", sa.BigInteger(), nullable=False),
    sa.Column("kind", sa.Text(), nullable=False, comment="sync or resync"),
    sa.Column("started_at", sa.Text(), nullable=False),
    sa.Column("ended_at", sa.Text()),
    sa.Column("outcome", sa.Text(), nullable=False, comment="running, done, partial, interrupted"),
    sa.Column("summary", sa.Text(), comment="counts of the run (JSON)"),
    sa.Column("program", sa.Text(), nullable=False, comment="version of the program"),
)

CHECKPOINT: Final = sa.Table(
    "checkpoint",
    METADATA,
    sa.Column("school_id", sa.BigInteger(), primary_key=True, autoincrement=False),
    sa.Column("entity", sa.Text(), primary_key=True, comment="what the slice asks for"),
    sa.Column("group_id", sa.BigInteger(), primary_key=True, autoincrement=False, comment="0: school"),
    sa.Column("first_day", sa.Text(), primary_key=True, comment="empty: not by days"),
    sa.Column("last_day", sa.Text(), primary_key=True),
    sa.Column("answer_digest", sa.LargeBinary(32), comment="NULL: parse the next answer anyway"),
    sa.Column("records", sa.Integer(), nullable=False),
    sa.Column("run_id", sa.Integer(), nullable=False),
    sa.Column("done_at", sa.Text(), nullable=False),
)

ANSWER: Final = sa.Table(
    "answer",
    METADATA,
    sa.Column("school_id", sa.BigInteger(), primary_key=True, autoincrement=False),
    sa.Column("run_id", sa.Integer(), primary_key=True, autoincrement=False),
    sa.Column("call", sa.Text(), primary_key=True, comment="path and query of the call"),
    sa.Column("digest", sa.LargeBinary(32), nullable=False),
)

RAW_ANSWER: Final = sa.Table(
    "raw_answer",
    METADATA,
    sa.Column("school_id", sa.BigInteger(), primary_key=True, autoincrement=False),
    sa.Column("digest", sa.LargeBinary(32), primary_key=True, comment="SHA-256 of the answer"),
    sa.Column("body", sa.LargeBinary(), nullable=False, comment="the answer, zlib"),
)

PLATFORM_TRAIT: Final = sa.Table(
    "platform_trait",
    METADATA,
    sa.Column("school_id", sa.BigInteger(), primary_key=True, autoincrement=False),
    sa.Column("name", sa.Text(), primary_key=True, comment="what was found out"),
    sa.Column("value", sa.Text(), nullable=False),
    sa.Column("found_at", sa.Text(), nullable=False, comment="moment, UTC"),
)

CALLS_OF_DAY: Final = sa.Table(
    "calls_of_day",
    METADATA,
    sa.Column("school_id", sa.BigInteger(), primary_key=True, autoincrement=False),
    sa.Column("day", sa.Text(), primary_key=True, comment="a day of UTC"),
    sa.Column("calls", sa.Integer(), nullable=False, comment="calls of the platform, every try counted"),
)

QUARANTINE: Final = sa.Table(
    "quarantine",
    METADATA,
    sa.Column("school_id", sa.BigInteger(), primary_key=True, autoincrement=False),
    sa.Column("number", sa.Integer(), primary_key=True, autoincrement=False, comment="1, 2, 3 ..."),
    sa.Column("entity", sa.Text(), nullable=False, comment="what the slice asks for"),
    sa.Column("group_id", sa.BigInteger(), nullable=False, comment="0: school"),
    sa.Column("first_day", sa.Text(), nullable=False, comment="empty: not by days"),
    sa.Column("last_day", sa.Text(), nullable=False),
    sa.Column("name", sa.Text(), nullable=False, comment="name of the class"),
    sa.Column("withheld", sa.Text(), nullable=False, comment="withdrawals by entity (JSON)"),
    sa.Column("answer_digest", sa.LargeBinary(32), nullable=False),
    sa.Column("since", sa.Text(), nullable=False, comment="moment, UTC"),
    sa.Column("run_id", sa.Integer(), nullable=False, comment="the run that opened the case"),
    sa.Column("decision", sa.Text(), comment="accepted, rejected, agrees again; NULL: waits"),
    sa.Column("decided_by", sa.Text()),
    sa.Column("decided_at", sa.Text()),
)

LEDGER: Final = sa.Table(
    "ledger",
    METADATA,
    sa.Column("school_id", sa.BigInteger(), primary_key=True, autoincrement=False),
    sa.Column("entry", sa.Integer(), primary_key=True, autoincrement=False, comment="1, 2, 3 ..."),
    sa.Column("kind", sa.Text(), nullable=False, comment="run, snapshot or disclosure"),
    sa.Column("at", sa.Text(), nullable=False, comment="moment, UTC"),
    sa.Column("about", sa.Text(), nullable=False, comment="what the entry vouches for (JSON)"),
    sa.Column("head", sa.LargeBinary(32), nullable=False, comment="chained to the entry before"),
)

SNAPSHOT: Final = sa.Table(
    "snapshot",
    METADATA,
    sa.Column("school_id", sa.BigInteger(), primary_key=True, autoincrement=False),
    sa.Column("study_year", sa.Integer(), primary_key=True, autoincrement=False),
    sa.Column("bag", sa.Text(), primary_key=True, comment="name of the bag, with its edition"),
    sa.Column("retention_years", sa.Integer(), nullable=False),
    sa.Column("root", sa.LargeBinary(32), nullable=False, comment="SHA-256 of the tag manifest"),
    sa.Column("run_id", sa.Integer(), nullable=False, comment="sealed as of this run"),
    sa.Column("path", sa.Text(), nullable=False),
    sa.Column("sealed_at", sa.Text(), nullable=False),
    sa.Column("edition", sa.Integer(), nullable=False, server_default="1"),
    sa.Column("group_id", sa.BigInteger(), comment="the class; NULL: the summary sheets"),
)

CLOSING: Final = sa.Table(
    "closing",
    METADATA,
    sa.Column("school_id", sa.BigInteger(), primary_key=True, autoincrement=False),
    sa.Column("study_year", sa.Integer(), primary_key=True, autoincrement=False),
    sa.Column("edition", sa.Integer(), primary_key=True, autoincrement=False, comment="1, 2, 3 ..."),
    sa.Column("stage", sa.Text(), nullable=False, comment="preliminary, final or amendment"),
    sa.Column("at", sa.Text(), nullable=False, comment="moment, UTC"),
    sa.Column("run_id", sa.Integer(), nullable=False, comment="sealed as of this run"),
    sa.Column("by", sa.Text(), nullable=False, comment="account of the operating system"),
    sa.Column("reason", sa.Text(), nullable=False),
    sa.Column("order_number", sa.Text(), nullable=False),
    sa.Column("accepted", sa.Text(), nullable=False, comment="stops passed over, with counts (JSON)"),
    sa.Column("checks", sa.Text(), nullable=False, comment="results of the checks, no names (JSON)"),
)

TERMS_CONFIRMATION: Final = sa.Table(
    "terms_confirmation",
    METADATA,
    sa.Column("school_id", sa.BigInteger(), primary_key=True, autoincrement=False),
    sa.Column("number", sa.Integer(), primary_key=True, autoincrement=False, comment="1, 2, 3 ..."),
    sa.Column("at", sa.Text(), nullable=False, comment="moment, UTC"),
    sa.Column("by", sa.Text(), nullable=False, comment="post and name"),
    sa.Column("document", sa.Text(), nullable=False, comment="the school's list of files, its order"),
    sa.Column("digest", sa.LargeBinary(32), nullable=False, comment="SHA-256 of the terms"),
    sa.Column("content", sa.Text(), nullable=False, comment="the terms (JSON)"),
)

ACCESS: Final = sa.Table(
    "access",
    METADATA,
    sa.Column("school_id", sa.BigInteger(), primary_key=True, autoincrement=False),
    sa.Column("number", sa.Integer(), primary_key=True, autoincrement=False, comment="1, 2, 3 ..."),
    sa.Column("at", sa.Text(), nullable=False, comment="moment, UTC"),
    sa.Column("account", sa.Text(), nullable=False, comment="account of the operating system"),
    sa.Column("person", sa.Text(), nullable=False, comment="post and name of who reads"),
    sa.Column("kind", sa.Text(), nullable=False, comment="export, data, history, person-card ..."),
    sa.Column("state", sa.Text(), nullable=False, comment="begun, given, failed"),
    sa.Column("begun", sa.Integer(), comment="number of the entry that this one ends"),
    sa.Column("about", sa.Text(), nullable=False, comment="whom and what, in ids and counts (JSON)"),
    sa.Column("purpose", sa.Text(), nullable=False),
    sa.Column("request", sa.Text(), nullable=False, comment="number and date of what was asked"),
    sa.Column("addressee", sa.Text(), nullable=False),
    sa.Column("target", sa.Text(), nullable=False, comment="folder, file, carrier, or stdout"),
    sa.Column("digest", sa.LargeBinary(32), comment="SHA-256 of what was given"),
    sa.Column("head", sa.LargeBinary(32), nullable=False, comment="chained to the entry before"),
)

CARRIER_EVENT: Final = sa.Table(
    "carrier_event",
    METADATA,
    sa.Column("school_id", sa.BigInteger(), primary_key=True, autoincrement=False),
    sa.Column("number", sa.Integer(), primary_key=True, autoincrement=False, comment="1, 2, 3 ..."),
    sa.Column("at", sa.Text(), nullable=False, comment="moment, UTC"),
    sa.Column("account", sa.Text(), nullable=False, comment="account of the operating system"),
    sa.Column(
        "kind",
        sa.Text(),
        nullable=False,
        comment="added, moved, retired, written, checked, repaired, destroyed",
    ),
    sa.Column("carrier", sa.Text(), nullable=False, comment="id of the carrier"),
    sa.Column("details", sa.Text(), nullable=False, comment="what happened (JSON)"),
)

RETENTION_EVENT: Final = sa.Table(
    "retention_event",
    METADATA,
    sa.Column("school_id", sa.BigInteger(), primary_key=True, autoincrement=False),
    sa.Column("number", sa.Integer(), primary_key=True, autoincrement=False, comment="1, 2, 3 ..."),
    sa.Column("at", sa.Text(), nullable=False, comment="moment, UTC"),
    sa.Column("account", sa.Text(), nullable=False, comment="account of the operating system"),
    sa.Column(
        "kind",
        sa.Text(),
        nullable=False,
        comment="held, released, proposed, approved, destroyed, cleared, completed",
    ),
    sa.Column("details", sa.Text(), nullable=False, comment="what happened, no names of pupils (JSON)"),
)

RECONCILIATION: Final = sa.Table(
    "reconciliation",
    METADATA,
    sa.Column("reconciliation_id", sa.Integer(), primary_key=True),
    sa.Column("school_id", sa.BigInteger(), nullable=False),
    sa.Column("at", sa.Text(), nullable=False, comment="moment of its end, UTC"),
    sa.Column("study_year", sa.Integer(), nullable=False),
    sa.Column("run_id", sa.Integer(), nullable=False, comment="the record as of this run was compared"),
    sa.Column("checked", sa.Integer(), nullable=False, comment="values and records compared"),
    sa.Column("differing", sa.Integer(), nullable=False),
    sa.Column("unexplained", sa.Integer(), nullable=False, comment="of those that differ"),
    sa.Column("not_offered", sa.Integer(), nullable=False, comment="values that the platform does not give"),
    sa.Column("failed", sa.Integer(), nullable=False, comment="classes that could not be compared"),
    sa.Column("details", sa.Text(), nullable=False, comment="counts by class and cause, no names (JSON)"),
)
