"""The journals of many classes, sealed by several processes: a bag owes nothing to another.

Each process reads for itself what has been committed; it ends with the one that began it, so that what a
killed sealing leaves behind can be removed.
"""

from __future__ import annotations

import errno
import os
import sqlite3
import threading
from collections.abc import Callable, Mapping
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context, parent_process
from pathlib import Path
from typing import Final

import sqlalchemy as sa

from archive_store import runs, texts
from archive_store.asof import AsOf
from archive_store.records import EduGroup
from archive_store.snapshot.bag import SealedBag
from archive_store.snapshot.contents import Record
from archive_store.store import open_store

FEWEST_CLASSES: Final = 12  # below, starting processes costs more than it gains
_MOST_PROCESSES: Final = 4
SQLITE_DISK: Final = (sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_CANTOPEN)

SealJournal = Callable[[Record, EduGroup, Path], SealedBag]
"""Writes and checks the bag of a class; it is sent to other processes."""


@dataclass(frozen=True, slots=True)
class _Source:
    """What a process needs to read the record by itself."""

    url: str
    at: AsOf
    study_year: int
    language: str


def processes_for(classes: int) -> int:
    """How many processes are worth starting for so many classes."""
    return min(os.cpu_count() or 1, _MOST_PROCESSES) if classes >= FEWEST_CLASSES else 1


def seal_journals(
    record: Record, places: Mapping[Path, EduGroup], seal: SealJournal, processes: int
) -> dict[int, SealedBag]:
    """The bags of these classes by their ids, each in its place.

    A record that others cannot read, because it is not committed or in memory, is sealed by this process.
    Raises what ``seal`` raises; OSError when the disk is full.
    """
    source = _source_of(record)
    if processes == 1 or source is None:
        return {group.group_id: seal(record, group, place) for place, group in places.items()}
    with ProcessPoolExecutor(processes, get_context("spawn"), initializer=_begin, initargs=(source,)) as pool:
        try:
            begun = {
                group.group_id: pool.submit(_seal, seal, group, place) for place, group in places.items()
            }
            return {group_id: one.result() for group_id, one in begun.items()}
        except BaseException:
            pool.shutdown(cancel_futures=True)
            raise


def _source_of(record: Record) -> _Source | None:
    """How another process gets at the record, None if it cannot."""
    engine = record.connection.engine
    url = engine.url.set(drivername=engine.url.get_backend_name())
    if url.get_backend_name() == "sqlite":
        if url.database in (None, "", ":memory:"):
            return None
        text = f"sqlite:///{url.database}"
    else:
        text = url.render_as_string(hide_password=False)
    source = _Source(text, record.at, record.study_year, texts.active())
    with engine.connect() as other:
        run = runs.last(other, record.at.school_id, record.at.run_id)
    return source if run is not None and run.run_id == record.at.run_id else None


# In each of the processes

_engine: sa.Engine
_source: _Source


def _begin(source: _Source) -> None:
    global _engine, _source
    texts.activate(source.language)
    _engine, _source = open_store(source.url), source
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    parent = parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def _seal(seal: SealJournal, group: EduGroup, place: Path) -> SealedBag:
    with _engine.connect() as connection:
        try:
            return seal(Record(connection, _source.at, _source.study_year), group, place)
        except sqlite3.OperationalError as error:
            # Its code does not come through to another process.
            if error.sqlite_errorcode & 0xFF in SQLITE_DISK:
                raise OSError(errno.EIO, str(error)) from error
            raise
