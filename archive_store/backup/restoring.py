"""Restore a backup into a fresh place: never over an archive, and only what proves sound.

A backup may be of an older version of the program: a copy of it is brought to this program's tables and
verified there, and that copy becomes the archive. The backup itself stays as it is.
"""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

import sqlalchemy as sa

from archive_store.backup.copying import copy_rows
from archive_store.backup.making import FILES, check, copy_files, require_whole
from archive_store.errors import ArchiveThere, BackupNotSound, NotABackup
from archive_store.schema import LEDGER
from archive_store.store import address, make_store
from archive_store.verification.findings import Verdict

_SQLITE: Final = b"SQLite format 3\x00"
_BESIDE: Final = ("-wal", "-shm", "-journal")


def restore(file: Path, url: str, files: Path) -> dict[int, Verdict]:
    """Restore a backup as the database at ``url``, and the files of homework that lie beside it.

    The database must not be there yet; on a server it must be empty. Raises NotABackup, BackupNotSound,
    ArchiveThere, and what opening a database raises.
    """
    _require_backup(file)
    parsed = address(url)
    if parsed.get_backend_name() == "sqlite":
        place = Path(str(parsed.database))
        _require_free(place)
        place.parent.mkdir(parents=True, exist_ok=True)
        with _checked_copy(file, place.parent) as (copy, verdicts):
            copy.rename(place)
    else:
        _require_empty(url)
        with _checked_copy(file, file.parent) as (copy, verdicts):
            _into_server(copy, url)
    copy_files(file.parent / FILES, files)
    return verdicts


@contextmanager
def _checked_copy(file: Path, folder: Path) -> Iterator[tuple[Path, dict[int, Verdict]]]:
    """A copy of the backup in ``folder``'s file system, with the tables of this version, and verified."""
    require_whole(file)
    with TemporaryDirectory(dir=folder, prefix=".restoring-") as staging:
        copy = Path(staging) / "copy.sqlite"
        shutil.copyfile(file, copy)
        copy.chmod(0o600)
        make_store(f"sqlite:///{copy}").dispose()
        try:
            yield copy, check(copy)
        except BackupNotSound as error:
            raise BackupNotSound(file, error.findings) from error


def _require_backup(file: Path) -> None:
    try:
        with file.open("rb") as opened:
            if opened.read(len(_SQLITE)) != _SQLITE:
                raise NotABackup(file)
        with closing(sqlite3.connect(f"{file.absolute().as_uri()}?mode=ro", uri=True)) as database:
            held = database.execute("SELECT 1 FROM sqlite_master WHERE name = ?", (LEDGER.name,)).fetchone()
    except OSError as error:
        raise NotABackup(file) from error
    except sqlite3.DatabaseError as error:
        raise BackupNotSound(file, [str(error)]) from error
    if held is None:
        raise NotABackup(file)


def _require_free(place: Path) -> None:
    beside = [place, *(place.with_name(place.name + ending) for ending in _BESIDE)]
    if any(one.exists() for one in beside):
        raise ArchiveThere(str(place))


def _require_empty(url: str) -> None:
    engine = sa.create_engine(sa.make_url(url).set(drivername="postgresql+psycopg"))
    try:
        with engine.connect() as connection:
            if sa.inspect(connection).get_table_names():
                raise ArchiveThere(engine.url.render_as_string(hide_password=True))
    finally:
        engine.dispose()


def _into_server(copy: Path, url: str) -> None:
    source, target = make_store(f"sqlite:///{copy}"), make_store(url)
    try:
        with source.connect() as connection:
            copy_rows(connection, target)
    finally:
        source.dispose()
        target.dispose()
