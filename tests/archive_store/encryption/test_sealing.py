"""What is encrypted opens with ordinary age, is read back, and appears whole or not at all."""

from __future__ import annotations

import os
import shutil
import subprocess
import tarfile
from pathlib import Path

import pyrage
import pytest

from archive_store.encryption import locks, sealing
from archive_store.encryption.errors import (
    EncryptedNotSound,
    NotAnIdentity,
    NotARecipient,
    WeakPassphrase,
)

PASSPHRASE = "чайник ласточка фонарь весло"
needs_age = pytest.mark.skipif(shutil.which("age") is None, reason="opens with age: apt-get install age")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with a long name, a Cyrillic name, an empty file and one bigger than any buffer."""
    made = tmp_path / "bag"
    (made / "data").mkdir(parents=True)
    (made / "data" / "большой.bin").write_bytes(os.urandom(3_000_001))
    (made / "empty").write_bytes(b"")
    (made / ("n" * 140)).write_text("x")
    return made


@pytest.fixture
def key(tmp_path: Path) -> tuple[Path, str]:
    """A private key in a file, and its public key."""
    identity = pyrage.x25519.Identity.generate()
    path = tmp_path / "key.txt"
    path.write_text(f"# made by a test\n{identity}\n")
    return path, str(identity.to_public())


def _same(one: Path, other: Path) -> bool:
    def contents(root: Path) -> dict[str, bytes]:
        return {
            path.relative_to(root).as_posix(): path.read_bytes() for path in root.rglob("*") if path.is_file()
        }

    return contents(one) == contents(other)


def _unpacked(tar: bytes, place: Path) -> Path:
    (place / "x.tar").write_bytes(tar)
    with tarfile.open(place / "x.tar") as archive:
        archive.extractall(place / "out", filter="data")
    return place / "out" / "bag"


@needs_age
def test_ordinary_age_opens_what_was_written_for_a_key(
    folder: Path, key: tuple[Path, str], tmp_path: Path
) -> None:
    private, public = key
    sealed = sealing.seal(folder, tmp_path / "bag.tar.age", locks.for_recipients([public], [private]), "bag")
    assert sealed.tried
    assert sealed.path.stat().st_mode & 0o077 == 0
    opened = subprocess.run(
        ["age", "-d", "-i", str(private), str(sealed.path)], capture_output=True, check=True
    ).stdout
    assert _same(_unpacked(opened, tmp_path), folder)


def test_a_passphrase_opens_the_key_that_opens_the_file(folder: Path, tmp_path: Path) -> None:
    lock = locks.for_passphrase(PASSPHRASE)
    assert PASSPHRASE not in repr(lock)
    assert lock.key_file is not None
    sealed = sealing.seal(folder, tmp_path / "bag.tar.age", lock, "bag")
    secret = pyrage.passphrase.decrypt(lock.key_file, PASSPHRASE).decode().splitlines()[-1]
    opened = pyrage.decrypt(sealed.path.read_bytes(), [pyrage.x25519.Identity.from_str(secret)])
    assert _same(_unpacked(opened, tmp_path), folder)
    (tmp_path / "identity.age").write_bytes(lock.key_file)


def test_without_a_private_key_only_the_bytes_are_compared(
    folder: Path, key: tuple[Path, str], tmp_path: Path
) -> None:
    sealed = sealing.seal(folder, tmp_path / "bag.tar.age", locks.for_recipients([key[1]]), "bag")
    assert not sealed.tried
    assert sealing.digest_of(sealed.path) == sealed.sha256


def test_a_medium_that_gives_back_other_bytes_is_told_and_nothing_is_left(
    folder: Path, key: tuple[Path, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sealing, "digest_of", lambda _path: "00" * 32)
    with pytest.raises(EncryptedNotSound):
        sealing.seal(folder, tmp_path / "bag.tar.age", locks.for_recipients([key[1]]), "bag")
    assert not list(tmp_path.glob("bag.tar.age*"))


def test_a_key_that_does_not_open_what_was_written_is_told(
    folder: Path, key: tuple[Path, str], tmp_path: Path
) -> None:
    other = str(pyrage.x25519.Identity.generate().to_public())
    with pytest.raises(EncryptedNotSound):
        sealing.seal(folder, tmp_path / "bag.tar.age", locks.for_recipients([other], [key[0]]), "bag")


def test_what_is_no_key_and_what_is_too_short_is_refused(tmp_path: Path) -> None:
    for lines in (["age1nonsense"], ["# a comment", ""], ["ssh-ed25519 AAAA"]):
        with pytest.raises(NotARecipient):
            locks.for_recipients(lines)
    good = str(pyrage.x25519.Identity.generate().to_public())
    (tmp_path / "x").write_text("no key")
    with pytest.raises(NotAnIdentity):
        locks.for_recipients([good], [tmp_path / "x"])
    with pytest.raises(WeakPassphrase):
        locks.for_passphrase("short")
