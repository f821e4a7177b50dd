"""The act of closing: what an edition of a sealed year holds, counted from the record as of its run."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from typing import Any, Final

import orjson
import sqlalchemy as sa

from archive_store import ledger, runs, schema
from archive_store.asof import AsOf, read
from archive_store.forms.held import CANCELLED
from archive_store.records import EduGroup
from archive_store.retention.tombstones import Tombstone, tombstones
from archive_store.snapshot import naming
from archive_store.year.changes import Change, Comparison
from archive_store.year.checks import finals
from archive_store.year.checks.year import FIRST_GRADE, Year
from archive_store.year.errors import UnknownEdition
from archive_store.year.readiness import CHECKS
from archive_store.year.register import RegisteredBag, SealedEdition, editions

COLUMNS: Final = (
    "pupils", "subjects", "lessons", "topics", "homework", "marks", "absences", "finals", "finals_missing",
)  # fmt: skip
MOST_CHANGES: Final = 500
_IN_SHEETS: Final = ("pupils", "finals")
_PRESENT: Final = ("", "Attend", "NotSet", "Late")


@dataclass(frozen=True, slots=True)
class ClassCounts:
    """A class with its counts, in the order of COLUMNS; None for what an act has destroyed."""

    name: str
    counts: tuple[int | None, ...]


@dataclass(frozen=True, slots=True)
class Act:
    """Everything that the act of an edition says. ``changes`` are those since the edition before, if any.

    ``follows`` are the bags that its bags follow, with their roots; ``key`` is the fingerprint of the key
    that has signed them, empty if none has.
    """

    school: str
    edition: SealedEdition
    recorded_at: str
    head: ledger.Head
    classes: tuple[ClassCounts, ...]
    checks: tuple[tuple[str, int | None, str], ...]
    changes: tuple[Change, ...]
    changes_left_out: int
    follows: tuple[tuple[str, str], ...] = ()
    key: str = ""
    destroyed: tuple[Tombstone, ...] = ()

    @property
    def totals(self) -> tuple[int | None, ...]:
        """The sums over all classes; what is in a shared subgroup counts once for each of its classes.

        None where a class's count is not known any more: a sum of the others would be taken for that of all.
        """
        columns = zip(*(one.counts for one in self.classes), strict=True)
        return tuple(None if None in column else sum(filter(None, column)) for column in columns)


def act_of(connection: sa.Connection, school_id: int, study_year: int, number: int | None = None) -> Act:
    """The act of an edition, the newest by default. Raises UnknownEdition."""
    known = editions(connection, school_id, study_year)
    chosen = [one for one in known if number in (None, one.number)]
    if not chosen:
        raise UnknownEdition(study_year, number, [one.number for one in known])
    at = AsOf(school_id, chosen[-1].run_id)
    year = Year(connection, at, study_year)
    edition = replace(chosen[-1], bags=_in_class_order(year, chosen[-1].bags))
    before = next((one for one in reversed(known) if one.number < edition.number), None)
    entry, key = _entry_of(connection, school_id, edition)
    changes, left_out = _changes(connection, study_year, before, at)
    run = runs.last(connection, school_id, edition.run_id)
    stones = tombstones(connection, school_id, study_year)
    destroyed = {stone.group for stone in stones}
    school = next(read(connection, schema.SCHOOL, at), None)
    return Act(
        (school.full_name or school.name) if school else str(school_id),
        edition,
        run.started_at if run else edition.at,
        entry,
        tuple(_class(year, one, destroyed) for one in year.classes),
        tuple(_results(edition)),
        changes,
        left_out,
        tuple(_followed(known, edition)),
        key,
        tuple(stones),
    )


def _changes(
    connection: sa.Connection, study_year: int, before: SealedEdition | None, at: AsOf
) -> tuple[tuple[Change, ...], int]:
    if before is None:
        return (), 0
    compared = Comparison(connection, study_year, before.run_id, at)
    shown = tuple(islice(compared.changes(), MOST_CHANGES))
    return shown, compared.count() - len(shown)


def _followed(known: Sequence[SealedEdition], edition: SealedEdition) -> Iterator[tuple[str, str]]:
    """For each bag of the edition the one before it, with its root."""
    for one in edition.bags:
        stem = naming.stem_of(one.name)
        older = [
            (bag.name, bag.root)
            for other in known
            if other.number < edition.number
            for bag in other.bags
            if naming.stem_of(bag.name) == stem
        ]
        yield from older[-1:]


def _in_class_order(year: Year, bags: Sequence[RegisteredBag]) -> tuple[RegisteredBag, ...]:
    """The journals as the school counts its classes, then what is of all of them."""
    places = {one.group_id: number for number, one in enumerate(year.classes)}

    def order(one: RegisteredBag) -> tuple[Any, ...]:
        journal = one.name.startswith("journal-")
        return not journal, places.get(one.group_id or 0, len(places)), naming.natural(one.name)

    return tuple(sorted(bags, key=order))


def _entry_of(connection: sa.Connection, school_id: int, edition: SealedEdition) -> tuple[ledger.Head, str]:
    """The ledger's entry that vouches for the edition - its roots stand in it - and the key that it names."""
    table, mark = schema.LEDGER, edition.bags[0].root
    row = connection.execute(
        sa.select(table.c.entry, table.c.head, table.c.about).where(
            table.c.school_id == school_id, table.c.kind == "snapshot", table.c.about.contains(mark)
        )
    ).first()
    if row is None:
        return ledger.Head(0, bytes(32)), ""
    return ledger.Head(row.entry, bytes(row.head)), orjson.loads(row.about).get("key", "")


def _results(edition: SealedEdition) -> Iterator[tuple[str, int | None, str]]:
    """Text (to be translated), count and severity of each check that found something or was not made."""
    texts = {one.code: one.text for one in CHECKS}
    for one in edition.checks:
        if one["count"] != 0:
            yield texts.get(one["code"], one["code"]), one["count"], one["severity"]


def _class(year: Year, one: EduGroup, destroyed: Collection[int | None]) -> ClassCounts:
    """A class with its counts; of a destroyed journal only what the summary sheets tell is known."""
    counts: tuple[int | None, ...] = _counts(year, one)
    if one.group_id in destroyed:
        counts = tuple(
            count if name in _IN_SHEETS else None for name, count in zip(COLUMNS, counts, strict=True)
        )
    return ClassCounts(one.name, counts)


def _counts(year: Year, one: EduGroup) -> tuple[int, ...]:
    ids = year.family(one)
    lesson, work, entry = schema.LESSON.table, schema.WORK.table, schema.ATTENDANCE.table
    held = (*_in(year, schema.LESSON, ids), sa.func.coalesce(lesson.c.status, "").not_in(CANCELLED))
    missed = sa.func.coalesce(entry.c.status, "").not_in(_PRESENT)
    table = schema.FINAL_MARK.table
    counts: Sequence[sa.Select[Any]] = (
        _number(year.pupils(one)),
        sa.select(sa.func.count(lesson.c.subject_id.distinct())).where(*held),
        _rows(lesson, *held),
        _rows(lesson, *held, sa.func.coalesce(lesson.c.topic, "") != ""),
        _rows(work, *_in(year, schema.WORK, ids), work.c.type == "Homework"),
        _rows(schema.MARK.table, *_in(year, schema.MARK, ids)),
        _rows(entry, *_in(year, schema.ATTENDANCE, ids), missed),
        _rows(table, year.at.stands(schema.FINAL_MARK), table.c.group_id.in_(ids)),
    )
    missing = finals.missing_in(year, one) if one.parallel != FIRST_GRADE else 0
    return (*(int(year.connection.execute(query).scalar() or 0) for query in counts), missing)


def _in(year: Year, entity: schema.Entity[Any], ids: Sequence[int]) -> tuple[sa.ColumnElement[bool], ...]:
    return (*year.standing(entity), entity.table.c.group_id.in_(ids))


def _rows(table: sa.Table, *where: sa.ColumnElement[bool]) -> sa.Select[Any]:
    return sa.select(sa.func.count()).select_from(table).where(*where)


def _number(query: sa.Select[Any]) -> sa.Select[Any]:
    return sa.select(sa.func.count()).select_from(query.subquery())
