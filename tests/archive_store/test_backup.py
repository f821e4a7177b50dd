"""A backup of the live database: the same contents, whoever writes meanwhile; and nothing is overwritten."""

from __future__ import annotations

import hashlib
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from alembic import command

from archive_store import runs, schema
from archive_store.backup import making, restoring
from archive_store.errors import ArchiveThere, BackupNotSound, FolderNotWritable, NotABackup
from archive_store.history import write
from archive_store.records import Subject
from archive_store.schema import METADATA
from archive_store.store import alembic_config, make_store
from archive_store.verification.whole import verify

SCHOOL = 1_000_000_000_901
AT = "2025-09-13T02:30:00Z"

# What a run does, in a process of its own: a slice after the other, each in a transaction.
_WRITER = """
import sys
from archive_store import runs, schema
from archive_store.history import Absence, write
from archive_store.records import Subject
from archive_store.store import open_store

engine = open_store(sys.argv[1])
with engine.begin() as connection:
    run = runs.begin(connection, 1_000_000_000_901, "sync", "2025-09-13T00:00:00Z", "test")
number = 1000
while True:
    subjects = [Subject(number + n, "Предмет " * 20, None, None) for n in range(50)]
    with engine.begin() as connection:
        write(connection, schema.SUBJECT, 1_000_000_000_901, run, subjects, absence=Absence.UNKNOWN)
    number += 50
    print(number, flush=True)
"""


def _night(store: sa.Engine, names: dict[int, str], day: int) -> None:
    at = f"2025-09-{day:02}T00:00:00Z"
    with store.begin() as connection:
        run_id = runs.begin(connection, SCHOOL, "sync", at, "test")
        write(
            connection, schema.SUBJECT, SCHOOL, run_id, [Subject(n, s, None, None) for n, s in names.items()]
        )
        runs.end(connection, SCHOOL, run_id, at, "done", {})


@pytest.fixture
def archive(store: sa.Engine) -> sa.Engine:
    _night(store, {1: "Алгебра", 2: "Физика"}, 1)
    _night(store, {1: "Алгебра и начала анализа"}, 2)
    return store


@pytest.fixture
def files(tmp_path: Path) -> Path:
    """A file of homework, as a school's files lie."""
    contents = "Дроби".encode()
    name = hashlib.sha256(contents).hexdigest()
    place = tmp_path / "files" / name[:2] / name
    place.parent.mkdir(parents=True)
    place.write_bytes(contents)
    return tmp_path / "files"


def _contents(engine: sa.Engine) -> dict[str, list[Any]]:
    """All rows of all tables, except what the backup itself put on record."""
    with engine.connect() as connection:
        return {
            table.name: [
                tuple(row) for row in connection.execute(sa.select(table).order_by(*table.primary_key))
            ]
            for table in METADATA.sorted_tables
            if table.name != "ledger"
        }


def test_a_backup_restored_is_the_archive(archive: sa.Engine, files: Path, tmp_path: Path) -> None:
    made = making.make(archive, tmp_path / "copies", files, AT, keep=3)
    assert (made.verdicts[SCHOOL].versions, made.new_files) == (3, 1)
    assert hashlib.sha256(made.file.read_bytes()).hexdigest() == made.sha256

    url = f"sqlite:///{tmp_path / 'new' / 'archive.sqlite'}"
    restoring.restore(made.file, url, tmp_path / "new" / "files")
    restored = make_store(url)
    assert _contents(restored) == _contents(archive)
    _night(restored, {1: "Алгебра"}, 20)  # life goes on
    with restored.connect() as connection:
        assert verify(connection, SCHOOL).findings == ()
    restored.dispose()
    assert [one.read_bytes() for one in (tmp_path / "new" / "files").rglob("?" * 64)] == ["Дроби".encode()]
    with pytest.raises(ArchiveThere):
        restoring.restore(made.file, url, tmp_path / "new" / "files")


def test_a_backup_is_restored_onto_a_server_with_its_counters(
    archive: sa.Engine, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    made = making.make(archive, tmp_path / "copies", tmp_path / "none", AT, keep=3)
    url = request.getfixturevalue("postgresql_url") if archive.dialect.name == "sqlite" else None
    if url is None:
        with pytest.raises(ArchiveThere):  # the server's own database is not empty
            restoring.restore(made.file, archive.url.render_as_string(hide_password=False), tmp_path)
        return
    restoring.restore(made.file, url, tmp_path / "files")
    restored = make_store(url)
    assert _contents(restored) == _contents(archive)
    _night(restored, {1: "Алгебра"}, 20)  # the next run gets a number of its own
    with restored.connect() as connection:
        assert verify(connection, SCHOOL).findings == ()
    restored.dispose()


def test_a_backup_made_while_a_run_writes_is_of_one_moment(sqlite_store: sa.Engine, tmp_path: Path) -> None:
    _night(sqlite_store, {1: "Алгебра"}, 1)
    command = [sys.executable, "-c", _WRITER, str(sqlite_store.url)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as writer:
        assert writer.stdout is not None
        before = int(writer.stdout.readline())
        made = making.make(sqlite_store, tmp_path / "copies", tmp_path / "none", AT, keep=3)
        after = int(writer.stdout.readline())
        writer.kill()
    assert after > before
    with closing(sqlite3.connect(made.file)) as copy:
        copied = copy.execute("SELECT count(*) FROM subject").fetchone()[0]
    assert copied % 50 == 1  # whole slices, whatever the run was at
    assert made.verdicts[SCHOOL].findings == ()


def test_a_backup_of_an_archive_altered_behind_its_back_does_not_count(
    archive: sa.Engine, tmp_path: Path
) -> None:
    sound = making.make(archive, tmp_path, tmp_path / "none", AT, keep=1)
    with archive.begin() as connection:
        connection.execute(sa.text("UPDATE subject SET name = 'forged' WHERE subject_id = 2"))
    with pytest.raises(BackupNotSound):
        making.make(archive, tmp_path, tmp_path / "none", "2025-09-20T02:30:00Z", keep=1)
    assert [file.name for file in tmp_path.glob("archive-*")] == [sound.file.name]


@pytest.mark.parametrize("emptied", [("ledger",), ("ledger", "run")])
def test_a_backup_whose_ledger_was_emptied_is_not_restored(
    archive: sa.Engine, tmp_path: Path, emptied: tuple[str, ...]
) -> None:
    file = making.make(archive, tmp_path, tmp_path / "none", AT, keep=1).file
    with closing(sqlite3.connect(file)) as copy, copy:
        for table in emptied:
            copy.execute(f"DELETE FROM {table}")
    with pytest.raises(BackupNotSound) as raised:
        restoring.restore(file, f"sqlite:///{tmp_path / 'new' / 'archive.sqlite'}", tmp_path / "files")
    assert raised.value.path == file
    assert list((tmp_path / "new").iterdir()) == []
    with archive.begin() as connection:
        for table in emptied:
            connection.execute(sa.text(f"DELETE FROM {table}"))
    with pytest.raises(BackupNotSound):
        making.make(archive, tmp_path, tmp_path / "none", "2025-09-20T02:30:00Z", keep=1)


def _of_revision(file: Path, revision: str) -> None:
    """An empty archive as an older version of the program made it."""
    engine = sa.create_engine(f"sqlite:///{file}")
    configuration = alembic_config()
    with engine.connect() as connection:
        configuration.attributes["connection"] = connection
        command.upgrade(configuration, revision)
        connection.commit()
    engine.dispose()


def test_a_backup_of_an_older_version_is_brought_up_to_date_and_stays_as_it_was(
    sqlite_store: sa.Engine, tmp_path: Path
) -> None:
    _night(sqlite_store, {1: "Алгебра"}, 1)
    file = tmp_path / "archive-20250601T000000Z.sqlite"
    _of_revision(file, "0006")  # as before the book of carriers
    with closing(sqlite3.connect(file)) as copy, copy:
        copy.execute("ATTACH ? AS new", (str(sqlite_store.url.database),))
        for table in ("run", "subject", "ledger"):
            names = ", ".join(row[1] for row in copy.execute(f"PRAGMA main.table_info({table})"))
            copy.execute(f"INSERT INTO main.{table} ({names}) SELECT {names} FROM new.{table}")
    before = file.read_bytes()
    url = f"sqlite:///{tmp_path / 'new' / 'archive.sqlite'}"
    assert restoring.restore(file, url, tmp_path / "files")[SCHOOL].versions == 1
    restored = make_store(url)
    assert _contents(restored) == _contents(sqlite_store)
    restored.dispose()
    assert file.read_bytes() == before


def test_a_database_of_something_else_is_no_backup(tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "other.sqlite")) as other, other:
        other.execute("CREATE TABLE address (name TEXT)")
    with pytest.raises(NotABackup):
        restoring.restore(tmp_path / "other.sqlite", f"sqlite:///{tmp_path / 'new.sqlite'}", tmp_path)
    assert not (tmp_path / "new.sqlite").exists()


def test_the_last_copies_are_kept_and_none_is_written_over(archive: sa.Engine, tmp_path: Path) -> None:
    moments = [f"2025-09-{day}T02:30:00Z" for day in (13, 20, 27)]
    (tmp_path / "archive-20250101T000000Z.sqlite.part").write_bytes(b"of a backup that was killed")
    names = [making.make(archive, tmp_path, tmp_path / "none", at, keep=2).file.name for at in moments]
    assert sorted(file.name for file in tmp_path.glob("archive-*")) == names[1:]
    with pytest.raises(FolderNotWritable):
        making.make(archive, tmp_path, tmp_path / "none", moments[-1], keep=2)


def test_dumps_go_with_the_copies_that_they_were_made_beside(archive: sa.Engine, tmp_path: Path) -> None:
    for moment in ("20250901T023000Z", "20250913T023000Z", "20250920T023000Z"):
        (tmp_path / f"archive-{moment}.pgdump").write_bytes(b"PGDMP")
    (tmp_path / "archive-20250920T023000Z.pgdump.part").write_bytes(b"of a dump that was killed")
    moments = [f"2025-09-{day}T02:30:00Z" for day in (13, 20, 27)]
    made = [making.make(archive, tmp_path, tmp_path / "none", at, keep=2) for at in moments]
    assert made[0].dropped == ("archive-20250901T023000Z.pgdump",)
    assert made[-1].dropped == ("archive-20250913T023000Z.sqlite", "archive-20250913T023000Z.pgdump")
    left = sorted(file.name for file in tmp_path.glob("archive-*") if file.suffix != ".sqlite")
    assert left == ["archive-20250920T023000Z.pgdump"]


def test_a_damaged_backup_is_not_restored(archive: sa.Engine, tmp_path: Path) -> None:
    file = making.make(archive, tmp_path, tmp_path / "none", AT, keep=1).file
    contents = bytearray(file.read_bytes())
    place = contents.index("Физика".encode())
    contents[place] ^= 1
    file.write_bytes(contents)
    with pytest.raises(BackupNotSound):
        restoring.restore(file, f"sqlite:///{tmp_path / 'new.sqlite'}", tmp_path / "files")
    assert not (tmp_path / "new.sqlite").exists()
