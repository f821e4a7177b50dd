"""Runs: every sync is one, and every version names the run that saw it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

import orjson
import sqlalchemy as sa

from archive_store import ledger
from archive_store.schema import RUN

Outcome = Literal["done", "partial", "stopped", "interrupted"]


@dataclass(frozen=True, slots=True)
class Run:
    """A run as it is on record."""

    run_id: int
    kind: str
    started_at: str
    ended_at: str | None
    outcome: str
    summary: dict[str, Any]

    @property
    def is_good(self) -> bool:
        """Whether it read all that was due. What it held back waits for a person, not for another run."""
        return self.outcome in ("done", "partial") and not self.summary.get("failed")


def begin(connection: sa.Connection, school_id: int, kind: str, at: str, program: str) -> int:
    """Begin a run of ``kind`` at the moment ``at`` and return its id.

    A run that never ended was cut off: it is closed first, so that the ledger vouches for what it wrote.
    """
    cut_off = connection.execute(
        sa.select(RUN.c.run_id).where(RUN.c.school_id == school_id, RUN.c.outcome == "running")
    )
    for (run_id,) in cut_off.all():
        end(connection, school_id, run_id, at, "interrupted", {})
    result = connection.execute(
        RUN.insert().values(school_id=school_id, kind=kind, started_at=at, outcome="running", program=program)
    )
    (run_id,) = result.inserted_primary_key or (0,)
    return int(run_id)


def end(
    connection: sa.Connection,
    school_id: int,
    run_id: int,
    at: str,
    outcome: Outcome,
    summary: Mapping[str, Any],
) -> ledger.Head:
    """End a run at the moment ``at`` and chain what it wrote into the ledger."""
    connection.execute(
        RUN.update()
        .where(RUN.c.run_id == run_id)
        .values(ended_at=at, outcome=outcome, summary=orjson.dumps(summary).decode())
    )
    return ledger.append_run(connection, school_id, run_id, at)


def last(connection: sa.Connection, school_id: int, up_to: int | None = None) -> Run | None:
    """The newest run that has ended (not after run ``up_to``), or None."""
    bound = [RUN.c.run_id <= up_to] if up_to is not None else []
    row = connection.execute(
        sa.select(RUN)
        .where(RUN.c.school_id == school_id, RUN.c.ended_at.is_not(None), *bound)
        .order_by(RUN.c.run_id.desc())
        .limit(1)
    ).first()
    return None if row is None else _run(row)


def last_good(connection: sa.Connection, school_id: int) -> Run | None:
    """The newest run that read all that was due, or None. A repair of a part is none."""
    query = (
        sa.select(RUN)
        .where(
            RUN.c.school_id == school_id,
            RUN.c.kind != "resync",
            RUN.c.outcome.in_(("done", "partial")),
        )
        .order_by(RUN.c.run_id.desc())
    )
    with connection.execute(query) as rows:
        return next((run for run in map(_run, rows) if run.is_good), None)


def under_way(connection: sa.Connection, school_id: int) -> Run | None:
    """The run that has begun and not ended: it is under way, or was cut off."""
    row = connection.execute(
        sa.select(RUN)
        .where(RUN.c.school_id == school_id, RUN.c.ended_at.is_(None))
        .order_by(RUN.c.run_id.desc())
        .limit(1)
    ).first()
    return None if row is None else _run(row)


def _run(row: sa.Row[Any]) -> Run:
    summary = orjson.loads(row.summary or "{}")
    return Run(row.run_id, row.kind, row.started_at, row.ended_at, row.outcome, summary)
