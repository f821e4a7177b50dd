"""Whatever is altered behind the ledger's back is found, and named."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from archive_store import ledger, runs, schema
from archive_store.history import Scope, write
from archive_store.records import Lesson
from archive_store.verification.whole import verify

SCHOOL = 1_000_000_000_901
SCOPE = Scope((("group_id", (7,)),), "2025-09-01", "2025-09-30")


def _lesson(number: int, topic: str) -> Lesson:
    return Lesson(2_410_000_000_000_000_000 + number, 7, 63, "2025-09-10", 1, topic, None, "[]", None, None)


@pytest.fixture
def archive(store: sa.Engine) -> sa.Engine:
    """Three runs: two lessons come, one is corrected, one is withdrawn."""
    nights = ([_lesson(1, "a"), _lesson(2, "b")], [_lesson(1, "A"), _lesson(2, "b")], [_lesson(1, "A")])
    for night, lessons in enumerate(nights, start=1):
        at = f"2025-09-0{night}T00:00:00Z"
        with store.begin() as connection:
            run_id = runs.begin(connection, SCHOOL, "sync", at, "test")
            write(connection, schema.LESSON, SCHOOL, run_id, lessons, SCOPE)
            runs.end(connection, SCHOOL, run_id, at, "done", {})
    return store


def _findings(archive: sa.Engine) -> set[tuple[str, str]]:
    with archive.connect() as connection:
        return {(one.kind, one.place) for one in verify(connection, SCHOOL).findings}


def test_an_untouched_archive_verifies_and_everything_is_counted(archive: sa.Engine) -> None:
    with archive.connect() as connection:
        verdict = verify(connection, SCHOOL)
    assert (verdict.entries, verdict.versions, verdict.findings) == (3, 3, ())


@pytest.mark.parametrize(
    ("statement", "finding"),
    [
        ("UPDATE lesson SET topic = 'forged' WHERE topic = 'A'", ("version", "lesson 2410000000000000001")),
        ("UPDATE lesson SET seen_to = NULL WHERE topic = 'b'", ("run", "run 3, lesson")),
        ("UPDATE lesson SET seen_to = 2 WHERE topic = 'b'", ("run", "run 2, lesson")),
        ("DELETE FROM lesson WHERE topic = 'a'", ("run", "run 1, lesson")),
        ("UPDATE lesson SET seen_to = seen_from WHERE topic = 'A'", ("run", "run 2, lesson")),
        ("UPDATE lesson SET seen_to = 1 WHERE topic = 'A'", ("run", "run 2, lesson")),
        ("UPDATE lesson SET seen_from = 1 WHERE topic = 'A'", ("run", "run 2, lesson")),
        ("UPDATE run SET ended_at = '2020-01-01T00:00:00Z' WHERE run_id = 2", ("register", "run")),
        ("DELETE FROM run WHERE run_id = 2", ("register", "run")),
        ("DELETE FROM ledger WHERE entry = 3", ("unvouched", "run 3, lesson")),
        ("DELETE FROM ledger WHERE entry = 2", ("chain", "run")),
        ("UPDATE ledger SET at = '2025-01-01T00:00:00Z' WHERE entry = 2", ("chain", "run")),
    ],
)
def test_an_alteration_is_found_and_named(
    archive: sa.Engine, statement: str, finding: tuple[str, str]
) -> None:
    with archive.begin() as connection:
        if statement.startswith("UPDATE lesson SET seen_from"):
            connection.execute(sa.text("DELETE FROM lesson WHERE topic = 'a'"))
        assert connection.execute(sa.text(statement)).rowcount == 1
    assert finding in _findings(archive)


def test_a_row_added_with_a_right_digest_is_found(archive: sa.Engine) -> None:
    with archive.begin() as connection:
        write(connection, schema.LESSON, SCHOOL, 2, [_lesson(3, "added")], None)
    assert ("run", "run 2, lesson") in _findings(archive)


def test_a_row_added_under_a_run_of_its_own_is_found(archive: sa.Engine) -> None:
    with archive.begin() as connection:
        write(connection, schema.LESSON, SCHOOL, 99, [_lesson(3, "added")], Scope((("group_id", (8,)),)))
    assert ("unvouched", "run 99, lesson") in _findings(archive)


def test_a_run_that_was_cut_off_is_chained_by_the_next_one(archive: sa.Engine) -> None:
    at = "2025-09-05T00:00:00Z"
    with archive.begin() as connection:
        cut_off = runs.begin(connection, SCHOOL, "sync", at, "test")
        write(connection, schema.LESSON, SCHOOL, cut_off, [_lesson(4, "kept")], Scope((("group_id", (8,)),)))
    assert _findings(archive) == set()  # under way: not yet vouched for
    with archive.begin() as connection:
        following = runs.begin(connection, SCHOOL, "sync", at, "test")
        runs.end(connection, SCHOOL, following, at, "done", {})
        outcome = connection.execute(
            sa.select(schema.RUN.c.outcome).where(schema.RUN.c.run_id == cut_off)
        ).scalar()
    assert outcome == "interrupted"
    assert _findings(archive) == set()


def test_the_chain_is_that_of_one_school(archive: sa.Engine) -> None:
    with archive.begin() as connection:
        other = ledger.append(connection, SCHOOL + 1, "snapshot", "2025-09-05T00:00:00Z", {"bag": "x"})
        assert other.entry == 1
        assert ledger.head(connection, SCHOOL).entry == 3
