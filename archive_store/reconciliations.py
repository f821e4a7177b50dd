"""What the comparisons with the platform have found, as counts; and when each part was last read.

No part of the record: the ledger does not vouch for it, and a person may delete it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

import orjson
import sqlalchemy as sa

from archive_store.schema import CHECKPOINT, RECONCILIATION, RUN


@dataclass(frozen=True, slots=True)
class Counts:
    """The outcome in numbers; ``failed`` counts classes, the others values and records."""

    checked: int
    differing: int
    unexplained: int
    not_offered: int
    failed: int


@dataclass(frozen=True, slots=True)
class Reconciliation:
    """A comparison that was made, of an academic year as of a run. ``details`` holds no names."""

    at: str
    study_year: int
    run_id: int
    counts: Counts
    details: dict[str, Any]


class LastRead(NamedTuple):
    """A span of days and when the run began that read it last."""

    first_day: str
    last_day: str
    began_at: str


LastReadings = Mapping[tuple[str, int], list[LastRead]]
"""By the entity of a slice and its group."""


def keep(connection: sa.Connection, school_id: int, one: Reconciliation) -> None:
    """Keep the outcome of a comparison, in the caller's transaction."""
    counts = one.counts
    row = {
        "school_id": school_id,
        "at": one.at,
        "study_year": one.study_year,
        "run_id": one.run_id,
        "checked": counts.checked,
        "differing": counts.differing,
        "unexplained": counts.unexplained,
        "not_offered": counts.not_offered,
        "failed": counts.failed,
        "details": orjson.dumps(one.details).decode(),
    }
    connection.execute(RECONCILIATION.insert().values(row))


def of_year(connection: sa.Connection, school_id: int, study_year: int) -> list[Reconciliation]:
    """The comparisons of an academic year, oldest first."""
    table = RECONCILIATION.c
    return _found(connection, table.school_id == school_id, table.study_year == study_year)


def last(connection: sa.Connection, school_id: int) -> Reconciliation | None:
    """The newest comparison of a school, or None."""
    found = _found(connection, RECONCILIATION.c.school_id == school_id)
    return found[-1] if found else None


def last_readings(connection: sa.Connection, school_id: int) -> LastReadings:
    """When the run began that last read each finished slice: what was set later it need not have seen."""
    rows = connection.execute(
        sa.select(
            CHECKPOINT.c.entity,
            CHECKPOINT.c.group_id,
            CHECKPOINT.c.first_day,
            CHECKPOINT.c.last_day,
            RUN.c.started_at,
        )
        .join(RUN, RUN.c.run_id == CHECKPOINT.c.run_id)
        .where(CHECKPOINT.c.school_id == school_id)
    )
    found: dict[tuple[str, int], list[LastRead]] = defaultdict(list)
    for entity, group_id, *span in rows:
        found[entity, group_id].append(LastRead._make(span))
    return found


def _found(connection: sa.Connection, *where: sa.ColumnElement[bool]) -> list[Reconciliation]:
    query = sa.select(RECONCILIATION).where(*where).order_by(RECONCILIATION.c.reconciliation_id)
    return [
        Reconciliation(
            row.at,
            row.study_year,
            row.run_id,
            Counts(row.checked, row.differing, row.unexplained, row.not_offered, row.failed),
            orjson.loads(row.details),
        )
        for row in connection.execute(query)
    ]
