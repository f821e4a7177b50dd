"""Restore a backup into a fresh place: never over an archive, and only what proves sound."""

from __future__ import annotations

import shutil
from pathlib import Path
from tempfile import TemporaryDirectory

import sqlalchemy as sa

from archive_store.backup.copying import copy_rows
from archive_store.backup.making import FILES, check, copy_files
from archive_store.errors import ArchiveThere, NotABackup
from archive_store.store import make_store
from archive_store.verification.findings import Verdict

_SQLITE = b"SQLite format 3\x00"


def restore(file: Path, url: str, files: Path) -> dict[int, Verdict]:
    """Restore a backup as the database at ``url``, and the files of homework that lie beside it.

    The database must not be there yet; on a server it must be empty. Raises NotABackup, BackupNotSound,
    ArchiveThere, and what opening a database raises.
    """
    _require_backup(file)
    parsed = sa.make_url(url)
    if parsed.get_backend_name() == "sqlite":
        verdicts = check(file)
        _as_file(file, Path(str(parsed.database)))
        make_store(url).dispose()
    else:
        _require_empty(url)
        verdicts = check(file)
        _into_server(file, url)
    copy_files(file.parent / FILES, files)
    return verdicts


def _require_backup(file: Path) -> None:
    try:
        with file.open("rb") as opened:
            if opened.read(len(_SQLITE)) == _SQLITE:
                return
    except OSError as error:
        raise NotABackup(file) from error
    raise NotABackup(file)


def _as_file(file: Path, place: Path) -> None:
    beside = [place, *(place.with_name(place.name + ending) for ending in ("-wal", "-shm", "-journal"))]
    if any(one.exists() for one in beside):
        raise ArchiveThere(str(place))
    place.parent.mkdir(parents=True, exist_ok=True)
    part = place.with_name(place.name + ".part")
    shutil.copyfile(file, part)
    part.chmod(0o600)
    part.rename(place)


def _require_empty(url: str) -> None:
    engine = sa.create_engine(sa.make_url(url).set(drivername="postgresql+psycopg"))
    try:
        with engine.connect() as connection:
            if sa.inspect(connection).get_table_names():
                raise ArchiveThere(engine.url.render_as_string(hide_password=True))
    finally:
        engine.dispose()


def _into_server(file: Path, url: str) -> None:
    """By way of a copy that is brought to this program's revision: the backup itself stays as it is."""
    with TemporaryDirectory(dir=file.parent) as folder:
        copy = Path(folder) / "copy.sqlite"
        shutil.copyfile(file, copy)
        source, target = make_store(f"sqlite:///{copy}"), make_store(url)
        try:
            with source.connect() as connection:
                copy_rows(connection, target)
        finally:
            source.dispose()
            target.dispose()
