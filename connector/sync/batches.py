"""What an answer brings into the archive: batches of rows, which need no archive to be made."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from archive_store.history import Absence, Row, Scope
from archive_store.schema import Entity


@dataclass(frozen=True, slots=True)
class Batch:
    """Records of one entity out of an answer, ready to be brought in, and what their absence means."""

    entity: Entity[Any]
    rows: list[Row]
    scope: Scope | None
    absence: Absence


@dataclass(frozen=True, slots=True)
class Mapped:
    """An answer in the archive's words: its batches in order, and how many rows of it cannot be filed."""

    batches: list[Batch]
    unfiled: int
