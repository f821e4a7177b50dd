"""Files of homework: fetched once, kept by their digest, bounded, never by a stranger's token."""

from __future__ import annotations

import hashlib
import stat
from collections.abc import Iterator
from datetime import UTC, datetime
from io import BytesIO
from itertools import count
from pathlib import Path
from threading import Event
from typing import Any

import httpx
import pytest
import respx
import sqlalchemy as sa

from archive_store import schema
from archive_store.asof import AsOf, read
from archive_store.records import HomeworkFile
from archive_store.verification.whole import verify
from connector.api.client import Client
from connector.api.errors import ForeignHost
from connector.sandbox.parameters import SchoolParameters
from connector.sandbox.school import School
from connector.sandbox.serve import running
from connector.sandbox.variant import PlatformVariant
from connector.sync.files import FileKeeping
from connector.sync.run import Sync
from connector.sync.summary import Summary

TOKEN = "token-of-nobody"
NOW = datetime(2026, 3, 18, 20, 0, tzinfo=UTC)
LARGEST = 100_000


@pytest.fixture
def with_files(sqlite_store: sa.Engine, new_installation: Any) -> Iterator[Any]:
    """A school one of whose files is huge and one is lost."""
    variant = PlatformVariant(huge_file_bytes=3 * LARGEST, missing_file=True)
    school = School(SchoolParameters(pupils=18, seed=7, now=NOW, years=(2025,), variant=variant))
    with running(school, TOKEN) as served:
        yield new_installation(served, sqlite_store)


def sync(installation: Any, folder: Path, most: int = 10_000) -> Summary:
    def work(run: Sync) -> Summary:
        run.files = FileKeeping(folder / "files", LARGEST, most)
        return run.nightly()

    summary: Summary = installation.run(work)
    return summary


def files(installation: Any) -> list[HomeworkFile]:
    with installation.engine.connect() as connection:
        return list(read(connection, schema.HOMEWORK_FILE, AsOf(installation.school_id)))


def test_every_file_is_kept_under_its_digest_and_fetched_once(with_files: Any, tmp_path: Path) -> None:
    first = sync(with_files, tmp_path)
    assert first.outcome == "done"
    states = [one.state for one in files(with_files)]
    assert set(states) == {"kept", "too large", "not there"}
    assert states.count("kept") == first.files["kept"] > 10
    for one in files(with_files):
        if one.state == "kept":
            kept = tmp_path / "files" / one.contents[:2] / one.contents
            assert hashlib.sha256(kept.read_bytes()).hexdigest() == one.contents
            assert kept.stat().st_size == one.size
            assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    assert not list((tmp_path / "files").glob(".part-*"))
    downloads = with_files.school.requests.by_pattern["GET files/{file}"]
    second = sync(with_files, tmp_path)
    assert second.files == {}
    assert with_files.school.requests.by_pattern["GET files/{file}"] == downloads
    with with_files.engine.connect() as connection:
        assert not verify(connection, with_files.school_id).findings


def test_the_platform_is_asked_for_several_files_at_once(
    with_files: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real, begun, together = Client.download, count(), Event()

    def download(client: Client, *arguments: Any) -> Any:
        if next(begun):
            together.set()
        assert together.wait(10)  # the first goes on when a second has begun
        return real(client, *arguments)

    monkeypatch.setattr(Client, "download", download)
    assert sync(with_files, tmp_path).outcome == "done"


@respx.mock
def test_a_request_to_stop_is_heard_in_the_middle_of_a_file() -> None:
    """A file may be large and the line slow."""
    pieces, asked = (b"the first", b"the second", b"the third"), Event()

    def slowly() -> Iterator[bytes]:
        for number, piece in enumerate(pieces):
            if number:
                asked.set()  # when the first is written
            yield piece

    respx.get("http://127.0.0.1:9/v2/files/1").mock(return_value=httpx.Response(200, content=slowly()))
    target = BytesIO()
    with (
        Client("http://127.0.0.1:9/v2/", TOKEN, stopping=asked.is_set) as client,
        pytest.raises(KeyboardInterrupt),
    ):
        client.download("http://127.0.0.1:9/v2/files/1", target, LARGEST)
    assert target.getvalue() == pieces[0]


@pytest.mark.parametrize("after", [3, 13])
def test_what_was_fetched_before_a_request_to_stop_is_not_fetched_again(
    with_files: Any, tmp_path: Path, after: int
) -> None:
    served, taken = with_files.school.requests.by_pattern, 0

    def enough() -> bool:
        nonlocal taken
        taken += served["GET files/{file}"] > 0
        return taken >= after

    def stopped(run: Sync) -> Summary:
        run.files, run.stopping = FileKeeping(tmp_path / "files", LARGEST, 10_000), enough
        return run.nightly()

    with pytest.raises(KeyboardInterrupt):
        with_files.run(stopped)
    states = [one.state for one in files(with_files)]
    assert len(states) - states.count("not fetched") == after
    rest = sync(with_files, tmp_path)
    assert sum(rest.files.values()) == len(states) - after


def test_the_bound_of_a_run_leaves_the_rest_to_the_next(with_files: Any, tmp_path: Path) -> None:
    first = sync(with_files, tmp_path, most=3)
    assert sum(first.files.values()) == 3
    waiting = [one for one in files(with_files) if one.state == "not fetched"]
    assert waiting
    fetched = [one for one in files(with_files) if one.state != "not fetched"]
    assert max(one.day for one in waiting) <= min(one.day for one in fetched)  # the newest come first
    sync(with_files, tmp_path)
    assert all(one.state != "not fetched" for one in files(with_files))


def test_a_download_that_breaks_off_leaves_nothing_half_and_is_fetched_by_the_next_run(
    with_files: Any, tmp_path: Path
) -> None:
    with_files.attempts = 1
    with_files.school.faults.path, with_files.school.faults.broken = "/files/", 2
    first = sync(with_files, tmp_path)
    assert first.outcome == "partial"
    assert len(first.failures) == 2
    assert not list((tmp_path / "files").glob(".part-*"))
    assert sync(with_files, tmp_path).outcome == "done"
    assert all(one.state != "not fetched" for one in files(with_files))


def test_a_host_that_is_not_the_platforms_is_not_called() -> None:
    with Client("http://127.0.0.1:9/v2/", TOKEN, file_hosts=["files.example"]) as client:
        for url in ("https://evil.example/f", "http://files.example/f", "https://notfiles.example/f"):
            with pytest.raises(ForeignHost):
                client.download(url, None, 1)  # type: ignore[arg-type] # never written to
