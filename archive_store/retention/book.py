"""The book of retention: a line per event, never changed, each vouched for by the ledger.

Holds, acts and tombstones follow from it. No line names a pupil; persons are named only as those who decide:
who approved an act, and the account under which a command ran.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import orjson
import sqlalchemy as sa

from archive_store import ledger
from archive_store.schema import RETENTION_EVENT

LEDGER_KIND = "retention"


class Kind(StrEnum):
    """What a line is about. ``destroyed`` is a tombstone; ``cleared``: the live record of what it names."""

    HELD = "held"
    RELEASED = "released"
    PROPOSED = "proposed"
    APPROVED = "approved"
    DESTROYED = "destroyed"
    CLEARED = "cleared"
    COMPLETED = "completed"


@dataclass(frozen=True, slots=True)
class Event:
    """A line of the book; ``at`` is a moment (UTC)."""

    number: int
    at: str
    account: str
    kind: Kind
    details: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Clerk:
    """Whose book it is, who writes, and when: the same for all lines of a command."""

    school_id: int
    account: str
    at: str

    def enter(self, connection: sa.Connection, kind: Kind, details: Mapping[str, Any]) -> Event:
        """Add a line and chain it into the ledger, in the caller's transaction."""
        ledger.take_turn(connection)
        table = RETENTION_EVENT.c
        last = sa.select(sa.func.max(table.number)).where(table.school_id == self.school_id)
        number = (connection.execute(last).scalar() or 0) + 1
        values = {
            "school_id": self.school_id,
            "number": number,
            "at": self.at,
            "account": self.account,
            "kind": kind.value,
            "details": orjson.dumps(details, option=orjson.OPT_SORT_KEYS).decode(),
        }
        connection.execute(RETENTION_EVENT.insert().values(values))
        query = sa.select(RETENTION_EVENT).where(table.school_id == self.school_id, table.number == number)
        row = connection.execute(query).one()
        ledger.append(connection, self.school_id, LEDGER_KIND, self.at, ledger.retention_entry(row))
        return _event(row)


def events(connection: sa.Connection, school_id: int, *kinds: Kind) -> Iterator[Event]:
    """The book, oldest line first; the lines of some kinds, if any are named."""
    table = RETENTION_EVENT.c
    query = sa.select(RETENTION_EVENT).where(table.school_id == school_id).order_by(table.number)
    if kinds:
        query = query.where(table.kind.in_([one.value for one in kinds]))
    yield from map(_event, connection.execute(query))


def _event(row: sa.Row[Any]) -> Event:
    return Event(row.number, row.at, row.account, Kind(row.kind), orjson.loads(row.details))
