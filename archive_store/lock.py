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


@contextmanager
def one_run(engine: sa.Engine) -> Iterator[None]:
    """Hold the archive's lock. Raises RunUnderWay if another run holds it."""
    if engine.dialect.name == "postgresql":
        with engine.connect() as connection:
            if not connection.execute(sa.select(sa.func.pg_try_advisory_lock(_PG_LOCK))).scalar():
                raise RunUnderWay
            try:
                yield
            finally:
                connection.execute(sa.select(sa.func.pg_advisory_unlock(_PG_LOCK)))
        return
    lock = FileLock(Path(f"{engine.url.database}.lock"), timeout=0, mode=0o600)
    try:
        lock.acquire()
    except Timeout as error:
        raise RunUnderWay from error
    try:
        yield
    finally:
        lock.release()
