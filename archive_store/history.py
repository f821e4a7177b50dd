"""Write a slice of records into the history: open, supersede and close versions. Nothing is overwritten.

A slice states its :class:`Scope`. What a complete answer for that scope no longer holds is closed as
withdrawn; what it holds anew or differently is opened, and the version before is closed. Records outside
the scope are never touched, except that a record which moved *into* the scope is superseded.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import Enum
from itertools import chain, islice
from operator import itemgetter
from typing import Any, Final

import sqlalchemy as sa

from archive_store.canonical import version_digest
from archive_store.schema import Entity, R
from archive_store.statements import Statements, mark_of, statements

Key = tuple[Any, ...]
Row = tuple[Any, ...]
"""A record's columns in their order, and the digest of the version that it would be."""

_KEYS_PER_QUERY: Final = 500
_ROWS_PER_INSERT: Final = 20
_PLAUSIBLE_WITHDRAWALS: Final = 20
_PLAUSIBLE_SHARE: Final = 0.5


class Absence(Enum):
    """What it means that an answer does not hold a record of its scope."""

    WITHDRAWN = "withdrawn"  # the answer is complete for its scope: the record is gone
    UNKNOWN = "unknown"  # the answer says nothing of records that it does not hold
    KEEP_KNOWN = "keep known"  # a secondary source: it only adds records that are not known at all


@dataclass(frozen=True, slots=True)
class Scope:
    """What an answer is complete for: columns and their values, and a span of days.

    ``equal`` names columns with the values they may take; ``first_day`` and ``last_day`` bound the
    column ``day``, both inclusive. An empty scope is the whole school.
    """

    equal: tuple[tuple[str, tuple[int | str, ...]], ...] = ()
    first_day: str | None = None
    last_day: str | None = None

    def condition(self, mark: str) -> tuple[str, tuple[Any, ...]]:
        """The condition in driver SQL and its parameters."""
        clauses: list[str] = []
        values: list[Any] = []
        for column, allowed in self.equal:
            clauses.append(f" AND {column} IN ({', '.join([mark] * len(allowed))})")
            values.extend(allowed)
        if self.first_day is not None:
            clauses.append(f" AND day BETWEEN {mark} AND {mark}")
            values.extend((self.first_day, self.last_day))
        return "".join(clauses), tuple(values)


@dataclass(slots=True)
class Changes:
    """How a slice changed the record: counts of records."""

    new: int = 0
    changed: int = 0
    withdrawn: int = 0
    unchanged: int = 0
    held_back: int = 0

    def add(self, other: Changes) -> None:
        """Add the counts of another slice."""
        self.new += other.new
        self.changed += other.changed
        self.withdrawn += other.withdrawn
        self.unchanged += other.unchanged
        self.held_back += other.held_back


def write(
    connection: sa.Connection,
    entity: Entity[R],
    school_id: int,
    run_id: int,
    records: Iterable[R],
    scope: Scope | None = None,
    absence: Absence = Absence.WITHDRAWN,
) -> Changes:
    """Bring the standing record in line with ``records``: :func:`prepared`, then :func:`bring_in`."""
    rows = prepared(entity, school_id, records)
    return bring_in(connection, entity, school_id, run_id, rows, scope, absence)


def prepared(entity: Entity[R], school_id: int, records: Iterable[R]) -> list[Row]:
    """The records with their digests. Needs no archive. Raises TypeError for what no record can hold."""
    name = entity.name
    return [(*record, version_digest(name, school_id, record)) for record in records]


def bring_in(
    connection: sa.Connection,
    entity: Entity[Any],
    school_id: int,
    run_id: int,
    rows: Iterable[Row],
    scope: Scope | None = None,
    absence: Absence = Absence.WITHDRAWN,
    *,
    trust_withdrawals: bool = False,
    held_back_before: bool = False,
) -> Changes:
    """Bring the standing record in line with prepared ``rows``, in the caller's transaction.

    If the same key comes twice, the last one counts. Withdrawals of more than half of the scope, and of
    more than 20 records, are more likely a fault than a fact: they are held back and counted, unless
    ``trust_withdrawals``. What was ``held_back_before`` stays so, whatever has been added since.
    """
    sql = statements(entity, mark_of(connection))
    key_of = _key_of(entity)
    incoming = {key_of(row): row for row in rows}
    in_scope = (
        _standing_in(connection, sql, school_id, scope or Scope()) if absence is Absence.WITHDRAWN else {}
    )
    standing = in_scope
    if absence is not Absence.WITHDRAWN or _is_older(connection, sql, run_id):
        strangers = [key for key in incoming if key not in in_scope]
        standing = in_scope | _standing_among(connection, sql, school_id, strangers)
    changes, opened, closed = _compare(incoming, standing, absence)

    missing = [key for key in in_scope if key not in incoming]
    if not trust_withdrawals and _implausible(len(missing), 0 if held_back_before else len(in_scope)):
        changes.held_back = len(missing)
    else:
        changes.withdrawn = len(missing)
        closed.extend(missing)

    _close(connection, sql, school_id, run_id, closed)
    _open(connection, sql, [(school_id, *incoming[key], run_id) for key in opened])
    return changes


def _key_of(entity: Entity[Any]) -> Callable[[Any], Key]:
    """What takes a record's key out of its row, always as a tuple."""
    positions = [entity.columns.index(column) for column in entity.key]
    if len(positions) == 1:
        (only,) = positions
        return lambda row: (row[only],)
    return itemgetter(*positions) if positions else lambda _row: ()


def _compare(
    incoming: dict[Key, Row], standing: dict[Key, bytes], absence: Absence
) -> tuple[Changes, list[Key], list[Key]]:
    """The counts, the keys to open and the keys to close because they changed."""
    changes = Changes()
    opened: list[Key] = []
    closed: list[Key] = []
    for key, row in incoming.items():
        known = standing.get(key)
        if known is None:
            changes.new += 1
            opened.append(key)
        elif known == row[-1] or absence is Absence.KEEP_KNOWN:
            changes.unchanged += 1
        else:
            changes.changed += 1
            closed.append(key)
            opened.append(key)
    return changes, opened, closed


def _implausible(missing: int, in_scope: int) -> bool:
    return missing > _PLAUSIBLE_WITHDRAWALS and missing > in_scope * _PLAUSIBLE_SHARE


def _standing_in(
    connection: sa.Connection, sql: Statements, school_id: int, scope: Scope
) -> dict[Key, bytes]:
    condition, values = scope.condition(sql.mark)
    rows = connection.exec_driver_sql(sql.select_standing + condition, (school_id, *values)).all()
    return {row[:-1]: row[-1] for row in rows}


def _standing_among(
    connection: sa.Connection, sql: Statements, school_id: int, keys: Sequence[Key]
) -> dict[Key, bytes]:
    """Standing versions of ``keys``, wherever they are filed."""
    if not sql.key:
        return _standing_in(connection, sql, school_id, Scope()) if keys else {}
    found: dict[Key, bytes] = {}
    for chunk in _chunks(keys, _KEYS_PER_QUERY):
        flat = tuple(value for key in chunk for value in key)
        query = sql.standing_among(len(chunk))
        # All at once: row by row costs three times as much, and a first sync asks for every record.
        rows = connection.exec_driver_sql(query, (school_id, *flat)).all()
        found.update((row[:-1], row[-1]) for row in rows if row[-1] is not None)
    return found


def _is_older(connection: sa.Connection, sql: Statements, run_id: int) -> bool:
    """Whether the table holds anything that this run did not open itself.

    If not, as in a first run, nobody needs to be looked up: a record that another slice of this run has
    brought is replaced in place.
    """
    return connection.exec_driver_sql(sql.older_than, (run_id,)).first() is not None


def _open(connection: sa.Connection, sql: Statements, rows: Sequence[Row]) -> None:
    """Insert versions, many by one statement: SQLite lets go of the interpreter's lock for every one."""
    whole = len(rows) - len(rows) % _ROWS_PER_INSERT
    many = sql.open_versions(_ROWS_PER_INSERT)
    for start in range(0, whole, _ROWS_PER_INSERT):
        connection.exec_driver_sql(many, tuple(chain.from_iterable(rows[start : start + _ROWS_PER_INSERT])))
    if rows[whole:]:
        connection.exec_driver_sql(sql.open_versions(1), list(rows[whole:]))


def _close(
    connection: sa.Connection, sql: Statements, school_id: int, run_id: int, keys: Iterable[Key]
) -> None:
    rows = [(run_id, school_id, *key) for key in keys]
    if rows:
        connection.exec_driver_sql(sql.close_version, rows)


def _chunks(items: Iterable[Key], size: int) -> Iterator[list[Key]]:
    iterator = iter(items)
    while chunk := list(islice(iterator, size)):
        yield chunk
