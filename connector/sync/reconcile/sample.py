"""Which class-months are read afresh: a few each time, those first that were never or longest not read."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from hashlib import sha256
from typing import Final

from connector.sync.grid import JournalGroup, months_of

Month = tuple[int, str]
"""A class, and the first day of a month."""
_FEWEST: Final = 5
_SHARE: Final = 50  # one of so many: weekly, a school year has about as many weeks


def usual_size(groups: int) -> int:
    """How many class-months to read without a person's word: 2 % of the year's, at least 5."""
    return max(_FEWEST, -(-groups * 12 // _SHARE))


def choose(
    groups: Sequence[JournalGroup],
    study_year: int,
    today: date,
    before: Iterable[Iterable[Month]],
    size: int,
) -> list[Month]:
    """The class-months to read: of those that have begun, the longest unread by the samples ``before``.

    ``before`` are in the order of time. Equals are ordered by a digest: not class by class.
    """
    turn = {month: number for number, sample in enumerate(before, start=1) for month in sample}
    begun = [
        (one.group.group_id, first.isoformat())
        for one in groups
        for first, _ in months_of(study_year)
        if first <= today
    ]
    return sorted(begun, key=lambda month: (turn.get(month, 0), _digest(month)))[:size]


def _digest(month: Month) -> bytes:
    return sha256(f"{month[0]} {month[1]}".encode()).digest()
