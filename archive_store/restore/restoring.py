"""``restore``: the record of sealed bags becomes the standing record of a fresh archive.

Its ledger begins anew; the run that brought the record and an entry of the ledger name the roots from which
it comes. Earlier versions stay in the bags: they tell when an archive saw a change, which this one did not.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Final

import sqlalchemy as sa

from archive_store import ledger, runs
from archive_store.history import Absence, write
from archive_store.restore.editions import newest
from archive_store.restore.errors import AllDestroyed, ArchiveNotEmpty, BagsOfSeveralSchools, NotVerified
from archive_store.restore.files import bring_files
from archive_store.restore.reading import Bag, open_bag
from archive_store.restore.records import Left, entity_of, fit, is_history
from archive_store.retention.book import Clerk
from archive_store.retention.tombstones import Tombstone, acknowledge, enter
from archive_store.schema import ENTITIES, RUN
from archive_store.snapshot import verifier
from archive_store.snapshot.naming import stem_of
from archive_store.snapshot.terms import may_destroy_from
from archive_store.texts import active

KIND: Final = "restore"
_AT_ONCE: Final = 5_000


@dataclass(frozen=True, slots=True)
class Source:
    """What is to be restored: bags in their last editions, the oldest record first, with their roots.

    ``destroyed`` are bags that lie there though an act has destroyed them: they are not restored.
    """

    path: Path
    bags: tuple[Bag, ...]
    superseded: tuple[str, ...]
    roots: dict[str, str]
    findings: tuple[str, ...]
    school_id: int
    destroyed: tuple[str, ...] = ()
    stones: tuple[Tombstone, ...] = ()


@dataclass(frozen=True, slots=True)
class Restored:
    """What was restored: records by entity, files of homework, and what was left where it is."""

    run_id: int
    records: dict[str, int]
    left: list[Left]
    head: ledger.Head
    files: int = 0


def read_source(
    path: Path, known: Iterable[tuple[int, Tombstone]] = (), today: str = "", *, unverified: bool = False
) -> Source | None:
    """The bag, year or folder of years at ``path``; None if there is none.

    ``known`` are tombstones with their schools: what they name is not restored, and not missed, if its term
    is over on the day ``today``; before that day nothing can have been destroyed by an act. Raises
    NotVerified, unless ``unverified``; BagNotReadable; BagsOfSeveralSchools; AllDestroyed.
    """
    report = verifier.verify(path)
    if not report.bags:
        return None
    stones = [one for one in known if today >= may_destroy_from(one[1].study_year, one[1].years)]
    acknowledge(report, (one for _school, one in stones))
    findings = [finding.text(russian=active() == "ru") for finding in report.findings]
    if not report.sound and not unverified:
        raise NotVerified(path, findings)
    last, superseded = newest(verifier.bags_in(path.resolve()))
    found = sorted((open_bag(one) for one in last), key=lambda bag: (bag.order, bag.path))
    schools = sorted({bag.school_id for bag in found})
    if len(schools) > 1:
        raise BagsOfSeveralSchools(schools)
    ours = tuple(one for school, one in stones if school == schools[0])
    units = {one.unit for one in ours}
    bags = [
        one for one in found
        if (one.study_year, stem_of(one.name)) not in units or today < _kept_until(one)
    ]  # fmt: skip
    gone = [one for one in found if one not in bags]
    destroyed = [one.name for one in gone]
    if not bags:
        raise AllDestroyed(path, sorted({one.act for one in ours}))
    # A bag that is not due yet is restored, whatever a tombstone says: nothing of it was destroyed.
    restored = {(one.study_year, stem_of(one.name)) for one in bags}
    ours = tuple(one for one in ours if one.unit not in restored)
    # Bags of one name lie in every year.
    places = {f"{one.path.parent.name}/{one.name}" for one in gone}
    roots = {place: root for place, root in report.roots.items() if place not in places}
    before = tuple(one.name for one in superseded)
    return Source(
        path, tuple(bags), before, roots, tuple(findings), schools[0], tuple(destroyed), ours
    )  # fmt: skip


def restore(
    connection: sa.Connection,
    source: Source,
    at: str,
    program: str,
    files: Path | None = None,
    account: str = "",
) -> Restored:
    """Write the record of the bags as one run, in the caller's transaction. A later record wins.

    The files of homework come into the folder ``files``, if it is named. The tombstones of the school go into
    the new archive's book, so that no night fetches what they name. Raises ArchiveNotEmpty, BagNotReadable,
    OSError.
    """
    school_id = source.school_id
    if connection.execute(sa.select(RUN.c.run_id).where(RUN.c.school_id == school_id).limit(1)).first():
        raise ArchiveNotEmpty(school_id)
    run_id = runs.begin(connection, school_id, KIND, at, program)
    left = [left for bag in source.bags for left in take(connection, bag, run_id)]
    brought = [(bag, bring_files(bag, files) if files else 0) for bag in source.bags]
    left += [
        Left("files", bag.name, "", (), kept - files_of_bag)
        for bag, files_of_bag in brought
        if (kept := _kept(bag)) > files_of_bag
    ]
    left += [Left("superseded", name, "") for name in source.superseded]
    left += [Left("destroyed", name, "") for name in source.destroyed]
    origin = {
        "roots": source.roots,
        "verified": not source.findings,
        "record": {bag.name: [*bag.order, bag.recorded_at] for bag in source.bags},
    }
    runs.end(connection, school_id, run_id, at, "done", {"restored": origin})
    enter(connection, Clerk(school_id, account, at), source.stones)
    head = ledger.append(connection, school_id, "restored", at, {"run": run_id, "restored": origin})
    return Restored(
        run_id, _counted(connection, school_id), left, head, sum(count for _bag, count in brought)
    )


def _kept_until(bag: Bag) -> str:
    """The first day on which a bag may be destroyed by its own passport."""
    said = bag.passport.get("retention")
    return str(said.get("may_destroy_from", "")) if isinstance(said, dict) else ""


def take(connection: sa.Connection, bag: Bag, run_id: int) -> Iterator[Left]:
    """Write the tables of a bag; yields what is not taken over."""
    for table in bag.tables.values():
        entity = entity_of(table.name)
        stated = int(bag.stated(table.name).get("rows", 0))
        if entity is None:
            code = "history" if is_history(table.name) else "table"
            if stated or code == "table":
                yield Left(code, bag.name, table.name, (), stated)
            continue
        fitted = fit(table, entity)
        if fitted is None:
            yield Left("key", bag.name, table.name, (), stated)
            continue
        if fitted.unknown:
            yield Left("columns", bag.name, table.name, fitted.unknown)
        if fitted.absent:
            yield Left("absent", bag.name, table.name, fitted.absent)
        records = fitted.records(table)
        while some := list(islice(records, _AT_ONCE)):
            write(connection, entity, bag.school_id, run_id, some, None, Absence.UNKNOWN)
    listed = bag.passport.get("tables", {})
    yield from (Left("table", bag.name, name) for name in listed if name not in bag.tables)


def _kept(bag: Bag) -> int:
    """How many contents of files of homework lie in a bag, by its passport."""
    files = bag.passport.get("files")
    kept = files.get("kept") if isinstance(files, dict) else 0
    return kept if isinstance(kept, int) else 0


def _counted(connection: sa.Connection, school_id: int) -> dict[str, int]:
    counts: dict[str, int] = {}
    for entity in ENTITIES:
        query = sa.select(sa.func.count()).where(
            entity.table.c.school_id == school_id, entity.table.c.seen_to.is_(None)
        )
        counts[entity.name] = int(connection.execute(query).scalar_one())
    return {name: count for name, count in counts.items() if count}
