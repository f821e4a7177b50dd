"""What can go wrong when a sealed year is read again, as data. The commands word it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from archive_store.errors import ArchiveError


@dataclass
class BagNotReadable(ArchiveError):
    """A bag's description or a table cannot be read as what it says it is."""

    place: str
    reason: str


@dataclass
class NotVerified(ArchiveError):
    """What is to be restored does not verify."""

    path: Path
    findings: list[str]


@dataclass
class ArchiveNotEmpty(ArchiveError):
    """The archive holds something of this school already; a restore never adds to it."""

    school_id: int


@dataclass
class AllDestroyed(ArchiveError):
    """All that lies there was destroyed by acts of these numbers: nothing of it is restored."""

    path: Path
    acts: list[int]


@dataclass
class BagsOfSeveralSchools(ArchiveError):
    """The bags are of different schools."""

    schools: list[int]
