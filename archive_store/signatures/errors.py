"""What can go wrong with keys and signatures, as data. The commands word it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from archive_store.errors import ArchiveError

if TYPE_CHECKING:
    from archive_store.signatures.result import Result


@dataclass
class KeyNotPrivate(ArchiveError):
    """Others can read the file of the signing key."""

    path: Path


@dataclass
class KeyUnreadable(ArchiveError):
    """The file of the signing key, or the list of the keys, is not what it should be."""

    path: Path


@dataclass
class KeyNotKept(ArchiveError):
    """The signing key cannot be written."""

    path: Path
    reason: str


@dataclass
class NotASignature(ArchiveError):
    """A file to be attached cannot be read, or is too large to be what it is said to be."""

    path: Path
    reason: str


@dataclass
class SignatureRefused(ArchiveError):
    """What was to be attached is not valid: nothing was attached."""

    results: list[Result]


@dataclass
class AttachedAlready(ArchiveError):
    """The very same file lies there already."""

    name: str
