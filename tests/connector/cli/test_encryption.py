"""Copies that leave the school are encrypted: a carrier that travels, an export by mail."""

from __future__ import annotations

import json
import shutil
import sqlite3
import subprocess
from pathlib import Path
from typing import Any

import pyrage
import pytest

from archive_store.carriers import devices
from archive_store.carriers.devices import Device
from connector.cli.exit_codes import ExitCode

PASSPHRASE = "чайник ласточка фонарь весло"


@pytest.fixture
def travelling(command: Any, sealed_folder: Path, platform: None, monkeypatch: pytest.MonkeyPatch) -> Any:
    """An archive with a sealed year, a carrier ``bag`` that travels and a carrier ``safe`` that stays."""

    def device_of(path: Path) -> Device:
        disk = next((name for name in ("safe", "bag") if name in path.parts), "computer")
        return Device(disk, frozenset([disk]))

    monkeypatch.setattr(devices, "device_of", device_of)
    shutil.copytree(sealed_folder, Path(), dirs_exist_ok=True)
    for name, role in (("bag", "выездной"), ("safe", "основной")):
        Path(name).mkdir()
        added = command(
            "carrier",
            "add",
            name,
            "--role",
            role,
            "--room",
            "1",
            "--inventory",
            f"no. {name}",
            "--name",
            name,
        )
        assert added.code == ExitCode.OK
    Path("passphrase").write_text(PASSPHRASE + "\n")
    Path("passphrase").chmod(0o600)
    return command


def _plain_words() -> list[bytes]:
    """Names that must not be readable on the carrier."""
    with sqlite3.connect("archive.sqlite") as database:
        rows = database.execute("SELECT DISTINCT last_name FROM person").fetchall()
    return [row[0].encode() for row in rows]


def test_a_carrier_that_travels_takes_encrypted_bags_alone(travelling: Any, closed_year: str) -> None:
    assert travelling("snapshot", "copy", "--to", "bag").code == ExitCode.USAGE
    assert travelling(
        "snapshot", "copy", "--to", "safe", "--encrypt", "--passphrase-file", "passphrase"
    ).code == (ExitCode.USAGE)
    copied = travelling("snapshot", "copy", "--to", "bag", "--encrypt", "--passphrase-file", "passphrase")
    assert copied.code == ExitCode.OK, copied
    files = sorted(path.name for path in Path("bag").rglob("*") if path.is_file())
    assert len([name for name in files if name.endswith(".tar.age")]) == 3
    assert {"ENCRYPTED.sha256", "READ-ME.txt", "identity.age", "carrier.json"} < set(files)
    assert subprocess.run(["sha256sum", "-c", "--quiet", "ENCRYPTED.sha256"], cwd="bag").returncode == 0
    on_carrier = b"".join(path.read_bytes() for path in Path("bag").rglob("*") if path.is_file())
    assert not [word for word in _plain_words() if word in on_carrier]
    assert PASSPHRASE.encode() not in b"".join(
        path.read_bytes() for path in Path().rglob("*") if path.is_file() and path.name != "passphrase"
    )
    again = travelling("snapshot", "copy", "--to", "bag", "--encrypt", "--passphrase-file", "passphrase")
    assert again.out.count("there already") == 3
    with sqlite3.connect("archive.sqlite") as database:
        kinds = [row[0] for row in database.execute("SELECT kind FROM access WHERE state = 'given'")]
    assert kinds[-2:] == ["copy", "copy"]
    # An encrypted copy is none of the two that the rules demand.
    (school,) = json.loads(travelling("status", "--json").out)["schools"]
    assert "few-copies" in [one["kind"] for one in school["waiting"]]


def test_a_damaged_encrypted_copy_is_told_and_written_anew(travelling: Any) -> None:
    identity = pyrage.x25519.Identity.generate()
    Path("key.txt").write_text(str(identity))
    key = ("--recipient", str(identity.to_public()), "--identity", "key.txt")
    assert travelling("snapshot", "copy", "--to", "bag", "--encrypt", *key).code == ExitCode.OK
    assert travelling("snapshot", "verify", "--carrier", "bag").code == ExitCode.OK
    first, second, _third = sorted(Path("bag").rglob("*.tar.age"))
    content = bytearray(first.read_bytes())
    content[1000] ^= 1
    first.write_bytes(content)
    second.unlink()
    checked = travelling("snapshot", "verify", "--carrier", "bag")
    assert checked.code == ExitCode.NOT_VERIFIED
    assert "DAMAGED" in checked.out
    assert "MISSING" in checked.out
    mended = travelling("snapshot", "copy", "--to", "bag", "--encrypt", *key)
    assert mended.out.count("encrypted and read back") == 2
    assert travelling("snapshot", "verify", "--carrier", "bag").code == ExitCode.OK


def test_another_passphrase_for_a_carrier_is_refused(travelling: Any) -> None:
    Path("bag/identity.age").write_bytes(pyrage.passphrase.encrypt(b"AGE-SECRET-KEY-1\n", PASSPHRASE + "!"))
    ended = travelling("snapshot", "copy", "--to", "bag", "--encrypt", "--passphrase-file", "passphrase")
    assert ended.code == ExitCode.FILES
    assert PASSPHRASE not in ended.out + ended.err
    Path("passphrase").chmod(0o644)
    ended = travelling("snapshot", "copy", "--to", "bag", "--encrypt", "--passphrase-file", "passphrase")
    assert ended.code == ExitCode.SETTINGS


def test_an_export_is_one_encrypted_file_and_nothing_plain_is_left(
    archive: Any, a_class: str, closed_year: str, tmp_path: Path
) -> None:
    identity = pyrage.x25519.Identity.generate()
    Path("age-recipients.txt").write_text(f"# the district\n{identity.to_public()}\n")
    what = ("export", "--year", closed_year, "--group", a_class)
    assert archive(*what, "--out", "out", "--encrypt").code == ExitCode.USAGE
    assert archive(*what, "--out", "out", "--recipient", "age1x").code == ExitCode.USAGE
    made = archive(*what, "--out", "mail/9A.tar.age", "--encrypt")
    assert made.code == ExitCode.OK, made
    assert [path.name for path in Path("mail").iterdir()] == ["9A.tar.age"]
    assert not list(tmp_path.glob(".export-*"))
    Path("plain.tar").write_bytes(pyrage.decrypt(Path("mail/9A.tar.age").read_bytes(), [identity]))
    listed = subprocess.run(["tar", "-tf", "plain.tar"], capture_output=True, text=True, check=True).stdout
    assert "9A/01-journal.pdf" in listed.splitlines()
    assert archive(*what, "--out", "mail/9A.tar.age", "--encrypt").code == ExitCode.FILES
