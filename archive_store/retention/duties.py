"""What retention asks of a person: files whose term is over, and destructions that are not finished."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

import sqlalchemy as sa

from archive_store.nomenclature.kinds import Nomenclature
from archive_store.retention.acts import acts
from archive_store.retention.due import State, sealed_files
from archive_store.retention.reached import outstanding


@dataclass(frozen=True, slots=True)
class TermOver:
    """Bags of a year whose term is over; ``sheets_verified``: whether they may go at once."""

    study_year: int
    bags: int
    sheets_verified: bool


@dataclass(frozen=True, slots=True)
class Unfinished:
    """An act that has begun and is not finished: what is outstanding, as carrier and bag."""

    act: int
    outstanding: tuple[tuple[str, str], ...]


Duty = TermOver | Unfinished


def duties(connection: sa.Connection, school_id: int, terms: Nomenclature, today: str) -> Iterator[Duty]:
    """All that is due on a day in the school's zone; only what the books say, no carrier is touched."""
    for act in acts(connection, school_id):
        if act.is_under_way:
            yield Unfinished(act.number, tuple(outstanding(connection, school_id, act)))
    counted: Counter[tuple[int, bool]] = Counter()
    for one in sealed_files(connection, school_id, terms, today):
        if one.state in (State.DUE, State.SHEETS):
            counted[one.study_year, one.state is State.DUE] += 1
    for (year, verified), count in sorted(counted.items()):
        yield TermOver(year, count, verified)
