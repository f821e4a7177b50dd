"""``snapshot copy``: bring the bags of a year to a carrier that are not there yet."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

import sqlalchemy as sa

from archive_store.carriers.book import Kind, Scribe
from archive_store.carriers.copies import Place, SealedBag, copies
from archive_store.carriers.errors import SourceNotSound
from archive_store.carriers.files import root_of
from archive_store.carriers.transfer import (
    at_carrier,
    keep_signatures,
    open_up,
    protect,
    publish,
    refuse_link,
    sound,
    staged,
)
from archive_store.snapshot.verifier import LATER


class Outcome(StrEnum):
    """What became of a bag that was to be copied."""

    COPIED = "copied"
    FOUND = "found"  # it lay there, whole, without standing in the book: a copying was cut off
    THERE = "there"
    OTHER = "other"  # a different bag of that name lies there: it is left alone
    DAMAGED = "damaged"  # it lies there, but does not verify: that is for a repair


@dataclass(frozen=True, slots=True)
class Copied:
    """A bag and what became of it."""

    sealed: SealedBag
    outcome: Outcome


def copy(engine: sa.Engine, scribe: Scribe, wanted: Sequence[SealedBag], place: Place) -> Iterator[Copied]:
    """Copy bag by bag, each entered in the book when it is whole and verified on the carrier.

    Raises what :func:`transfer.at_carrier` and :func:`transfer.staged` raise; what was copied before stays.
    """
    with engine.connect() as connection:
        known = {
            (copy.study_year, copy.bag)
            for copy in copies(connection, scribe.school_id)
            if copy.carrier == place.key and copy.verified_at
        }
    for sealed in wanted:
        with at_carrier(place, scribe.school_id) as still_there:
            target = place.bag(sealed.year, sealed.bag)
            if target.exists():
                outcome = _of_what_is_there(place, sealed, (sealed.study_year, sealed.bag) in known)
            else:
                with staged(place, sealed, sealed.path) as folder:
                    still_there()
                    publish(folder, place, sealed)
                outcome = Outcome.COPIED
        if outcome in (Outcome.COPIED, Outcome.FOUND):
            details = {"year": sealed.study_year, "bag": sealed.bag, "root": sealed.root}
            with engine.begin() as connection:
                scribe.enter(connection, Kind.WRITTEN, place.key, details)
        yield Copied(sealed, outcome)


def _of_what_is_there(place: Place, sealed: SealedBag, known: bool) -> Outcome:
    target = place.bag(sealed.year, sealed.bag)
    if root_of(target) != sealed.root:
        return Outcome.OTHER
    if not known:
        return Outcome.DAMAGED if sound(target, sealed.root) else Outcome.FOUND
    if _has_new_signatures(sealed, place):
        open_up(target)
        try:
            keep_signatures(sealed.path, target)
        finally:
            protect(target)
    return Outcome.THERE


def _has_new_signatures(sealed: SealedBag, place: Place) -> bool:
    """Whether the copy lacks a signature. Raises LinkInTheWay for a link among them, on either side."""
    there, ours = place.bag(sealed.year, sealed.bag), sealed.path / LATER
    found = list(ours.rglob("*"))
    for path in (ours, there / LATER, *found):
        refuse_link(path)
    return any(path.is_file() and not (there / path.relative_to(sealed.path)).exists() for path in found)


def sources(wanted: Sequence[SealedBag], own: Place) -> list[SealedBag]:
    """The bags with the folder in which they lie now: the archive may have moved. Raises SourceNotSound."""
    found = []
    for sealed in wanted:
        path = sealed.path if sealed.path.is_dir() else own.root / sealed.year / sealed.bag
        if not path.is_dir():
            raise SourceNotSound(sealed.place, path, [])
        found.append(SealedBag(sealed.study_year, sealed.bag, sealed.root, path))
    return found
