"""The journals of many classes, sealed by several processes: a bag owes nothing to another."""

from __future__ import annotations

import errno
import sqlite3
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final

from archive_store import processes as together
from archive_store.asof import AsOf
from archive_store.records import EduGroup
from archive_store.snapshot.bag import SealedBag
from archive_store.snapshot.contents import Record

FEWEST_CLASSES: Final = 12
SQLITE_DISK: Final = (sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_CANTOPEN)

SealJournal = Callable[[Record, EduGroup, Path], SealedBag]
"""Writes and checks the bag of a class; it is sent to other processes."""


def processes_for(classes: int) -> int:
    """How many processes are worth starting for so many classes."""
    return together.processes_for(classes, FEWEST_CLASSES)


def seal_journals(
    record: Record, places: Mapping[Path, EduGroup], seal: SealJournal, processes: int
) -> dict[int, SealedBag]:
    """The bags of these classes by their ids, each in its place.

    A record that others cannot read, because it is not committed or in memory, is sealed by this process.
    Raises what ``seal`` raises; OSError when the disk is full.
    """
    source = together.committed(record.connection, record.at) if processes > 1 else None
    if source is None:
        return {group.group_id: seal(record, group, place) for place, group in places.items()}
    with together.pool(source, processes) as pool:
        begun = {
            group.group_id: pool.submit(_seal, seal, record.at, record.study_year, group, place)
            for place, group in places.items()
        }
        return {group_id: one.result() for group_id, one in begun.items()}


def _seal(seal: SealJournal, at: AsOf, study_year: int, group: EduGroup, place: Path) -> SealedBag:
    """In another process."""
    with together.reading() as connection:
        try:
            return seal(Record(connection, at, study_year), group, place)
        except sqlite3.OperationalError as error:
            # Its code does not come through to another process.
            if error.sqlite_errorcode & 0xFF in SQLITE_DISK:
                raise OSError(errno.EIO, str(error)) from error
            raise
