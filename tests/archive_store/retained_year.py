"""The small year, sealed and copied to two carriers in two rooms, on each database; its journals are due."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path

import sqlalchemy as sa

sys.path.append(str(Path(__file__).parent / "snapshot"))

from archive_store.carriers import copying, register
from archive_store.carriers.book import Scribe
from archive_store.carriers.copies import own_place, place_of, sealed_bags
from archive_store.carriers.devices import Device
from archive_store.carriers.register import Carrier, Label, Role, Said
from archive_store.nomenclature import kinds
from archive_store.retention import acts
from archive_store.retention.acts import Act, Approval
from archive_store.retention.book import Clerk
from archive_store.retention.destroying import Destruction, Order, Outcome
from archive_store.retention.due import SealedFile, sealed_files
from archive_store.snapshot.seal import Extras
from archive_store.year.closing import Order as ClosingOrder
from archive_store.year.closing import close_year
from small_year import AT, SCHOOL, YEAR, fill, put_files

NOW = "2031-01-20T09:00:00Z"
DUE = "2031-01-20"  # 2024/2025 ended in 2025: five full years are over on 1 January 2031
APPROVAL = Approval("№ 3", "2031-01-15", "директор Петрова А. А.", "2031-01-18")


def disk_of(path: Path) -> Device:
    """Every folder ``a`` and ``b`` counts as a disk of its own."""
    disk = next((part for part in path.parts if part in ("a", "b", "c")), "computer")
    return Device(disk, frozenset([disk]), frozenset([f"serial of {disk}"]))


@dataclass
class Archive:
    """An archive with its folders, and what the tests do with it."""

    engine: sa.Engine
    folder: Path

    @property
    def own(self) -> Path:
        return self.folder / "snapshots"

    @property
    def files(self) -> Path:
        return self.folder / "files"

    def disk(self, name: str) -> Path:
        path = self.folder / "disks" / name
        path.mkdir(parents=True, exist_ok=True)
        return path

    def clerk(self, at: str = NOW) -> Clerk:
        return Clerk(SCHOOL, "tester", at)

    def carry(self, name: str, room: str = "") -> Carrier:
        """A carrier with a copy of all."""
        scribe = Scribe(SCHOOL, "tester", "2025-07-01T09:00:00Z")
        label = Label(name, Role.MAIN, room or f"room {name}", f"no. {name}")
        with self.engine.begin() as connection:
            carrier = register.add(connection, scribe, label, self.disk(name), [self.own], Said.NOTHING)
            wanted = copying.sources(sealed_bags(connection, SCHOOL), own_place(self.own))
        list(copying.copy(self.engine, scribe, wanted, place_of(carrier)))
        return carrier

    def due(self, today: str = DUE) -> list[SealedFile]:
        with self.engine.connect() as connection:
            return sealed_files(connection, SCHOOL, kinds.default(), today)

    def propose(self, *bags: str, today: str = DUE) -> Act:
        chosen = [one for one in self.due(today) if not bags or one.bag in bags]
        with self.engine.begin() as connection:
            return acts.propose(connection, self.clerk(), chosen, self.own)

    def destroy(
        self, number: int, approval: Approval | None = APPROVAL, today: str = DUE, *, leave: bool = False
    ) -> Outcome:
        order = Order(self.own, (self.files,), (self.folder / "backups",), kinds.default(), today, leave)
        return Destruction(self.engine, self.clerk(), order, lambda *_copy: None).run(number, approval)


def filled(engine: sa.Engine, folder: Path) -> Archive:
    """A filled and closed archive without carriers."""
    archive = Archive(fill(engine), folder)
    put_files(archive.files)
    order = ClosingOrder(extras=Extras(archive.files))
    with engine.begin() as connection:
        close_year(connection, SCHOOL, YEAR, archive.own, AT, order)
    return archive


def with_carriers(engine: sa.Engine, folder: Path) -> Archive:
    """A filled and closed archive with carriers ``a`` and ``b``."""
    made = filled(engine, folder)
    made.carry("a")
    made.carry("b")
    return made
