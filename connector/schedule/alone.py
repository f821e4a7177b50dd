"""One schedule at a time for an archive, by a lock that the system frees however the process ends."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from filelock import FileLock, Timeout

_FILE_NAME: Final = "schedule.lock"
_PATIENCE_SECONDS: Final = 3.0  # whoever asks whether a schedule runs holds the lock for a moment


class ScheduleRunning(Exception):
    """Another schedule of the same archive runs already."""


@contextmanager
def the_only_schedule(folder: Path) -> Iterator[None]:
    """Be the schedule of the archive in ``folder``. Raises ScheduleRunning."""
    lock = FileLock(folder / _FILE_NAME, timeout=_PATIENCE_SECONDS, mode=0o600)
    try:
        lock.acquire()
    except Timeout as error:
        raise ScheduleRunning from error
    try:
        yield
    finally:
        lock.release()


def is_running(folder: Path) -> bool:
    """Whether a schedule of the archive in ``folder`` runs."""
    if not (folder / _FILE_NAME).exists():
        return False
    try:
        with FileLock(folder / _FILE_NAME, timeout=0, mode=0o600):
            return False
    except Timeout:
        return True
