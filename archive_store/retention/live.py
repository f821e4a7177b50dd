"""Clear the live record of what was destroyed, but for what a bag with a longer term needs.

With a class's journal go its lessons, works and homework, marks, attendance, averages, and the platform's
answers that name the class, in all their versions. What the summary sheets of the year are made of - final
marks with the works behind them, classes, who was in them - stays until these sheets are destroyed too.
The list of the staff is of no year and of no file of the school's list: no term of the journals ends it, and
it stays with the archive.

The ledger vouches for every run by what it opened and closed. Before anything is removed the record is held
against it; what remains is then vouched for anew, and the line in the book says by how many versions each
run has become smaller. So a verification goes on to prove what is left, and nothing can be removed behind it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

import sqlalchemy as sa

from archive_store import schema
from archive_store.asof import AsOf, last_known
from archive_store.retention.answers import answers_naming, remove_answers
from archive_store.retention.book import Clerk, Event, Kind
from archive_store.retention.tombstones import Tombstone, groups_of
from archive_store.retention.vouching import answers_vouched, restated_anew, vouched
from archive_store.schema import ANSWER, CHECKPOINT, RAW_ANSWER, Entity

_JOURNAL: Final[tuple[Entity[Any], ...]] = (
    schema.LESSON, schema.MARK, schema.ATTENDANCE, schema.HOMEWORK_FILE, schema.HOMEWORK_TASK,
    schema.PLATFORM_AVERAGE, schema.THEMATIC_MARK, schema.CRITERIA_MARK, schema.CRITERIA_TOTAL,
    schema.CRITERIA_SECTION,
)  # fmt: skip
SHEETS: Final[tuple[Entity[Any], ...]] = (
    schema.FINAL_MARK, schema.MEMBERSHIP, schema.FORMER_MEMBER, schema.CLASS_TEACHER,
    schema.REPORTING_PERIOD, schema.EDU_GROUP,
)  # fmt: skip
_NAMES_PUPILS: Final = (
    schema.MEMBERSHIP, schema.FORMER_MEMBER, schema.FINAL_MARK, schema.MARK, schema.ATTENDANCE,
    schema.HOMEWORK_TASK, schema.PLATFORM_AVERAGE, schema.THEMATIC_MARK, schema.CRITERIA_MARK,
    schema.CRITERIA_TOTAL,
)  # fmt: skip
_Condition = sa.ColumnElement[bool]


@dataclass(frozen=True, slots=True)
class Cleared:
    """What went from the live record: versions by entity, answers, digests of homework's files."""

    versions: dict[str, int]
    answers: int
    files: tuple[str, ...]


def clear(connection: sa.Connection, clerk: Clerk, act: int, stones: Sequence[Tombstone]) -> Cleared:
    """Clear the record of what the tombstones name, in the caller's transaction; the book gets a line.

    The caller holds the archive's lock. Raises RecordNotVouched.
    """
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("PRAGMA secure_delete = ON")
    school_id = clerk.school_id
    doomed = dict(_doomed(connection, school_id, stones))
    runs = {entity: _runs_of(connection, entity, where) for entity, where in doomed.items()}
    told = vouched(connection, school_id, runs)
    files = _files(connection, doomed)
    groups = groups_of(connection, school_id, stones)
    # Answers are found by groups, which may go with the sheets.
    doomed_answers = answers_naming(connection, school_id, groups)
    told_answers = answers_vouched(connection, school_id, doomed_answers)
    answers = remove_answers(connection, school_id, doomed_answers)
    for group_id in groups:  # what was read by days; the plan asks for none of it again
        ours = sa.and_(CHECKPOINT.c.school_id == school_id, CHECKPOINT.c.group_id == group_id)
        connection.execute(CHECKPOINT.delete().where(ours, CHECKPOINT.c.first_day != ""))
    versions = {}
    for entity, where in doomed.items():
        if count := connection.execute(entity.table.delete().where(where)).rowcount:
            versions[entity.name] = count
    details = {
        "act": act,
        "removed": versions,
        "answers": answers,
        "files": files,
        "runs": restated_anew(connection, school_id, told, told_answers),
    }
    clerk.enter(connection, Kind.CLEARED, details)
    return Cleared(versions, answers, tuple(files))


def tidy(engine: sa.Engine) -> None:
    """Let the database give up the room of what was removed, so that it does not linger in its files."""
    if engine.dialect.name == "sqlite":
        with engine.connect() as connection:
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        return
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        names = (*(one.name for one in schema.ENTITIES), ANSWER.name, RAW_ANSWER.name)
        connection.exec_driver_sql(f"VACUUM {', '.join(names)}")


def unneeded_files(connection: sa.Connection, cleared: Iterable[Event]) -> list[str]:
    """The digests of homework's files that went with cleared records, and that no record names any more."""
    column = schema.HOMEWORK_FILE.table.c.contents
    digests = {one for event in cleared for one in event.details["files"]}
    return [one for one in sorted(digests) if not _is_named(connection, column == one)]


def _is_named(connection: sa.Connection, where: _Condition) -> bool:
    return connection.execute(sa.select(sa.literal(1)).where(where).limit(1)).first() is not None


def _doomed(
    connection: sa.Connection, school_id: int, stones: Sequence[Tombstone]
) -> Iterator[tuple[Entity[Any], _Condition]]:
    """Which versions of which entities go, in an order in which each can still be found."""
    groups = sorted(groups_of(connection, school_id, stones))
    years = {one.study_year for one in stones if one.is_summary}
    of_years = [
        one.group_id for one in last_known(connection, schema.EDU_GROUP, AsOf(school_id))
        if one.study_year in years
    ]  # fmt: skip
    if of_years:
        yield schema.PERSON, sa.and_(*_only_in(school_id, of_years))
    yield schema.WORK, sa.or_(_works(school_id, groups), _in(schema.WORK, school_id, of_years))
    if groups:
        yield from ((entity, _in(entity, school_id, groups)) for entity in _JOURNAL)
    if of_years:
        yield from ((entity, _in(entity, school_id, of_years)) for entity in SHEETS)


def _in(entity: Entity[Any], school_id: int, groups: Sequence[int]) -> _Condition:
    table = entity.table
    return sa.and_(table.c.school_id == school_id, table.c.group_id.in_(groups))


def _works(school_id: int, groups: Sequence[int]) -> _Condition:
    """The works of the groups, but for those behind final marks, also behind marks since withdrawn."""
    table, lessons, finals = schema.WORK.table.c, schema.LESSON.table.c, schema.FINAL_MARK.table.c
    of_lessons = sa.select(lessons.lesson_id).where(_in(schema.LESSON, school_id, groups))
    behind = sa.select(finals.work_id).where(finals.school_id == school_id, finals.work_id.is_not(None))
    theirs = sa.or_(table.group_id.in_(groups), table.lesson_id.in_(of_lessons))
    return sa.and_(table.school_id == school_id, theirs, table.work_id.not_in(behind))


def _only_in(school_id: int, groups: Sequence[int]) -> Iterator[_Condition]:
    """Who is named in no group but these."""
    person = schema.PERSON.table.c
    yield person.school_id == school_id
    members = schema.MEMBERSHIP, schema.FORMER_MEMBER, schema.FINAL_MARK
    there = (sa.select(one.table.c.person_id).where(_in(one, school_id, groups)) for one in members)
    yield person.person_id.in_(sa.union(*there))
    for entity in _NAMES_PUPILS:
        table = entity.table.c
        others = sa.select(table.person_id).where(table.school_id == school_id, table.group_id.not_in(groups))
        yield person.person_id.not_in(others)


def _runs_of(connection: sa.Connection, entity: Entity[Any], where: _Condition) -> set[int]:
    table = entity.table
    opened = sa.select(table.c.seen_from).distinct().where(where)
    closed = sa.select(table.c.seen_to).distinct().where(where, table.c.seen_to.is_not(None))
    return {row[0] for query in (opened, closed) for row in connection.execute(query)}


def _files(connection: sa.Connection, doomed: dict[Entity[Any], _Condition]) -> list[str]:
    where = doomed.get(schema.HOMEWORK_FILE)
    if where is None:
        return []
    column = schema.HOMEWORK_FILE.table.c.contents
    query = sa.select(column).distinct().where(where, column.is_not(None))
    return sorted(connection.execute(query).scalars())
