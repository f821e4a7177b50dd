"""Copies that leave the school are encrypted: a carrier that travels, an export by mail."""

from __future__ import annotations

import json
import shutil
import sqlite3
import subprocess
import tarfile
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from typing import Any

import pyrage
import pytest

from archive_store.carriers import devices
from archive_store.carriers.devices import Device
from archive_store.encryption import locks
from archive_store.encryption.locks import Lock
from connector.cli.exit_codes import ExitCode

PASSPHRASE = "чайник ласточка фонарь весло"


@pytest.fixture(scope="module")
def locked() -> Lock:
    """A lock of the passphrase. To derive a key from one takes seconds: it is done once."""
    return locks.for_passphrase(PASSPHRASE)


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


@pytest.mark.parametrize("asked", [("--protocol", "protocols"), ("--level", "deep"), ("--level", "quick")])
def test_what_needs_plain_copies_is_refused_of_encrypted_ones(
    travelling: Any, asked: tuple[str, str]
) -> None:
    ended = travelling("snapshot", "verify", "--carrier", "bag", *asked)
    assert ended.code == ExitCode.USAGE
    assert "are encrypted" in " ".join(ended.err.split())
    assert asked[0] in ended.err
    assert not Path("protocols").exists()


@pytest.mark.parametrize("lines", ["", "\n", "# of nobody yet\n"])
def test_an_empty_file_of_keys_is_refused_and_no_others_are_taken(
    archive: Any, a_class: str, closed_year: str, lines: str
) -> None:
    Path("age-recipients.txt").write_text(f"{pyrage.x25519.Identity.generate().to_public()}\n")
    Path("district.txt").write_text(lines)
    what = ("export", "--year", closed_year, "--group", a_class, "--out", "9A.tar.age", "--encrypt")
    ended = archive(*what, "--recipients-file", "district.txt")
    assert (ended.code, "holds no key" in ended.err) == (ExitCode.USAGE, True)
    assert not Path("9A.tar.age").exists()
    Path("age-recipients.txt").write_text(
        lines
    )  # and no passphrase is asked for in the place of the settings
    ended = archive(*what)
    assert (ended.code, "holds no key" in ended.err) == (ExitCode.USAGE, True)


def test_another_passphrase_for_a_carrier_is_refused(travelling: Any, locked: Lock) -> None:
    assert locked.key_file is not None
    Path("bag/identity.age").write_bytes(locked.key_file)
    Path("passphrase").write_text(PASSPHRASE + "!")
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


@pytest.mark.parametrize(
    ("what", "holds"),
    [
        (("class", "--group", "{a_class}"), "01-journal.pdf"),
        (("viewer", "--class", "{a_class}"), "viewer.html"),
        (("--profile", "department", "--group", "{a_class}"), "manifest.json"),
        (("depersonalised",), "00-statement.pdf"),
    ],
)
def test_every_export_is_encrypted_in_the_same_way_and_logged_with_the_file_given(
    archive: Any, a_class: str, closed_year: str, tmp_path: Path, what: tuple[str, ...], holds: str
) -> None:
    identity = pyrage.x25519.Identity.generate()
    file = tmp_path.parent / f"{tmp_path.name}-mail" / "given.tar.age"
    made = archive(
        "export", *(one.format(a_class=a_class) for one in what), "--year", closed_year, "--out", str(file),
        "--encrypt", "--recipient", str(identity.to_public()),
    )  # fmt: skip
    assert made.code == ExitCode.OK, made
    assert [path.name for path in file.parent.iterdir()] == [file.name]
    assert not list(tmp_path.glob(".export-*"))
    content = file.read_bytes()
    with tarfile.open(fileobj=BytesIO(pyrage.decrypt(content, [identity]))) as opened:
        assert f"given/{holds}" in opened.getnames()
    with sqlite3.connect("archive.sqlite") as database:
        query = "SELECT state, target, digest FROM access ORDER BY number DESC LIMIT 1"
        assert database.execute(query).fetchone() == ("given", str(file), sha256(content).digest())


def test_a_passphrase_gives_a_key_beside_the_file_and_writes_over_none(
    archive: Any, a_class: str, closed_year: str, locked: Lock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(locks, "for_passphrase", {PASSPHRASE: locked}.get)
    Path("passphrase").write_text(PASSPHRASE)
    Path("passphrase").chmod(0o600)
    what = ("export", "class", "--year", closed_year, "--group", a_class, "--out", "9A.tar.age", "--encrypt")
    Path("9A.identity.age").touch()
    assert archive(*what, "--passphrase-file", "passphrase").code == ExitCode.FILES
    assert not Path("9A.tar.age").exists()
    Path("9A.identity.age").unlink()
    assert archive(*what, "--passphrase-file", "passphrase").code == ExitCode.OK
    assert Path("9A.identity.age").read_bytes() == locked.key_file
    assert Path("9A.identity.age").stat().st_mode & 0o077 == 0
    assert pyrage.decrypt(Path("9A.tar.age").read_bytes(), list(locked.identities))
