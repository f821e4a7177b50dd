"""Withdrawals that are not believed yet: a complete answer no longer holds most of what it held.

A case is opened when a second look in the same run shows the same. It waits for a person, who accepts it
(the records are gone) or rejects it (the platform is mistaken, the records stand), or for the platform,
whose answer may agree with the record again. The records themselves stay in the record untouched until then.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

import orjson
import sqlalchemy as sa

from archive_store.checkpoints import Place
from archive_store.schema import QUARANTINE

Decision = Literal["accepted", "rejected", "agrees again"]


@dataclass(frozen=True, slots=True)
class Case:
    """Withdrawals held back at one place. ``withheld`` counts them by entity; ``answer_digest`` is the
    digest of the answer that would withdraw them; ``since`` is the moment (UTC) when they were first seen.
    """

    number: int
    place: Place
    name: str
    withheld: Mapping[str, int]
    answer_digest: bytes
    since: str
    run_id: int


def waiting(connection: sa.Connection, school_id: int) -> list[Case]:
    """The cases that wait for a decision, oldest first."""
    table = QUARANTINE
    rows = connection.execute(
        sa.select(table)
        .where(table.c.school_id == school_id, table.c.decision.is_(None))
        .order_by(table.c.number)
    )
    return [_case(row) for row in rows]


def hold(
    connection: sa.Connection,
    school_id: int,
    place: Place,
    name: str,
    withheld: Mapping[str, int],
    answer_digest: bytes,
    run_id: int,
    at: str,
) -> None:
    """Open the case of a place, or bring its open case up to date, in the caller's transaction."""
    seen = {"withheld": orjson.dumps(dict(withheld)).decode(), "answer_digest": answer_digest}
    updated = connection.execute(QUARANTINE.update().where(*_open_at(school_id, place)).values(seen))
    if updated.rowcount:
        return
    newest = connection.execute(
        sa.select(sa.func.max(QUARANTINE.c.number)).where(QUARANTINE.c.school_id == school_id)
    ).scalar()
    connection.execute(
        QUARANTINE.insert().values(
            school_id=school_id,
            number=(newest or 0) + 1,
            entity=place.entity,
            group_id=place.group_id,
            first_day=place.first_day,
            last_day=place.last_day,
            name=name,
            since=at,
            run_id=run_id,
            **seen,
        )
    )


def settle(
    connection: sa.Connection, school_id: int, place: Place, decision: Decision, by: str, at: str
) -> None:
    """Close the open case of a place, if there is one, in the caller's transaction."""
    values = {"decision": decision, "decided_by": by, "decided_at": at}
    connection.execute(QUARANTINE.update().where(*_open_at(school_id, place)).values(values))


def _open_at(school_id: int, place: Place) -> list[sa.ColumnElement[bool]]:
    table = QUARANTINE
    return [
        table.c.school_id == school_id,
        table.c.entity == place.entity,
        table.c.group_id == place.group_id,
        table.c.first_day == place.first_day,
        table.c.last_day == place.last_day,
        table.c.decision.is_(None),
    ]


def _case(row: sa.Row[Any]) -> Case:
    place = Place(row.entity, row.group_id, row.first_day, row.last_day)
    withheld = orjson.loads(row.withheld)
    return Case(row.number, place, row.name, withheld, bytes(row.answer_digest), row.since, row.run_id)
