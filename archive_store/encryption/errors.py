"""What can go wrong with encryption, as data. The commands word it; no error holds a secret."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from archive_store.errors import ArchiveError


@dataclass
class NotARecipient(ArchiveError):
    """A line is no public key of age (``age1...``) or of SSH (``ssh-ed25519 ...``, ``ssh-rsa ...``)."""

    text: str


@dataclass
class NoRecipients(ArchiveError):
    """A file of public keys holds none."""

    path: Path


@dataclass
class NotAnIdentity(ArchiveError):
    """A file holds no private key of age or SSH that can be used."""

    path: Path


@dataclass
class WrongPassphrase(ArchiveError):
    """The carrier is encrypted with another passphrase already."""

    path: Path


@dataclass
class WeakPassphrase(ArchiveError):
    """The passphrase is too short."""

    fewest: int


@dataclass
class EncryptedNotSound(ArchiveError):
    """What was read back from the medium is not what was written, or does not decrypt to it."""

    path: Path
