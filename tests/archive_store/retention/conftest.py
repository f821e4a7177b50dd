"""The archive of :mod:`retained_year`, made once and copied, and on PostgreSQL."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from archive_store.carriers import devices, register
from archive_store.carriers.book import Scribe
from archive_store.schema import SNAPSHOT
from archive_store.store import make_store
from retained_year import NOW, Archive, disk_of, with_carriers
from small_year import SCHOOL


@pytest.fixture
def own_disks(monkeypatch: pytest.MonkeyPatch) -> None:
    """The system tells the invented disks apart."""
    monkeypatch.setattr(devices, "device_of", disk_of)


@pytest.fixture(scope="session")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of such an archive on SQLite. To be copied."""
    folder = tmp_path_factory.mktemp("prepared")
    engine = make_store(f"sqlite:///{folder / 'archive.sqlite'}")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(devices, "device_of", disk_of)
        with_carriers(engine, folder)
    engine.dispose()
    return folder


@pytest.fixture
def small(prepared: Path, tmp_path: Path, own_disks: None) -> Iterator[Archive]:
    """A copy of it, whose register and book name the copy."""
    folder = tmp_path / "school"
    shutil.copytree(prepared, folder)
    engine = make_store(f"sqlite:///{folder / 'archive.sqlite'}")
    archive = Archive(engine, folder)
    with engine.begin() as connection:
        for row in connection.execute(sa.select(SNAPSHOT)).all():
            path = str(archive.own / Path(row.path).parent.name / row.bag)
            connection.execute(SNAPSHOT.update().where(SNAPSHOT.c.bag == row.bag).values(path=path))
        for name in ("a", "b"):
            carrier = register.find(connection, SCHOOL, name)
            register.move(connection, Scribe(SCHOOL, "tester", NOW), carrier, archive.disk(name))
    yield archive
    engine.dispose()


@pytest.fixture(params=["sqlite", "postgresql"])
def archive(request: pytest.FixtureRequest, tmp_path: Path, own_disks: None) -> Archive:
    """The archive with carriers ``a`` and ``b``, on each database in turn."""
    if request.param == "sqlite":
        found: Archive = request.getfixturevalue("small")
        return found
    return with_carriers(request.getfixturevalue("postgresql_store"), tmp_path)
