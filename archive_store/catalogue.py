"""Find schools, academic years, classes and subjects by the names that people use."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any, Final

import orjson
import sqlalchemy as sa

from archive_store.asof import AsOf, last_known, read
from archive_store.errors import UnknownGroup, UnknownSchool, UnknownSubject, UnknownYear
from archive_store.records import EduGroup
from archive_store.schema import EDU_GROUP, REPORTING_PERIOD, SCHOOL, SUBJECT

# Class names are typed on either keyboard: 9A and 9А are one class.
_LOOK_ALIKES: Final = str.maketrans("ABCEHKMOPTXYЁ", "АВСЕНКМОРТХУЕ")


LEFT: Final = "Archive"
"""The status of a member who has left, in the platform's words."""


def folded(name: str) -> str:
    """A name as people mean it: case, spaces, quotes, hyphens and Latin look-alikes do not matter."""
    return re.sub(r"[\s«»\"'-]+", "", name).upper().translate(_LOOK_ALIKES)


def year_span(study_year: int) -> tuple[str, str]:
    """First and last day of the academic year that begins in ``study_year``: 1 September to 31 August."""
    return f"{study_year}-09-01", f"{study_year + 1}-08-31"


def day_after(day: str) -> str:
    """The next day."""
    return (date.fromisoformat(day) + timedelta(days=1)).isoformat()


def the_school(connection: sa.Connection, school_id: int | None = None) -> int:
    """The school meant: the one named, or the only one. Raises UnknownSchool."""
    table = SCHOOL.table
    rows = connection.execute(
        sa.select(table.c.school_id, table.c.name)
        .where(table.c.seen_to.is_(None))
        .order_by(table.c.school_id)
    ).all()
    if school_id is None and len(rows) == 1:
        return int(rows[0][0])
    if school_id is not None and any(row[0] == school_id for row in rows):
        return school_id
    raise UnknownSchool([f"{row[0]} ({row[1]})" for row in rows])


def study_years(connection: sa.Connection, at: AsOf) -> list[int]:
    """The academic years of which the archive holds classes, oldest first."""
    table = EDU_GROUP.table
    found = connection.execute(
        sa.select(table.c.study_year).distinct().where(at.stands(EDU_GROUP), table.c.study_year.is_not(None))
    )
    return sorted(int(row[0]) for row in found)


def require_year(connection: sa.Connection, at: AsOf, study_year: int) -> None:
    """Raises UnknownYear if the archive holds no class of that academic year."""
    known = study_years(connection, at)
    if study_year not in known:
        raise UnknownYear(study_year, known)


def groups(connection: sa.Connection, at: AsOf, study_year: int) -> list[EduGroup]:
    """All classes and subgroups of an academic year: classes in school order, each before its subgroups."""
    found = read(connection, EDU_GROUP, at, EDU_GROUP.table.c.study_year == study_year)
    return sorted(found, key=_school_order)


def classes(connection: sa.Connection, at: AsOf, study_year: int) -> list[EduGroup]:
    """The classes of an academic year, 1А to 11Б. Raises UnknownYear."""
    require_year(connection, at, study_year)
    return [group for group in groups(connection, at, study_year) if not parents(group)]


def find_class(connection: sa.Connection, at: AsOf, study_year: int, name: str) -> EduGroup:
    """The class of that name in that academic year, else the one that alone had it before.

    Raises UnknownYear, UnknownGroup.
    """
    known = classes(connection, at, study_year)
    for group in known:
        if folded(group.name) == folded(name):
            return group
    had_it = _named_before(connection, at, study_year, name)
    renamed = [group for group in known if group.group_id in had_it]
    if len(renamed) == 1:
        return renamed[0]
    raise UnknownGroup(name, study_year, [group.name for group in known])


def family(connection: sa.Connection, at: AsOf, group: EduGroup) -> list[EduGroup]:
    """A class and its subgroups, also those that it shares with other classes."""
    if group.study_year is None:
        return [group]
    in_year = groups(connection, at, group.study_year)
    return [group, *(other for other in in_year if group.group_id in parents(other))]


def families(connection: sa.Connection, at: AsOf, some: Iterable[EduGroup]) -> tuple[int, ...]:
    """Ids of classes and of all their subgroups, each once."""
    years: dict[int | None, list[EduGroup]] = {}
    for one in some:
        years.setdefault(one.study_year, []).append(one)
    found: dict[int, None] = {}
    for year, meant in years.items():
        ids = dict.fromkeys(one.group_id for one in meant)
        in_year = [] if year is None else groups(connection, at, year)
        found |= ids | {one.group_id: None for one in in_year if ids.keys() & set(parents(one))}
    return tuple(found)


def parents(group: EduGroup) -> tuple[int, ...]:
    """Ids of the classes of a subgroup; empty for a class."""
    if group.parent_ids is None:
        return ()
    return tuple(int(parent) for parent in orjson.loads(group.parent_ids))


def periods_of_groups(connection: sa.Connection, at: AsOf) -> dict[int, list[tuple[date, date]]]:
    """First and last days of the reporting periods of each class, in order."""
    found: dict[int, list[tuple[date, date]]] = {}
    for period in read(connection, REPORTING_PERIOD, at, order_by=("group_id", "starts")):
        span = date.fromisoformat(period.starts), date.fromisoformat(period.ends)
        found.setdefault(period.group_id, []).append(span)
    return found


def find_subject(connection: sa.Connection, at: AsOf, name: str) -> int:
    """The id of the subject of that name. Raises UnknownSubject."""
    known = sorted(last_known(connection, SUBJECT, at), key=lambda subject: subject.name)
    for subject in known:
        if folded(subject.name) == folded(name):
            return subject.subject_id
    raise UnknownSubject(name, [subject.name for subject in known])


def _named_before(connection: sa.Connection, at: AsOf, study_year: int, name: str) -> set[int]:
    """The ids of the groups that had that name in an earlier version of their record."""
    table = EDU_GROUP.table.c
    versions = connection.execute(
        sa.select(table.group_id, table.name).where(
            table.school_id == at.school_id, table.study_year == study_year, table.seen_from <= at.run_id
        )
    )
    return {group_id for group_id, once in versions if folded(once) == folded(name)}


def _school_order(group: EduGroup) -> tuple[Any, ...]:
    return (group.parallel or 0, bool(parents(group)), group.name, group.group_id)
