"""Retention from the command line: due, held, selected, approved, destroyed - and it stays destroyed."""

from __future__ import annotations

import json
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from archive_store.carriers import devices
from archive_store.carriers.devices import Device
from connector.cli import retention
from connector.cli.app import run
from connector.cli.exit_codes import ExitCode

Command = Callable[..., Any]
LATER = "2040-02-01"
APPROVED = (
    "--minutes", "№ 3", "--minutes-day", "2040-01-15",
    "--approved-by", "директор Петрова А. А.", "--approved-on", "2040-01-18",
)  # fmt: skip


@pytest.fixture
def later(monkeypatch: pytest.MonkeyPatch) -> None:
    """The terms of the journals are over."""
    for module in ("retention", "retention_papers", "retention_settings", "destroyed_again", "status"):
        monkeypatch.setattr(f"connector.cli.{module}.today_of", lambda _session: LATER)
    # A note of a destruction before the term was over is not believed.
    monkeypatch.setattr("connector.cli.retention.utc_text", lambda: f"{LATER}T09:00:00Z")


def disk_of(path: Path) -> Device:
    """Folders a and b count as disks of their own."""
    disk = next((part for part in path.parts if part in ("a", "b")), "computer")
    return Device(disk, frozenset([disk]), frozenset([f"serial of {disk}"]))


@pytest.fixture(scope="session")
def carried_folder(sealed_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of an archive with a closed year on two carriers. To be copied."""
    folder = tmp_path_factory.mktemp("carried") / "school"
    shutil.copytree(sealed_folder, folder)
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        patch.setattr(devices, "device_of", disk_of)
        name_paths(folder)
        for name in ("a", "b"):
            Path("disks", name).mkdir(parents=True)
            label = ["--role", "main", "--room", name, "--inventory", name]
            assert run(["carrier", "add", f"disks/{name}", *label]) == ExitCode.OK
            assert run(["snapshot", "copy", "--to", name]) == ExitCode.OK
    return folder


def name_paths(folder: Path) -> None:
    """The register of an archive that was copied names the copy."""
    with closing(sqlite3.connect(folder / "archive.sqlite")) as database, database:
        (path,) = database.execute("SELECT path FROM snapshot LIMIT 1").fetchone()
        old = str(Path(path).parents[2])
        database.execute("UPDATE snapshot SET path = replace(path, ?, ?)", (old, str(folder)))


@pytest.fixture
def sealed(
    platform: None, command: Command, carried_folder: Path, tmp_path: Path, later: None,
    monkeypatch: pytest.MonkeyPatch,
) -> Command:  # fmt: skip
    """A copy of it; returns the command line."""
    shutil.copytree(carried_folder, tmp_path, dirs_exist_ok=True)
    monkeypatch.setattr(devices, "device_of", disk_of)
    name_paths(tmp_path)
    for name in ("a", "b"):
        assert command("carrier", "move", name, f"disks/{name}").code == ExitCode.OK
    return command


@pytest.fixture
def a_class(sealed: Command, closed_year: str) -> str:
    """The name of a class of the closed year."""
    listed = json.loads(sealed("retention", "due", closed_year, "--json").out)
    return next(str(one["group"]) for one in listed["bags"] if one["group"])


def confirm(archive: Command) -> None:
    said = archive("terms", "confirm", "--by", "директор", "--document", "приказ № 45")
    assert said.code == ExitCode.OK


def test_a_class_from_its_term_to_its_acts_and_no_way_back(
    sealed: Command, a_class: str, closed_year: str
) -> None:
    refused = sealed("retention", "propose")
    assert (refused.code, "has not confirmed" in refused.err) == (ExitCode.NOT_READY, True)
    confirm(sealed)
    Path("backups").mkdir()
    assert sealed("backup").code == ExitCode.OK
    Path("backups/archive-20200101T000000Z.pgdump").write_bytes(b"PGDMP")  # of the server's own

    listed = json.loads(sealed("retention", "due", closed_year, "--json").out)
    states = {one["bag"]: one["state"] for one in listed["bags"]}
    assert states.pop("summary-ed01") == "not yet"
    assert set(states.values()) == {"due"}
    waiting = json.loads(sealed("status", "--json").out)["schools"][0]["waiting"]
    assert "term-over" in [one["kind"] for one in waiting]

    held = sealed("retention", "hold", closed_year, "--bag", a_class, "--reason", "суд", "--document", "№ 1")
    assert held.code == ExitCode.OK
    assert sealed("retention", "propose", closed_year, "--bag", a_class).code == ExitCode.NOT_READY
    number = str(json.loads(sealed("retention", "due", "--json").out)["holds"][0]["number"])
    assert (
        sealed("retention", "release", number, "--reason", "решено", "--document", "№ 2").code == ExitCode.OK
    )

    proposed = sealed("retention", "propose", closed_year, "--bag", a_class)
    assert proposed.code == ExitCode.OK
    assert Path("acts/destruction-01-selection.pdf").read_bytes().startswith(b"%PDF")
    assert sealed("retention", "destroy", "1").code == ExitCode.NOT_READY  # nobody has approved it
    put_back("archive.sqlite", "before.sqlite")
    done = sealed("retention", "destroy", "1", *APPROVED)
    assert done.code == ExitCode.OK, done.err
    assert "still hold it" in done.out  # the copy of the database
    assert "archive-20200101T000000Z.pgdump" in done.out
    nothing = sealed("retention", "hold", closed_year, "--bag", a_class, "--reason", "a", "--document", "b")
    assert (nothing.code, "Nothing is left to hold" in nothing.err) == (ExitCode.NOT_IN_ARCHIVE, True)
    assert Path("acts/destruction-01-destroyed.pdf").read_bytes().startswith(b"%PDF")

    assert sealed("ledger", "verify").code == ExitCode.OK
    checked = sealed("snapshot", "verify", "snapshots")
    assert (checked.code, "destroyed by acts" in checked.out) == (ExitCode.OK, True)
    assert sealed("snapshot", "verify", "--all").code == ExitCode.OK
    export = sealed("export", "class", "--year", closed_year, "--group", a_class, "--out", "out")
    assert (export.code, "act № 1" in export.err) == (ExitCode.NOT_IN_ARCHIVE, True)
    assert sealed("year", "check", closed_year, "--quick").code == ExitCode.NOT_IN_ARCHIVE
    assert "Not in this" in sealed("data", "marks", "--year", closed_year).err
    printed = sealed("year", "act", closed_year, "--out", "act.pdf")
    assert printed.code == ExitCode.OK

    lessons = marks_of(sealed, closed_year, a_class)
    assert lessons == 0
    assert sealed("sync").code == ExitCode.OK
    assert marks_of(sealed, closed_year, a_class) == 0
    # An old file of the database put back by hand: the tombstones beside the sealed years win.
    put_back("before.sqlite", "archive.sqlite")
    assert marks_of(sealed, closed_year, a_class) > 0
    night = sealed("sync")
    assert "DESTROYED AGAIN" in night.err
    assert marks_of(sealed, closed_year, a_class) == 0
    assert sealed("ledger", "verify").code == ExitCode.OK
    # And over a copy that `backup` made before.
    (copy,) = Path("backups").glob("*.sqlite")
    restored = sealed("backup", "restore", str(copy), "--to", "elsewhere")
    assert restored.code == ExitCode.OK
    assert "DESTROYED AGAIN" in restored.err


def put_back(one: str, other: str) -> None:
    """Copy a database over another; nobody of the program has a hand in it."""
    with closing(sqlite3.connect(one)) as source, closing(sqlite3.connect(other)) as target:
        source.backup(target)


def marks_of(archive: Command, year: str, group: str) -> int:
    printed = archive("data", "marks", "--year", year, "--group", group)
    assert printed.code == ExitCode.OK, printed.err
    return len(printed.out.splitlines()) - 1


def test_a_carrier_that_is_not_there_stops_it_or_stays_outstanding_by_name(
    sealed: Command, a_class: str, closed_year: str
) -> None:
    confirm(sealed)
    Path("disks/c").mkdir()
    added = sealed(
        "carrier", "add", "disks/c", "--role", "working", "--room", "c", "--inventory", "c",
        "--same-device-confirmed",
    )  # fmt: skip
    assert added.code == ExitCode.OK
    assert sealed("snapshot", "copy", "--to", "c").code == ExitCode.OK
    assert sealed("retention", "propose", closed_year, "--bag", a_class).code == ExitCode.OK
    shutil.move("disks/c", "disks/away")
    refused = sealed("retention", "destroy", "1", *APPROVED)
    assert (refused.code, "are not there: c." in refused.err) == (ExitCode.FILES, True)
    assert marks_of(sealed, closed_year, a_class) > 0
    part = sealed("retention", "destroy", "1", *APPROVED, "--leave-absent")
    assert part.code == ExitCode.PARTIAL
    assert "OUTSTANDING on «c»" in part.out
    assert not Path("acts/destruction-01-destroyed.pdf").exists()
    waiting = json.loads(sealed("status", "--json").out)["schools"][0]["waiting"]
    assert "destruction-unfinished" in [one["kind"] for one in waiting]
    shutil.move("disks/away", "disks/c")
    found = sealed("snapshot", "verify", "--carrier", "c")
    assert (found.code, "DESTROYED BY AN ACT" in found.out) == (ExitCode.NOT_VERIFIED, True)
    assert sealed("retention", "destroy").code == ExitCode.OK
    assert Path("acts/destruction-01-destroyed.pdf").exists()
    assert sealed("snapshot", "verify", "--carrier", "c").code == ExitCode.OK


def test_a_hold_of_everything_when_all_is_destroyed_says_that_nothing_is_left(
    sealed: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    known = retention._files

    def destroyed(*asked: Any) -> list[Any]:
        return [replace(one, act=number) for number, one in enumerate(known(*asked), 1)]

    monkeypatch.setattr(retention, "_files", destroyed)
    ended = sealed("retention", "hold", "--reason", "суд", "--document", "№ 1")
    assert ended.code == ExitCode.NOT_IN_ARCHIVE
    assert "Nothing is left to hold: everything that is sealed" in ended.err
    assert "None" not in ended.err


def test_what_is_asked_wrongly_is_explained(sealed: Command, closed_year: str) -> None:
    confirm(sealed)
    for arguments, code in (
        (("propose", "1999"), ExitCode.NOT_IN_ARCHIVE),
        (("propose", closed_year, "--bag", "42Я"), ExitCode.NOT_IN_ARCHIVE),
        (("hold", "--bag", "42Я", "--reason", "a", "--document", "b"), ExitCode.NOT_IN_ARCHIVE),
        (("hold", "--reason", " ", "--document", "b"), ExitCode.USAGE),
        (("release", "7", "--reason", "a", "--document", "b"), ExitCode.NOT_IN_ARCHIVE),
        (("destroy", "9", *APPROVED), ExitCode.NOT_IN_ARCHIVE),
        (("destroy", "9", "--minutes", "№ 3"), ExitCode.USAGE),
        (("act", "9"), ExitCode.NOT_IN_ARCHIVE),
        (("propose", closed_year, "--bag", "summary"), ExitCode.NOT_READY),
    ):
        assert sealed("retention", *arguments).code == code, arguments
