"""A small file to be signed, people who sign, and the moment at which everything is looked at."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from archive_store.signatures.inspection import Inspection
from archive_store.signatures.keys import KeyRing, SigningKey
from invented_signers import FOR_STAMPS, Person, ecdsa_keys, rsa_keys

DATA = b"0" * 64 + b"  bagit.txt\n"
NOW = datetime(2026, 7, 1, 12, 0, tzinfo=UTC)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """What is signed: a file in a folder that nobody may write to."""
    folder = tmp_path / "sealed"
    folder.mkdir()
    path = folder / "tagmanifest-sha256.txt"
    path.write_bytes(DATA)
    path.chmod(0o400)
    folder.chmod(0o500)
    return path


@pytest.fixture
def ring(tmp_path: Path) -> KeyRing:
    """The keys of an installation that has none yet."""
    return KeyRing(tmp_path / "signing-key.pem")


@pytest.fixture
def key(ring: KeyRing) -> SigningKey:
    """The key of the installation."""
    return ring.ensure("2026-01-01T00:00:00Z")


@pytest.fixture
def inspection(file: Path) -> Inspection:
    """A look at the signatures, by somebody who has no key."""
    return Inspection(file, DATA, [], NOW)


@pytest.fixture
def head() -> Person:
    """The head of the school."""
    return Person(ecdsa_keys())


@pytest.fixture
def service() -> Person:
    """A time-stamp service."""
    return Person(rsa_keys(), datetime(2020, 1, 1, tzinfo=UTC), datetime(2035, 1, 1, tzinfo=UTC), FOR_STAMPS)
