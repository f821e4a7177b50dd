"""The book of carriers: a line per event, never changed, each vouched for by the ledger.

Details name bags by year, name and root, and carriers by what stands on their label; nobody is named but the
account under which a command ran.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import orjson
import sqlalchemy as sa

from archive_store import ledger
from archive_store.schema import CARRIER_EVENT

OWN = "archive"
"""The folder of sealed years beside the live archive: checked and mended like a carrier, but none."""


class Kind(StrEnum):
    """What a line of the book is about."""

    ADDED = "added"
    MOVED = "moved"
    RETIRED = "retired"
    WRITTEN = "written"
    CHECKED = "checked"
    REPAIRED = "repaired"
    ENCRYPTED = "encrypted"
    DESTROYED = "destroyed"


@dataclass(frozen=True, slots=True)
class Event:
    """A line of the book. ``at`` is a moment (UTC), ``carrier`` an id or OWN."""

    number: int
    at: str
    account: str
    kind: Kind
    carrier: str
    details: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Scribe:
    """Whose book it is, who writes, and when: the same for all lines of a command."""

    school_id: int
    account: str
    at: str

    def enter(self, connection: sa.Connection, kind: Kind, carrier: str, details: Mapping[str, Any]) -> Event:
        """Add a line and chain it into the ledger, in the caller's transaction."""
        ledger.take_turn(connection)
        table = CARRIER_EVENT.c
        last = sa.select(sa.func.max(table.number)).where(table.school_id == self.school_id)
        number = (connection.execute(last).scalar() or 0) + 1
        text = orjson.dumps(details, option=orjson.OPT_SORT_KEYS).decode()
        values = {
            "school_id": self.school_id,
            "number": number,
            "at": self.at,
            "account": self.account,
            "kind": kind.value,
            "carrier": carrier,
            "details": text,
        }
        connection.execute(CARRIER_EVENT.insert().values(values))
        query = sa.select(CARRIER_EVENT).where(table.school_id == self.school_id, table.number == number)
        row = connection.execute(query).one()
        ledger.append(connection, self.school_id, "carrier", self.at, ledger.carrier_entry(row))
        return _event(row)


def events(connection: sa.Connection, school_id: int) -> Iterator[Event]:
    """The book, oldest line first."""
    query = (
        sa.select(CARRIER_EVENT)
        .where(CARRIER_EVENT.c.school_id == school_id)
        .order_by(CARRIER_EVENT.c.number)
    )
    yield from map(_event, connection.execute(query))


def _event(row: sa.Row[Any]) -> Event:
    return Event(row.number, row.at, row.account, Kind(row.kind), row.carrier, orjson.loads(row.details))
