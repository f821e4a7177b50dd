"""Close an academic year: seal it, register its bags, and let the ledger vouch for their roots."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import sqlalchemy as sa

from archive_store import ledger, runs
from archive_store.asof import AsOf
from archive_store.catalogue import require_year
from archive_store.errors import AlreadySealed
from archive_store.schema import SNAPSHOT
from archive_store.snapshot import bag, naming, verifier
from archive_store.snapshot.contents import Record
from archive_store.snapshot.passport import Origin
from archive_store.snapshot.seal import SealedYear, Sealing, publish, school_name, staging
from archive_store.texts import _
from archive_store.year.errors import NothingToSeal, OtherSnapshotThere, YearNotEnded
from archive_store.year.readiness import Check, check_year, last_lesson_day, last_period_day


@dataclass(frozen=True, slots=True)
class Closing:
    """A closed year: where it lies, its bags, what the checks counted, the ledger's new head."""

    sealed: SealedYear
    checks: list[Check]
    head: ledger.Head


def close_year(connection: sa.Connection, school_id: int, study_year: int, root: Path, at: str) -> Closing:
    """Seal the academic year that begins in ``study_year`` below ``root``, at the moment ``at`` (UTC).

    The caller holds the archive's lock and commits. A year that was published, but not registered,
    because the process died between the two, is recognised by its roots and registered.
    Raises UnknownYear, YearNotEnded, NothingToSeal, AlreadySealed, OtherSnapshotThere, FolderNotWritable.
    """
    run = runs.last(connection, school_id)
    record = Record(connection, AsOf(school_id, run.run_id if run else 0), study_year)
    require_year(connection, record.at, study_year)
    assert run is not None  # noqa: S101 - a year is known, so a run has brought it
    _refuse_unready(connection, record.at, study_year, at[:10])
    place = root / naming.year_folder(study_year)
    registered = _registered(connection, school_id, study_year)
    if registered is not None:
        raise AlreadySealed(study_year, registered)
    before = ledger.head(connection, school_id)
    origin = Origin(run.run_id, run.started_at, before.entry, before.digest)
    checks = check_year(connection, record.at, study_year)
    stated = [{"code": one.code, "text": _(one.text), "count": one.count} for one in checks if one.of_record]
    with staging(root, study_year) as staged:
        sealed = Sealing(record, origin, school_name(record), stated).stage(staged)
        sealed = _adopted(sealed, place) if place.exists() else publish(sealed, root)
    return Closing(sealed, checks, _register(connection, school_id, study_year, sealed, run.run_id, at))


def _refuse_unready(connection: sa.Connection, at: AsOf, study_year: int, today: str) -> None:
    last_lesson = last_lesson_day(connection, at, study_year)
    if last_lesson is None:
        raise NothingToSeal(study_year)
    # In the holidays there may be no lesson ahead on record; the reporting periods know better.
    last_day = max(last_lesson, last_period_day(connection, at, study_year) or "")
    if last_day >= today:
        raise YearNotEnded(study_year, last_day)


def _registered(connection: sa.Connection, school_id: int, study_year: int) -> Path | None:
    """Where the year was sealed, if it was; the setting may name another folder by now."""
    query = sa.select(SNAPSHOT.c.path).where(
        SNAPSHOT.c.school_id == school_id, SNAPSHOT.c.study_year == study_year
    )
    path = connection.execute(query.limit(1)).scalar()
    return Path(path).parent if path is not None else None


def _adopted(sealed: SealedYear, place: Path) -> SealedYear:
    """The year that lies in its place already, if it is whole and the very one that was just made again."""
    report = verifier.verify(place)
    made = {f"{place.name}/{one.name}": one.root.hex() for one, _term in sealed.bags}
    if not report.sound or report.roots != made:
        raise OtherSnapshotThere(place)
    bag.protect(place)
    return SealedYear(place, sealed.bags)


def _register(
    connection: sa.Connection, school_id: int, study_year: int, sealed: SealedYear, run_id: int, at: str
) -> ledger.Head:
    for one, term in sealed.bags:
        connection.execute(
            SNAPSHOT.insert().values(
                school_id=school_id,
                study_year=study_year,
                bag=one.name,
                retention_years=term,
                root=one.root,
                run_id=run_id,
                path=str(sealed.path / one.name),
                sealed_at=at,
            )
        )
    roots = {one.name: one.root.hex() for one, _term in sealed.bags}
    terms = {one.name: term for one, term in sealed.bags}
    about = {"study_year": study_year, "run": run_id, "roots": roots, "terms": terms}
    return ledger.append(connection, school_id, "snapshot", at, about)
