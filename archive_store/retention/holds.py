"""Legal holds: a court, an inquiry or a complaint forbids the destruction of a year, a class, or of all."""

from __future__ import annotations

from dataclasses import dataclass

import sqlalchemy as sa

from archive_store.retention.book import Clerk, Event, Kind, events
from archive_store.retention.errors import UnknownHold


@dataclass(frozen=True, slots=True)
class Subject:
    """What a hold covers: a bag without its edition (None: all of the year), a year (None: everything)."""

    study_year: int | None = None
    stem: str | None = None

    def covers(self, study_year: int, stem: str) -> bool:
        """Whether a bag of that year and name is held."""
        return self.study_year in (None, study_year) and self.stem in (None, stem)


@dataclass(frozen=True, slots=True)
class Hold:
    """A hold that stands: its number, since when (UTC), by whom, what it covers, and why."""

    number: int
    at: str
    account: str
    subject: Subject
    reason: str
    document: str


def hold(connection: sa.Connection, clerk: Clerk, subject: Subject, reason: str, document: str) -> Hold:
    """Forbid destruction, in the caller's transaction; the number is that of the line in the book."""
    details = {"year": subject.study_year, "bag": subject.stem, "reason": reason, "document": document}
    return _hold(clerk.enter(connection, Kind.HELD, details))


def release(connection: sa.Connection, clerk: Clerk, number: int, reason: str, document: str) -> Hold:
    """Lift a hold, in the caller's transaction. Raises UnknownHold."""
    known = {one.number: one for one in holds(connection, clerk.school_id)}
    if number not in known:
        raise UnknownHold(number, sorted(known))
    clerk.enter(connection, Kind.RELEASED, {"hold": number, "reason": reason, "document": document})
    return known[number]


def holds(connection: sa.Connection, school_id: int) -> list[Hold]:
    """The holds that stand, the oldest first."""
    standing: dict[int, Hold] = {}
    for event in events(connection, school_id, Kind.HELD, Kind.RELEASED):
        if event.kind is Kind.HELD:
            standing[event.number] = _hold(event)
        else:
            standing.pop(event.details["hold"], None)
    return list(standing.values())


def _hold(event: Event) -> Hold:
    said = event.details
    subject = Subject(said["year"], said["bag"])
    return Hold(event.number, event.at, event.account, subject, said["reason"], said["document"])
