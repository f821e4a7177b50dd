"""What can go wrong with an export without personal data, as data. The commands word it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from archive_store.errors import ArchiveError


@dataclass
class KeyNotUsable(ArchiveError):
    """The file of the key is not what it should be: ``reason`` is "not private" or "not a key"."""

    path: Path
    reason: str


@dataclass
class NotDepersonalised(ArchiveError):
    """The last look found a name or an id in a table that was to be given out."""

    table: str
