"""What the record shows of a year before it is closed: counts, each with what it means.

Counted in the database, never loaded whole. In this version nothing but an unfinished or empty year stops
a closing; the counts go into the passport of the summary sheets.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

import sqlalchemy as sa

from archive_store import checkpoints, schema
from archive_store.asof import AsOf
from archive_store.catalogue import day_after, groups, parents, year_span
from archive_store.schema import Entity
from archive_store.texts import N_

_SECTIONS: Final = ("lessons", "marks", "attendance", "final_marks")
_CANCELLED: Final = ("Cancelled", "Canceled")


@dataclass(frozen=True, slots=True)
class Check:
    """One check: its code, what it counts (to be translated), and the count.

    What is ``of_record`` follows from the record alone, and is sealed with it.
    """

    code: str
    text: str
    count: int
    of_record: bool = True


@dataclass(frozen=True, slots=True)
class _Year:
    connection: sa.Connection
    at: AsOf
    study_year: int

    def lessons(self) -> tuple[sa.ColumnElement[bool], ...]:
        """The condition of a lesson that was held in the year."""
        table = schema.LESSON.table
        status = sa.func.coalesce(table.c.status, "")
        return (*self.standing(schema.LESSON), status.not_in(_CANCELLED))

    def standing(self, entity: Entity[Any]) -> tuple[sa.ColumnElement[bool], ...]:
        """The condition of a dated record that stands in the year."""
        return self.at.stands(entity), entity.table.c.day.between(*year_span(self.study_year))

    def count(self, table: sa.FromClause, *where: sa.ColumnElement[bool]) -> int:
        query = sa.select(sa.func.count()).select_from(table).where(*where)
        return int(self.connection.execute(query).scalar() or 0)


def _without_topic(year: _Year) -> int:
    topic = schema.LESSON.table.c.topic
    return year.count(schema.LESSON.table, *year.lessons(), sa.func.coalesce(topic, "") == "")


def _without_homework(year: _Year) -> int:
    lesson, work = schema.LESSON.table, schema.WORK.table
    with_homework = sa.select(work.c.lesson_id).where(
        *year.standing(schema.WORK), work.c.type == "Homework", work.c.lesson_id.is_not(None)
    )
    return year.count(lesson, *year.lessons(), lesson.c.lesson_id.not_in(with_homework))


def _promises(year: _Year) -> int:
    return year.count(schema.MARK.table, *year.standing(schema.MARK), schema.MARK.table.c.value == ".")


def _without_year_mark(year: _Year) -> int:
    """Pupils and subjects that have a mark for a period but none for the year."""
    table = schema.FINAL_MARK.table
    ids = [group.group_id for group in groups(year.connection, year.at, year.study_year)]

    def pupils_subjects(kind: str) -> sa.Select[Any]:
        return sa.select(table.c.person_id, table.c.subject_id).where(
            year.at.stands(schema.FINAL_MARK), table.c.group_id.in_(ids), table.c.kind == kind
        )

    missing = pupils_subjects("period").except_(pupils_subjects("year")).subquery()
    return year.count(missing)


def _of_no_class(year: _Year) -> int:
    """Lessons of groups that belong to no class of the year: no journal would hold them."""
    in_year = groups(year.connection, year.at, year.study_year)
    classes = {group.group_id for group in in_year if not parents(group)}
    held = [group.group_id for group in in_year if group.group_id in classes or classes & {*parents(group)}]
    table = schema.LESSON.table
    return year.count(table, *year.standing(schema.LESSON), table.c.group_id.not_in(held))


def _not_read_in_full(year: _Year) -> int:
    """Sections of classes for which the year was not read from its first day to its last."""
    done = checkpoints.load(year.connection, year.at.school_id)
    spans: dict[tuple[str, int], list[tuple[str, str]]] = {}
    for place in done:
        spans.setdefault((place.entity, place.group_id), []).append((place.first_day, place.last_day))
    in_year = groups(year.connection, year.at, year.study_year)
    ends = last_period_day(year.connection, year.at, year.study_year)
    first, last = year_span(year.study_year)
    return sum(
        not _covered(spans.get((section, group.group_id), []), first, ends or last)
        for group in in_year
        if not parents(group)
        for section in _SECTIONS
    )


def _covered(spans: list[tuple[str, str]], first: str, last: str) -> bool:
    """Whether the spans cover the days from ``first`` to ``last``; a span without days covers all."""
    reached = first
    for start, end in sorted(spans):
        if start > reached:
            return False
        reached = max(reached, "9999" if not end else day_after(end))
    return reached > last


_CHECKS: Final[tuple[tuple[str, str, Callable[[_Year], int]], ...]] = (
    ("lesson-without-topic", N_("Lessons held without a topic"), _without_topic),
    ("lesson-without-homework", N_("Lessons held without homework"), _without_homework),
    ("unresolved-promise", N_("Promises of a mark («.») never redeemed"), _promises),
    (
        "year-mark-missing",
        N_("Pupils' subjects with marks of periods but none of the year"),
        _without_year_mark,
    ),
    ("lesson-of-no-class", N_("Lessons that belong to no class on record"), _of_no_class),
)


def check_year(connection: sa.Connection, at: AsOf, study_year: int) -> list[Check]:
    """All checks with their counts, also those that count nothing."""
    year = _Year(connection, at, study_year)
    unread = N_("Sections of classes that were not read in full")
    return [
        Check("not-read-in-full", unread, _not_read_in_full(year), of_record=False),
        *(Check(code, text, count(year)) for code, text, count in _CHECKS),
    ]


def last_lesson_day(connection: sa.Connection, at: AsOf, study_year: int) -> str | None:
    """The day of the year's last lesson on record, or None if there is no lesson."""
    year = _Year(connection, at, study_year)
    query = sa.select(sa.func.max(schema.LESSON.table.c.day)).where(*year.standing(schema.LESSON))
    return connection.execute(query).scalar()


def last_period_day(connection: sa.Connection, at: AsOf, study_year: int) -> str | None:
    """The last day of the year's last reporting period on record, or None if there is no period.

    A period that is the whole year may run to the end of August, when lessons are long over.
    """
    table = schema.REPORTING_PERIOD.table
    query = sa.select(sa.func.max(table.c.ends)).where(
        at.stands(schema.REPORTING_PERIOD), table.c.study_year == study_year, table.c.type != "Year"
    )
    return connection.execute(query).scalar()
