"""When a pupil was in a class or subgroup, as far as the record can tell.

The API gives no dates of enrolment. A membership that the run which first saw its group saw too is from
the beginning; any other began by the day of the run that first saw it, and one that was closed, or marked
as left, ended by the day of that run. One that was marked as left from the first ended some day after the
pupil's last mark or absence. The order's own date stands in the school's papers alone: a form that prints
these days says that they are of the record.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final, TypeAlias

import sqlalchemy as sa

from archive_store.asof import AsOf
from archive_store.catalogue import LEFT
from archive_store.schema import MEMBERSHIP, RUN

NO_DAY: Final = ""
_SEVERAL: Final = 2


@dataclass(frozen=True, slots=True)
class Stay:
    """Days of the record from ``first`` to ``last``, the last day of which the pupil was still listed.

    None is from the beginning of the year, and until now. ``has_left`` with no last day is a pupil who was
    already marked as left when the archive first saw the group; :func:`dated` gives such a stay the day of
    the last mark or absence (``until_trace``), or no day at all ("") where there is none.
    A stay ``since_trace`` began by the day of the first mark or absence (see :mod:`arrivals`).
    """

    first: str | None = None
    last: str | None = None
    has_left: bool = False
    until_trace: bool = False
    since_trace: bool = False

    def __contains__(self, day: str) -> bool:
        return (self.first is None or self.first <= day) and (self.last is None or day <= self.last)


Stays: TypeAlias = Mapping[tuple[int, int], tuple[Stay, ...]]
"""The stays of each pupil in each group, in the order of time: by group and person."""


def stays(connection: sa.Connection, at: AsOf, group_ids: Sequence[int]) -> Stays:
    """The stays of all pupils of these groups known by ``at``."""
    table, runs = MEMBERSHIP.table.c, RUN.c
    days = {
        int(run_id): at.day_of(moment)
        for run_id, moment in connection.execute(
            sa.select(runs.run_id, runs.started_at).where(runs.school_id == at.school_id)
        )
    }
    versions = connection.execute(
        sa.select(table.group_id, table.person_id, table.status, table.seen_from, table.seen_to)
        .where(table.school_id == at.school_id, table.group_id.in_(group_ids), table.seen_from <= at.run_id)
        .order_by(table.group_id, table.person_id, table.seen_from)
    ).all()
    first_seen: dict[int, int] = {}
    for group_id, _person, _status, seen_from, _seen_to in versions:
        first_seen[group_id] = min(seen_from, first_seen.get(group_id, seen_from))
    found: dict[tuple[int, int], list[Stay]] = defaultdict(list)
    for group_id, person_id, status, seen_from, seen_to in versions:
        gone = seen_to if seen_to is not None and seen_to <= at.run_id else None
        _add(found[group_id, person_id], status, seen_from, gone, first_seen[group_id], days)
    return {key: tuple(some) for key, some in found.items()}


def dated(known: Stays, last_trace: Mapping[int, str]) -> Stays:
    """The stays with no end left open of a pupil who has left: it is that of the last mark or absence.

    Where all pupils of a group were marked as left from the first, nobody was: the platform may put the
    lists of a past year in its archive as a whole.
    """
    pupils, left = Counter[int](), Counter[int]()
    for (group_id, _person_id), some in known.items():
        pupils[group_id] += 1
        left[group_id] += _left_from_the_first(some[-1])
    archived = {group_id for group_id, count in pupils.items() if count == left[group_id] >= _SEVERAL}
    return {
        (group_id, person_id): tuple(
            _closed(one, group_id in archived, last_trace.get(person_id, NO_DAY)) for one in some
        )
        for (group_id, person_id), some in known.items()
    }


def _left_from_the_first(stay: Stay) -> bool:
    return stay.has_left and stay.last is None


def _closed(stay: Stay, is_archived: bool, trace: str) -> Stay:
    if not _left_from_the_first(stay):
        return stay
    return Stay(stay.first) if is_archived else replace(stay, last=trace, until_trace=True)


def _add(
    known: list[Stay], status: str | None, opened: int, gone: int | None, first: int, days: dict[int, str]
) -> None:
    """Take a version of a membership into the stays that are known so far."""
    began = None if opened == first else days.get(opened)
    ended = None if gone is None else days.get(gone)
    if status == LEFT:
        if not known:
            known.append(Stay(began, None, has_left=True))
        else:
            known[-1] = Stay(known[-1].first, known[-1].last or began, has_left=True)
    elif known and not known[-1].has_left and known[-1].last == began:
        known[-1] = Stay(known[-1].first, ended)  # the same stay: something else about it changed
    else:
        known.append(Stay(began, ended))


def was_there(stays: Stays, group_id: int, person_id: int, day: str | None) -> bool:
    """Whether a pupil was in a group on a day, by stays that are :func:`dated`.

    Who has no stay on record is taken to have been there.
    """
    mine = stays.get((group_id, person_id), ())
    return not mine or day is None or any(day in one for one in mine)
