"""The summary sheets of a year outlive its journals: before a journal goes they are read on two carriers."""

from __future__ import annotations

import sqlalchemy as sa

from archive_store.carriers.book import Scribe
from archive_store.carriers.checking import Verdict
from archive_store.carriers.copies import Level, Place, SealedBag, copies, place_of, sealed_bags
from archive_store.carriers.duties import ENOUGH_ROOMS, verified_copies
from archive_store.carriers.errors import NothingSealed
from archive_store.carriers.register import in_use
from archive_store.carriers.rounds import check_present, enter
from archive_store.retention.errors import SheetsNotVerified
from archive_store.snapshot import naming


def require_sheets(engine: sa.Engine, scribe: Scribe, study_year: int) -> None:
    """Read every edition of the sheets in full on every carrier that is there; the book gets the verdicts.

    What the book says of an earlier check does not do: a carrier may have aged since. Raises
    SheetsNotVerified unless every edition was found sound just now on carriers in two different rooms.
    """
    rooms: dict[str, set[str]] = {one.bag: set() for one in _sheets(engine, scribe, study_year)}
    for place in _places(engine, scribe):
        verdicts = _read(engine, scribe, place, study_year)
        with engine.begin() as connection:
            enter(connection, scribe, place, Level.DEEP, verdicts)
        for one in verdicts:
            if one.is_sound and place.carrier is not None and place.carrier.apart != "same":
                rooms[one.bag].add(" ".join(place.carrier.label.room.casefold().split()))
    fewest = min((len(found) for found in rooms.values()), default=0)
    if fewest < ENOUGH_ROOMS:
        raise SheetsNotVerified(study_year, fewest)


def known_rooms(connection: sa.Connection, school_id: int, study_year: int) -> int:
    """In how many rooms every edition of the sheets is sound by the book."""
    rooms = verified_copies(connection, school_id, study_year)
    return min((count for bag, count in rooms.items() if naming.is_summary(bag)), default=0)


def _sheets(engine: sa.Engine, scribe: Scribe, study_year: int) -> list[SealedBag]:
    with engine.connect() as connection:
        try:
            sealed = sealed_bags(connection, scribe.school_id, study_year)
        except NothingSealed:
            return []
    return [one for one in sealed if naming.is_summary(one.bag)]


def _places(engine: sa.Engine, scribe: Scribe) -> list[Place]:
    with engine.connect() as connection:
        return [place_of(one) for one in in_use(connection, scribe.school_id)]


def _read(engine: sa.Engine, scribe: Scribe, place: Place, study_year: int) -> list[Verdict]:
    """The verdicts on the sheets that the carrier should hold."""
    with engine.connect() as connection:
        held = {(one.carrier, one.study_year, one.bag) for one in copies(connection, scribe.school_id)}
    wanted = [one for one in _sheets(engine, scribe, study_year) if (place.key, study_year, one.bag) in held]
    found = check_present(place, wanted, {}, Level.DEEP, scribe.school_id, lambda _place, _bag: None)
    return [one for one in found if one.state != "extra"]
