"""The small year, sealed, in an archive that has carriers; it takes each for a disk of its own."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import sqlalchemy as sa

sys.path.append(str(Path(__file__).parents[1] / "snapshot"))

from small_year import AT, SCHOOL, YEAR, fill

from archive_store.carriers import copying, devices, register
from archive_store.carriers.book import Scribe
from archive_store.carriers.checking import Verdict
from archive_store.carriers.copies import Level, Place, own_place, place_of, sealed_bags
from archive_store.carriers.copying import Copied
from archive_store.carriers.devices import Device
from archive_store.carriers.register import Carrier, Label, Role, Said
from archive_store.carriers.rounds import Round, check_round, places_of
from archive_store.store import make_store
from archive_store.year.closing import close_year

NOW = "2025-07-01T09:00:00Z"


@pytest.fixture
def own_disks(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every folder below the test's own counts as a disk: ``a`` and all below it, ``b`` and all below it."""

    def device_of(path: Path) -> Device:
        names = [part for part in path.parts if part in ("a", "b", "c")]
        disk = names[0] if names else "computer"
        return Device(disk, frozenset([disk]), frozenset([f"serial of {disk}"]))

    monkeypatch.setattr(devices, "device_of", device_of)


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
    from handling import copied

    folder = copied(filled, tmp_path)
    engine = make_store(f"sqlite:///{folder / 'archive.sqlite'}")
    with engine.begin() as connection:
        path = str(filled / "snapshots")
        for row in connection.execute(sa.text("SELECT bag, path FROM snapshot")).all():
            moved = row.path.replace(path, str(folder / "snapshots"))
            statement = sa.text("UPDATE snapshot SET path = :path WHERE bag = :bag")
            connection.execute(statement, {"path": moved, "bag": row.bag})
    yield Installation(folder, engine)
    engine.dispose()


@pytest.fixture
def copied_twice(school: Installation) -> Installation:
    """The same with carriers ``a`` and ``b``, the year copied to both."""
    for name in ("a", "b"):
        school.copy(school.add(name))
    return school


Damage = Callable[[Path], None]
