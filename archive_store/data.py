"""The record for people who work with data: one documented row per record, with names beside the ids.

A row has the record's own columns, in their order, and after them the names that its ids stand for. Ids
are texts (19 digits do not survive every reader), days are the school's, moments are UTC.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Final
from zoneinfo import ZoneInfo

import orjson
import sqlalchemy as sa

from archive_store import schema
from archive_store.asof import AsOf, last_known, read
from archive_store.catalogue import (
    classes,
    family,
    find_class,
    folded,
    groups,
    require_year,
    study_years,
    year_span,
)
from archive_store.corrections import Wanted, corrections
from archive_store.errors import UnknownGroup
from archive_store.schema import Entity
from archive_store.texts import N_

Row = dict[str, Any]

_NAMES: Final = {
    "group_id": (("group_name", N_("Name of the class or subgroup")),),
    "subject_id": (("subject_name", N_("Name of the subject")),),
    "person_id": (("person_name", N_("Surname, given name and patronymic")),),
    "work_type_id": (
        ("work_type_title", N_("Title of the type of work")),
        ("work_type_weight", N_("Weight in the weighted average")),
    ),
    "period_id": (("period_name", N_("Name of the period")),),
    "teachers": (("teacher_names", N_("Names of the teachers, separated by semicolons")),),
}

_SIMPLE_NAMES: Final[tuple[tuple[Entity[Any], str, dict[str, str]], ...]] = (
    (schema.EDU_GROUP, "group_id", {"group_name": "name"}),
    (schema.SUBJECT, "subject_id", {"subject_name": "name"}),
    (schema.WORK_TYPE, "work_type_id", {"work_type_title": "title", "work_type_weight": "weight"}),
)


@dataclass(frozen=True, slots=True)
class DataSet:
    """Something that can be printed: which entity, and which of its records."""

    name: str
    meaning: str
    entity: Entity[Any]
    work_type: str | None = None

    @property
    def has_days(self) -> bool:
        """Whether its records are filed under a day."""
        return "day" in self.entity.columns

    def columns(self) -> dict[str, str]:
        """The columns of a row and their meanings (to be translated)."""
        described = {name: str(self.entity.table.c[name].comment) for name in self.entity.columns}
        for name in self.entity.columns:
            if name == "person_id" and "last_name" in self.entity.columns:
                continue
            if not (name == "group_id" and self.entity is schema.EDU_GROUP):
                described.update(_NAMES.get(name, ()))
        return described


@dataclass(frozen=True, slots=True)
class CorrectionSet:
    """The list of corrections, one row per value that became another."""

    name: str = "corrections"
    meaning: str = N_("Corrections: values that became others, and withdrawn records")
    has_days: bool = True

    def columns(self) -> dict[str, str]:
        """The columns of a row and their meanings (to be translated)."""
        return dict(_OF_CORRECTIONS)


_OF_CORRECTIONS: Final = {
    "kind": N_("mark, final-mark, attendance, lesson or homework"),
    "record_id": N_("Id of the record; of an attendance, of its lesson"),
    "person_id": N_("Id of the person"),
    "person_name": N_("Surname, given name and patronymic"),
    "group_id": N_("Id of the class or subgroup"),
    "group_name": N_("Name of the class or subgroup"),
    "subject_id": N_("Id of the subject"),
    "subject_name": N_("Name of the subject"),
    "day": N_("Day of the lesson in the school's zone"),
    "what": N_("What of the record became another"),
    "was": N_("What it was; empty: the record was gone and is seen again"),
    "now": N_("What it is since; empty: withdrawn, or emptied"),
    "seen_from": N_("Moment when the old value was first seen, UTC"),
    "seen_until": N_("Moment when the old value was last seen, UTC"),
    "noticed": N_("Moment when the new value was first seen, UTC"),
    "days_after": N_("Days from the lesson, or the end of the period of a final mark, to that day"),
    "flags": N_(
        "upward, downward, withdrawn, seen-again, after-period, after-closing, after-7-days; "
        "separated by semicolons"
    ),
    "period": N_("Name of the period of a final mark; of one without a period its kind: year, exam, final"),
}

DATA_SETS: Final[dict[str, DataSet | CorrectionSet]] = {
    one.name: one
    for one in (
        DataSet("marks", N_("Marks of lessons"), schema.MARK),
        DataSet("lessons", N_("Lessons and topics"), schema.LESSON),
        DataSet("attendance", N_("Attendance"), schema.ATTENDANCE),
        DataSet("homework", N_("Homework"), schema.WORK, work_type="Homework"),
        DataSet("final-marks", N_("Period, year, exam and final marks"), schema.FINAL_MARK),
        DataSet("thematic-marks", N_("Thematic marks"), schema.THEMATIC_MARK),
        DataSet("criteria-marks", N_("Marks of the criteria journal"), schema.CRITERIA_MARK),
        DataSet("criteria-totals", N_("Totals of the criteria journal"), schema.CRITERIA_TOTAL),
        DataSet("criteria-sections", N_("Sections of the criteria journal"), schema.CRITERIA_SECTION),
        DataSet("persons", N_("Pupils"), schema.PERSON),
        DataSet("groups", N_("Classes and subgroups"), schema.EDU_GROUP),
        DataSet("memberships", N_("Pupils in classes and subgroups"), schema.MEMBERSHIP),
        CorrectionSet(),
    )
}


@dataclass(frozen=True, slots=True)
class Selection:
    """Which records: an academic year, a class by its name, days (inclusive). None: all."""

    study_year: int | None = None
    group: str | None = None
    first_day: str | None = None
    last_day: str | None = None


def rows(
    connection: sa.Connection,
    data_set: DataSet | CorrectionSet,
    at: AsOf,
    selection: Selection,
    zone: ZoneInfo | None = None,
) -> Iterator[Row]:
    """The rows of a data set as of ``at``, in the order of day and key. Raises UnknownYear, UnknownGroup.

    ``zone`` is the school's, in which days are counted (UTC if it is not given).
    """
    if isinstance(data_set, CorrectionSet):
        return _correction_rows(connection, at, selection, zone)
    entity = data_set.entity
    where = [*_by_group(connection, entity, at, selection), *_by_day(entity, selection)]
    if data_set.work_type is not None:
        where.append(schema.WORK.table.c.type == data_set.work_type)
    order = ("day", *entity.key) if data_set.has_days else entity.key
    named = _name_writers(connection, data_set, at)
    return _rows(data_set, read(connection, entity, at, *where, order_by=order), named)


def _correction_rows(
    connection: sa.Connection, at: AsOf, selection: Selection, zone: ZoneInfo | None
) -> Iterator[Row]:
    if selection.study_year is not None:
        require_year(connection, at, selection.study_year)
    wanted = None if selection.group is None else group_ids(connection, at, selection)
    first, last = _days(selection)
    for one in corrections(connection, at, Wanted(wanted, first, last), zone):
        row: Row = {name: getattr(one, name) for name in _OF_CORRECTIONS}
        for name in ("person_id", "group_id", "subject_id"):
            row[name] = None if row[name] is None else str(row[name])
        row["flags"] = "; ".join(one.flags)
        yield row


def _rows(data_set: DataSet, records: Iterator[Any], named: list[Callable[[Row], None]]) -> Iterator[Row]:
    entity = data_set.entity
    columns = list(data_set.columns())
    text_columns = {name for name in entity.columns if name.endswith("_id")} | {"created_by"}
    for record in records:
        row: Row = dict(zip(entity.columns, record, strict=True))
        for write_names in named:
            write_names(row)
        for name in text_columns & row.keys():
            row[name] = None if row[name] is None else str(row[name])
        yield {name: row[name] for name in columns}


def _by_group(
    connection: sa.Connection, entity: Entity[Any], at: AsOf, selection: Selection
) -> list[sa.ColumnElement[bool]]:
    if selection.study_year is not None:
        require_year(connection, at, selection.study_year)
    if selection.study_year is None and selection.group is None:
        return []
    if "day" in entity.columns and selection.group is None:
        return []  # the days of the year say it
    ids = group_ids(connection, at, selection)
    if entity is schema.PERSON:
        table = schema.MEMBERSHIP.table
        members = sa.select(table.c.person_id).where(at.stands(schema.MEMBERSHIP), table.c.group_id.in_(ids))
        return [entity.table.c.person_id.in_(members)]
    return [entity.table.c.group_id.in_(ids)]


def _by_day(entity: Entity[Any], selection: Selection) -> list[sa.ColumnElement[bool]]:
    if "day" not in entity.columns:
        return []
    first, last = _days(selection)
    day = entity.table.c.day
    return [*([day >= first] if first else []), *([day <= last] if last else [])]


def _days(selection: Selection) -> tuple[str | None, str | None]:
    first, last = selection.first_day, selection.last_day
    if selection.study_year is not None:
        year_first, year_last = year_span(selection.study_year)
        first, last = max(first or year_first, year_first), min(last or year_last, year_last)
    return first, last


def group_ids(connection: sa.Connection, at: AsOf, selection: Selection) -> list[int]:
    """The classes and subgroups that a selection by class or year means. Raises UnknownYear, UnknownGroup."""
    if selection.study_year is not None and selection.group is not None:
        found = [find_class(connection, at, selection.study_year, selection.group)]
    elif selection.study_year is not None:
        return [group.group_id for group in groups(connection, at, selection.study_year)]
    else:
        found = _classes_of_any_year(connection, at, str(selection.group))
    return sorted({group.group_id for one in found for group in family(connection, at, one)})


def _classes_of_any_year(connection: sa.Connection, at: AsOf, name: str) -> list[Any]:
    known = [one for year in study_years(connection, at) for one in classes(connection, at, year)]
    found = [one for one in known if folded(one.name) == folded(name)]
    if not found:
        raise UnknownGroup(name, None, sorted({one.name for one in known}))
    return found


def _name_writers(connection: sa.Connection, data_set: DataSet, at: AsOf) -> list[Callable[[Row], None]]:
    """What adds the names to a row, for the ids that the data set has."""
    columns = data_set.columns()
    writers: list[Callable[[Row], None]] = []
    for entity, column, names in _SIMPLE_NAMES:
        if set(names) <= columns.keys():
            known = {getattr(one, column): one for one in last_known(connection, entity, at)}
            writers.append(_names_from(column, names, known))
    if "period_name" in columns:
        periods = {one.period_id: one for one in last_known(connection, schema.REPORTING_PERIOD, at)}
        writers.append(_names_from("period_id", {"period_name": "name"}, periods))
    if "person_name" in columns or "teacher_names" in columns:
        writers.append(_people(connection, at, columns))
    return writers


def _names_from(column: str, names: dict[str, str], known: dict[int, Any]) -> Callable[[Row], None]:
    def write_names(row: Row) -> None:
        one = known.get(row[column])
        for name, field in names.items():
            row[name] = getattr(one, field) if one is not None else None

    return write_names


def _people(connection: sa.Connection, at: AsOf, columns: dict[str, str]) -> Callable[[Row], None]:
    names = {one.person_id: _full_name(one) for one in last_known(connection, schema.PERSON, at)}
    names.update((one.person_id, _full_name(one)) for one in last_known(connection, schema.TEACHER, at))

    def write_names(row: Row) -> None:
        if "person_name" in columns:
            row["person_name"] = names.get(row["person_id"])
        if "teacher_names" in columns:
            ids = [int(one) for one in orjson.loads(row["teachers"])]
            row["teacher_names"] = "; ".join(names.get(one) or str(one) for one in ids)

    return write_names


def _full_name(person: Any) -> str | None:  # noqa: ANN401 - a Person or a Teacher
    parts = [person.last_name, person.first_name, person.middle_name]
    return " ".join(part for part in parts if part) or person.short_name
