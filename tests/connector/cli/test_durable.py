"""What vouches for a sealed year, and the log of access, is on the disk when the command says so."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from archive_store import schema
from archive_store.store import durable

NORMAL, FULL = 1, 2


@pytest.fixture
def kinds_committed() -> Iterator[list[tuple[str, int]]]:
    """The kind of each entry of the ledger that was committed, and how safely its transaction was."""
    found: list[tuple[str, int]] = []

    def before_commit(connection: sa.Connection) -> None:
        known = sa.select(schema.LEDGER.c.kind).order_by(schema.LEDGER.c.entry.desc()).limit(1)
        if connection.info.pop("ledger", False):
            level = connection.exec_driver_sql("PRAGMA synchronous").scalar_one()
            found.append((connection.execute(known).scalar_one(), level))

    def after_statement(connection: sa.Connection, _cursor: Any, statement: str, *_rest: Any) -> None:
        if statement.startswith("INSERT INTO ledger"):
            connection.info["ledger"] = True

    sa.event.listen(sa.Engine, "commit", before_commit)
    sa.event.listen(sa.Engine, "after_cursor_execute", after_statement)
    yield found
    sa.event.remove(sa.Engine, "commit", before_commit)
    sa.event.remove(sa.Engine, "after_cursor_execute", after_statement)


def test_a_sealed_year_and_each_entry_of_the_log_of_access_are_flushed_to_the_disk(
    archive: Any, closed_year: str, a_class: str, kinds_committed: list[tuple[str, int]], tmp_path: Path
) -> None:
    assert archive("year", "close", closed_year).code == 0
    assert archive("data", "marks").code == 0
    assert (
        archive(
            "export", "class", "--year", closed_year, "--group", a_class, "--out", str(tmp_path / "out")
        ).code
        == 0
    )
    assert archive("sync").code == 0
    # What a power cut takes of a run is fetched again: it need not wait for the disk.
    assert kinds_committed == [
        ("snapshot", FULL), *[("access", FULL)] * 6, ("run", NORMAL),
    ]  # fmt: skip


def test_a_connection_is_given_back_as_it_was(sqlite_store: sa.Engine) -> None:
    with durable(sqlite_store) as connection:
        assert connection.exec_driver_sql("PRAGMA synchronous").scalar_one() == FULL
    with pytest.raises(RuntimeError), durable(sqlite_store):
        raise RuntimeError
    with sqlite_store.connect() as connection:
        assert connection.exec_driver_sql("PRAGMA synchronous").scalar_one() == NORMAL


def test_it_is_undone_as_a_whole(store: sa.Engine) -> None:
    trait = schema.PLATFORM_TRAIT.insert().values(school_id=1, name="a", value="b", found_at="c")

    def fail() -> None:
        with durable(store) as connection:
            connection.execute(trait)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    with store.connect() as connection:
        assert not connection.execute(sa.select(schema.PLATFORM_TRAIT)).all()
