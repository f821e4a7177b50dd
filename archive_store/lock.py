"""One run at a time: a lock that the system frees when the process ends, however it ends."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import sqlalchemy as sa
from filelock import FileLock, Timeout

from archive_store.errors import RunUnderWay

_PG_LOCK: Final = 0x646E6576  # "dnev": our own number among a database's advisory locks
_PG_CARRIERS: Final = 0x63617272  # "carr"


@contextmanager
def one_run(engine: sa.Engine) -> Iterator[None]:
    """Hold the archive's lock. Raises RunUnderWay if another run holds it."""
    with _held(engine, _PG_LOCK, ".lock"):
        yield


@contextmanager
def one_at_the_carriers(engine: sa.Engine) -> Iterator[None]:
    """Hold the lock of the carriers: nights go on while a year is copied. Raises RunUnderWay."""
    with _held(engine, _PG_CARRIERS, ".carriers.lock"):
        yield


@contextmanager
def _held(engine: sa.Engine, number: int, ending: str) -> Iterator[None]:
    if engine.dialect.name == "postgresql":
        with engine.connect() as connection:
            if not connection.execute(sa.select(sa.func.pg_try_advisory_lock(number))).scalar():
                raise RunUnderWay
            try:
                yield
            finally:
                connection.execute(sa.select(sa.func.pg_advisory_unlock(number)))
        return
    lock = FileLock(Path(f"{engine.url.database}{ending}"), timeout=0, mode=0o600)
    try:
        lock.acquire()
    except Timeout as error:
        raise RunUnderWay from error
    try:
        yield
    finally:
        lock.release()
