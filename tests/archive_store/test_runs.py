"""Runs on record: which was the last good one, and which is under way."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from archive_store import runs
from archive_store.store import size_of


def ended(
    store: sa.Engine, outcome: Any, summary: dict[str, Any], kind: str = "sync", school: int = 1
) -> int:
    with store.begin() as connection:
        run_id = runs.begin(connection, school, kind, "2026-03-01T00:00:00Z", "test")
        runs.end(connection, school, run_id, "2026-03-01T00:10:00Z", outcome, summary)
    return run_id


def last_good(store: sa.Engine) -> int | None:
    with store.connect() as connection:
        run = runs.last_good(connection, 1)
    return run.run_id if run else None


FAILED = {"failed": [{"entity": "marks", "group": "1", "call": "x"}]}


def test_a_good_run_has_read_all_that_was_due(store: sa.Engine) -> None:
    assert last_good(store) is None
    ended(store, "partial", FAILED)
    ended(store, "stopped", {"failed": []})
    ended(store, "interrupted", {})
    assert last_good(store) is None
    good = ended(store, "done", {"failed": []})
    ended(store, "partial", FAILED)
    assert last_good(store) == good


def test_what_is_held_back_makes_a_run_no_less_good(store: sa.Engine) -> None:
    held_back = ended(store, "partial", {"failed": [], "changes": {"mark": {"held_back": 40}}})
    assert last_good(store) == held_back


def test_a_repair_and_another_schools_run_are_no_good_run_of_the_school(store: sa.Engine) -> None:
    ended(store, "done", {}, kind="resync")
    ended(store, "done", {}, school=2)
    assert last_good(store) is None


def test_a_run_is_under_way_until_it_ends(store: sa.Engine) -> None:
    with store.begin() as connection:
        assert runs.under_way(connection, 1) is None
        run_id = runs.begin(connection, 1, "sync", "2026-03-01T00:00:00Z", "test")
        under_way = runs.under_way(connection, 1)
        assert under_way is not None
        assert under_way.run_id == run_id
        runs.end(connection, 1, run_id, "2026-03-01T00:10:00Z", "done", {})
        assert runs.under_way(connection, 1) is None


def test_the_size_of_the_archive_is_known(store: sa.Engine) -> None:
    with store.connect() as connection:
        assert size_of(connection) > 50_000
