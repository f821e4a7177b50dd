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

import re
import zlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

import orjson
import sqlalchemy as sa

from archive_store import ledger, schema
from archive_store.asof import AsOf, last_known
from archive_store.retention.book import Clerk, Event, Kind, events
from archive_store.retention.errors import RecordNotVouched
from archive_store.retention.tombstones import Tombstone, groups_of
from archive_store.schema import ANSWER, CHECKPOINT, LEDGER, RAW_ANSWER, Entity

_JOURNAL: Final[tuple[Entity[Any], ...]] = (
    schema.LESSON, schema.MARK, schema.ATTENDANCE, schema.HOMEWORK_FILE, schema.HOMEWORK_TASK,
    schema.PLATFORM_AVERAGE, schema.THEMATIC_MARK, schema.CRITERIA_MARK, schema.CRITERIA_TOTAL,
    schema.CRITERIA_SECTION,
)  # fmt: skip
_SHEETS: Final[tuple[Entity[Any], ...]] = (
    schema.FINAL_MARK, schema.MEMBERSHIP, schema.FORMER_MEMBER, schema.CLASS_TEACHER,
    schema.REPORTING_PERIOD, schema.EDU_GROUP,
)  # fmt: skip
_NAMES_PUPILS: Final = (
    schema.MEMBERSHIP, schema.FORMER_MEMBER, schema.FINAL_MARK, schema.MARK, schema.ATTENDANCE,
    schema.HOMEWORK_TASK, schema.PLATFORM_AVERAGE, schema.THEMATIC_MARK, schema.CRITERIA_MARK,
    schema.CRITERIA_TOTAL,
)  # fmt: skip
_AT_ONCE: Final = 500
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
    told = _vouched(connection, school_id, runs)
    files = _files(connection, doomed)
    groups = groups_of(connection, school_id, stones)
    # Answers are found by groups, which may go with the sheets.
    doomed_answers = _answers_naming(connection, school_id, groups)
    told_answers = _answers_vouched(connection, school_id, doomed_answers)
    answers = _remove_answers(connection, school_id, doomed_answers)
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
        "runs": _restated(connection, school_id, told, told_answers),
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


def restated(connection: sa.Connection, school_id: int) -> dict[int, dict[str, Any]]:
    """What the book vouches for in the place of the ledger's own entries: by run, by entity."""
    found: dict[int, dict[str, Any]] = {}
    for event in events(connection, school_id, Kind.CLEARED):
        for run, entities in event.details["runs"].items():
            found.setdefault(int(run), {}).update(entities)
    return found


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
        yield from ((entity, _in(entity, school_id, of_years)) for entity in _SHEETS)


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


_Told = dict[int, dict[str, dict[str, Any]]]


def _vouched(connection: sa.Connection, school_id: int, runs: dict[Entity[Any], set[int]]) -> _Told:
    """What is vouched for of each run that loses versions, found to be so. Raises RecordNotVouched."""
    touched = set().union(*runs.values())
    said = restated(connection, school_id)
    told: _Told = {}
    wrong = []
    for about in _run_entries(connection, school_id):
        run = about["run"]
        if run not in touched:
            continue
        for entity in (one for one, found in runs.items() if run in found):
            expected = (about["entities"] | said.get(run, {})).get(entity.name) or {}
            found = ledger.digests_of_run(connection, school_id, run, entity)
            if "row" not in about:  # entries of the first version do not vouch for what never stood
                expected, found = ledger.stood(expected), ledger.stood(found)
            if found != expected:
                wrong.append(f"run {run}, {entity.name}")
            told.setdefault(run, {})[entity.name] = expected
    wrong += [f"run {run}" for run in sorted(touched - told.keys())]
    if wrong:
        raise RecordNotVouched(wrong)
    return told


def _run_entries(connection: sa.Connection, school_id: int) -> Iterator[dict[str, Any]]:
    query = sa.select(LEDGER.c.about).where(LEDGER.c.school_id == school_id, LEDGER.c.kind == "run")
    for (about,) in connection.execute(query.order_by(LEDGER.c.entry)).all():
        yield orjson.loads(about)


def _restated(
    connection: sa.Connection, school_id: int, told: _Told, told_answers: dict[int, list[str]]
) -> dict[str, dict[str, Any]]:
    """What is vouched for from now on, of each run that has lost versions or answers."""
    by_name = {one.name: one for one in schema.ENTITIES}
    found: dict[str, dict[str, Any]] = {}
    for run, entities in told.items():
        found[str(run)] = {
            name: ledger.digests_of_run(connection, school_id, run, by_name[name]) for name in entities
        }
    for run, names in told_answers.items():
        found.setdefault(str(run), {}).update(
            {
                name: ledger.answers_digest(connection, school_id, run, ledger.ANSWERS_TOLD[name])
                for name in names
            }
        )
    return found


def _answers_vouched(
    connection: sa.Connection, school_id: int, doomed: Sequence[_Condition]
) -> dict[int, list[str]]:
    """What the entries of runs say of answers that will be fewer, found to be so. Raises RecordNotVouched."""
    touched: set[int] = set()
    for where in doomed:
        touched.update(connection.execute(sa.select(ANSWER.c.run_id).distinct().where(where)).scalars())
    said = restated(connection, school_id)
    told: dict[int, list[str]] = {}
    wrong = []
    for about in _run_entries(connection, school_id):
        run = about["run"]
        for name, condition in ledger.ANSWERS_TOLD.items():
            loses = run in touched if condition == "=" else any(one < run for one in touched)
            if name not in about or not loses:
                continue
            expected = said.get(run, {}).get(name, about[name])
            if ledger.answers_digest(connection, school_id, run, condition) != expected:
                wrong.append(f"run {run}, {name}")
            told.setdefault(run, []).append(name)
    if wrong:
        raise RecordNotVouched(wrong)
    return told


def _files(connection: sa.Connection, doomed: dict[Entity[Any], _Condition]) -> list[str]:
    where = doomed.get(schema.HOMEWORK_FILE)
    if where is None:
        return []
    column = schema.HOMEWORK_FILE.table.c.contents
    query = sa.select(column).distinct().where(where, column.is_not(None))
    return sorted(connection.execute(query).scalars())


def _answers_naming(connection: sa.Connection, school_id: int, groups: Iterable[int]) -> list[_Condition]:
    """Which answers name one of the groups: by what they say, or by the call."""
    ids = sorted(map(str, groups))
    if not ids:
        return []
    named = re.compile(rb"(?<!\d)(?:" + b"|".join(one.encode() for one in ids) + rb")(?!\d)")
    query = sa.select(RAW_ANSWER.c.digest, RAW_ANSWER.c.body).where(RAW_ANSWER.c.school_id == school_id)
    with connection.execute(query.execution_options(yield_per=50)) as rows:
        digests = sorted(bytes(digest) for digest, body in rows if named.search(zlib.decompress(body)))
    asked = sa.select(ANSWER.c.call).distinct().where(ANSWER.c.school_id == school_id)
    # An answer such as [] is kept once for all calls that got it: those of other classes keep it.
    calls = sorted(call for call in connection.execute(asked).scalars() if named.search(call.encode()))
    ours = ANSWER.c.school_id == school_id
    return [
        sa.and_(ours, column.in_(some))
        for column, values in ((ANSWER.c.digest, digests), (ANSWER.c.call, calls))
        for some in _portions(values)
    ]


def _remove_answers(connection: sa.Connection, school_id: int, doomed: Sequence[_Condition]) -> int:
    """Remove answers, and what no run is said to have got any more; returns how often runs had got them."""
    removed = sum(connection.execute(ANSWER.delete().where(where)).rowcount for where in doomed)
    got = sa.exists().where(
        ANSWER.c.school_id == RAW_ANSWER.c.school_id, ANSWER.c.digest == RAW_ANSWER.c.digest
    )
    connection.execute(RAW_ANSWER.delete().where(RAW_ANSWER.c.school_id == school_id, ~got))
    return removed


def _portions(values: Sequence[Any]) -> Iterator[Sequence[Any]]:
    return (values[start : start + _AT_ONCE] for start in range(0, len(values), _AT_ONCE))
