"""Who was given what: each command that lets personal data out logs it; the log is read and checked."""

from __future__ import annotations

import csv
import json
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click
import pytest
import sqlalchemy as sa
import typer

from archive_store import runs, schema
from archive_store.access.log import Kind
from archive_store.asof import AsOf, read
from archive_store.history import Absence, write
from connector.cli.app import app
from connector.cli.exit_codes import ExitCode

PROGRAM = [sys.executable, "-c", "from connector.cli import main; main()"]
# Commands that let nothing out about a person. A new command stands here, or declares @lets_out.
LET_NOTHING_OUT = {
    "access list", "access verify", "alarm test", "backup restore", "carrier add", "carrier list",
    "carrier move", "carrier retire", "demo", "doctor", "forms", "init", "key renew", "key show",
    "ledger anchor", "ledger head", "login", "logout", "profiles", "quarantine accept", "quarantine list",
    "quarantine reject", "restore", "resync", "retention act", "retention destroy", "retention due",
    "retention hold", "retention propose", "retention release", "sandbox", "schedule", "service install",
    "service show", "service uninstall", "snapshot sign-attach", "snapshot signatures", "snapshot verify",
    "status", "sync", "terms confirm", "terms init", "terms show",
}  # fmt: skip


def _commands(group: Any = None, before: tuple[str, ...] = ()) -> Iterator[tuple[str, Any]]:
    """Each command with its path, and what is called for it."""
    one = typer.main.get_command(app) if group is None else group
    if getattr(one, "commands", None):
        if before and getattr(one, "invoke_without_command", False):
            yield " ".join(before), one.callback
        for name, command in one.commands.items():
            yield from _commands(command, (*before, name))
    else:
        assert isinstance(one, click.Command)
        yield " ".join(before), one.callback


DECLARED = {path: callback.lets_out for path, callback in _commands() if hasattr(callback, "lets_out")}


def test_each_command_declares_whether_it_lets_data_out() -> None:
    undeclared = {path for path, _callback in _commands()} - set(DECLARED)
    assert undeclared == LET_NOTHING_OUT, "declare them with @lets_out, or say that they let nothing out"


@pytest.fixture
def sealed(command: Any, sealed_folder: Path, platform: None) -> Any:
    """An archive with a sealed year, in the folder of the test."""
    shutil.copytree(sealed_folder, Path(), dirs_exist_ok=True)
    return command


def _log() -> list[dict[str, Any]]:
    with sqlite3.connect("archive.sqlite") as database:
        database.row_factory = sqlite3.Row
        return [dict(row) for row in database.execute("SELECT * FROM access ORDER BY number")]


def _one(query: str) -> Any:
    with sqlite3.connect("archive.sqlite") as database:
        return database.execute(query).fetchone()[0]


def _cases(year: str) -> dict[tuple[str, Kind], list[str]]:
    """A way to call each declared command so that it lets something out, for each kind that it declares."""
    person, group = (
        _one("SELECT person_id FROM mark LIMIT 1"),
        _one("SELECT group_id FROM membership LIMIT 1"),
    )
    name = _one(f"SELECT name FROM edu_group WHERE study_year = {year} AND parent_ids IS NULL LIMIT 1")
    bags = sorted(str(path) for path in Path("snapshots").glob("*/journal-*"))
    ids = {
        "mark": [_one("SELECT mark_id FROM mark LIMIT 1")],
        "final-mark": [_one("SELECT mark_id FROM final_mark LIMIT 1")],
        "attendance": [_one("SELECT lesson_id FROM attendance LIMIT 1")],
        "lesson": [_one("SELECT lesson_id FROM lesson LIMIT 1")],
        "work": [_one("SELECT work_id FROM work LIMIT 1")],
        "person": [person],
        "group": [group],
        "membership": [group],
        "pupil": [person],
    }
    of_class = ["--year", year, "--group", name]
    return {
        ("data", Kind.DATA): ["data", "marks", *of_class],
        ("export", Kind.EXPORT): ["export", *of_class, "--out", "out"],
        ("export", Kind.PACKAGE): ["export", "--profile", "department", *of_class, "--out", "package"],
        ("export class", Kind.EXPORT): ["export", "class", *of_class, "--out", "class"],
        ("export viewer", Kind.VIEWER): ["export", "viewer", *of_class, "--out", "viewer"],
        ("export depersonalised", Kind.DEPERSONALISED): [
            "export", "depersonalised", *of_class, "--out", "../apart",
        ],
        ("form", Kind.FORM): [
            "form", "attendance-summary", *of_class, "--out", "forms", "--format", "json",
        ],
        ("form", Kind.TEMPLATE): ["form", "vpr", "--template", *of_class, "--out", "blank"],
        ("person card", Kind.CARD): ["person", "card", str(person), "--out", "card"],
        ("year check", Kind.CHECK): ["year", "check", year, "--quick"],
        ("year changes", Kind.CHANGES): ["year", "changes", year],
        ("year act", Kind.ACT): ["year", "act", year, "--out", "act.pdf"],
        ("snapshot siard", Kind.SIARD): ["snapshot", "siard", bags[0], "--out", "bag.siard"],
        ("snapshot diff", Kind.DIFFERENCE): ["snapshot", "diff", bags[0], bags[1]],
        ("snapshot copy", Kind.COPY): ["snapshot", "copy", "--to", "usb"],
        ("snapshot repair", Kind.REPAIR): ["snapshot", "repair", "--carrier", "usb", "--from", "archive"],
        ("backup", Kind.BACKUP): ["backup"],
        ("ledger verify", Kind.FINDINGS): ["ledger", "verify"],
        **{
            (f"history {kind}", Kind.HISTORY): ["history", kind, *map(str, one)] for kind, one in ids.items()
        },
    }  # fmt: skip


# What is logged by the same code as a command above, and takes more than a call to bring about.
_ALSO = {
    "year close": "the act is logged: tests/connector/cli/test_durable.py",
    "year amend": "the act, by the code of year close",
    "reconcile": "tests/connector/cli/test_reconcile.py",
}


def _change_a_mark(year: str) -> None:
    """A run since the sealing finds another value of a mark of the year."""
    with sa.create_engine("sqlite:///archive.sqlite").begin() as connection:
        school = connection.execute(sa.select(schema.SCHOOL.table.c.school_id)).scalar_one()
        day = schema.MARK.table.c.day
        mark = next(
            read(connection, schema.MARK, AsOf(school), day.between(f"{year}-09-01", f"{year}-12-31"))
        )
        at = datetime.now(UTC).isoformat()
        run = runs.begin(connection, school, "sync", at, "test")
        other = mark._replace(value="1")
        write(connection, schema.MARK, school, run, [other], absence=Absence.UNKNOWN)
        runs.end(connection, school, run, at, "done", {})


def test_each_declared_command_logs_before_and_after(sealed: Any, closed_year: str) -> None:
    Path("usb").mkdir()
    add = ("--role", "рабочий", "--room", "12", "--inventory", "1", "--name", "usb")
    assert sealed("carrier", "add", "usb", *add, "--other-device-confirmed").code in (0, 8)
    sealed("carrier", "add", "usb", *add, "--same-device-confirmed")
    _change_a_mark(closed_year)
    cases = _cases(closed_year)
    declared = {(path, kind) for path, kinds in DECLARED.items() for kind in kinds}
    assert {one for one in declared if one[0] not in _ALSO} <= set(cases) <= declared
    with sqlite3.connect("archive.sqlite") as database:
        database.execute("CREATE TABLE one AS SELECT rowid AS id FROM mark LIMIT 1")
    for (path, kind), arguments in cases.items():
        if path == "ledger verify":  # it names people where something was altered
            with sqlite3.connect("archive.sqlite") as database:
                database.execute("UPDATE mark SET value = '2.5' WHERE rowid = (SELECT id FROM one)")
        before = len(_log())
        ended = sealed(*arguments, "--purpose", f"test of {kind}")
        added = [one for one in _log()[before:] if one["kind"] == kind.value]
        if path in _ALSO and not added:
            continue
        assert [one["state"] for one in added] == ["begun", "given"], (path, ended)
        assert {one["purpose"] for one in added} == {f"test of {kind}"}
        assert added[1]["begun"] == added[0]["number"]
    assert sealed("access", "verify").code == ExitCode.OK


def test_changes_are_shown_and_logged_and_none_is_no_access(sealed: Any, closed_year: str) -> None:
    """Where nothing differs from what was sealed, nothing is shown about anybody."""
    nothing = sealed("year", "changes", closed_year)
    assert (nothing.code, "0 records differ" in nothing.out) == (ExitCode.OK, True)
    assert not [one for one in _log() if one["kind"] == Kind.CHANGES.value]
    _change_a_mark(closed_year)
    shown = sealed("year", "changes", closed_year)
    assert "1 records differ" in shown.out
    begun, given = (one for one in _log() if one["kind"] == Kind.CHANGES.value)
    assert json.loads(begun["about"])["years"] == [int(closed_year)]
    assert json.loads(given["about"])["records"] == 1


def test_nothing_is_printed_if_the_log_cannot_be_written(archive: Any) -> None:
    with sqlite3.connect("archive.sqlite") as database:
        database.execute(
            "CREATE TRIGGER full BEFORE INSERT ON access BEGIN SELECT RAISE(ABORT, 'disk I/O error'); END"
        )
    ended = archive("data", "persons")
    assert (ended.code, ended.out) == (ExitCode.FILES, "")
    assert "nothing was given out" in ended.err


@pytest.mark.skipif(os.name == "nt", reason="Windows knows no SIGKILL")
def test_a_command_that_is_killed_while_it_gives_out_leaves_an_honest_trace(archive: Any) -> None:
    running = subprocess.Popen([*PROGRAM, "data", "marks"], stdout=subprocess.PIPE)
    assert running.stdout is not None
    assert running.stdout.read(100)  # the rest does not fit into the pipe: the command waits for its reader
    assert [one["state"] for one in _log()] == ["begun"]
    running.send_signal(signal.SIGKILL)
    running.wait()
    running.stdout.close()
    assert [one["state"] for one in _log()] == ["begun"]
    assert "cut off, not known" in archive("access", "list").out
    verified = archive("access", "verify")
    assert verified.code == ExitCode.OK
    assert "it is not known what was given out: 1" in verified.out


def test_the_list_tells_who_what_about_whom_and_why(archive: Any, a_class: str, closed_year: str) -> None:
    said = ("--by", "Deputy head Серова", "--purpose", "parents' meeting", "--request", "no. 7")
    archive("data", "marks", "--year", closed_year, "--group", a_class, *said, "--addressee", "class teacher")
    assert archive("history", "pupil", "1").code == ExitCode.NOT_IN_ARCHIVE
    text = archive("access", "list").out
    for part in ("Deputy head Серова", "parents' meeting; no. 7", "class teacher", a_class, "given, records"):
        assert part in text
    *_before, last = [json.loads(line) for line in archive("access", "list", "--json").out.splitlines()]
    assert (last["kind"], last["state"], last["request"]) == ("data", "given", "no. 7")
    assert last["counts"]["rows"] > 0
    assert last["counts"]["people"] > 0
    assert archive("access", "list", "--out", "log.csv").code == ExitCode.OK
    rows = list(csv.reader(Path("log.csv").read_text("utf-8-sig").splitlines(), delimiter=";"))
    assert len(rows) == 3
    assert archive("access", "list", "--out", "log.pdf").code == ExitCode.OK
    assert Path("log.pdf").read_bytes().startswith(b"%PDF")
    assert archive("access", "list", "--out", "log.docx").code == ExitCode.USAGE
    assert archive("access", "list", "--to", "2020-01-01").out == "Nothing was given out.\n"


def test_the_list_of_a_pupil_holds_what_was_about_that_pupil_alone(archive: Any, closed_year: str) -> None:
    query = (
        "SELECT g.name, min(person_id), max(person_id) FROM membership JOIN edu_group g USING (group_id) "
        f"WHERE g.study_year = {closed_year} AND g.parent_ids IS NULL GROUP BY g.name ORDER BY g.name"
    )
    with sqlite3.connect("archive.sqlite") as database:
        (name, first, second), (other, third, _last), *_more = database.execute(query)
    archive("data", "marks", "--year", closed_year, "--group", name)
    archive("data", "marks", "--year", closed_year, "--group", other)
    archive("history", "pupil", str(second))
    archive("data", "groups")

    def told(person: int) -> list[str]:
        lines = archive("access", "list", "--pupil", str(person), "--json").out.splitlines()
        return [json.loads(line)["about"]["what"] for line in lines]

    assert told(first) == ["marks"]
    assert told(second) == ["marks", "history pupil"]
    assert told(third) == ["marks"]
    with_group = archive("access", "list", "--group", name, "--json").out.splitlines()
    assert len(with_group) == 1


def test_a_forged_log_is_named_and_ends_with_its_exit_code(archive: Any) -> None:
    archive("data", "groups")
    with sqlite3.connect("archive.sqlite") as database:
        database.execute("DELETE FROM access WHERE number = 2")
    ended = archive("access", "verify")
    assert ended.code == ExitCode.NOT_VERIFIED
    assert "Entry 2 was cut off" in ended.out
    assert archive("ledger", "verify").code == ExitCode.NOT_VERIFIED
    waits = json.loads(archive("status", "--json").out)["schools"][0]["waiting"]
    assert "access-log" in [one["kind"] for one in waits]
