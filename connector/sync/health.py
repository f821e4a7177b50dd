"""How a school's archive does: when it last read well, what it has not read for long, what waits."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

import sqlalchemy as sa

from archive_store import checkpoints, ledger, quarantine, reconciliations, runs
from archive_store.checkpoints import Checkpoint
from archive_store.quarantine import Case
from archive_store.runs import Run
from archive_store.schema import RUN, SNAPSHOT
from archive_store.year.amending import EditionDue, editions_due
from connector.sync.plan import Done
from connector.sync.preview import due_slices
from connector.sync.slices import Slice
from connector.sync.window import Window

_NIGHTS_THAT_MAY_PASS: Final = timedelta(days=2)


@dataclass(frozen=True, slots=True)
class Freshness:
    """The slices of an entity that were read: how many, and when the oldest and the newest reading was.

    ``overdue`` of them came due two nights ago or earlier, each by its own turn, and were not read since.
    """

    entity: str
    slices: int
    oldest: str
    newest: str
    overdue: int


@dataclass(frozen=True, slots=True)
class Health:
    """What the archive says of a school. Moments are UTC, as the archive writes them."""

    last_run: Run | None
    last_good: Run | None
    under_way: Run | None
    first_started_at: str | None
    freshness: tuple[Freshness, ...]
    held_back: tuple[Case, ...]
    unexplained: int
    head: ledger.Head
    sealed_year: int | None
    editions_due: tuple[EditionDue, ...] = ()

    def is_silent(self, hours: int, now: datetime, first_attempt: datetime | None = None) -> bool:
        """Whether no run has been good for so many hours; before the first good one, since the first try."""
        if self.last_good is not None:
            since = datetime.fromisoformat(str(self.last_good.ended_at))
        else:
            tries = [datetime.fromisoformat(self.first_started_at)] if self.first_started_at else []
            tries += [first_attempt] if first_attempt else []
            since = min(tries, default=now)
        return now - since > timedelta(hours=hours)


def of(connection: sa.Connection, school_id: int, window: Window) -> Health:
    """How a school does, as of the window's day. Only reads."""
    done = checkpoints.load(connection, school_id)
    first = sa.select(sa.func.min(RUN.c.started_at)).where(RUN.c.school_id == school_id)
    last_good = runs.last_good(connection, school_id)
    compared = reconciliations.last(connection, school_id)
    sealed = sa.select(sa.func.max(SNAPSHOT.c.study_year)).where(SNAPSHOT.c.school_id == school_id)
    return Health(
        runs.last(connection, school_id),
        last_good,
        runs.under_way(connection, school_id),
        connection.execute(first).scalar(),
        tuple(_freshness(done, _overdue(connection, school_id, done if last_good else {}, window))),
        tuple(quarantine.waiting(connection, school_id)),
        compared.counts.unexplained if compared else 0,
        ledger.head(connection, school_id),
        connection.execute(sealed).scalar(),
        tuple(editions_due(connection, school_id)),
    )


def _freshness(done: Done, overdue: Counter[str]) -> Iterator[Freshness]:
    moments: dict[str, list[str]] = {}
    for place, checkpoint in done.items():
        moments.setdefault(place.entity, []).append(checkpoint.done_at)
    for entity in sorted({*moments, *overdue}):
        known = moments.get(entity, [])
        oldest, newest = min(known, default=""), max(known, default="")
        yield Freshness(entity, len(known), oldest, newest, overdue[entity])


def _overdue(connection: sa.Connection, school_id: int, done: Done, window: Window) -> Counter[str]:
    """How many slices per entity the plan wants although it should have had them long ago."""
    # Before the first good run nearly all of it is unread: that there was none says it all.
    stages = due_slices(connection, school_id, window) if done else {}
    wanted = (one for slices in stages.values() for one in slices)
    return Counter(one.place.entity for one in wanted if _waits_long(one, done.get(one.place), window.today))


def _waits_long(one: Slice, checkpoint: Checkpoint | None, today: date) -> bool:
    """Whether a slice came due so many nights ago and was not read since."""
    due = one.due
    if due is None:
        due = date.fromisoformat(checkpoint.done_at[:10]) + timedelta(days=1) if checkpoint else date.min
    return today - due >= _NIGHTS_THAT_MAY_PASS
