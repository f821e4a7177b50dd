"""A round of checks: the carriers in use and the folder beside the archive; the book keeps the verdicts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import sqlalchemy as sa

from archive_store.carriers.book import OWN, Kind, Scribe
from archive_store.carriers.checking import Tell, Verdict, check_place, not_checked
from archive_store.carriers.copies import (
    Copy,
    Level,
    Place,
    SealedBag,
    copies,
    own_place,
    place_of,
    sealed_bags,
)
from archive_store.carriers.errors import CarrierNotThere, NothingSealed, OtherCarrierThere
from archive_store.carriers.register import Role, find, in_use, require_present
from archive_store.carriers.words import passport
from archive_store.retention.tombstones import tombstones

REGISTER: Final = "register"
REGISTERED: Final = "not on record there"
DESTROYED: Final = "destroyed"


@dataclass(frozen=True, slots=True)
class Disagreement:
    """A bag of which register, copies and the summaries that vouch for them do not say one root."""

    study_year: int
    bag: str
    witnesses: dict[str, str]


@dataclass(frozen=True, slots=True)
class Round:
    """What a round found: the places that were looked at, a verdict per copy, what disagrees."""

    level: Level
    at: str
    places: tuple[Place, ...]
    verdicts: tuple[Verdict, ...]
    disagreements: tuple[Disagreement, ...] = ()

    @property
    def is_sound(self) -> bool:
        """Whether every copy that was expected was checked and found sound, and nothing disagrees."""
        return bool(self.verdicts) and all(one.is_sound for one in self.verdicts) and not self.disagreements

    def of(self, place: Place) -> list[Verdict]:
        """The verdicts on a place."""
        return [one for one in self.verdicts if one.key == place.key]


def places_of(connection: sa.Connection, school_id: int, own: Path, name: str | None) -> list[Place]:
    """The places to be looked at: the one of that name, or all with plain copies. Raises UnknownCarrier."""
    if name is None:
        staying = (one for one in in_use(connection, school_id) if one.label.role is not Role.TRAVELLING)
        return [own_place(own), *map(place_of, staying)]
    return [the_place(connection, school_id, own, name)]


def the_place(connection: sa.Connection, school_id: int, own: Path, name: str) -> Place:
    """The carrier of that name, or the folder beside the archive ("archive"). Raises UnknownCarrier."""
    if name.casefold() == OWN:
        return own_place(own)
    return place_of(find(connection, school_id, name))


def expected_at(place: Place, sealed: Sequence[SealedBag], known: Sequence[Copy]) -> list[SealedBag]:
    """What a place should hold: beside the archive all that was sealed, on a carrier what was written.

    Neither of them what was destroyed by an act.
    """
    if place.carrier is None:
        return list(sealed)
    registered = {(one.study_year, one.bag): one for one in sealed}
    return [
        registered.get((copy.study_year, copy.bag))
        or SealedBag(copy.study_year, copy.bag, copy.root, place.root)
        for copy in known
        if copy.carrier == place.key
    ]


def check_round(
    engine: sa.Engine, scribe: Scribe, places: Sequence[Place], level: Level, tell: Tell
) -> Round:
    """Check the places and enter what was found in the book. Raises NothingSealed."""
    with engine.connect() as connection:
        sealed = _sealed(connection, scribe.school_id)
        known = copies(connection, scribe.school_id)
        buried = tombstones(connection, scribe.school_id)
    if not sealed and not known and not buried:
        raise NothingSealed(None, [])
    names = {one.place: REGISTERED for one in sealed} | {one.place: DESTROYED for one in buried}
    verdicts: list[Verdict] = []
    for place in places:
        expected = expected_at(place, sealed, known)
        found = check_present(place, expected, names, level, scribe.school_id, tell)
        verdicts += found
        with engine.begin() as connection:
            enter(connection, scribe, place, level, found)
    disagreements = _disagreements(verdicts) if level is Level.CROSS else []
    return Round(level, scribe.at, tuple(places), tuple(verdicts), tuple(disagreements))


def mending(one: Verdict, verdicts: Sequence[Verdict]) -> str | None:
    """The command that mends a copy, as far as this round knows a sound one to mend it from."""
    program = "dnevnik-archive"
    if one.state == "not checked":
        return f'{program} snapshot verify --all --carrier "{one.place}"'
    if one.state == "extra":
        if one.why == DESTROYED:
            return f"{program} retention destroy"
        registered = one.why == REGISTERED
        return f'{program} snapshot copy {one.study_year} --to "{one.place}"' if registered else None
    for other in verdicts:
        same = (other.study_year, other.bag) == (one.study_year, one.bag)
        if same and other.key != one.key and other.is_sound:
            return f'{program} snapshot repair --carrier "{one.place}" --from "{other.place}"'
    return None


def _sealed(connection: sa.Connection, school_id: int) -> list[SealedBag]:
    try:
        return sealed_bags(connection, school_id)
    except NothingSealed:
        return []


def check_present(
    place: Place,
    expected: Sequence[SealedBag],
    known: Mapping[str, str],
    level: Level,
    school_id: int,
    tell: Tell,
) -> list[Verdict]:
    """The verdicts on a place that is there from the first to the last of them; else nothing was checked."""
    try:
        _require(place, school_id)
        found = list(check_place(place, expected, level, tell, known))
        _require(place, school_id)  # taken out meanwhile: what seems lost is not
    except (CarrierNotThere, OSError):
        return not_checked(place, expected, "absent")
    except OtherCarrierThere:
        return not_checked(place, expected, "other carrier")
    return found


def _require(place: Place, school_id: int) -> None:
    if place.carrier is not None:
        require_present(place.carrier, school_id)


def enter(
    connection: sa.Connection, scribe: Scribe, place: Place, level: Level, found: Sequence[Verdict]
) -> None:
    """Enter verdicts in the book, a line per year.

    What was not checked, or does not belong there, is no check of a copy.
    """
    years: dict[int, dict[str, dict[str, str | None]]] = {}
    for one in found:
        if one.state not in ("not checked", "extra"):
            years.setdefault(one.study_year, {})[one.bag] = {"root": one.root, "state": one.state}
    for year, bags in years.items():
        details = {"year": year, "level": level.value, "bags": bags}
        scribe.enter(connection, Kind.CHECKED, place.key, details)


def _disagreements(verdicts: Sequence[Verdict]) -> list[Disagreement]:
    """Hold against each other: the register, each copy, and the list in each copy of the year's summary."""
    witnesses: dict[tuple[int, str], dict[str, str]] = {}
    for one in verdicts:
        said = witnesses.setdefault((one.study_year, one.bag), {})
        if one.registered:
            said[REGISTER] = one.registered
        if one.root:
            said[one.place] = one.root
    for one in verdicts:
        listed = passport(one.path).get("bags") if one.path and one.root == one.registered else None
        for bag, root in listed.items() if isinstance(listed, dict) else ():
            of_bag = witnesses.get((one.study_year, bag))
            if of_bag is not None and isinstance(root, str):
                of_bag[f"{one.place}: {one.bag}"] = root
    return [
        Disagreement(year, bag, said)
        for (year, bag), said in witnesses.items()
        if len(set(said.values())) > 1
    ]
