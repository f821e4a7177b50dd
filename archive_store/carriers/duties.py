"""What is due: a check that is too old, a year without two verified copies in different rooms."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

import sqlalchemy as sa

from archive_store.carriers.book import OWN
from archive_store.carriers.copies import Copy, copies, sealed_bags
from archive_store.carriers.errors import NothingSealed
from archive_store.carriers.register import Carrier, in_use

ENOUGH_ROOMS: Final = 2
_MONTH: Final = timedelta(days=30.4375)
_AHEAD: Final = timedelta(days=1)  # clocks of two computers differ, but not by that much


@dataclass(frozen=True, slots=True)
class FewCopies:
    """A sealed year of which some bag has too few verified copies: how many rooms hold one."""

    study_year: int
    rooms: int
    bags: int


@dataclass(frozen=True, slots=True)
class OldCheck:
    """A carrier of which a copy was not read in full for long: since when, months, and whether too long."""

    carrier: str
    since: str
    months: int
    is_hard: bool


@dataclass(frozen=True, slots=True)
class Damaged:
    """A carrier with copies that the last check found damaged, missing or replaced."""

    carrier: str
    bags: int


@dataclass(frozen=True, slots=True)
class WrongClock:
    """A carrier whose last check lies in the future: the clock is or was wrong, and no age can be told."""

    carrier: str
    at: str


Duty = FewCopies | OldCheck | Damaged | WrongClock


def duties(
    connection: sa.Connection, school_id: int, now: datetime, warn_months: int, hard_months: int
) -> list[Duty]:
    """All that is due, as of ``now``; only what the book says, no carrier is touched."""
    try:
        sealed = sealed_bags(connection, school_id)
    except NothingSealed:
        return []
    carriers = in_use(connection, school_id)
    known = copies(connection, school_id)
    roots = {(one.study_year, one.bag): one.root for one in sealed}
    found: list[Duty] = list(_few(roots, carriers, known))
    own = [copy for copy in known if copy.carrier == OWN and copy.state != "sound"]
    if own:
        found.append(Damaged(OWN, len(own)))
    for carrier in carriers:
        held = [copy for copy in known if copy.carrier == carrier.carrier_id]
        bad = sum(1 for copy in held if copy.state != "sound")
        if bad:
            found.append(Damaged(carrier.name, bad))
        found += _old(carrier, held, now, warn_months, hard_months)
    return found


def verified_copies(connection: sa.Connection, school_id: int, study_year: int) -> dict[str, int]:
    """In how many different rooms each sealed bag of a year has a copy that was read in full and is sound."""
    try:
        sealed = sealed_bags(connection, school_id, study_year)
    except NothingSealed:
        return {}
    roots = {(one.study_year, one.bag): one.root for one in sealed}
    rooms = _rooms(roots, in_use(connection, school_id), copies(connection, school_id))
    return {bag: len(rooms[year, bag]) for year, bag in roots}


def _few(
    roots: dict[tuple[int, str], str], carriers: Sequence[Carrier], known: Sequence[Copy]
) -> Iterator[FewCopies]:
    rooms = _rooms(roots, carriers, known)
    for year in sorted({year for year, _bag in roots}):
        counts = [len(rooms[place]) for place in roots if place[0] == year]
        few = [count for count in counts if count < ENOUGH_ROOMS]
        if few:
            yield FewCopies(year, min(few), len(few))


def _rooms(
    roots: dict[tuple[int, str], str], carriers: Sequence[Carrier], known: Sequence[Copy]
) -> dict[tuple[int, str], set[str]]:
    """The rooms in which each bag has a verified copy."""
    rooms_of = {
        one.carrier_id: " ".join(one.label.room.casefold().split()) for one in carriers if one.apart != "same"
    }
    held: dict[tuple[int, str], set[str]] = defaultdict(set)
    for copy in known:
        place = (copy.study_year, copy.bag)
        whole = copy.state == "sound" and copy.verified_at and copy.root == roots.get(place)
        if whole and copy.carrier in rooms_of:
            held[place].add(rooms_of[copy.carrier])
    return held


def _old(
    carrier: Carrier, held: Sequence[Copy], now: datetime, warn_months: int, hard_months: int
) -> Iterator[OldCheck | WrongClock]:
    moments = [copy.verified_at or carrier.added_at for copy in held if copy.state == "sound"]
    ahead = [at for at in moments if datetime.fromisoformat(at) > now + _AHEAD]
    if ahead:
        yield WrongClock(carrier.name, max(ahead))
    oldest = min((at for at in moments if at not in ahead), default=None)
    if oldest is None:
        return
    months = int((now - datetime.fromisoformat(oldest)) / _MONTH)
    if months >= warn_months:
        yield OldCheck(carrier.name, oldest, months, months >= hard_months)
