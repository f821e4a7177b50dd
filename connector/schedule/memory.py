"""What the schedule keeps in a file of its own: its jobs, how each attempt ended, what was said.

Nothing of it is part of the archive: if it is lost or damaged, a new one is begun. What has been fetched,
and when, is known from the archive alone.
"""

from __future__ import annotations

import os
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

import sqlalchemy as sa

FILE_NAME: Final = "schedule.sqlite"
JOBS_TABLE: Final = "apscheduler_jobs"
_KEPT: Final = timedelta(days=400)
_TABLES: Final = sa.MetaData()

_ATTEMPT: Final = sa.Table(
    "attempt",
    _TABLES,
    sa.Column("number", sa.Integer(), primary_key=True),
    sa.Column("school_id", sa.BigInteger(), nullable=False),
    sa.Column("work", sa.Text(), nullable=False),
    sa.Column("at", sa.Text(), nullable=False),
    sa.Column("exit_code", sa.Integer(), nullable=False),
)
_SAID: Final = sa.Table(
    "said",
    _TABLES,
    sa.Column("school_id", sa.BigInteger(), primary_key=True, autoincrement=False),
    sa.Column("what", sa.Text(), primary_key=True),
    sa.Column("day", sa.Text(), primary_key=True),
)


@dataclass(frozen=True, slots=True)
class Attempt:
    """How a work ended for a school: an exit code of the program, and when."""

    work: str
    at: datetime
    exit_code: int


class Memory:
    """The file of the schedule. Safe to open by several processes at once."""

    def __init__(self, path: Path) -> None:
        self.engine = _opened(path)

    def close(self) -> None:
        """Close the file."""
        self.engine.dispose()

    def note(self, school_id: int, work: str, at: datetime, exit_code: int) -> None:
        """Note how an attempt ended; what is older than a year is forgotten."""
        with self.engine.begin() as connection:
            connection.execute(_ATTEMPT.delete().where(_ATTEMPT.c.at < _text(at - _KEPT)))
            connection.execute(_SAID.delete().where(_SAID.c.day < _text(at - _KEPT)))
            connection.execute(
                _ATTEMPT.insert().values(school_id=school_id, work=work, at=_text(at), exit_code=exit_code)
            )

    def attempts(self, school_id: int, work: str, since: datetime | None = None) -> list[Attempt]:
        """The attempts of a work for a school, the newest first."""
        query = (
            sa.select(_ATTEMPT)
            .where(_ATTEMPT.c.school_id == school_id, _ATTEMPT.c.work == work)
            .order_by(_ATTEMPT.c.number.desc())
        )
        if since is not None:
            query = query.where(_ATTEMPT.c.at >= _text(since))
        with self.engine.connect() as connection:
            return [_attempt(row) for row in connection.execute(query)]

    def failures_in_a_row(self, school_id: int, work: str, since: datetime) -> int:
        """How many of the newest attempts since a moment did not end with 0."""
        count = 0
        for attempt in self.attempts(school_id, work, since):
            if attempt.exit_code == 0:
                break
            count += 1
        return count

    def was_said(self, school_id: int, what: str, day: str) -> bool:
        """Whether this was said that day."""
        query = sa.select(_SAID).where(
            _SAID.c.school_id == school_id, _SAID.c.what == what, _SAID.c.day == day
        )
        with self.engine.connect() as connection:
            return connection.execute(query).first() is not None

    def say(self, school_id: int, what: str, day: str) -> None:
        """Keep that this has been said that day."""
        with suppress(sa.exc.IntegrityError), self.engine.begin() as connection:
            connection.execute(_SAID.insert().values(school_id=school_id, what=what, day=day))

    def next_runs(self) -> dict[str, datetime]:
        """When each job of the schedule runs next, as its file says. Empty if it never ran."""
        jobs = sa.table(JOBS_TABLE, sa.column("id"), sa.column("next_run_time"))
        with suppress(sa.exc.OperationalError), self.engine.connect() as connection:
            return {
                row.id: datetime.fromtimestamp(row.next_run_time, UTC)
                for row in connection.execute(sa.select(jobs))
                if row.next_run_time is not None
            }
        return {}


def _opened(path: Path) -> sa.Engine:
    engine = _engine(path)
    try:
        _TABLES.create_all(engine)
    except sa.exc.OperationalError:
        raise  # a full disk, no right: nothing that a new file would mend
    except sa.exc.DatabaseError:
        engine.dispose()
        path.replace(path.with_name(path.name + ".damaged"))
        engine = _engine(path)
        _TABLES.create_all(engine)
    return engine


def _engine(path: Path) -> sa.Engine:
    # Made before SQLite makes it, for its owner alone: whoever writes jobs here runs code.
    os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
    engine = sa.create_engine(sa.URL.create("sqlite", database=str(path)))
    sa.event.listen(engine, "connect", _patient)
    return engine


def _patient(connection: Any, _record: object) -> None:  # noqa: ANN401 - any DBAPI's connection
    cursor = connection.cursor()
    cursor.execute("PRAGMA busy_timeout = 30000")
    cursor.close()


def _attempt(row: sa.Row[Any]) -> Attempt:
    return Attempt(row.work, datetime.fromisoformat(row.at), row.exit_code)


def _text(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
