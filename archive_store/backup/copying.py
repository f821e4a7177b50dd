"""Copy the database into one SQLite file, as of one moment, whoever is writing to it meanwhile.

SQLite by its own online backup; PostgreSQL row by row within one snapshot of its, so that the copy can be
verified and read by this program without a server. ``pg_dump`` copies what only a server needs.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import Any, Final

import sqlalchemy as sa

from archive_store.schema import METADATA
from archive_store.store import make_store
from archive_store.verification.whole import one_state

_ROWS_AT_ONCE: Final = 2_000


def copy_database(engine: sa.Engine, file: Path) -> None:
    """Copy the database into ``file``, which must not be there: one file, complete, for its owner alone."""
    os.close(os.open(file, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    if engine.dialect.name == "sqlite":
        _online_backup(engine, file)
    else:
        target = make_store(f"sqlite:///{file}")
        try:
            with one_state(engine) as source:
                copy_rows(source, target)
        finally:
            target.dispose()
    _as_one_file(file)


def copy_rows(source: sa.Connection, target: sa.Engine) -> None:
    """Copy all rows of all tables into an empty database of the same revision, in one transaction."""
    with target.begin() as connection:
        for table in METADATA.sorted_tables:
            with source.execute(sa.select(table).execution_options(yield_per=_ROWS_AT_ONCE)) as rows:
                for some in _portions(rows):
                    connection.execute(table.insert(), some)
        if connection.dialect.name == "postgresql":
            _set_counters(connection)


def _portions(rows: sa.CursorResult[Any]) -> Iterator[list[dict[str, Any]]]:
    mappings = iter(rows.mappings())
    while some := [dict(row) for row in islice(mappings, _ROWS_AT_ONCE)]:
        yield some


def _set_counters(connection: sa.Connection) -> None:
    """Let a server's counters go on after the ids that were copied."""
    for table in METADATA.sorted_tables:
        counted = table.autoincrement_column
        if counted is None:
            continue
        sequence = connection.execute(
            sa.select(sa.func.pg_get_serial_sequence(table.name, counted.name))
        ).scalar()
        newest = connection.execute(sa.select(sa.func.max(counted))).scalar()
        if sequence and newest:
            connection.execute(sa.select(sa.func.setval(sequence, newest)))


def _online_backup(engine: sa.Engine, file: Path) -> None:
    with engine.connect() as connection, _closing(file) as target:
        driver: Any = connection.connection.driver_connection
        # All pages in one step: a reader's view of one moment. In portions, every write of a run under way
        # would make it begin anew.
        driver.backup(target, pages=-1)


def _as_one_file(file: Path) -> None:
    """Leave nothing of the copy in files beside it, and all of it on the disk."""
    with _closing(file) as database:
        database.execute("PRAGMA journal_mode = DELETE")
    with file.open("rb+") as copied:
        os.fsync(copied.fileno())


@contextmanager
def _closing(file: Path) -> Iterator[sqlite3.Connection]:
    database = sqlite3.connect(file)
    try:
        yield database
    finally:
        database.close()
