"""What is said wherever the record is shown and a part of it was destroyed by acts."""

from __future__ import annotations

from collections.abc import Iterable

import sqlalchemy as sa
import typer

from archive_store.retention.tombstones import Tombstone, tombstones
from archive_store.snapshot.verifier import Destroyed
from archive_store.texts import _


def bags_by_act(stones: Iterable[Tombstone | Destroyed]) -> str:
    """The destroyed bags, each with its act: 2024-2025/journal-9A-ed01 (№ 1, 20.01.2031)."""
    return ", ".join(
        f"{one.place} (№ {one.act}, {one.at[8:10]}.{one.at[5:7]}.{one.at[:4]})" for one in stones
    )


def note_destroyed(connection: sa.Connection, school_id: int, study_year: int | None = None) -> None:
    """Say beside what is printed, not in it, that it cannot hold what was destroyed."""
    stones = tombstones(connection, school_id, study_year)
    if stones:
        text = _("Not in this, for it was destroyed by acts when its term was over: {bags}.")
        typer.echo(text.format(bags=bags_by_act(stones)), err=True)
