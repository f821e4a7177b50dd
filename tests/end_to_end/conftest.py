"""An invented school on real HTTP, and an archive that reads it."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from archive_store.asof import AsOf
from archive_store.data import DATA_SETS, Row, Selection, rows
from archive_store.store import make_store
from connector.api.client import Client
from connector.sandbox.parameters import SchoolParameters
from connector.sandbox.school import School
from connector.sandbox.serve import RunningSchool, running
from connector.sync.moments import MomentReader
from connector.sync.run import Sync
from connector.sync.slices import Slice
from connector.sync.source import Source
from connector.sync.summary import Summary
from connector.sync.window import Window
from wire_truth import WireTruth

TOKEN = "token-of-nobody"
NOW = datetime(2026, 3, 18, 20, 0, tzinfo=UTC)


class Silent:
    """A progress that tells nobody."""

    def stage(self, name: str, slices: int) -> None:
        pass

    def finished(self, slice_: Slice) -> None:
        pass


@dataclass
class Installation:
    """A served school, an archive, and the commands' parts between them."""

    school: RunningSchool
    engine: sa.Engine
    now: datetime = NOW
    attempts: int = 2
    school_id: int = 0
    pacing: dict[str, Any] = field(default_factory=dict)
    first: Summary | None = None  # of a synced one: what its first sync said

    def __post_init__(self) -> None:
        self.truth = WireTruth(self.school.url, TOKEN)
        self.school_id = self.truth.school_id

    def client(self) -> Client:
        return Client(self.school.url, self.school.token, attempts=self.attempts, **self.pacing)

    def run(self, work: Callable[[Sync], Summary]) -> Summary:
        window = Window(self.now.date(), 2024, days_back=14, days_ahead=7, reference_days=7)
        with self.client() as client:
            source = Source(client, self.school_id, MomentReader(), now=lambda: self.now)
            return work(Sync(self.engine, source, window, Silent(), "test"))

    def sync(self) -> Summary:
        return self.run(lambda sync: sync.nightly())

    def rows(self, name: str, run: int | None = None, **selected: object) -> list[Row]:
        at = AsOf(self.school_id) if run is None else AsOf(self.school_id, run)
        with self.engine.connect() as connection:
            return list(rows(connection, DATA_SETS[name], at, Selection(**selected)))  # type: ignore[arg-type]


def a_small_school() -> School:
    """Three classes. Its clock stands in March 2026: 2024/2025 is closed, 2025/2026 under way."""
    return School(SchoolParameters(pupils=18, seed=7, now=NOW, years=(2024, 2025)))


@pytest.fixture
def served_school() -> Iterator[RunningSchool]:
    """The small school, which a test may change."""
    with running(a_small_school(), TOKEN) as served:
        yield served


@pytest.fixture(scope="session")
def new_installation() -> type[Installation]:
    """What makes an installation of a served school and an archive."""
    return Installation


@pytest.fixture
def installation(served_school: RunningSchool, sqlite_store: sa.Engine) -> Installation:
    """An empty archive on SQLite before the served school."""
    return Installation(served_school, sqlite_store)


@pytest.fixture(scope="session")
def first_sync(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Summary]:
    """The archive that a first sync with the small school fills, to be copied; and what that sync said."""
    file = tmp_path_factory.mktemp("first_sync") / "archive.sqlite"
    engine = make_store(f"sqlite:///{file}")
    with running(a_small_school(), TOKEN) as served:
        summary = Installation(served, engine).sync()
    engine.dispose()  # whoever closes an SQLite file last leaves it whole, without a log beside it
    assert summary.outcome == "done"
    return file, summary


@pytest.fixture
def synced(installation: Installation, first_sync: tuple[Path, Summary]) -> Installation:
    """The installation after its first sync, which is not made anew for each test but copied."""
    file, installation.first = first_sync
    installation.engine.dispose()
    shutil.copy(file, str(installation.engine.url.database))
    return installation
