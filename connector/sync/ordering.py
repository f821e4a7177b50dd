"""From a slice to an order: by which way it is fetched, and what is known of its last answer."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, field, replace
from typing import Final

from archive_store import checkpoints
from archive_store.checkpoints import Checkpoint, Place
from connector.sync.fetching import Order
from connector.sync.grid import whole
from connector.sync.slices import Reading, Slice

# Raise it when the same answer is mapped differently: digests then no longer match.
_MAPPING: Final = 1


@dataclass(slots=True)
class Ordering:
    """Makes the orders of a run.

    ``done`` are the finished slices; ``ways`` the ways that worked when a kind's first one was refused;
    ``zone`` the zone in which moments are read; ``reading`` opens the archive.
    """

    zone: str
    keep_answers: bool
    reading: Callable[[], AbstractContextManager[Reading]]
    done: dict[Place, Checkpoint] = field(default_factory=dict)
    ways: dict[str, int] = field(default_factory=dict)

    def order(self, slice_: Slice, *, parse_anyway: bool = False, repair: bool = False) -> Order:
        """The order for a slice; its answer is parsed even if it is the same, if so wished or a repair."""
        known = None if parse_anyway or repair else self._known_digest(slice_.place)
        keep = self.keep_answers and not slice_.kind.private
        way = self.ways.get(slice_.kind.name, 0)
        calls = slice_.kind.calls_by(way, self.reading, slice_)
        if calls is None:
            way, calls = 0, slice_.kind.calls_by(0, self.reading, slice_) or ()
        tried = frozenset((way,))
        return Order(slice_, calls, known, self._salt(slice_), keep, way, tried, repair=repair)

    def second_look(self, order: Order) -> Order:
        """The same once more. After a part that was to be repaired, the whole slice of the grid around it.

        So there is one measure of what is plausible and one case for a person to decide, whatever the part.
        """
        if not order.repair:
            return replace(order, known=None, again=True)
        return replace(self.order(whole(order.slice), parse_anyway=True), again=True)

    def by_another_way(self, order: Order) -> Order | None:
        """The same slice by a way that has not been tried, or None if there is none left."""
        kind = order.slice.kind
        for way in range(kind.ways):
            calls = None if way in order.tried else kind.calls_by(way, self.reading, order.slice)
            if calls is not None:
                return replace(order, calls=calls, way=way, tried=order.tried | {way})
        return None

    def held_back(self, place: Place) -> bool:
        """Whether withdrawals of this slice are held back."""
        checkpoint = self.done.get(place)
        return checkpoint is not None and checkpoint.answer_digest == checkpoints.HELD_BACK

    def _known_digest(self, place: Place) -> bytes | None:
        checkpoint = self.done.get(place)
        return checkpoint.answer_digest or None if checkpoint else None

    def _salt(self, slice_: Slice) -> bytes:
        """What a record depends on besides its answer: how it is mapped, whose it may be, what files it."""
        apart = " apart" if slice_.year_marks_apart else ""
        how = f"{_MAPPING} {self.zone} {slice_.owned} {slice_.known}{apart}".encode()
        if slice_.kind.filed_by is None:
            return how
        place = slice_.place
        filing = Place(slice_.kind.filed_by, place.group_id, place.first_day, place.last_day)
        return how + (self._known_digest(filing) or b"")
