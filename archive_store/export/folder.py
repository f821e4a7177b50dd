"""A new folder that appears whole or not at all."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import IO, Final

from archive_store.errors import FolderNotEmpty, FolderNotWritable
from archive_store.on_disk import flush_folder

_FOLDER_MODE: Final = 0o700
_FILE_MODE: Final = 0o600
_BLOCK: Final = 1 << 20


@dataclass(frozen=True, slots=True)
class FileOnRecord:
    """A written file: its path in the folder with forward strokes, its size in bytes, its SHA-256."""

    path: str
    size: int
    digest: str


@dataclass(slots=True)
class StagedFolder:
    """A folder that is being filled beside its place."""

    root: Path
    files: list[FileOnRecord] = field(default_factory=list)

    def add(self, path: str, content: bytes) -> None:
        """Write a file."""
        with self.open(path) as file:
            file.write(content)

    @contextmanager
    def open(self, path: str) -> Iterator[IO[bytes]]:
        """A file to be written piece by piece; when closed it is on disk, for its owner's eyes alone."""
        place = self.root / path
        _make_folders(place.parent, self.root)
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
        with open(os.open(place, flags, _FILE_MODE), "wb", buffering=_BLOCK) as file:  # noqa: PTH123 - by descriptor
            yield file
            to_disk(file)
        self.files.append(file_on_record(place, path))


def _make_folders(folder: Path, root: Path) -> None:
    """Make a folder below ``root``, and each above it, for its owner's eyes alone."""
    for below in reversed([folder, *folder.parents]):
        if root in below.parents:
            below.mkdir(mode=_FOLDER_MODE, exist_ok=True)


@contextmanager
def new_folder(out: Path) -> Iterator[StagedFolder]:
    """Fill the new folder ``out``: it is put in its place when the block ends, and not if it fails.

    Raises FolderNotEmpty if there is something in ``out``, FolderNotWritable if it cannot be written.
    """
    out = out.absolute()
    if out.exists() and (not out.is_dir() or any(out.iterdir())):
        raise FolderNotEmpty(out)
    try:
        with _parents_of(out):
            staging = Path(tempfile.mkdtemp(prefix=f".{out.name}-", dir=out.parent))
            try:
                folder = StagedFolder(staging)
                yield folder
                _publish(staging, out)
            except BaseException:
                shutil.rmtree(staging, ignore_errors=True)
                raise
    except OSError as error:
        raise FolderNotWritable(out, error.strerror or str(error)) from error


@contextmanager
def _parents_of(out: Path) -> Iterator[None]:
    """Make the folders above ``out``; those made here go again if the block fails."""
    missing = [parent for parent in out.parents if not parent.exists()]
    try:
        out.parent.mkdir(mode=_FOLDER_MODE, parents=True, exist_ok=True)
        yield
    except BaseException:
        for parent in missing:
            if parent.exists():
                parent.rmdir()
        raise


def _publish(staging: Path, out: Path) -> None:
    for folder, _folders, _files in os.walk(staging):
        flush_folder(Path(folder))
    if out.exists():
        out.rmdir()  # it is empty: not every system renames over it
    os.replace(staging, out)  # noqa: PTH105 - the one step that makes the folder visible
    flush_folder(out.parent)


def file_on_record(place: Path, path: str) -> FileOnRecord:
    """Read the file at ``place``; ``path`` is what it is called on record."""
    digest, size = sha256(), 0
    with place.open("rb") as file:
        while block := file.read(_BLOCK):
            digest.update(block)
            size += len(block)
    return FileOnRecord(path, size, digest.hexdigest())


def to_disk(file: IO[bytes]) -> None:
    """Let what was written be on the disk, not in a cache."""
    file.flush()
    os.fsync(file.fileno())
