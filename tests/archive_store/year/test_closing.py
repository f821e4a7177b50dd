"""Closing a year: refused for a reason, done once, and left either whole or not begun at all."""

from __future__ import annotations

import os
import signal
import stat
import subprocess
import sys
import textwrap
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import orjson
import pytest
import sqlalchemy as sa

from archive_store import ledger, runs, schema
from archive_store.errors import AlreadySealed, FolderNotWritable, UnknownYear
from archive_store.history import Absence, write
from archive_store.snapshot import publishing
from archive_store.snapshot.verifier import verify
from archive_store.verification import whole
from archive_store.year import closing
from archive_store.year.closing import Closing, close_year
from archive_store.year.errors import NothingToSeal, OtherSnapshotThere, YearNotEnded
from small_year import (
    AT,
    CORRECTED,
    FIRST_NIGHT,
    SCHOOL,
    TEACHERS,
    YEAR,
    Slice,
    fill,
    night,
)

BAGS = ["journal-9A-ed01", "journal-9B-ed01", "summary-ed01"]


def _close(store: sa.Engine, root: Path, at: str = AT, year: int = YEAR) -> Closing:
    """As the command does it: one transaction, kept when all went well."""
    with store.begin() as connection:
        return close_year(connection, SCHOOL, year, root, at)


def _on_record(store: sa.Engine) -> tuple[list[Any], int]:
    """What the archive knows of sealed years, and where its ledger ends."""
    with store.connect() as connection:
        rows = connection.execute(sa.select(schema.SNAPSHOT).order_by(schema.SNAPSHOT.c.bag)).all()
        return list(rows), ledger.head(connection, SCHOOL).entry


def _left_behind(root: Path) -> list[str]:
    return sorted(path.name for path in root.iterdir()) if root.is_dir() else []


# Done


def test_a_closed_year_is_registered_and_the_ledger_vouches_for_all_its_roots(
    store: sa.Engine, tmp_path: Path
) -> None:
    closed = _close(fill(store), tmp_path / "snapshots")
    rows, entry = _on_record(store)
    assert [(row.bag, row.retention_years, row.run_id, row.sealed_at) for row in rows] == [
        (name, term, 3, AT) for name, term in zip(BAGS, (5, 5, 25), strict=True)
    ]
    assert [Path(row.path) for row in rows] == [closed.sealed.path / name for name in BAGS]
    roots = {row.bag: bytes(row.root).hex() for row in rows}
    assert {f"2024-2025/{name}": root for name, root in roots.items()} == verify(closed.sealed.path).roots
    assert (entry, closed.head.entry) == (4, 4)
    with store.connect() as connection:
        last = connection.execute(sa.select(schema.LEDGER).where(schema.LEDGER.c.entry == 4)).one()
        assert whole.verify(connection, SCHOOL).findings == ()
    assert (last.kind, last.at) == ("snapshot", AT)
    about = orjson.loads(last.about)
    assert (about["study_year"], about["run"], about["roots"]) == (YEAR, 3, roots)
    assert (about["edition"], about["stage"]) == (1, "preliminary")
    assert _left_behind(tmp_path / "snapshots") == ["2024-2025"]


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such modes")
def test_the_folder_of_snapshots_is_private_if_made_and_keeps_its_mode_if_not(
    archive: sa.Engine, tmp_path: Path
) -> None:
    _close(archive, tmp_path / "made" / "snapshots")
    assert stat.S_IMODE((tmp_path / "made" / "snapshots").stat().st_mode) == 0o700
    (tmp_path / "shared").mkdir()
    (tmp_path / "shared").chmod(0o2775)
    with archive.begin() as connection:
        connection.execute(schema.SNAPSHOT.delete())
        connection.execute(schema.CLOSING.delete())
        close_year(connection, SCHOOL, YEAR, tmp_path / "shared", AT)
    assert stat.S_IMODE((tmp_path / "shared").stat().st_mode) == 0o2775


def test_two_years_are_closed_side_by_side_and_verified_together(archive: sa.Engine, tmp_path: Path) -> None:
    _close(archive, tmp_path / "snapshots")
    _close(archive, tmp_path / "snapshots", "2026-06-20T09:00:00Z", YEAR + 1)
    report = verify(tmp_path / "snapshots")
    assert report.sound
    assert report.bags == 5  # in 2025/2026 there is one class so far
    assert len(_on_record(archive)[0]) == 5


# Refused


def test_a_year_that_the_archive_does_not_know(archive: sa.Engine, tmp_path: Path) -> None:
    with pytest.raises(UnknownYear) as refused:
        _close(archive, tmp_path / "snapshots", year=2019)
    assert refused.value.known == [2024, 2025]
    assert not (tmp_path / "snapshots").exists()


def test_a_year_of_which_no_run_has_ended_is_not_known(store: sa.Engine, tmp_path: Path) -> None:
    """The first sync was cut off: what it brought is not on record yet."""
    with store.begin() as connection:
        run_id = runs.begin(connection, SCHOOL, "sync", "2025-06-01T20:00:00Z", "test")
        for one in FIRST_NIGHT:
            write(connection, one.entity, SCHOOL, run_id, one.records, None, Absence.UNKNOWN)
    with pytest.raises(UnknownYear) as refused:
        _close(store, tmp_path / "snapshots")
    assert refused.value.known == []


@pytest.mark.parametrize("day", ["2025-01-10", "2025-05-22", "2025-05-23"])
def test_a_year_that_has_lessons_ahead_or_today(archive: sa.Engine, tmp_path: Path, day: str) -> None:
    with pytest.raises(YearNotEnded) as refused:
        _close(archive, tmp_path / "snapshots", f"{day}T20:00:00Z")
    assert (refused.value.study_year, refused.value.last_day) == (YEAR, "2025-05-23")
    assert not (tmp_path / "snapshots").exists()


def test_a_year_is_closed_on_the_day_after_its_last_lesson(archive: sa.Engine, tmp_path: Path) -> None:
    assert _close(archive, tmp_path, "2025-05-24T00:00:00Z").sealed.path.is_dir()


def test_a_year_without_a_lesson(sqlite_store: sa.Engine, tmp_path: Path) -> None:
    night(sqlite_store, [one for one in FIRST_NIGHT if one.entity is schema.EDU_GROUP], "2025-06-01")
    with pytest.raises(NothingToSeal) as refused:
        _close(sqlite_store, tmp_path / "snapshots")
    assert refused.value.study_year == YEAR


def test_a_year_that_is_closed_already_stays_as_it_is(archive: sa.Engine, tmp_path: Path) -> None:
    first = _close(archive, tmp_path)
    before = _on_record(archive)
    night(archive, [Slice(schema.MARK, [CORRECTED._replace(value="2")])], "2025-06-05")
    with pytest.raises(AlreadySealed) as refused:
        _close(archive, tmp_path)
    assert (refused.value.study_year, refused.value.path) == (YEAR, first.sealed.path)
    assert _on_record(archive)[0] == before[0]
    assert verify(first.sealed.path).sound


def test_a_year_that_was_sealed_in_another_folder_is_named_there(archive: sa.Engine, tmp_path: Path) -> None:
    first = _close(archive, tmp_path / "before")
    with pytest.raises(AlreadySealed) as refused:
        _close(archive, tmp_path / "after")
    assert refused.value.path == first.sealed.path


def test_the_folder_of_the_year_is_on_the_disk_before_it_gets_its_name(
    archive: sa.Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def flushed(folder: Path) -> None:
        order.append(("flushed", folder.name))
        real_flush(folder)

    def renamed(path: Path, to: Path) -> Path:
        order.append(("renamed", to.name))
        return real_rename(path, to)

    order: list[tuple[str, str]] = []
    real_flush, real_rename = publishing.flush_folder, Path.rename
    monkeypatch.setattr(publishing, "flush_folder", flushed)
    monkeypatch.setattr(Path, "rename", renamed)
    _close(archive, tmp_path / "snapshots")
    assert order[-3:] == [("flushed", "2024-2025"), ("renamed", "2024-2025"), ("flushed", "snapshots")]


def _another_year(place: Path) -> None:
    (place / "journal-9A-ed01").mkdir(parents=True)


def _a_file(place: Path) -> None:
    place.parent.mkdir()
    place.touch()


@pytest.mark.parametrize("put", [_another_year, _a_file, lambda place: place.mkdir(parents=True)])
def test_what_lies_in_the_place_of_the_year_is_not_touched(
    archive: sa.Engine, tmp_path: Path, put: Any
) -> None:
    place = tmp_path / "snapshots" / "2024-2025"
    put(place)
    before = sorted(place.parent.rglob("*"))
    with pytest.raises(OtherSnapshotThere) as refused:
        _close(archive, tmp_path / "snapshots")
    assert refused.value.path == place
    assert sorted(place.parent.rglob("*")) == before
    assert _on_record(archive) == ([], 3)


# Broken off


def _nothing_was_done(store: sa.Engine, root: Path) -> None:
    assert _left_behind(root) == []
    assert _on_record(store) == ([], 3)
    with store.connect() as connection:
        assert whole.verify(connection, SCHOOL).findings == ()


def test_a_file_in_the_place_of_the_folder(archive: sa.Engine, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("mine")
    for root in (tmp_path / "file", tmp_path / "file" / "snapshots"):
        with pytest.raises(FolderNotWritable) as refused:
            _close(archive, root)
        assert refused.value.path == root
    assert (tmp_path / "file").read_text() == "mine"
    _nothing_was_done(archive, tmp_path / "file")


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 32 KiB; it is enlarged by mounting it again."""
    place = tmp_path / "disk"
    place.mkdir()
    mounted = sys.platform == "linux" and os.geteuid() == 0 and _mount(place, "size=32k") == 0
    if not mounted:
        pytest.skip("only root may mount a small disk")
    yield place
    subprocess.run(["umount", str(place)], check=True)


def _mount(place: Path, options: str) -> int:
    command = ["mount", "-t", "tmpfs", "-o", options, "tmpfs", str(place)]
    return subprocess.run(command, check=False, capture_output=True).returncode


def test_wherever_the_disk_runs_full_nothing_is_left_and_a_larger_disk_will_do(
    archive: sa.Engine, small_disk: Path
) -> None:
    root = small_disk / "snapshots"
    reasons = []
    for size in range(32, 4000, 150):
        assert _mount(small_disk, f"remount,size={size}k") == 0
        try:
            _close(archive, root)
        except FolderNotWritable as refused:
            reasons.append(refused.reason)
            _nothing_was_done(archive, root)
        else:
            break
    assert set(reasons) == {"No space left on device", "database or disk is full"}
    assert verify(root / "2024-2025").sound


# What a process does that is killed at a step of the sealing, with the archive and the folder as arguments.
_KILLED = textwrap.dedent("""
    import os, pathlib, signal, sys
    from archive_store.snapshot import bag, canonical_csv, database, seal, verifier
    from archive_store.store import open_store
    from archive_store.year import closing

    def killed_after(real, times):
        count = iter(range(times))
        def call(*arguments):
            result = real(*arguments)
            if next(count, None) is None:
                os.kill(os.getpid(), signal.SIGKILL)
            return result
        return call

    step, url, root, school, year, at = sys.argv[1:]
    room, name, times = {
        "a table": (canonical_csv, "write", 3), "a database": (database, "writing", 1),
        "a bag": (bag, "finish", 1), "the check": (verifier, "verify", 0),
        "a bag protected": (bag, "protect", 1),
        "the rename": (pathlib.Path, "rename", 0), "the last flush": (closing, "publish", 0),
    }[step]
    setattr(room, name, killed_after(getattr(room, name), times))
    with open_store(url).begin() as connection:
        closing.close_year(connection, int(school), int(year), pathlib.Path(root), at)
""")


def _killed_at(step: str, store: sa.Engine, root: Path) -> None:
    url = store.url.render_as_string(hide_password=False)
    arguments = [step, url, str(root), str(SCHOOL), str(YEAR), AT]
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[3])}
    result = subprocess.run(
        [sys.executable, "-c", _KILLED, *arguments], env=environment, check=False, capture_output=True
    )
    assert result.returncode == -signal.SIGKILL, result.stderr.decode()


@pytest.mark.skipif(os.name == "nt", reason="Windows has no SIGKILL")
@pytest.mark.parametrize("step", ["a table", "a database", "a bag", "the check", "a bag protected"])
def test_a_sealing_that_was_killed_leaves_no_year_and_the_next_one_tidies_up(
    archive: sa.Engine, tmp_path: Path, step: str
) -> None:
    root = tmp_path / "snapshots"
    _killed_at(step, archive, root)
    assert _left_behind(root) == [".staging-2024-2025"]
    assert verify(root).bags == 0
    assert _on_record(archive) == ([], 3)
    closed = _close(archive, root)
    assert _left_behind(root) == ["2024-2025"]
    assert verify(closed.sealed.path).sound


@pytest.mark.skipif(os.name == "nt", reason="Windows has no SIGKILL")
@pytest.mark.parametrize("step", ["the rename", "the last flush"])
def test_a_year_that_was_published_and_not_registered_is_recognised(
    archive: sa.Engine, tmp_path: Path, step: str
) -> None:
    root = tmp_path / "snapshots"
    _killed_at(step, archive, root)
    roots = verify(root / "2024-2025").roots
    assert len(roots) == 3
    assert _on_record(archive) == ([], 3)
    closed = _close(archive, root)
    assert verify(closed.sealed.path).roots == roots
    assert _left_behind(root) == ["2024-2025"]
    assert len(_on_record(archive)[0]) == 3
    assert stat.S_IMODE((root / "2024-2025").stat().st_mode) == 0o500


def test_a_transaction_that_was_rolled_back_is_made_good_by_the_next_closing(
    store: sa.Engine, tmp_path: Path
) -> None:
    fill(store)
    with store.connect() as connection:
        lost = close_year(connection, SCHOOL, YEAR, tmp_path, AT)
    assert _on_record(store) == ([], 3)
    kept = _close(store, tmp_path, "2025-07-01T09:00:00Z")
    assert kept.sealed == lost.sealed
    assert [bytes(row.root) for row in _on_record(store)[0]] == [bag.root for bag, _ in lost.sealed.bags]


def _damaged(place: Path) -> None:
    marks = place / "journal-9A-ed01" / "data" / "tables" / "mark.csv.gz"
    marks.chmod(0o600)
    marks.write_bytes(b"")


def _with_a_bag_too_many(place: Path) -> None:
    place.chmod(0o700)
    (place / "journal-9C-ed01").mkdir()


@pytest.mark.parametrize("spoil", [_damaged, _with_a_bag_too_many])
def test_a_published_year_that_has_suffered_since_is_not_taken_for_whole(
    archive: sa.Engine, tmp_path: Path, spoil: Any
) -> None:
    with archive.connect() as connection:
        lost = close_year(connection, SCHOOL, YEAR, tmp_path, AT)
    spoil(lost.sealed.path)
    with pytest.raises(OtherSnapshotThere):
        _close(archive, tmp_path)
    assert _on_record(archive) == ([], 3)


def test_a_published_year_of_an_older_record_is_not_taken_for_the_new_one(
    archive: sa.Engine, tmp_path: Path
) -> None:
    with archive.connect() as connection:
        close_year(connection, SCHOOL, YEAR, tmp_path / "snapshots", AT)
    night(archive, [Slice(schema.TEACHER, TEACHERS)], "2025-06-05")
    with pytest.raises(OtherSnapshotThere):
        _close(archive, tmp_path / "snapshots")
    assert _left_behind(tmp_path / "snapshots") == ["2024-2025"]


def test_a_failure_of_the_program_itself_leaves_nothing_and_is_not_disguised(
    archive: sa.Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_arguments: Any) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(closing, "publish", fails)
    with pytest.raises(ZeroDivisionError):
        _close(archive, tmp_path / "snapshots")
    _nothing_was_done(archive, tmp_path / "snapshots")
