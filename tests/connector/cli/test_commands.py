"""The commands as their user types them, against a served school."""

from __future__ import annotations

import csv
import io
import json
import os
import re
import stat
import subprocess
import sys
import zipfile
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import sqlalchemy as sa

from archive_store import schema

PROGRAM = [sys.executable, "-c", "from connector.cli import main; main()"]


def test_init_makes_private_files_and_leaves_what_is_there(command: Any) -> None:
    first = command("init", "--dir", "here")
    assert first.code == 0
    assert {path.name for path in Path("here").iterdir()} >= {"archive.sqlite", "dnevnik-archive.toml"}
    if os.name == "posix":
        assert {stat.S_IMODE(path.stat().st_mode) for path in Path("here").iterdir()} == {0o600}
    Path("here/dnevnik-archive.toml").write_text('language = "en"\n')
    again = command("init", "--dir", "here")
    assert "left as they were" in again.out
    assert Path("here/dnevnik-archive.toml").read_text() == 'language = "en"\n'


def test_a_second_sync_finds_nothing_new(archive: Any) -> None:
    ended = archive("sync")
    assert ended.code == 0
    assert "answers parsed: 0" in ended.out


def test_data_comes_as_csv_and_as_json_lines_with_the_same_rows(archive: Any, closed_year: str) -> None:
    as_csv = list(csv.DictReader(io.StringIO(archive("data", "marks", "--year", closed_year).out)))
    as_json = [
        json.loads(line)
        for line in archive("data", "marks", "--year", closed_year, "--format", "jsonl").out.splitlines()
    ]
    assert len(as_csv) == len(as_json) > 100
    for text, value in zip(as_csv, as_json, strict=True):
        plain = {
            name: "" if one is None else str(one).lower() if isinstance(one, bool) else str(one)
            for name, one in value.items()
        }
        assert text == plain


def test_data_of_a_class_is_part_of_the_data_of_the_year(
    archive: Any, closed_year: str, a_class: str
) -> None:
    whole = archive("data", "lessons", "--year", closed_year).out.splitlines()
    part = archive("data", "lessons", "--year", closed_year, "--group", a_class.lower()).out.splitlines()
    assert 1 < len(part) < len(whole)
    assert set(part) <= set(whole)


def test_as_of_a_day_before_the_first_run_there_was_nothing(archive: Any) -> None:
    assert len(archive("data", "marks", "--as-of", "2020-01-01").out.splitlines()) == 1
    assert len(archive("data", "marks", "--as-of", "2099-01-01").out.splitlines()) > 100


def test_midnight_is_a_moment_and_a_bare_day_means_its_end(archive: Any) -> None:
    today = f"{datetime.now(ZoneInfo('Europe/Moscow')):%Y-%m-%d}"
    assert len(archive("data", "groups", "--as-of", f"{today}T00:00").out.splitlines()) == 1
    assert len(archive("data", "groups", "--as-of", today).out.splitlines()) > 1


def test_without_a_command_it_shows_its_help(tmp_path: Path) -> None:
    ended = subprocess.run(PROGRAM, capture_output=True, text=True, cwd=tmp_path, encoding="utf-8")
    assert "Traceback" not in ended.stderr
    assert "dnevnik-archive" in ended.stdout + ended.stderr


def test_resync_repairs_exactly_what_it_is_told(archive: Any, closed_year: str, a_class: str) -> None:
    marks = list(csv.DictReader(io.StringIO(archive("data", "marks", "--group", a_class).out)))
    engine = sa.create_engine("sqlite:///archive.sqlite")
    with engine.begin() as connection:  # someone has meddled with the record
        connection.execute(sa.text("UPDATE mark SET digest = zeroblob(32)"))
    day = marks[0]["day"]
    ended = archive(
        "resync", "--from", day, "--to", day, "--group", a_class, "--entity", "marks",
        "--subject", marks[0]["subject_name"],
    )  # fmt: skip
    assert ended.code == 0
    meant = [one for one in marks if (one["day"], one["subject_id"]) == (day, marks[0]["subject_id"])]
    (row,) = [line for line in ended.out.splitlines() if line.startswith("Marks of lessons")]
    assert row.split()[-4:] == ["0", str(len(meant)), "0", "0"]


def test_a_year_is_closed_verified_and_never_closed_twice(archive: Any, closed_year: str) -> None:
    assert archive("year", "close", closed_year).code == 0
    verified = archive("snapshot", "verify", "snapshots")
    assert verified.code == 0
    counts = [int(number) for number in re.findall(r"\d+", verified.out.splitlines()[0])]
    assert counts[1] == counts[2] == counts[3] > 100
    again = archive("year", "close", closed_year)
    assert again.code == 8
    assert "closed and sealed already" in again.err
    assert archive("ledger", "verify").code == 0


def test_a_sealed_bag_as_siard_is_logged_and_never_written_over(archive: Any, closed_year: str) -> None:
    archive("year", "close", closed_year)
    bag = next(Path("snapshots").glob("*/journal-*"))
    ended = archive("snapshot", "siard", str(bag), "--out", "journal.siard")
    assert (ended.code, "rows: " in ended.out) == (0, True)
    assert zipfile.is_zipfile("journal.siard")
    assert Path("journal.siard").stat().st_mode & 0o077 == 0
    with sa.create_engine("sqlite:///archive.sqlite").connect() as connection:
        *_before, begun, last = connection.execute(sa.select(schema.ACCESS).order_by(schema.ACCESS.c.number))
    assert (begun.kind, json.loads(begun.about)["bag"]) == ("siard", bag.name)
    assert (last.state, last.begun) == ("given", begun.number)
    assert archive("snapshot", "siard", str(bag), "--out", "journal.siard").code == 8
    assert archive("snapshot", "siard", str(bag.parent), "--out", "year.siard").code == 7
    with sa.create_engine("sqlite:///archive.sqlite").begin() as connection:
        connection.execute(schema.SCHOOL.table.delete())  # an archive that holds no school yet
    assert archive("snapshot", "siard", str(bag), "--out", "again.siard").code == 0
    (bag / "read-me.txt").chmod(0o600)
    (bag / "read-me.txt").write_text("")
    assert archive("snapshot", "siard", str(bag), "--out", "other.siard").code == 9
    assert not Path("other.siard").exists()


def test_parquet_without_pyarrow_is_told_and_nothing_is_sealed(
    archive: Any, closed_year: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DNEVNIK_ARCHIVE_SEAL_PARQUET", "true")
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    ended = archive("year", "close", closed_year)
    assert ended.code == 3
    assert "dnevnik-archive[parquet]" in ended.err
    assert list(Path("snapshots").iterdir()) == []


def test_a_changed_byte_of_a_sealed_year_is_found(archive: Any, closed_year: str) -> None:
    archive("year", "close", closed_year)
    file = next(Path("snapshots").glob("*/journal-*/data/tables/mark.csv.gz"))
    content = bytearray(file.read_bytes())
    content[len(content) // 2] ^= 0xFF
    file.chmod(0o600)
    file.write_bytes(content)
    ended = archive("snapshot", "verify", "snapshots")
    assert ended.code == 9
    assert "mark.csv.gz: the file's contents were changed" in ended.out
    assert "NOT SOUND" in ended.out


def test_a_record_altered_behind_the_ledgers_back_is_found(archive: Any) -> None:
    with sa.create_engine("sqlite:///archive.sqlite").begin() as connection:
        connection.execute(sa.text("UPDATE mark SET value = 'forged' WHERE rowid = 1"))
    ended = archive("ledger", "verify")
    assert ended.code == 9
    assert "A record was altered: a mark, " in ended.out


def test_what_is_given_out_is_logged_without_names(archive: Any, closed_year: str, a_class: str) -> None:
    archive("export", "class", "--year", closed_year, "--group", a_class, "--out", "out")
    with sa.create_engine("sqlite:///archive.sqlite").connect() as connection:
        entries = connection.execute(sa.select(schema.ACCESS).order_by(schema.ACCESS.c.number)).all()
        surname = connection.execute(sa.select(schema.PERSON.table.c.last_name)).scalar()
    assert [entry.kind for entry in entries] == ["data", "data", "export", "export"]
    assert entries[-1].target == str(Path("out").absolute())
    assert surname not in entries[-1].about


def test_the_token_stands_nowhere(archive: Any, closed_year: str, school: Any) -> None:
    archive("year", "close", closed_year)
    holders = [
        path for path in Path().rglob("*") if path.is_file() and school.token.encode() in path.read_bytes()
    ]
    assert holders == []


@pytest.mark.skipif(os.name == "nt", reason="POSIX pipes")
def test_a_reader_that_has_seen_enough_is_no_error(archive: Any) -> None:
    settings = {**os.environ, "DNEVNIK_ARCHIVE_LANGUAGE": "en"}
    process = subprocess.Popen(
        [*PROGRAM, "data", "marks"], env=settings, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    assert process.stdout is not None
    assert process.stderr is not None
    assert process.stdout.readline().startswith(b"mark_id,")
    process.stdout.close()
    assert process.wait(30) == 0
    assert process.stderr.read() == b""
    process.stderr.close()


@pytest.mark.parametrize(("language", "word"), [("ru", "Архив"), ("en", "archive")])
def test_the_help_speaks_the_persons_language(language: str, word: str, tmp_path: Path) -> None:
    environment = {**os.environ, "DNEVNIK_ARCHIVE_LANGUAGE": language, "PYTHONIOENCODING": "utf-8"}
    ended = subprocess.run(
        [*PROGRAM, "--help"], capture_output=True, text=True, env=environment, cwd=tmp_path, check=True,
        encoding="utf-8",
    )  # fmt: skip
    assert word.lower() in ended.stdout.lower()
    if language == "ru":
        assert not re.search(r"\b(Options|Commands|Usage|Show this message)\b", ended.stdout)


def test_russian_is_the_default(tmp_path: Path) -> None:
    environment = {k: v for k, v in os.environ.items() if not k.startswith(("DNEVNIK_", "LANG"))}
    environment["PYTHONIOENCODING"] = "utf-8"
    ended = subprocess.run(
        [*PROGRAM, "sync"], capture_output=True, text=True, env=environment, cwd=tmp_path, encoding="utf-8"
    )
    assert ended.returncode == 4
    assert "Нет токена" in ended.stderr


def test_the_plan_is_shown_and_nobody_is_called(
    archive: Any, school: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DNEVNIK_ARCHIVE_LANGUAGE", "en")
    before = school.requests.total
    shown = archive("sync", "--plan").out
    assert school.requests.total == before
    assert "read every night" in shown
    assert "its records still change" in shown
    planned = sum(int(line.split()[-1]) for line in shown.splitlines()[1:-1])
    assert f"Parts: {planned};" in shown
    assert archive("sync").code == 0
    assert school.requests.total - before >= planned
