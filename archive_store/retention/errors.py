"""What can go wrong with retention, as data. The commands word it."""

from __future__ import annotations

from dataclasses import dataclass, field

from archive_store.errors import ArchiveError


@dataclass
class RecordsDestroyed(ArchiveError):
    """What is asked for was destroyed by acts of these numbers: nothing can be told or sealed of it."""

    study_year: int
    what: str
    acts: list[int]


@dataclass
class NothingLeft(ArchiveError):
    """A hold would cover nothing, for all of it was destroyed. Without a year: all that was ever sealed."""

    study_year: int | None
    stem: str | None
    acts: list[int]


@dataclass
class TermsNotConfirmed(ArchiveError):
    """Nobody has confirmed the terms in the name of the school: nothing may be selected by them."""


@dataclass
class NothingDue(ArchiveError):
    """Nothing may be selected: not due, or held. ``next_day`` is the first day on which something is."""

    next_day: str | None
    held: list[str]


@dataclass
class UnknownAct(ArchiveError):
    """The book has no act of that number."""

    number: int
    known: list[int]


@dataclass
class UnknownHold(ArchiveError):
    """No legal hold of that number stands."""

    number: int
    known: list[int]


@dataclass
class UnknownBag(ArchiveError):
    """The register has no such class or bag in that year, or nothing of that year."""

    study_year: int | None
    name: str
    known: list[str]


@dataclass
class NotApproved(ArchiveError):
    """The expert commission's minutes and the head's approval of an act were not given."""

    number: int


@dataclass
class Superseded(ArchiveError):
    """A later act names the same bags: the earlier one counts no more."""

    number: int
    by: int


@dataclass
class NotDue(ArchiveError):
    """A bag of the act is not due: its term was made longer, or the clock stands wrong."""

    bags: list[str]


@dataclass
class Held(ArchiveError):
    """A legal hold forbids it."""

    holds: list[int]
    bags: list[str]


@dataclass
class SheetsNotVerified(ArchiveError):
    """The summary sheets of a year were not found sound on two carriers in different rooms just now."""

    study_year: int
    rooms: int


@dataclass
class JournalsRemain(ArchiveError):
    """The summary sheets cannot go before the other bags of their year, for which they vouch."""

    study_year: int
    bags: list[str]


@dataclass
class CarriersAbsent(ArchiveError):
    """Carriers that hold a copy are not there. Nothing was touched."""

    names: list[str]


@dataclass
class OtherBagThere(ArchiveError):
    """In the place of a bag to be destroyed lies another one: it is left alone."""

    place: str
    bag: str


@dataclass
class RecordNotVouched(ArchiveError):
    """The live record is not what the ledger says: it has to be looked into before anything goes."""

    places: list[str] = field(default_factory=list)
