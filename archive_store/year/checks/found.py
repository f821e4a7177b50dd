"""What a check has found: counted in the database, and listed place by place without being loaded whole."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final, Protocol

import sqlalchemy as sa

from archive_store import schema
from archive_store.asof import AsOf

_ROWS_AT_ONCE: Final = 1_000


@dataclass(frozen=True, slots=True)
class Place:
    """Where something was found, as far as the finding has a class, subject, pupil, lesson, day and mark.

    ``detail`` is said beside it, in the active language.
    """

    group_id: int | None = None
    subject_id: int | None = None
    person_id: int | None = None
    lesson_id: int | None = None
    day: str | None = None
    mark: str | None = None
    detail: str = ""


class Found(Protocol):
    """The findings of one check."""

    def count(self) -> int:
        """How many there are."""
        ...

    def places(self) -> Iterator[Place]:
        """Each of them, streamed, class by class."""
        ...


@dataclass(frozen=True, slots=True)
class Listed:
    """Findings that are few by their nature, such as parts that were not read."""

    known: Sequence[Place]

    def count(self) -> int:
        """How many there are."""
        return len(self.known)

    def places(self) -> Iterator[Place]:
        """Each of them."""
        yield from self.known


Wording = Callable[[Any], str]
"""Makes the detail of a place from a row: its columns ``a`` and ``b`` beside those of a place."""


def no_detail(_row: Any) -> str:  # noqa: ANN401 - a row
    """Nothing beside the place."""
    return ""


@dataclass(frozen=True, slots=True)
class Queried:
    """Findings of queries whose columns are named after those of a place (what is left out is unknown)."""

    connection: sa.Connection
    at: AsOf
    queries: Callable[[], Iterable[sa.Select[Any] | sa.CompoundSelect[Any]]]
    worded: Wording = no_detail

    def count(self) -> int:
        """How many rows the queries have, counted by the database."""
        counts = (
            self.connection.execute(sa.select(sa.func.count()).select_from(query.subquery())).scalar()
            for query in self.queries()
        )
        return sum(int(count or 0) for count in counts)

    def places(self) -> Iterator[Place]:
        """The rows as places, those of a class together, by day."""
        for query in self.queries():
            with self.connection.execute(
                self._in_school_order(query).execution_options(yield_per=_ROWS_AT_ONCE)
            ) as rows:
                yield from (self._place(row) for row in rows)

    def _place(self, row: sa.Row[Any]) -> Place:
        values = row._mapping  # noqa: SLF001 - SQLAlchemy's own name for it
        known = {name: values.get(name) for name in ("group_id", "subject_id", "person_id", "lesson_id")}
        return Place(**known, day=values.get("day"), mark=values.get("mark"), detail=self.worded(row))

    def _in_school_order(self, query: sa.Select[Any] | sa.CompoundSelect[Any]) -> sa.Select[Any]:
        found, group = query.subquery(), schema.EDU_GROUP.table.alias("its_group")
        order: list[sa.ColumnElement[Any]] = []
        joined: sa.FromClause = found
        if "group_id" in found.c:
            same = sa.and_(self.at.stands_in(group), group.c.group_id == found.c.group_id)
            joined = found.outerjoin(group, same)
            order += [sa.func.coalesce(group.c.parallel, 0), sa.func.coalesce(group.c.name, "")]
        # Databases differ over where a value that is missing stands.
        for name, nothing in (("day", ""), ("subject_id", 0), ("person_id", 0), ("lesson_id", 0)):
            if name in found.c:
                order.append(sa.func.coalesce(found.c[name], nothing))
        return sa.select(found).select_from(joined).order_by(*order)
