"""Compare a school's academic year with the platform, class by class, each apart from the others."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Final

import sqlalchemy as sa

from archive_store import reconciliations, traits
from archive_store.asof import AsOf
from archive_store.catalogue import classes, find_class, groups, parents
from archive_store.reconciliations import Reconciliation
from archive_store.retention.tombstones import journals_destroyed, require_journal
from connector.api.errors import ENDS_A_RUN, ApiError, PlatformFault, TooManyCalls, Unreachable
from connector.sync import learned
from connector.sync.grid import JournalGroup, months_of
from connector.sync.reconcile import sample
from connector.sync.reconcile.archive import Archive
from connector.sync.reconcile.averages import compare_averages
from connector.sync.reconcile.comparison import Comparison
from connector.sync.reconcile.fresh import Fresh
from connector.sync.reconcile.sample import Month
from connector.sync.reconcile.verdict import Failed, Verdict
from connector.sync.source import Source
from connector.sync.subgroups import groups_asked

# So many classes in a row without any answer are an outage, not bad luck.
_OUTAGE_AFTER: Final = 3
_OUTAGE: Final = (Unreachable, TooManyCalls, PlatformFault)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What to compare: an academic year up to ``today``, one class or all, and how many class-months."""

    study_year: int
    today: date
    group: str | None = None
    sample: int | None = None


def reconcile(
    connection: sa.Connection,
    source: Source,
    at: AsOf,
    wanted: Wanted,
    progress: Callable[[int, int], None] = lambda _done, _of: None,
) -> Verdict:
    """Compare the record as of ``at`` with what the platform computes and shows now; nothing is written.

    The caller holds the archive's lock: no run must change what is compared. ``progress`` is told how many
    of how many classes are done. Raises UnknownYear, UnknownGroup, RecordsDestroyed, what
    ends a run (TokenRefused, PlatformDown, BudgetSpent), and another ApiError if the platform no longer
    answers at all; what fails with one class is in the verdict.
    """
    classes(connection, at, wanted.study_year)  # raises UnknownYear
    everyone = _groups(connection, source, at, wanted.study_year)
    verdict = Verdict(wanted.study_year, at.run_id)
    archive = Archive(connection, at, reconciliations.last_readings(connection, at.school_id))
    fresh = Fresh(source, connection)
    comparison = Comparison(source, archive, fresh, everyone, wanted.today, verdict)
    meant = _meant(connection, comparison, wanted)
    sampled = _sample(connection, meant, at, wanted)
    silent = 0
    for number, one in enumerate(meant, start=1):
        try:
            _compare_class(comparison, one, [day for group, day in sampled if group == one.group.group_id])
            silent = 0
        except ENDS_A_RUN:
            raise
        except ApiError as error:
            verdict.failures.append(Failed(one.group.group_id, error))
            silent = silent + 1 if isinstance(error, _OUTAGE) else 0
            if silent >= _OUTAGE_AFTER:
                raise
        progress(number, len(meant))
    return verdict


def keep(engine: sa.Engine, school_id: int, at: str, verdict: Verdict) -> None:
    """Keep the outcome at the moment ``at``: counts, no names."""
    kept = Reconciliation(at, verdict.study_year, verdict.run_id, verdict.counts, verdict.details())
    with engine.begin() as connection:
        reconciliations.keep(connection, school_id, kept)


def _compare_class(comparison: Comparison, one: JournalGroup, months: Iterable[str]) -> None:
    if not parents(one.group):
        comparison.final_marks(one)
        compare_averages(comparison, one)
    wanted = set(months)
    for first, last in months_of(comparison.verdict.study_year):
        if first.isoformat() in wanted:
            comparison.month(one, first, last)
            comparison.verdict.sampled.append((one.group.group_id, first.isoformat()))


def _groups(connection: sa.Connection, source: Source, at: AsOf, study_year: int) -> list[JournalGroup]:
    """The groups with what is asked for each, as a run would ask for it."""
    found_out = traits.load(connection, source.school_id, source.moment(-learned.LASTS))
    return groups_asked(groups(connection, at, study_year), found_out)


def _meant(connection: sa.Connection, comparison: Comparison, wanted: Wanted) -> list[JournalGroup]:
    """The groups to compare. A destroyed journal has nothing left to compare: all of it would differ."""
    at = comparison.archive.at
    if wanted.group is not None:
        found = find_class(connection, at, wanted.study_year, wanted.group)
        require_journal(connection, at.school_id, wanted.study_year, found.group_id, found.name)
        (one,) = [one for one in comparison.groups if one.group.group_id == found.group_id]
        meant = comparison.sharing(one)
    else:
        meant = list(comparison.groups)
    acts = journals_destroyed(connection, at.school_id)
    ids = [one.group.group_id for one in meant]
    comparison.verdict.destroyed = {one: acts[one] for one in ids if one in acts}
    return [one for one in meant if one.group.group_id not in acts]


def _sample(connection: sa.Connection, meant: list[JournalGroup], at: AsOf, wanted: Wanted) -> list[Month]:
    size = sample.usual_size(len(meant)) if wanted.sample is None else wanted.sample
    before = [
        [(int(group), str(day)) for group, day in one.details["sampled"]]
        for one in reconciliations.of_year(connection, at.school_id, wanted.study_year)
    ]
    return sample.choose(meant, wanted.study_year, wanted.today, before, size)
