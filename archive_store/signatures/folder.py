"""The folder ``signatures/`` beside a file: read with care, added to, never altered.

What lies in a sealed place is read-only. Its folder is opened for the moment of adding; a file appears
under its name whole, flushed to the disk, or not at all, and never in the place of another.
"""

from __future__ import annotations

import os
import stat
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

from archive_store.errors import FolderNotWritable
from archive_store.on_disk import flush_folder
from archive_store.signatures.der import LARGEST

NAME: Final = "signatures"
_STAGED: Final = ".adding-"


def beside(file: Path) -> Path:
    """The folder of the signatures over a file."""
    return file.parent / NAME


def content(path: Path) -> bytes | None:
    """What a plain file holds, one byte more than LARGEST at most; None if it is none or unreadable."""
    if path.is_symlink():  # not every system can open a file without following
        return None
    try:
        # Not following links, and not waiting for a pipe: what lies here may be hostile.
        handle = os.open(path, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0))
    except OSError:
        return None
    with os.fdopen(handle, "rb") as file:
        if not stat.S_ISREG(os.fstat(handle).st_mode):
            return None
        try:
            return file.read(LARGEST + 1)
        except OSError:
            return None


def names(folder: Path) -> list[str]:
    """What lies in a folder of signatures, in order; what a crash left half-written is not told."""
    try:
        if folder.is_symlink():
            return []
        return sorted(one.name for one in folder.iterdir() if not one.name.startswith(_STAGED))
    except OSError:
        return []


def add(folder: Path, files: dict[str, bytes]) -> None:
    """Add files, in this order. Raises FolderNotWritable; FileExistsError if a name is taken."""
    try:
        with _open(folder):
            for left in folder.glob(f"{_STAGED}*"):
                left.unlink()
            for name, new in files.items():
                _add(folder, name, new)
            flush_folder(folder)
    except FileExistsError:
        raise
    except OSError as error:
        raise FolderNotWritable(folder, error.strerror or type(error).__name__) from error


@contextmanager
def _open(folder: Path) -> Iterator[None]:
    """The folder, made if need be, can be written to; afterwards it and its parent are as they were."""
    if not folder.exists() and not folder.is_symlink():
        with _writable(folder.parent):
            folder.mkdir(mode=0o700)
            flush_folder(folder.parent)
        protected = stat.S_IMODE(folder.parent.stat().st_mode)
        with _writable(folder, protected):
            yield
        return
    if folder.is_symlink() or not folder.is_dir():
        raise NotADirectoryError(20, os.strerror(20))
    with _writable(folder):
        yield


@contextmanager
def _writable(folder: Path, afterwards: int | None = None) -> Iterator[None]:
    mode = stat.S_IMODE(folder.stat().st_mode)
    folder.chmod(mode | stat.S_IRWXU)
    try:
        yield
    finally:
        folder.chmod(mode if afterwards is None else afterwards)


def _add(folder: Path, name: str, new: bytes) -> None:
    handle, unique = tempfile.mkstemp(prefix=_STAGED, dir=folder)
    staged = Path(unique)
    try:
        with os.fdopen(handle, "wb") as out:
            out.write(new)
            out.flush()
            os.fsync(out.fileno())
        staged.chmod(0o400)
        _name(staged, folder / name)
    finally:
        with suppress(OSError):
            staged.unlink(missing_ok=True)


def _name(staged: Path, place: Path) -> None:
    """Give a file its name, unless it is taken."""
    try:
        os.link(staged, place)
    except FileExistsError:
        raise
    except OSError:  # on a carrier whose file system has no links (FAT)
        if os.path.lexists(place):
            raise FileExistsError(17, os.strerror(17), str(place)) from None
        staged.rename(place)
