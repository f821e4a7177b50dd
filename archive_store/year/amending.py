"""Amend a year that was closed for good: a new edition holds what was corrected since, with both values."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import sqlalchemy as sa

from archive_store import ledger, runs
from archive_store.asof import AsOf
from archive_store.catalogue import require_year
from archive_store.retention.tombstones import require_undestroyed
from archive_store.signatures.keys import SigningKey
from archive_store.snapshot.contents import Record
from archive_store.snapshot.edition import Edition, Stage
from archive_store.snapshot.passport import Origin
from archive_store.snapshot.seal import NO_EXTRAS, Extras, Sealing, school_name
from archive_store.snapshot.terms import YearTerms, year_terms
from archive_store.texts import _
from archive_store.year.changes import Comparison
from archive_store.year.closing import Closing
from archive_store.year.editions import following, seal_edition
from archive_store.year.errors import NotClosedForGood, NothingChanged
from archive_store.year.readiness import check_year
from archive_store.year.register import Entry, closed_years, editions, register


@dataclass(frozen=True, slots=True)
class Amendment:
    """Why a sealed year gets a new edition: the reason, the number and date of the order, who does it.

    ``extras`` are sealed besides the record.
    """

    reason: str
    order_number: str
    by: str = ""
    terms: YearTerms = field(default_factory=year_terms)
    key: SigningKey | None = None
    extras: Extras = NO_EXTRAS


@dataclass(frozen=True, slots=True)
class EditionDue:
    """A year closed for good whose record has changed since: by how many records."""

    study_year: int
    differing: int


def amend_year(
    connection: sa.Connection, school_id: int, study_year: int, root: Path, at: str, why: Amendment
) -> Closing:
    """Seal what has changed since the edition before, at the moment ``at`` (UTC).

    Only the classes that changed get a new bag, and the summary, which names the roots of the bags before.
    The caller holds the archive's lock and commits. Raises UnknownYear, RecordsDestroyed,
    NotClosedForGood, NothingChanged, OtherSnapshotThere, EditionBeforeMissing, FolderNotWritable,
    ParquetNotInstalled.
    """
    run = runs.last(connection, school_id)
    record = Record(connection, AsOf(school_id, run.run_id if run else 0), study_year)
    require_year(connection, record.at, study_year)
    require_undestroyed(connection, school_id, study_year)
    assert run is not None  # noqa: S101 - a year is known, so a run has brought it
    known = editions(connection, school_id, study_year)
    if not known or known[-1].stage is Stage.PRELIMINARY:
        raise NotClosedForGood(study_year)
    amended = Edition(stage=Stage.AMENDMENT, reason=why.reason, order_number=why.order_number)
    edition = following(record, known, amended)
    if not edition.changed:
        raise NothingChanged(study_year)
    before = ledger.head(connection, school_id)
    origin = Origin(run.run_id, run.started_at, before.entry, before.digest)
    checks = [one for one in check_year(connection, record.at, study_year) if one.of_record]
    stated = [{"code": one.code, "text": _(one.text), "count": one.count} for one in checks]
    school = school_name(record)
    sealing = Sealing(record, origin, school, stated, edition, why.terms, why.key, why.extras)
    sealed = seal_edition(sealing, known, root)
    results = [one.as_record() for one in checks]
    entry = Entry(study_year, run.run_id, at, why.by, results, why.key)
    return Closing(sealed, checks, register(connection, school_id, sealed, edition, entry), edition)


def editions_due(connection: sa.Connection, school_id: int) -> list[EditionDue]:
    """The years closed for good whose record differs from what was sealed. As of the last run that ended."""
    run = runs.last(connection, school_id)
    found = []
    for study_year in closed_years(connection, school_id):
        newest = editions(connection, school_id, study_year)[-1]
        if run is None or newest.stage is Stage.PRELIMINARY:
            continue
        compared = Comparison(connection, study_year, newest.run_id, AsOf(school_id, run.run_id))
        if differing := compared.count():
            found.append(EditionDue(study_year, differing))
    return found
