"""Make a backup: copy, verify the copy, publish it by one rename, drop the oldest beyond those to be kept."""

from __future__ import annotations

import errno
import os
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from hashlib import file_digest
from pathlib import Path
from typing import Any, Final

import sqlalchemy as sa

from archive_store import ledger
from archive_store.backup.copying import copy_database
from archive_store.errors import BackupNotSound, FolderNotWritable
from archive_store.on_disk import PART, flush_folder
from archive_store.retention.notes import write_beside
from archive_store.retention.tombstones import tombstones
from archive_store.store import size_of
from archive_store.verification.findings import Verdict
from archive_store.verification.whole import schools, verify

KIND: Final = "backup"
FILES: Final = "files"
_NAME: Final = "archive-{moment}.sqlite"
DUMP: Final = ".pgdump"
_PATTERN: Final = "archive-*Z.sqlite"
_ROOM_TO_SPARE: Final = 1.1
_NEW_FILE: Final = os.O_CREAT | os.O_WRONLY | os.O_TRUNC
_DIGITS: Final = 64
_DISK: Final = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EROFS, errno.EACCES, errno.EPERM, errno.EIO)


@dataclass(frozen=True, slots=True)
class Backup:
    """A backup that was made and verified: its file, what the file holds, and the files of homework."""

    file: Path
    size: int
    sha256: str
    verdicts: dict[int, Verdict]
    new_files: int
    dropped: tuple[str, ...]


def make(engine: sa.Engine, folder: Path, files: Path, at: str, keep: int) -> Backup:
    """Copy the database and the files of homework into ``folder``; the last ``keep`` copies stay.

    Nothing is removed before the new copy is verified. Raises FolderNotWritable, BackupNotSound.
    """
    name = _NAME.format(moment=at.replace("-", "").replace(":", ""))
    with _disk(folder):
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        _tidy(folder)
        _require_room(engine, folder)
        staged, place = folder / (name + PART), folder / name
        if place.exists():
            raise FolderNotWritable(place, os.strerror(errno.EEXIST))
        try:
            copy_database(engine, staged)
            verdicts = check(staged)
            with staged.open("rb") as copied:
                digest = file_digest(copied, "sha256").hexdigest()
            new_files = copy_files(files, folder / FILES)
            _write_tombstones(engine, folder, verdicts)
            staged.rename(place)
            flush_folder(folder)
        finally:
            staged.unlink(missing_ok=True)
        dropped = _drop_oldest(folder, keep)
    _put_on_record(engine, place, digest, verdicts, new_files, at)
    return Backup(place, place.stat().st_size, digest, verdicts, new_files, dropped)


def check(file: Path) -> dict[int, Verdict]:
    """Check a copy: SQLite's own check, and the whole ledger of each school. Raises BackupNotSound."""
    require_whole(file)
    engine = sa.create_engine(f"sqlite:///{file}")
    try:
        with engine.connect() as connection:
            # Not those of the ledger alone: one that was emptied vouches for nobody.
            verdicts = {school: verify(connection, school) for school in schools(connection)}
    finally:
        engine.dispose()
    findings = [finding for verdict in verdicts.values() for finding in verdict.findings]
    if findings:
        raise BackupNotSound(file, findings)
    return verdicts


def require_whole(file: Path) -> None:
    """Make sure that a file is a database without damage. Raises BackupNotSound."""
    with closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True)) as database:
        try:
            said = [row[0] for row in database.execute("PRAGMA integrity_check(5)")]
        except sqlite3.DatabaseError as error:
            raise BackupNotSound(file, [str(error)]) from error
    if said != ["ok"]:
        raise BackupNotSound(file, said)


def _write_tombstones(engine: sa.Engine, folder: Path, verdicts: dict[int, Verdict]) -> None:
    """Beside the copies, of which older ones know nothing of a later destruction."""
    with engine.connect() as connection:
        for school in verdicts:
            write_beside(folder, school, tombstones(connection, school))


def copy_files(source: Path, target: Path) -> int:
    """Copy the files of homework that the target lacks, checked by their names; returns how many."""
    copied = 0
    for file in sorted(source.rglob("*")) if source.is_dir() else ():
        place = target / file.relative_to(source)
        if not file.is_file() or file.name.startswith(".") or len(file.name) != _DIGITS or place.exists():
            continue
        place.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        part = place.with_name(place.name + PART)
        with file.open("rb") as read, os.fdopen(os.open(part, _NEW_FILE, 0o600), "wb") as written:
            shutil.copyfileobj(read, written)
            written.flush()
            os.fsync(written.fileno())
        with part.open("rb") as again:
            if file_digest(again, "sha256").hexdigest() != file.name:
                raise BackupNotSound(file, ["SHA-256"])
        part.rename(place)
        copied += 1
    return copied


def last(connection: sa.Connection, school_id: int) -> ledger.Entry | None:
    """The newest backup on record."""
    return next(ledger.entries(connection, school_id, KIND), None)


def _put_on_record(
    engine: sa.Engine, file: Path, digest: str, verdicts: dict[int, Verdict], new_files: int, at: str
) -> None:
    with engine.begin() as connection:
        for school, verdict in verdicts.items():
            about: dict[str, Any] = {
                "file": str(file.absolute()),
                "bytes": file.stat().st_size,
                "sha256": digest,
                "up_to": verdict.up_to,
                "head": verdict.head.hex(),
                "versions": verdict.versions,
                "new_files": new_files,
            }
            ledger.append(connection, school, KIND, at, about)


def _require_room(engine: sa.Engine, folder: Path) -> None:
    with engine.connect() as connection:
        size = size_of(connection)
    if shutil.disk_usage(folder).free < size * _ROOM_TO_SPARE:
        raise FolderNotWritable(folder, os.strerror(errno.ENOSPC))


def _drop_oldest(folder: Path, keep: int) -> tuple[str, ...]:
    """Remove all but the last copies, and the server's own dumps that are older than these."""
    known = sorted(folder.glob(_PATTERN))
    dumps = [one for one in sorted(folder.glob(f"archive-*Z{DUMP}")) if one.stem < known[-keep:][0].stem]
    oldest = [*known[:-keep], *dumps]
    for file in oldest:
        file.unlink()
    return tuple(file.name for file in oldest)


def _tidy(folder: Path) -> None:
    """Remove what a backup left that was killed."""
    for left in folder.glob(f"archive-*{PART}*"):
        left.unlink()


@contextmanager
def _disk(folder: Path) -> Iterator[None]:
    """What goes wrong with the disk, as one error."""
    try:
        yield
    except OSError as error:
        if error.errno in _DISK or isinstance(error, (FileExistsError, NotADirectoryError)):
            raise FolderNotWritable(folder, error.strerror or str(error)) from error
        raise
    except sqlite3.OperationalError as error:
        raise FolderNotWritable(folder, str(error)) from error
