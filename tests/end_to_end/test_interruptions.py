"""Whatever stops a run - kill -9, a full disk, Ctrl-C - nothing is lost and the next run goes on."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from archive_store import schema, spent_calls
from archive_store.verification.whole import verify
from connector.sync.run import Sync
from connector.sync.summary import Summary

PROGRAM = [sys.executable, "-c", "from connector.cli import main; main()"]


def environment(installation: Any, folder: Path) -> dict[str, str]:
    """The settings of a command that reads the served school into ``folder``."""
    return {
        **os.environ,
        "DNEVNIK_ARCHIVE_API_URL": installation.school.url,
        "DNEVNIK_ARCHIVE_TOKEN": installation.school.token,
        "DNEVNIK_ARCHIVE_STORE_URL": f"sqlite:///{folder / 'archive.sqlite'}",
        "DNEVNIK_ARCHIVE_FIRST_YEAR": "2024",
        "DNEVNIK_ARCHIVE_LANGUAGE": "en",
        "PYTHONIOENCODING": "utf-8",
    }


def finished_slices(engine: sa.Engine) -> int:
    with engine.connect() as connection:
        return connection.execute(sa.select(sa.func.count()).select_from(schema.CHECKPOINT)).scalar() or 0


def calls_on_record(installation: Any) -> int:
    with installation.engine.connect() as connection:
        return spent_calls.on(connection, installation.school_id, datetime.now(UTC).date())


CONNECTIONS = 4
MOST_CALLS_UNCOUNTED = 2 * (2 * CONNECTIONS)


@pytest.mark.skipif(os.name == "nt", reason="POSIX signals")
@pytest.mark.parametrize(("how", "outcome"), [(signal.SIGKILL, "running"), (signal.SIGINT, "interrupted")])
@pytest.mark.parametrize("after", [10, 60])
def test_a_run_that_is_cut_off_is_gone_on_with(
    installation: Any, tmp_path: Path, how: signal.Signals, outcome: str, after: int
) -> None:
    installation.school.faults.latency = 0.02
    installation.school.requests.clear()
    process = subprocess.Popen(
        [*PROGRAM, "sync"], env=environment(installation, tmp_path), stderr=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
    )  # fmt: skip
    deadline = time.monotonic() + 60
    while finished_slices(installation.engine) < after and time.monotonic() < deadline:
        time.sleep(0.02)
    process.send_signal(how)
    process.wait(30)
    made, on_record = installation.school.requests.total, calls_on_record(installation)
    # Lost to a kill is what was under way or waited for the writer: slices of a call or two.
    assert made - (MOST_CALLS_UNCOUNTED if how is signal.SIGKILL else 0) <= on_record <= made + CONNECTIONS
    done = finished_slices(installation.engine)
    assert done >= after
    with installation.engine.connect() as connection:
        assert connection.execute(sa.select(schema.RUN.c.outcome)).scalars().all() == [outcome]

    installation.school.faults.latency = 0.0
    resumed = installation.sync()
    assert resumed.outcome == "done"
    assert resumed.unchanged > 0  # what was read before the cut is not parsed again
    with installation.engine.connect() as connection:
        verdict = verify(connection, installation.school_id)
        outcomes = connection.execute(sa.select(schema.RUN.c.outcome)).scalars().all()
    assert verdict.findings == ()
    assert verdict.entries == 2
    assert outcomes == ["interrupted", "done"]
    truth = installation.truth.marks(2024, "2025-08-31")
    marks = {row["mark_id"]: row["value"] for row in installation.rows("marks", study_year=2024)}
    assert marks == {str(number): one["value"] for number, one in truth.items()}


@pytest.mark.skipif(os.name == "nt", reason="POSIX signals")
@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM])
def test_a_request_to_stop_is_heard_while_the_platform_has_asked_to_wait_a_minute(
    installation: Any, tmp_path: Path, how: signal.Signals
) -> None:
    process = subprocess.Popen(
        [*PROGRAM, "sync"], env=environment(installation, tmp_path), stderr=subprocess.PIPE,
        stdout=subprocess.DEVNULL, encoding="utf-8",
    )  # fmt: skip
    deadline = time.monotonic() + 60
    while finished_slices(installation.engine) < 20 and time.monotonic() < deadline:
        time.sleep(0.02)
    faults, served = installation.school.faults, installation.school.requests
    faults.retry_after, faults.throttled = 60, -1
    while not served.by_fault["throttled"] and time.monotonic() < deadline:
        time.sleep(0.02)
    time.sleep(1)  # what had come is written, and all threads wait
    assert process.poll() is None
    done, asked = finished_slices(installation.engine), time.monotonic()
    process.send_signal(how)
    _, said = process.communicate(timeout=30)
    assert time.monotonic() - asked < 5  # about a second; the machine may be busy
    assert process.returncode == 130
    assert "What was fetched is kept" in said
    assert finished_slices(installation.engine) == done >= 20
    faults.throttled = 0
    assert installation.sync().outcome == "done"
    with installation.engine.connect() as connection:
        outcomes = connection.execute(sa.select(schema.RUN.c.outcome)).scalars().all()
        assert verify(connection, installation.school_id).findings == ()
    assert outcomes == ["interrupted", "done"]


def test_what_was_found_unchanged_before_a_request_to_stop_is_not_asked_again(synced: Any) -> None:
    with synced.engine.begin() as connection:
        connection.execute(schema.CHECKPOINT.update().values(done_at="2000-01-01T00:00:00Z"))
    again = 25  # no multiple of how many are put on record at once

    def stopped(run: Sync) -> Summary:
        run.stopping = lambda: run.summary.unchanged >= again
        return run.nightly()

    with pytest.raises(KeyboardInterrupt):
        synced.run(stopped)
    with synced.engine.connect() as connection:
        moments = connection.execute(sa.select(schema.CHECKPOINT.c.done_at)).scalars().all()
    assert sum(not one.startswith("2000") for one in moments) == again


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 3 MiB."""
    folder = tmp_path / "disk"
    folder.mkdir()
    if shutil.which("mount") is None or os.name == "nt" or os.geteuid() != 0:
        pytest.skip("a small disk is mounted by root only")
    command = ["mount", "-t", "tmpfs", "-o", "size=3m", "tmpfs", str(folder)]
    if subprocess.run(command, capture_output=True).returncode:
        pytest.skip("this machine mounts no tmpfs")
    yield folder
    subprocess.run(["umount", str(folder)], check=True)


def test_a_full_disk_is_told_and_what_was_written_stays_whole(installation: Any, small_disk: Path) -> None:
    settings = environment(installation, small_disk)
    subprocess.run(
        [*PROGRAM, "init", "--dir", str(small_disk)], env=settings, check=True, capture_output=True
    )
    ended = subprocess.run(
        [*PROGRAM, "sync"], env=settings, capture_output=True, text=True, encoding="utf-8", cwd=small_disk
    )
    assert ended.returncode == 8, ended.stderr
    assert "database fails: database or disk is full" in ended.stderr
    assert "Traceback" not in ended.stderr
    engine = sa.create_engine(settings["DNEVNIK_ARCHIVE_STORE_URL"])
    with engine.connect() as connection:
        assert connection.execute(sa.text("PRAGMA integrity_check")).scalar() == "ok"
        assert connection.execute(sa.select(sa.func.count()).select_from(schema.CHECKPOINT)).scalar()
    engine.dispose()
