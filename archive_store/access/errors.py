"""What can go wrong with the log of access, as data. The commands word it."""

from __future__ import annotations

from dataclasses import dataclass

from archive_store.errors import ArchiveError


@dataclass
class AccessNotLogged(ArchiveError):
    """The entry that must stand before a read could not be written; nothing was given out."""

    reason: str


@dataclass
class AccessNotCompleted(ArchiveError):
    """Something was given out, but how it ended could not be entered; the first entry stands."""

    number: int
    reason: str
