"""The small year, sealed, in an archive that has carriers; it takes each for a disk of its own."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import sqlalchemy as sa

sys.path.append(str(Path(__file__).parents[1] / "snapshot"))

from handling import copied
from small_year import AT, SCHOOL, YEAR, fill

from archive_store.carriers import copying, devices, register
from archive_store.carriers.book import Scribe
from archive_store.carriers.checking import Verdict
from archive_store.carriers.copies import Level, Place, own_place, place_of, sealed_bags
from archive_store.carriers.copying import Copied
from archive_store.carriers.devices import Device
from archive_store.carriers.register import Carrier, Label, Role, Said
from archive_store.carriers.rounds import Round, check_round, places_of
from archive_store.schema import SNAPSHOT
from archive_store.store import make_store
from archive_store.year.closing import close_year

NOW = "2025-07-01T09:00:00Z"


def disk_of(path: Path) -> Device:
    """Every folder below the test's own counts as a disk: ``a`` and all below it, ``b`` and all below it."""
    disk = next((part for part in path.parts if part in ("a", "b", "c")), "computer")
    return Device(disk, frozenset([disk]), frozenset([f"serial of {disk}"]))


@pytest.fixture
def own_disks(monkeypatch: pytest.MonkeyPatch) -> None:
    """The system tells the invented disks apart."""
    monkeypatch.setattr(devices, "device_of", disk_of)


@pytest.fixture(scope="session")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a filled and closed archive. Read only: tests take a copy."""
    folder = tmp_path_factory.mktemp("installation")
    engine = make_store(f"sqlite:///{folder / 'archive.sqlite'}")
    fill(engine)
    with engine.begin() as connection:
        close_year(connection, SCHOOL, YEAR, folder / "snapshots", AT)
    engine.dispose()
    return folder


@dataclass
class Installation:
    """A school's archive with its folder of sealed years, and two empty disks beside it."""

    folder: Path
    engine: sa.Engine

    @property
    def own(self) -> Place:
        return own_place(self.folder / "snapshots")

    def scribe(self, at: str = NOW) -> Scribe:
        return Scribe(SCHOOL, "tester", at)

    def disk(self, name: str) -> Path:
        path = self.folder.parent / "disks" / name
        path.mkdir(parents=True, exist_ok=True)
        return path

    def add(self, name: str, room: str = "", said: Said = Said.NOTHING) -> Carrier:
        label = Label(name, Role.MAIN, room or f"room {name}", f"no. {name}")
        with self.engine.begin() as connection:
            return register.add(connection, self.scribe(), label, self.disk(name), [self.folder], said)

    def copy(self, carrier: Carrier, at: str = NOW) -> list[Copied]:
        with self.engine.connect() as connection:
            wanted = copying.sources(sealed_bags(connection, SCHOOL), self.own)
        return list(copying.copy(self.engine, self.scribe(at), wanted, place_of(carrier)))

    def check(self, level: Level = Level.FULL, name: str | None = None, at: str = NOW) -> Round:
        with self.engine.connect() as connection:
            places = places_of(connection, SCHOOL, self.own.root, name)
        return check_round(self.engine, self.scribe(at), places, level, lambda _place, _bag: None)

    def unsound(self, level: Level = Level.FULL) -> list[tuple[str, str, str]]:
        return [brief(one) for one in self.check(level).verdicts if not one.is_sound]


def brief(one: Verdict) -> tuple[str, str, str]:
    """Place, bag, state."""
    return one.place, one.bag, one.state


@pytest.fixture
def school(filled: Path, tmp_path: Path, own_disks: None) -> Iterator[Installation]:
    """The installation, without carriers."""
    yield from _installed(filled, tmp_path)


@pytest.fixture(scope="session")
def filled_twice(filled: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder above an installation whose carriers ``a`` and ``b`` hold the year. Read only."""
    folder = tmp_path_factory.mktemp("twice")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(devices, "device_of", disk_of)
        for installation in _installed(filled, folder):
            for name in ("a", "b"):
                installation.copy(installation.add(name))
    return folder


@pytest.fixture
def copied_twice(filled_twice: Path, tmp_path: Path, own_disks: None) -> Iterator[Installation]:
    """An installation with carriers ``a`` and ``b``, the year on both."""
    (place,) = [path for path in filled_twice.iterdir() if path.name != "disks"]
    shutil.copytree(filled_twice / "disks", tmp_path / "disks")
    for installation in _installed(place, tmp_path):
        for name in ("a", "b"):
            with installation.engine.begin() as connection:
                carrier = register.find(connection, SCHOOL, name)
                register.move(connection, installation.scribe(), carrier, installation.disk(name))
        yield installation


def _installed(what: Path, to: Path) -> Iterator[Installation]:
    """A copy of an installation, whose register of sealed years names the copy."""
    folder = copied(what, to)
    engine = make_store(f"sqlite:///{folder / 'archive.sqlite'}")
    with engine.begin() as connection:
        for row in connection.execute(sa.select(SNAPSHOT)).all():
            path = str(folder / "snapshots" / Path(row.path).parent.name / row.bag)
            connection.execute(SNAPSHOT.update().where(SNAPSHOT.c.bag == row.bag).values(path=path))
    yield Installation(folder, engine)
    engine.dispose()
