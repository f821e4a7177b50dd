"""Where a year or an edition is staged, and how it appears: protected, flushed, by one rename."""

from __future__ import annotations

import errno
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from archive_store.errors import FolderNotWritable
from archive_store.on_disk import flush_folder
from archive_store.snapshot import bag, naming
from archive_store.snapshot.seal import SealedYear
from archive_store.snapshot.several import SQLITE_DISK

_STAGING: Final = ".staging-"
_DISK: Final = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EROFS, errno.EACCES, errno.EPERM, errno.EIO)


@contextmanager
def staging(root: Path, study_year: int) -> Iterator[Path]:
    """A folder for the year, on the file system of ``root``; whatever is left in it at the end goes."""
    try:
        root.mkdir(parents=True, exist_ok=True, mode=0o700)
        _remove_leftovers(root)
        place = root / f"{_STAGING}{naming.year_folder(study_year)}"
        (place / naming.year_folder(study_year)).mkdir(parents=True, mode=0o700)
    except OSError as error:
        raise FolderNotWritable(root, error.strerror or str(error)) from error
    try:
        yield place / naming.year_folder(study_year)
    except OSError as error:
        if error.errno in _DISK:
            raise FolderNotWritable(root, error.strerror or str(error)) from error
        raise
    except sqlite3.OperationalError as error:
        if error.sqlite_errorcode & 0xFF in SQLITE_DISK:
            raise FolderNotWritable(root, str(error)) from error
        raise
    finally:
        bag.remove(place)


def publish(sealed: SealedYear, root: Path) -> SealedYear:
    """Protect the staged bags and move the year to its place by one rename."""
    for one in sealed.path.iterdir():
        bag.protect(one)
    flush_folder(sealed.path)
    place = root / sealed.path.name
    sealed.path.rename(place)
    place.chmod(0o500)
    flush_folder(root)
    return SealedYear(place, sealed.bags, sealed.groups)


def add_edition(sealed: SealedYear, place: Path) -> SealedYear:
    """Move the staged bags of a later edition beside those of the year at ``place``, the summary last.

    The summary vouches for the others: until it is there, a new bag is no part of the year, and what a
    killed publishing left without it is removed by the next.
    """
    mode = place.stat().st_mode
    place.chmod(0o700)
    try:
        for one, _term in sealed.bags:
            folder = sealed.path / one.name
            bag.protect(folder)
            folder.chmod(0o700)  # else it cannot be moved to another folder
            folder.rename(place / one.name)
            (place / one.name).chmod(0o500)
            flush_folder(place)
    finally:
        place.chmod(mode)
    return SealedYear(place, sealed.bags, sealed.groups)


def _remove_leftovers(root: Path) -> None:
    for left in root.glob(f"{_STAGING}*"):
        bag.remove(left)
