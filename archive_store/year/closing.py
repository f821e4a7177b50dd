"""Close an academic year: seal it, register its bags, and let the ledger vouch for their roots.

In June the year is closed preliminarily, from the end of August for good; the second closing seals anew what
has changed in between. After that nothing but a new edition is added (:mod:`archive_store.year.amending`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import sqlalchemy as sa

from archive_store import ledger, runs
from archive_store.asof import AsOf
from archive_store.catalogue import require_year
from archive_store.errors import AlreadySealed
from archive_store.retention.tombstones import require_undestroyed
from archive_store.signatures.keys import SigningKey
from archive_store.snapshot import bag, naming, verifier
from archive_store.snapshot.contents import Record
from archive_store.snapshot.edition import Edition, Stage
from archive_store.snapshot.passport import Origin
from archive_store.snapshot.publishing import publish, staging
from archive_store.snapshot.seal import NO_EXTRAS, Extras, SealedYear, Sealing, school_name
from archive_store.snapshot.terms import YearTerms, year_terms
from archive_store.texts import _
from archive_store.year.checks.year import Year
from archive_store.year.editions import following, seal_edition
from archive_store.year.errors import (
    NothingToSeal,
    OtherSnapshotThere,
    StopsFound,
    TooEarlyForFinal,
    YearNotEnded,
)
from archive_store.year.readiness import Result, check_year
from archive_store.year.register import Entry, SealedEdition, editions, register
from archive_store.year.rules import Facts, Rules


@dataclass(frozen=True, slots=True)
class Gate:
    """By which rules a year is let through, what is known beside it, and why stops are passed over."""

    rules: Rules
    facts: Facts
    accept: str = ""


@dataclass(frozen=True, slots=True)
class Order:
    """How a year is to be closed. Without a gate nothing but an unfinished or empty year stops a closing.

    ``final_from`` is the month and day of the year's end from which it may be closed for good; ``by`` is the
    account under which it is done. Each bag is signed by ``key``, beside all manifests, so that the key bears
    on no root. ``extras`` are sealed besides the record.
    """

    stage: Stage = Stage.PRELIMINARY
    gate: Gate | None = None
    terms: YearTerms = field(default_factory=year_terms)
    final_from: str = "08-31"
    by: str = ""
    key: SigningKey | None = None
    extras: Extras = NO_EXTRAS


@dataclass(frozen=True, slots=True)
class Closing:
    """A closed year: where it lies, its bags, what the checks counted, the ledger's new head."""

    sealed: SealedYear
    checks: Sequence[Result]
    head: ledger.Head
    edition: Edition


def close_year(
    connection: sa.Connection,
    school_id: int,
    study_year: int,
    root: Path,
    at: str,
    order: Order | None = None,
) -> Closing:
    """Seal the academic year that begins in ``study_year`` below ``root``, at the moment ``at`` (UTC).

    The caller holds the archive's lock and commits. A year that was published, but not registered,
    because the process died between the two, is recognised by its roots and registered.
    Raises UnknownYear, RecordsDestroyed, YearNotEnded, NothingToSeal, AlreadySealed, TooEarlyForFinal,
    StopsFound, OtherSnapshotThere, EditionBeforeMissing, FolderNotWritable, ParquetNotInstalled.
    """
    order = order or Order()
    run = runs.last(connection, school_id)
    record = Record(connection, AsOf(school_id, run.run_id if run else 0), study_year)
    require_year(connection, record.at, study_year)
    require_undestroyed(connection, school_id, study_year)
    assert run is not None  # noqa: S101 - a year is known, so a run has brought it
    today = order.gate.facts.today if order.gate else at[:10]
    _refuse_unready(connection, record.at, study_year, today)
    known = editions(connection, school_id, study_year)
    _refuse_closed(known, order, study_year, today)
    checks, edition = _through_the_gate(record, order)
    before = ledger.head(connection, school_id)
    origin = Origin(run.run_id, run.started_at, before.entry, before.digest)
    stated = [{"code": one.code, "text": _(one.text), "count": one.count} for one in checks if one.of_record]
    if known:
        edition = following(record, known, edition)
    school, terms = school_name(record), order.terms
    sealing = Sealing(record, origin, school, stated, edition, terms, order.key, order.extras)
    sealed = seal_edition(sealing, known, root) if known else _seal_year(sealing, root)
    results = [one.as_record() for one in checks]
    entry = Entry(study_year, run.run_id, at, order.by, results, order.key)
    return Closing(sealed, checks, register(connection, school_id, sealed, edition, entry), edition)


def _refuse_unready(connection: sa.Connection, at: AsOf, study_year: int, today: str) -> None:
    year = Year(connection, at, study_year)
    if year.last_lesson_day is None:
        raise NothingToSeal(study_year)
    if year.last_day >= today:
        raise YearNotEnded(study_year, year.last_day)


def _refuse_closed(known: Sequence[SealedEdition], order: Order, study_year: int, today: str) -> None:
    closed = any(one.stage is not Stage.PRELIMINARY for one in known)
    if closed or (known and order.stage is Stage.PRELIMINARY):
        raise AlreadySealed(study_year, known[-1].place)
    first_day = f"{study_year + 1}-{order.final_from}"
    if order.stage is Stage.FINAL and today < first_day:
        raise TooEarlyForFinal(study_year, first_day)


def _through_the_gate(record: Record, order: Order) -> tuple[list[Result], Edition]:
    """The results of the checks, and the edition as far as they bear on it. Raises StopsFound."""
    gate = order.gate
    rules, facts = (gate.rules, gate.facts) if gate else (None, None)
    found = check_year(record.connection, record.at, record.study_year, rules, *([facts] if facts else []))
    checks = list(found)
    if gate is None:
        return checks, Edition(stage=order.stage)
    stops = [one for one in checks if one.stops(order.stage)]
    passable = [one for one in stops if one.acceptable]
    if stops and not (gate.accept and len(passable) == len(stops)):
        raise StopsFound(
            record.study_year,
            [(one.code, one.text, one.count) for one in stops],
            [one.code for one in passable],
        )
    accepted = {one.code: one.count or 0 for one in stops}
    return checks, Edition(stage=order.stage, reason=gate.accept if stops else "", accepted=accepted)


def _seal_year(sealing: Sealing, root: Path) -> SealedYear:
    """The first edition: the whole year appears by one rename."""
    place = root / naming.year_folder(sealing.record.study_year)
    with staging(root, sealing.record.study_year) as staged:
        sealed = sealing.stage(staged)
        return _adopted(sealed, place) if place.exists() else publish(sealed, root)


def _adopted(sealed: SealedYear, place: Path) -> SealedYear:
    """The year that lies in its place already, if it is whole and the very one that was just made again."""
    report = verifier.verify(place)
    made = {f"{place.name}/{one.name}": one.root.hex() for one, _term in sealed.bags}
    if not report.sound or report.roots != made:
        raise OtherSnapshotThere(place)
    bag.protect(place)
    return SealedYear(place, sealed.bags, sealed.groups)
