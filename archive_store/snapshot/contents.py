"""Tables of a bag, made from the record: as it stands, as last known, and its earlier versions."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any, Final, Literal, TypeAlias, get_args, get_type_hints

import sqlalchemy as sa

from archive_store.asof import AsOf, last_known, read
from archive_store.records import ReportingPeriod
from archive_store.schema import RUN, Entity
from archive_store.snapshot.titles import TITLES
from archive_store.texts import N_, _

Rows = Callable[[], Iterator[tuple[Any, ...]]]
Kind: TypeAlias = Literal["integer", "truth", "text", "day"]

# Texts that are days, YYYY-MM-DD, in whatever table they stand.
_DAYS: Final = frozenset({"day", "target_day", "first_day", "last_day"})
_MOMENTS: Final = (
    ("seen_from", N_("Moment from which the archive saw this version, UTC")),
    ("seen_to", N_("Moment from which the archive no longer saw it, UTC")),
)
_AT_ONCE: Final = 5_000


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a sealed table: what it holds, whether always, and its meaning (to be translated)."""

    name: str
    kind: Kind
    required: bool
    meaning: str


@dataclass(frozen=True, slots=True)
class SealedTable:
    """A table of a bag: its name, its columns, its rows in key order (streamed), its key."""

    name: str
    columns: tuple[Column, ...]
    rows: Rows
    key: tuple[str, ...]

    @property
    def names(self) -> tuple[str, ...]:
        """The names of its columns."""
        return tuple(column.name for column in self.columns)

    @property
    def title(self) -> str:
        """What it holds, in the active language."""
        plain = self.name.removeprefix("history_")
        title = _(TITLES[plain])
        return title if plain == self.name else _("{table}: earlier versions").format(table=title)


@cache
def columns_of(entity: Entity[Any]) -> tuple[Column, ...]:
    """The columns of an entity's record."""
    hints = get_type_hints(entity.record)

    def kind(name: str) -> Kind:
        plain = next(one for one in (bool, int, str) if one in (hints[name], *get_args(hints[name])))
        of_period = entity.record is ReportingPeriod and name in ("starts", "ends")
        if plain is str:
            return "day" if name in _DAYS or of_period else "text"
        return "truth" if plain is bool else "integer"

    return tuple(
        Column(name, kind(name), type(None) not in get_args(hints[name]), str(entity.table.c[name].comment))
        for name in entity.columns
    )


@dataclass(frozen=True, slots=True)
class Record:
    """Where the rows come from: a connection, a moment, an academic year."""

    connection: sa.Connection
    at: AsOf
    study_year: int

    def standing(self, entity: Entity[Any], *where: sa.ColumnElement[bool]) -> SealedTable:
        """The records that stand."""

        def rows() -> Iterator[tuple[Any, ...]]:
            found = read(self.connection, entity, self.at, *where)
            yield from _in_key_order(entity, found) if _has_text_in_key(entity) else found

        return SealedTable(entity.name, columns_of(entity), rows, entity.key)

    def known(self, entity: Entity[Any], *where: sa.ColumnElement[bool]) -> SealedTable:
        """The last known version of each record, also of those withdrawn since: names."""

        def rows() -> Iterator[tuple[Any, ...]]:
            yield from _in_key_order(entity, last_known(self.connection, entity, self.at, *where))

        return SealedTable(entity.name, columns_of(entity), rows, entity.key)

    def corrections(self, entity: Entity[Any], *where: sa.ColumnElement[bool]) -> SealedTable:
        """Earlier versions: from when to when the archive saw them (moments, UTC), oldest first.

        They have no key: two runs may begin within one second.
        """
        table = entity.table
        opened, closed = RUN.alias("opened"), RUN.alias("closed")
        in_database = () if _has_text_in_key(entity) else tuple(table.c[name] + 0 for name in entity.key)
        query = (
            sa.select(*(table.c[name] for name in entity.columns), opened.c.started_at, closed.c.started_at)
            .join(opened, opened.c.run_id == table.c.seen_from)
            .join(closed, closed.c.run_id == table.c.seen_to)
            .where(table.c.school_id == self.at.school_id, table.c.seen_to <= self.at.run_id, *where)
            .order_by(*in_database, table.c.seen_from)
            .execution_options(yield_per=_AT_ONCE)
        )

        def rows() -> Iterator[tuple[Any, ...]]:
            with self.connection.execute(query) as found:
                versions = (tuple(row) for rows in found.partitions() for row in rows)
                yield from _in_key_order(entity, versions) if _has_text_in_key(entity) else versions

        moments = tuple(Column(name, "text", required=True, meaning=meaning) for name, meaning in _MOMENTS)
        return SealedTable(f"history_{entity.name}", (*columns_of(entity), *moments), rows, ())


def _has_text_in_key(entity: Entity[Any]) -> bool:
    """Whether rows must be sorted here: each database sorts texts in its own way, ids alike."""
    return any(isinstance(entity.table.c[name].type, sa.Text) for name in entity.key)


def _in_key_order(entity: Entity[Any], records: Iterable[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
    positions = [entity.columns.index(name) for name in entity.key]
    return sorted(records, key=lambda record: [record[i] for i in positions])
