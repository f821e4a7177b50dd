"""What of a year's journals differs from the record that was sealed: both values, and since when.

Compared are lessons, works, attendance and marks of every kind: what a journal says. Lists of members change
with every new academic year, and make no edition due. A value that was changed and changed back is no
difference; the history keeps it all the same.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

import sqlalchemy as sa

from archive_store import schema
from archive_store.asof import AsOf
from archive_store.catalogue import groups, parents, year_span
from archive_store.schema import RUN, Entity

COMPARED: Final[tuple[Entity[Any], ...]] = (
    schema.LESSON, schema.WORK, schema.MARK, schema.ATTENDANCE, schema.FINAL_MARK,
    schema.THEMATIC_MARK, schema.CRITERIA_MARK, schema.CRITERIA_TOTAL,
)  # fmt: skip
_ROWS_AT_ONCE: Final = 1_000


@dataclass(frozen=True, slots=True)
class Change:
    """A record that differs: as it was sealed and as it stands, None where it did not or does not stand.

    ``since`` is the moment (UTC) of the run that saw it change.
    """

    entity: Entity[Any]
    before: Any
    after: Any
    since: str

    @property
    def record(self) -> Any:  # noqa: ANN401 - a record of any entity
        """The record as it stands, else as it was."""
        return self.after or self.before

    @property
    def key(self) -> str:
        """The ids by which the record is known."""
        return " ".join(str(getattr(self.record, name)) for name in self.entity.key)

    def fields(self) -> Iterator[tuple[str, Any, Any]]:
        """The fields that differ, each with both values; all that hold something if one side is missing."""
        for name in self.entity.columns:
            before = getattr(self.before, name) if self.before else None
            after = getattr(self.after, name) if self.after else None
            if before != after and name not in self.entity.key:
                yield name, before, after


@dataclass(frozen=True, slots=True)
class Comparison:
    """The record of a year as of the run ``sealed`` beside that as of ``at``."""

    connection: sa.Connection
    study_year: int
    sealed: int
    at: AsOf

    def count(self) -> int:
        """How many records differ."""
        found = 0
        for entity in COMPARED:
            for query in self._sides(entity):
                counted = sa.select(sa.func.count()).select_from(query.subquery())
                found += int(self.connection.execute(counted).scalar() or 0)
        return found

    def classes(self) -> set[int]:
        """The classes whose journals differ; a shared subgroup belongs to each of its classes."""
        touched: set[int] = set()
        for entity in COMPARED:
            for query in self._sides(entity):
                column = query.subquery().c.filed_under
                touched.update(self.connection.execute(sa.select(column).distinct()).scalars())
        above = self._classes_of()
        return {one for group_id in touched for one in above.get(group_id, ())}

    def changes(self, class_id: int | None = None) -> Iterator[Change]:
        """The differences of a class (None: of the year), streamed, in the order of entities and keys."""
        above = self._classes_of()
        ids = None if class_id is None else [one for one, found in above.items() if class_id in found]
        for entity in COMPARED:
            for query in self._sides(entity):
                within = query.subquery()
                ordered = sa.select(within).order_by(*(within.c[name] for name in entity.key))
                if ids is not None:
                    ordered = ordered.where(within.c.filed_under.in_(ids))
                with self.connection.execute(ordered.execution_options(yield_per=_ROWS_AT_ONCE)) as rows:
                    yield from (self._change(entity, row) for row in rows)

    def _change(self, entity: Entity[Any], row: sa.Row[Any]) -> Change:
        values = row._mapping  # noqa: SLF001 - SQLAlchemy's own name for it

        def side(name: str) -> Any:  # noqa: ANN401 - a record of any entity
            stands = values[f"{name}_stands"] is not None
            return entity.record._make(values[f"{name}_{one}"] for one in entity.columns) if stands else None

        return Change(entity, side("old"), side("new"), values["since"])

    def _sides(self, entity: Entity[Any]) -> tuple[sa.Select[Any], sa.Select[Any]]:
        """What was sealed and no longer stands so, and what stands and was not sealed at all."""
        old, new = entity.table.alias("v_old"), entity.table.alias("v_new")
        sealed = AsOf(self.at.school_id, self.sealed)
        same = [old.c.school_id == new.c.school_id, *(old.c[name] == new.c[name] for name in entity.key)]
        later = sa.and_(*same, self.at.stands_in(new))
        gone = [old.c.seen_to > self.sealed, old.c.seen_to <= self.at.run_id, sealed.stands_in(old)]
        was = (
            self._selected(entity, old, new, sa.func.coalesce(new.c.seen_from, old.c.seen_to))
            .select_from(old.outerjoin(new, later))
            .where(*gone, self._in_year(old), sa.or_(new.c.digest.is_(None), new.c.digest != old.c.digest))
        )
        earlier = sa.and_(*same, sealed.stands_in(old))
        came = (
            self._selected(entity, old, new, new.c.seen_from)
            .select_from(new.outerjoin(old, earlier))
            .where(
                new.c.seen_from > self.sealed,
                self.at.stands_in(new),
                self._in_year(new),
                old.c.digest.is_(None),
            )
        )
        return was, came

    def _selected(
        self, entity: Entity[Any], old: sa.FromClause, new: sa.FromClause, run: sa.ColumnElement[Any]
    ) -> sa.Select[Any]:
        since = sa.select(RUN.c.started_at).where(RUN.c.run_id == run).scalar_subquery()
        columns = [
            table.c[name].label(f"{side}_{name}")
            for side, table in (("old", old), ("new", new))
            for name in entity.columns
        ]
        return sa.select(
            *columns,
            *(sa.func.coalesce(new.c[name], old.c[name]).label(name) for name in entity.key),
            old.c.digest.label("old_stands"),
            new.c.digest.label("new_stands"),
            sa.func.coalesce(new.c.group_id, old.c.group_id).label("filed_under"),
            since.label("since"),
        )

    def _in_year(self, table: sa.FromClause) -> sa.ColumnElement[bool]:
        """The records that the bags of the year hold: of its days or, without a day, of its groups."""
        of_groups = table.c.group_id.in_(sorted(self._classes_of()))
        if "day" not in table.c:
            return of_groups
        in_days = table.c.day.between(*year_span(self.study_year))
        return sa.and_(of_groups, sa.or_(in_days, table.c.day.is_(None)))

    def _classes_of(self) -> Mapping[int, tuple[int, ...]]:
        """The classes of each group of the year, as known then or now."""
        found: dict[int, tuple[int, ...]] = {}
        for at in (AsOf(self.at.school_id, self.sealed), self.at):
            for group in groups(self.connection, at, self.study_year):
                found[group.group_id] = parents(group) or (group.group_id,)
        return found


def rows(found: Iterator[Change]) -> Iterator[tuple[Any, ...]]:
    """The differences as rows of CHANGE_COLUMNS, one per field; every field of a record that came or went."""
    for change in found:
        record = change.record
        place = (record.group_id, getattr(record, "day", None), getattr(record, "person_id", None))
        subject = record.subject_id
        for name, before, after in change.fields():
            yield change.entity.name, change.key, *place, subject, name, before, after, change.since
