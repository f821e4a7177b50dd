"""Destroy what an approved act names: on all carriers, beside the archive, in the live record.

The tombstones come first, in one transaction with what makes them final: from then on the bags are destroyed
by law, nothing brings them back, and what still lies somewhere is outstanding and named. Every step after
that is done again harmlessly; a command that was killed anywhere is gone on with by the same command.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import sqlalchemy as sa

from archive_store.carriers import book as carriers_book
from archive_store.carriers import encrypting
from archive_store.carriers.book import OWN, Scribe
from archive_store.carriers.copies import Place, SealedBag, copies_left, own_place, place_of
from archive_store.carriers.errors import CarrierNotThere, OtherCarrierThere
from archive_store.carriers.register import in_use, require_present
from archive_store.carriers.transfer import at_carrier
from archive_store.nomenclature.kinds import Nomenclature
from archive_store.retention import acts, erasing, live
from archive_store.retention.acts import Act, Approval, Line
from archive_store.retention.allowed import require_allowed
from archive_store.retention.book import Clerk, Kind
from archive_store.retention.errors import CarriersAbsent, NotApproved
from archive_store.retention.notes import write_beside
from archive_store.retention.reached import noted, outstanding
from archive_store.retention.sheets import require_sheets
from archive_store.retention.tombstones import Tombstone, as_json, tombstones
from archive_store.schema import SNAPSHOT
from archive_store.store import durable

Tell = Callable[[str, str, bool], None]
"""Is told of each copy: the place, the bag, and whether it was there."""


@dataclass(frozen=True, slots=True)
class Order:
    """How an act is carried out.

    ``own`` is the folder of sealed years, ``files`` are those of homework's files, ``beside`` further folders
    in which tombstones are to lie; ``today`` a day in the school's zone. ``leave_absent``: carriers that are
    not there stay outstanding, instead of stopping the destruction before it begins.
    """

    own: Path
    files: tuple[Path, ...]
    beside: tuple[Path, ...]
    nomenclature: Nomenclature
    today: str
    leave_absent: bool = False


@dataclass(frozen=True, slots=True)
class Outcome:
    """How far an act is carried out: copies that are outstanding, as name of the carrier and bag."""

    act: Act
    outstanding: tuple[tuple[str, str], ...]

    @property
    def is_complete(self) -> bool:
        """Whether nothing is left."""
        return not self.outstanding


@dataclass(frozen=True, slots=True)
class Destruction:
    """A destruction under way. The caller holds the archive's lock and that of the carriers."""

    engine: sa.Engine
    clerk: Clerk
    order: Order
    tell: Tell

    def run(self, number: int, approval: Approval | None = None) -> Outcome:
        """Carry out an act, from the beginning or from where it stands.

        Raises UnknownAct, Superseded, NotApproved, NotDue, Held, JournalsRemain, CarriersAbsent,
        SheetsNotVerified, RecordNotVouched, OtherBagThere, LinkInTheWay, FolderNotWritable; before the
        tombstones stand nothing is touched.
        """
        with self.engine.connect() as connection:
            act = acts.find(connection, self.clerk.school_id, number)
        if act.completed_at is not None:
            return Outcome(act, ())
        if act.begun_at is None:
            act = self._begin(act, approval)
        self._clear(act)
        self._erase(act)
        return self._end(act)

    def _begin(self, act: Act, approval: Approval | None) -> Act:
        """Make sure that the act may be carried out now, and put up the tombstones."""
        said = approval or act.approval
        if said is None:
            raise NotApproved(act.number)
        scribe = self._scribe
        with self.engine.connect() as connection:
            self._require_allowed(connection, act)
            absent = self._absent(connection, act)
        if absent and not self.order.leave_absent:
            raise CarriersAbsent(absent)
        for year in sorted({one.study_year for one in act.lines if not one.is_summary}):
            require_sheets(self.engine, scribe, year)
        with durable(self.engine) as connection:
            # Once more in the transaction that decides: a hold may have come while carriers were read.
            self._require_allowed(connection, act)
            if approval is not None:
                acts.approve(connection, self.clerk, act, approval)
            for line in act.lines:
                stone = Tombstone(
                    line.study_year, line.bag, line.root, line.group_id, line.files, line.size, line.years,
                    act.number, self.clerk.at,
                )  # fmt: skip
                self.clerk.enter(connection, Kind.DESTROYED, as_json(stone))
            return acts.find(connection, self.clerk.school_id, act.number)

    def _require_allowed(self, connection: sa.Connection, act: Act) -> None:
        order = self.order
        require_allowed(connection, self.clerk.school_id, act, order.nomenclature, order.today)

    def _absent(self, connection: sa.Connection, act: Act) -> list[str]:
        """The carriers that hold a copy by the book and are not there."""
        named = {(one.study_year, one.bag) for one in act.lines}
        holding = {
            one.carrier for one in copies_left(connection, self.clerk.school_id)
            if (one.study_year, one.bag) in named
        }  # fmt: skip
        return [
            one.name for one in in_use(connection, self.clerk.school_id)
            if one.carrier_id in holding and not self._is_there(place_of(one))
        ]  # fmt: skip

    def _is_there(self, place: Place) -> bool:
        if place.carrier is None:
            return True
        try:
            require_present(place.carrier, self.clerk.school_id)
        except (CarrierNotThere, OtherCarrierThere):
            return False
        return True

    def _clear(self, act: Act) -> None:
        """Clear the live record, once; then the files of homework that nothing names any more."""
        if not act.cleared:
            with durable(self.engine) as connection:
                live.clear(connection, self.clerk, act.number, self._stones(connection, act))
        with self.engine.connect() as connection:
            cleared = acts.find(connection, self.clerk.school_id, act.number).cleared
            erasing.overwrite_contents(self.order.files, live.unneeded_files(connection, cleared))
        live.tidy(self.engine)

    def _stones(self, connection: sa.Connection, act: Act) -> list[Tombstone]:
        known = tombstones(connection, self.clerk.school_id)
        return [one for one in known if one.act == act.number]

    def _erase(self, act: Act) -> None:
        with self.engine.connect() as connection:
            stones = self._stones(connection, act)
            places = self._places(connection, act)
            on_record = {
                (one.carrier, one.study_year, one.bag)
                for one in copies_left(connection, self.clerk.school_id)
            }
            already = noted(connection, self.clerk.school_id)
        for folder in self.order.beside:
            write_beside(folder, self.clerk.school_id, stones)
        for place in (one for one in places if self._is_there(one)):
            with at_carrier(place, self.clerk.school_id) as still_there:
                write_beside(place.root, self.clerk.school_id, stones)
                for line in act.lines:
                    still_there()
                    expected = place.key == OWN or (place.key, line.study_year, line.bag) in on_record
                    self._erase_one(place, line, act.number, already, expected=expected)

    def _erase_one(
        self, place: Place, line: Line, act: int, already: set[tuple[str, int, str]], *, expected: bool
    ) -> None:
        """Erase a copy, and let the book say so; also that it was not there, where it should have been."""
        sealed = SealedBag(line.study_year, line.bag, line.root, place.root)
        key = (place.key, line.study_year, line.bag)
        was_there = erasing.erase(place, sealed)
        if was_there or (expected and key not in already):
            details = {
                "year": line.study_year, "bag": line.bag, "root": line.root, "act": act, "found": was_there
            }  # fmt: skip
            with durable(self.engine) as connection:
                self._scribe.enter(connection, carriers_book.Kind.DESTROYED, place.key, details)
                left = encrypting.encrypted(connection, self.clerk.school_id, place)
            if (place.root / encrypting.CHECKSUMS).is_file():
                encrypting.list_again(place, left)
            already.add(key)
            self.tell(place.name, sealed.place, was_there)
        erasing.settle(place, sealed)

    def _places(self, connection: sa.Connection, act: Act) -> list[Place]:
        """The folder of sealed years, also where it was when they were sealed, and every carrier in use."""
        query = sa.select(SNAPSHOT.c.path).where(
            SNAPSHOT.c.school_id == self.clerk.school_id,
            SNAPSHOT.c.study_year.in_({one.study_year for one in act.lines}),
        )
        roots = [Path(path).parent.parent for path in connection.execute(query).scalars()]
        own = dict.fromkeys([self.order.own, *(root for root in roots if root.is_dir())])
        return [*map(own_place, own), *map(place_of, in_use(connection, self.clerk.school_id))]

    def _end(self, act: Act) -> Outcome:
        """Close the act if nothing is outstanding."""
        with durable(self.engine) as connection:
            left = outstanding(connection, self.clerk.school_id, act)
            if not left:
                self.clerk.enter(connection, Kind.COMPLETED, {"act": act.number})
            return Outcome(acts.find(connection, self.clerk.school_id, act.number), tuple(left))

    @property
    def _scribe(self) -> Scribe:
        return Scribe(self.clerk.school_id, self.clerk.account, self.clerk.at)
