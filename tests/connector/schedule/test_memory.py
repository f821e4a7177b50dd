"""The schedule's own file: private, shared by processes, and of no loss when it is lost."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from connector.schedule.memory import Memory

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


@pytest.fixture
def memory(tmp_path: Path) -> Iterator[Memory]:
    kept = Memory(tmp_path / "schedule.sqlite")
    yield kept
    kept.close()


@pytest.mark.skipif(os.name == "nt", reason="Windows has no mode bits")
def test_nobody_else_can_write_jobs_into_it(memory: Memory, tmp_path: Path) -> None:
    assert {stat.S_IMODE(path.stat().st_mode) for path in tmp_path.iterdir()} == {0o600}


def test_failures_in_a_row_end_at_a_success_and_at_the_night(memory: Memory) -> None:
    for hour, code in enumerate([5, 0, 5, 6, 5]):
        memory.note(1, "sync", NOON + timedelta(hours=hour), code)
    memory.note(2, "sync", NOON + timedelta(hours=9), 5)
    assert memory.failures_in_a_row(1, "sync", NOON) == 3
    assert memory.failures_in_a_row(1, "sync", NOON + timedelta(hours=4)) == 1
    assert memory.failures_in_a_row(1, "reconcile", NOON) == 0


def test_what_was_said_is_kept_by_school_and_day(memory: Memory, tmp_path: Path) -> None:
    memory.say(1, "silence", "2026-03-01")
    memory.say(1, "silence", "2026-03-01")
    other = Memory(tmp_path / "schedule.sqlite")
    assert other.was_said(1, "silence", "2026-03-01")
    assert not other.was_said(2, "silence", "2026-03-01")
    assert not other.was_said(1, "silence", "2026-03-02")
    other.close()


def test_what_is_years_old_is_forgotten(memory: Memory) -> None:
    memory.note(1, "sync", NOON - timedelta(days=800), 5)
    memory.note(1, "sync", NOON, 0)
    assert [one.at for one in memory.attempts(1, "sync")] == [NOON]


def test_a_damaged_file_is_put_aside_and_a_new_one_begun(tmp_path: Path) -> None:
    file = tmp_path / "schedule.sqlite"
    file.write_bytes(os.urandom(8192))
    memory = Memory(file)
    memory.note(1, "sync", NOON, 0)
    assert len(memory.attempts(1, "sync")) == 1
    memory.close()
    assert (tmp_path / "schedule.sqlite.damaged").stat().st_size == 8192
