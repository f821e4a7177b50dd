"""Final marks that were sealed with the year and no longer stand: a debt was cleared, an error put right.

FORMS §3: such a mark is printed with both its values and a note of why (REGULATION §6.3).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeAlias

import sqlalchemy as sa

from archive_store.asof import AsOf
from archive_store.records import FinalMark
from archive_store.schema import CLOSING, FINAL_MARK, RUN

_Place: TypeAlias = tuple[int, int, str, int | None]  # pupil, subject, kind, period


@dataclass(frozen=True, slots=True)
class SealedAnew:
    """The edition of the year that holds the new value, and why it was made. ``day`` is UTC."""

    number: int
    reason: str
    order_number: str
    day: str


@dataclass(frozen=True, slots=True)
class Replacement:
    """When the archive saw the new value (a day, UTC), and the edition that holds it, if there is one."""

    seen: str
    edition: SealedAnew | None


@dataclass(frozen=True, slots=True)
class ReplacedFinal:
    """A final mark as it was sealed at the first closing of its year, and what came of it."""

    was: FinalMark
    replacement: Replacement


def replaced_finals(
    connection: sa.Connection, at: AsOf, study_year: int | None, group_ids: Sequence[int]
) -> tuple[ReplacedFinal, ...]:
    """The marks of these groups, in the order of their ids; none if the year was not closed by then.

    Marks are compared by pupil, subject and period: the platform may give a corrected mark a new id.
    """
    closing = CLOSING.c
    closings = connection.execute(
        sa.select(CLOSING)
        .where(
            closing.school_id == at.school_id, closing.study_year == study_year, closing.run_id <= at.run_id
        )
        .order_by(closing.edition)
    ).all()
    if not closings:
        return ()
    sealed = replace(at, run_id=closings[0].run_id)
    known = _standing(connection, at, group_ids)
    gone = _standing(connection, sealed, group_ids)
    found: list[ReplacedFinal] = []
    for place, versions in gone.items():
        now = known.get(place, [])
        texts = {_text(mark) for mark, _from, _to in now}
        for mark, _seen_from, seen_to in versions:
            if _text(mark) in texts or seen_to is None:
                continue
            found.append(ReplacedFinal(mark, _replacement(connection, at, seen_to, closings)))
    return tuple(found)


def _standing(
    connection: sa.Connection, at: AsOf, group_ids: Sequence[int]
) -> dict[_Place, list[tuple[FinalMark, int, int | None]]]:
    """The final marks that stand, by their places, with the runs from and to which they were seen."""
    table = FINAL_MARK.table.c
    query = (
        sa.select(*(table[name] for name in FINAL_MARK.columns), table.seen_from, table.seen_to)
        .where(at.stands(FINAL_MARK), table.group_id.in_(group_ids))
        .order_by(table.mark_id)
    )
    found: dict[_Place, list[tuple[FinalMark, int, int | None]]] = defaultdict(list)
    for *values, seen_from, seen_to in connection.execute(query):
        mark = FinalMark._make(values)
        place = mark.person_id, mark.subject_id, mark.kind, mark.period_id
        found[place].append((mark, seen_from, seen_to))
    return found


def _replacement(
    connection: sa.Connection, at: AsOf, run_id: int, closings: Sequence[sa.Row[Any]]
) -> Replacement:
    started = connection.execute(
        sa.select(RUN.c.started_at).where(RUN.c.school_id == at.school_id, RUN.c.run_id == run_id)
    ).scalar()
    edition = next(
        (
            SealedAnew(one.edition, one.reason, one.order_number, at.day_of(one.at))
            for one in closings
            if one.run_id >= run_id
        ),
        None,
    )
    return Replacement(at.day_of(started) if started else "", edition)


def _text(mark: FinalMark) -> str:
    return mark.text_value or mark.value
