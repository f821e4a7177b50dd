"""Why a year cannot be closed, as data. The commands word it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from archive_store.errors import ArchiveError


@dataclass
class YearNotEnded(ArchiveError):
    """The academic year still has lessons ahead."""

    study_year: int
    last_day: str


@dataclass
class NothingToSeal(ArchiveError):
    """The archive holds classes of the year, but not one lesson."""

    study_year: int


@dataclass
class OtherSnapshotThere(ArchiveError):
    """In the place of the year lies a sealed year that this archive does not know and would not make."""

    path: Path
