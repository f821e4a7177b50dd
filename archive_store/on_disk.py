"""A file that appears whole or not at all, and is on the disk once it is told."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Final

PART: Final = ".part"
_NEW: Final = os.O_CREAT | os.O_EXCL | os.O_RDWR | getattr(os, "O_BINARY", 0)
_CANNOT: Final = (errno.EINVAL, errno.ENOTSUP, errno.ENOSYS)


@contextmanager
def appearing(target: Path, *, over: bool = False) -> Iterator[IO[bytes]]:
    """A file to be written beside ``target``, for its owner's eyes alone, and named so when the block ends.

    What a killed command left there is written anew. Raises OSError; FileExistsError unless it may go
    ``over`` one that stands.
    """
    _require_free(target, over=over)
    part = part_of(target)
    part.unlink(missing_ok=True)
    try:
        with os.fdopen(os.open(part, _NEW, 0o600), "w+b") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
            ours = os.fstat(file.fileno())
        if not os.path.samestat(ours, part.stat()):  # another command began on the same file meanwhile
            raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), str(part))
        publish(part, target, over=over)
    finally:
        part.unlink(missing_ok=True)


def part_of(target: Path) -> Path:
    """Where a file is written before it gets its name."""
    return target.with_name(target.name + PART)


def publish(part: Path, target: Path, *, over: bool = False) -> None:
    """Give a flushed file its name. Raises OSError; FileExistsError unless it may go ``over`` another."""
    _require_free(target, over=over)
    part.replace(target)
    flush_folder(target.parent)


def flush_folder(folder: Path) -> None:
    """Flush the names in a folder, where the system (Windows does not) and the file system can."""
    if os.name == "nt":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    except OSError as error:
        if error.errno not in _CANNOT:
            raise
    finally:
        os.close(descriptor)


def _require_free(target: Path, *, over: bool) -> None:
    if not over and os.path.lexists(target):
        raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), str(target))
