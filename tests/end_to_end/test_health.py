"""What counts as not read for long: each kind by its own turn, and two nights more."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from archive_store.schema import CHECKPOINT
from connector.sync import health
from connector.sync.window import Window

# Entity, month ("": not by days) and its turn in days, on 18 March 2026 in the third quarter.
TURNS = [
    ("teachers", "", 1),
    ("mark_values", "", 7),
    ("lessons", "2026-03", 1),
    ("marks", "2026-01", 7),
    ("lessons", "2025-09", 28),
    ("attendance", "2024-10", 182),
]


def overdue(installation: Any, entity: str, month: str, age: int) -> dict[str, int]:
    """What is overdue when these slices were last read so many days ago, and all others today."""
    column, read = CHECKPOINT.c, installation.now - timedelta(days=age)
    where = (column.entity == entity, column.first_day.startswith(month) if month else column.first_day == "")
    window = Window(installation.now.date(), 2024, days_back=14, days_ahead=7, reference_days=7)
    with installation.engine.connect() as connection:
        aged = connection.execute(
            CHECKPOINT.update().where(*where).values(done_at=f"{read:%Y-%m-%dT%H:%M:%SZ}")
        )
        assert aged.rowcount
        found = health.of(connection, installation.school_id, window)
        connection.rollback()
    counts = {one.entity: one.overdue for one in found.freshness if one.overdue}
    assert set(counts) <= {entity}
    return counts


def test_a_kind_is_overdue_two_nights_after_its_turn(installation: Any) -> None:
    installation.sync()
    for entity, month, turn in TURNS:
        assert not overdue(installation, entity, month, turn + 1), (entity, month)
        assert overdue(installation, entity, month, turn + 2), (entity, month)
