"""Work on the record by several processes, each of which reads for itself what has been committed.

They end with the one that began them, so that what a killed command leaves behind can be removed.
"""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing import active_children, get_context, parent_process
from typing import Final

import sqlalchemy as sa

from archive_store import runs, texts
from archive_store.asof import AsOf
from archive_store.store import open_store

_MOST_PROCESSES: Final = 4


@dataclass(frozen=True, slots=True)
class Committed:
    """What a process needs to read the record by itself."""

    url: str
    language: str


def processes_for(pieces: int, fewest: int) -> int:
    """How many processes so many pieces of work are worth; fewer than ``fewest`` are not worth one more."""
    return min(os.cpu_count() or 1, _MOST_PROCESSES) if pieces >= fewest else 1


def committed(connection: sa.Connection, at: AsOf) -> Committed | None:
    """How another process gets at the record; None if it cannot: not committed, or in memory."""
    engine = connection.engine
    url = engine.url.set(drivername=engine.url.get_backend_name())
    if url.get_backend_name() == "sqlite":
        if url.database in (None, "", ":memory:"):
            return None
        text = f"sqlite:///{url.database}"
    else:
        text = url.render_as_string(hide_password=False)
    with engine.connect() as other:
        run = runs.last(other, at.school_id, at.run_id)
    return Committed(text, texts.active()) if run is not None and run.run_id == at.run_id else None


@contextmanager
def pool(source: Committed, processes: int) -> Iterator[ProcessPoolExecutor]:
    """Processes that read by :func:`reading`. If the block fails or is interrupted they end at once."""
    before = set(active_children())
    with ProcessPoolExecutor(
        processes, get_context("spawn"), initializer=_begin, initargs=(source,)
    ) as executor:
        try:
            yield executor
        except BaseException:
            for child in set(active_children()) - before:
                child.terminate()
            executor.shutdown(cancel_futures=True)
            raise


# In each of the processes

_engine: sa.Engine


@contextmanager
def reading() -> Iterator[sa.Connection]:
    """A connection to the record, in a process of a pool."""
    with _engine.connect() as connection:
        yield connection


def _begin(source: Committed) -> None:
    global _engine  # noqa: PLW0603 - a process of a pool reads one record
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches all; the one that began them ends them
    texts.activate(source.language)
    _engine = open_store(source.url)
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    parent = parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)
