"""The year that is checked: its groups, its pupils, and conditions that several checks share."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Final

import sqlalchemy as sa

from archive_store import schema
from archive_store.asof import AsOf
from archive_store.catalogue import LEFT, groups, parents, year_span
from archive_store.forms.held import CANCELLED
from archive_store.records import EduGroup
from archive_store.schema import Entity
from archive_store.year.checks.found import Queried, Wording, no_detail
from archive_store.year.rules import NOTHING_BESIDE, Facts, Thresholds

FIRST_GRADE: Final = 1


@dataclass(frozen=True)
class Year:
    """An academic year of a school's record, with what is known beside the record, if anything is."""

    connection: sa.Connection
    at: AsOf
    study_year: int
    thresholds: Thresholds = field(default_factory=Thresholds)
    facts: Facts = NOTHING_BESIDE
    _filed: dict[str, list[int]] = field(default_factory=dict, init=False, repr=False, compare=False)
    _values: dict[str, list[tuple[str, str | None]]] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )

    @cached_property
    def groups(self) -> list[EduGroup]:
        """All classes and subgroups, in school order."""
        return groups(self.connection, self.at, self.study_year)

    @cached_property
    def classes(self) -> list[EduGroup]:
        """The classes."""
        return [one for one in self.groups if not parents(one)]

    @cached_property
    def first_grade(self) -> list[int]:
        """The ids of the classes of the first year of study, with their subgroups.

        No marks are set there and no homework is due: SanPiN 2.4.2.2821-10, 10.10, forbade both.
        """
        first = [one for one in self.classes if one.parallel == FIRST_GRADE]
        return sorted({group_id for one in first for group_id in self.family(one)})

    @cached_property
    def span(self) -> tuple[str, str]:
        """First and last day of the academic year."""
        return year_span(self.study_year)

    @cached_property
    def settled(self) -> str:
        """The last day of the last reporting period that is over; without periods, that of the year.

        What is due at a period's end is not asked for before.
        """
        table = schema.REPORTING_PERIOD.table
        of_year = (self.at.stands(schema.REPORTING_PERIOD), table.c.study_year == self.study_year)
        query = sa.select(
            sa.func.count(), sa.func.max(sa.case((table.c.ends < self.facts.today, table.c.ends)))
        ).where(*of_year)
        periods, last = self.connection.execute(query).one()
        return last or ("" if periods else self.span[1])

    @cached_property
    def last_lesson_day(self) -> str | None:
        """The day of the year's last lesson on record, or None if there is no lesson."""
        query = sa.select(sa.func.max(schema.LESSON.table.c.day)).where(*self.standing(schema.LESSON))
        return self.connection.execute(query).scalar()

    @cached_property
    def last_period_day(self) -> str | None:
        """The last day of the year's last reporting period on record, or None if there is no period.

        A period that is the whole year may run to the end of August, when lessons are long over.
        """
        table = schema.REPORTING_PERIOD.table
        query = sa.select(sa.func.max(table.c.ends)).where(
            self.at.stands(schema.REPORTING_PERIOD),
            table.c.study_year == self.study_year,
            table.c.type != "Year",
        )
        return self.connection.execute(query).scalar()

    @property
    def last_day(self) -> str:
        """The last day of lessons or periods, "" if none is known.

        In the holidays there may be no lesson ahead on record; the reporting periods know better.
        """
        return max(self.last_lesson_day or "", self.last_period_day or "")

    @property
    def is_over(self) -> bool:
        """Whether the last reporting period is over: only then marks for the year are due."""
        return (self.last_period_day or "") < self.facts.today

    def family(self, one: EduGroup) -> list[int]:
        """The ids of a class and of its subgroups, also of those that it shares."""
        return [one.group_id, *(g.group_id for g in self.groups if one.group_id in parents(g))]

    def standing(self, entity: Entity[Any]) -> tuple[sa.ColumnElement[bool], ...]:
        """The condition of a record of the groups of the year; of a dated one, that stands in its days.

        To dated records the groups add nothing, but these are filed under group and day: without them every
        check would read all the years on record.
        """
        columns = entity.table.c
        if "day" not in columns:
            return self.at.stands(entity), columns.group_id.in_([one.group_id for one in self.groups])
        in_groups: sa.ColumnElement[bool] = columns.group_id.in_(self._groups_with(entity))
        if columns.group_id.nullable:
            in_groups = sa.or_(in_groups, columns.group_id.is_(None))
        return self.at.stands(entity), in_groups, columns.day.between(*self.span)

    def _groups_with(self, entity: Entity[Any]) -> list[int]:
        """Every group, of this year or not, under which records of these days are filed."""
        if entity.name not in self._filed:
            columns = entity.table.c
            filed = columns.school_id == self.at.school_id, columns.day.between(*self.span)
            query = sa.select(columns.group_id).where(*filed).distinct()
            self._filed[entity.name] = [one for one in self.connection.execute(query).scalars() if one]
        return self._filed[entity.name]

    def values(self, entity: Entity[Any]) -> list[tuple[str, str | None]]:
        """The values of marks that occur, each with its scale: few, however many marks there are."""
        if entity.name not in self._values:
            columns = entity.table.c
            query = sa.select(columns.value, columns.type).distinct().where(*self.standing(entity))
            self._values[entity.name] = [(value, scale) for value, scale in self.connection.execute(query)]
        return self._values[entity.name]

    def lessons(self) -> tuple[sa.ColumnElement[bool], ...]:
        """The condition of a lesson that was held, or is marked as such, by the end of a period."""
        table = schema.LESSON.table
        status = sa.func.coalesce(table.c.status, "")
        return (*self.standing(schema.LESSON), status.not_in(CANCELLED), table.c.day < self.facts.today)

    def pupils(self, one: EduGroup) -> sa.Select[Any]:
        """The pupils who are in a class; once the platform has put everybody in its archive, all of them."""
        table = schema.MEMBERSHIP.table
        members = sa.select(table.c.person_id).where(
            self.at.stands(schema.MEMBERSHIP), table.c.group_id == one.group_id
        )
        active = members.where(sa.func.coalesce(table.c.status, "") != LEFT)
        return active if self.connection.execute(active.limit(1)).first() else members

    def year_mark(self) -> sa.ColumnElement[bool]:
        """The condition of a mark for the year: of that kind, or of a period that is the whole year."""
        table, period = schema.FINAL_MARK.table, schema.REPORTING_PERIOD.table
        whole = sa.select(period.c.period_id).where(
            self.at.stands(schema.REPORTING_PERIOD),
            period.c.study_year == self.study_year,
            period.c.type == "Year",
        )
        return sa.or_(table.c.kind == "year", sa.and_(table.c.kind == "period", table.c.period_id.in_(whole)))

    def found(
        self,
        queries: Callable[[], Iterable[sa.Select[Any] | sa.CompoundSelect[Any]]],
        worded: Wording = no_detail,
    ) -> Queried:
        """What these queries find."""
        return Queried(self.connection, self.at, queries, worded)

    def one(self, query: sa.Select[Any] | sa.CompoundSelect[Any], worded: Wording = no_detail) -> Queried:
        """What this query finds."""
        return self.found(lambda: (query,), worded)


def place_of(entity: Entity[Any]) -> list[sa.ColumnElement[Any]]:
    """The columns of an entity that tell a place."""
    table = entity.table
    names = ("group_id", "subject_id", "person_id", "lesson_id", "day")
    columns: list[sa.ColumnElement[Any]] = [table.c[name] for name in names if name in table.c]
    return [*columns, *([table.c.value.label("mark")] if "value" in table.c else [])]
