"""Why a year cannot be closed or amended, as data. The commands word it."""

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


@dataclass
class TooEarlyForFinal(ArchiveError):
    """A year is not closed for good before that day."""

    study_year: int
    first_day: str


@dataclass
class StopsFound(ArchiveError):
    """Checks that stop the closing: code, text (to be translated), count (None: nobody has looked).

    ``acceptable`` names those that a reason may pass over.
    """

    study_year: int
    stops: list[tuple[str, str, int | None]]
    acceptable: list[str]


@dataclass
class UnknownEdition(ArchiveError):
    """The year has no edition of that number (None: none at all); ``known`` are those that it has."""

    study_year: int
    number: int | None
    known: list[int]


@dataclass
class NotClosedForGood(ArchiveError):
    """Only a year that was closed for good is amended."""

    study_year: int


@dataclass
class NothingChanged(ArchiveError):
    """The record of the year does not differ from what was sealed."""

    study_year: int


@dataclass
class EditionBeforeMissing(ArchiveError):
    """A bag that the new edition would follow is not in its place, or is another one."""

    path: Path
