"""Many classes are sealed by several processes; nobody can tell from the bags."""

from __future__ import annotations

from pathlib import Path

import pytest
import sqlalchemy as sa

from archive_store import processes, runs
from archive_store.snapshot import several
from archive_store.snapshot.seal import Sealing
from archive_store.year.closing import Closing, Order, close_year
from small_year import AT, SCHOOL, YEAR, fill


@pytest.fixture
def by_two(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Any number of classes is worth two processes; the list holds how many were worth it."""
    asked: list[int] = []

    def processes_for(classes: int) -> int:
        asked.append(classes)
        return 2

    monkeypatch.setattr("archive_store.snapshot.seal.processes_for", processes_for)
    return asked


def _closed(store: sa.Engine, root: Path) -> Closing:
    with store.connect() as connection:
        return close_year(connection, SCHOOL, YEAR, root, AT, Order())


def _every_byte(year: Path) -> dict[str, bytes]:
    files = {path.relative_to(year).as_posix(): path for path in year.rglob("*") if path.is_file()}
    return {name: path.read_bytes() for name, path in files.items()}


def test_the_bags_are_the_same_byte_for_byte(
    store: sa.Engine, by_two: list[int], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    fill(store)
    with monkeypatch.context() as here:
        here.delattr(Sealing, "journal")  # this process seals none itself
        of_two = _closed(store, tmp_path / "two").sealed.path
    assert by_two == [2]
    monkeypatch.setattr("archive_store.snapshot.seal.processes_for", lambda _classes: 1)
    of_one = _closed(store, tmp_path / "one").sealed.path
    assert _every_byte(of_two) == _every_byte(of_one)


def test_what_fails_in_another_process_fails_the_sealing_whole(
    sqlite_store: sa.Engine, by_two: list[int], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    fill(sqlite_store)
    (tmp_path / "sealed").mkdir()
    monkeypatch.setattr("archive_store.snapshot.naming.journal_bags", _in_a_place_that_cannot_be)
    with pytest.raises(NotADirectoryError):
        _closed(sqlite_store, tmp_path / "sealed")
    assert by_two
    assert list((tmp_path / "sealed").iterdir()) == []


def _in_a_place_that_cannot_be(classes: list[object], *_more: object) -> dict[int, str]:
    return {getattr(one, "group_id"): "/dev/null/journal" for one in classes}  # noqa: B009


def test_few_classes_are_sealed_by_one_process() -> None:
    assert several.processes_for(several.FEWEST_CLASSES - 1) == 1


def test_a_record_that_is_not_committed_is_sealed_by_the_process_that_wrote_it(
    sqlite_store: sa.Engine, by_two: list[int], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    fill(sqlite_store)
    monkeypatch.delattr(processes, "ProcessPoolExecutor")
    with sqlite_store.connect() as connection:
        run_id = runs.begin(connection, SCHOOL, "sync", AT, "test")
        runs.end(connection, SCHOOL, run_id, AT, "done", {})
        sealed = close_year(connection, SCHOOL, YEAR, tmp_path, AT, Order()).sealed
    assert by_two == [2]
    assert len(sealed.bags) == 3
