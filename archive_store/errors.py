"""What can go wrong in the archive, as data. The commands word it (``connector/cli/errors.py``)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from archive_store.verification.findings import Finding


class ArchiveError(Exception):
    """Base of all errors of this room: bad input or a state that a person must mend."""


@dataclass
class StoreNotMade(ArchiveError):
    """The database file does not exist yet."""

    path: str


@dataclass
class StoreUnreachable(ArchiveError):
    """The database cannot be opened."""

    where: str
    reason: str


@dataclass
class StoreTooNew(ArchiveError):
    """A newer version of the program has changed the database."""

    revision: str


@dataclass
class UnknownSchool(ArchiveError):
    """The archive holds no school, or several where one must be named."""

    known: list[str] = field(default_factory=list)


@dataclass
class UnknownYear(ArchiveError):
    """The archive holds nothing of that academic year."""

    study_year: int
    known: list[int]


@dataclass
class UnknownGroup(ArchiveError):
    """No class or subgroup of that name in that academic year."""

    name: str
    study_year: int | None
    known: list[str]


@dataclass
class NotInYear(ArchiveError):
    """The pupil was in no class of that academic year; ``known`` are the years and classes that there are."""

    pupil: str
    study_year: int
    known: list[tuple[int, str]]


@dataclass
class NotOfThisGrade(ArchiveError):
    """The form ``form`` is for classes of ``grades`` alone; ``class_name`` is the class, if one was named."""

    form: str
    grades: list[int]
    class_name: str | None = None


@dataclass
class UnknownSubject(ArchiveError):
    """No subject of that name in the archive."""

    name: str
    known: list[str]


@dataclass
class UnknownRun(ArchiveError):
    """The school has no run of that number that has ended."""

    run_id: int
    last: int


@dataclass
class FolderNotWritable(ArchiveError):
    """A folder cannot be made or written."""

    path: Path
    reason: str


@dataclass
class FolderNotEmpty(ArchiveError):
    """The folder holds files already; nothing is written over them."""

    path: Path


@dataclass
class AlreadySealed(ArchiveError):
    """The academic year is closed and sealed; a correction is a new edition."""

    study_year: int
    path: Path


@dataclass
class NotASnapshot(ArchiveError):
    """The folder holds no sealed bag."""

    path: Path


@dataclass
class NotAnAnchor(ArchiveError):
    """What was given is no anchor of a ledger: neither such a file nor an entry and a head."""

    text: str


@dataclass
class BackupNotSound(ArchiveError):
    """A copy of the database is not whole, or its ledger does not agree with it: it counts for nothing.

    ``findings`` are what the database says of itself (texts), or those of the ledger's verification.
    """

    path: Path
    findings: Sequence[str | Finding]


@dataclass
class NotABackup(ArchiveError):
    """The file is no copy of an archive's database."""

    path: Path


@dataclass
class ArchiveThere(ArchiveError):
    """Where a backup is to be restored there is an archive already."""

    where: str


class RunUnderWay(ArchiveError):
    """Another run is writing to the archive."""
