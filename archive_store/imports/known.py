"""The classes, subjects and periods of a year, to know again what a table says of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from archive_store.asof import AsOf, last_known, read
from archive_store.catalogue import classes, folded, groups, parents
from archive_store.imports.errors import Problem
from archive_store.imports.table import ImportedRow, ImportedTable
from archive_store.records import EduGroup
from archive_store.schema import REPORTING_PERIOD, SUBJECT


@dataclass(frozen=True, slots=True)
class Known:
    """Names as people mean them (folded), and what they stand for. ``periods`` are their names."""

    classes: Mapping[str, EduGroup]
    subgroups: Mapping[int, Mapping[str, str]]
    subjects: Mapping[str, str]
    periods: Sequence[str]

    def class_of(self, table: ImportedTable, row: ImportedRow, key: str) -> EduGroup | None:
        """The class that a row names; None, and noted, if there is none."""
        found = self.classes.get(folded(row.cells.get(key, "")))
        if found is None:
            empty = not row.cells.get(key)
            names = () if empty else [one.name for one in self.classes.values()]
            table.fault(row, key, Problem.EMPTY if empty else Problem.UNKNOWN_CLASS, names)
        return found

    def subject_of(self, table: ImportedTable, row: ImportedRow, key: str) -> str | None:
        """The subject that a row names, by its folded name; None, and noted, if there is none."""
        name = folded(row.cells.get(key, ""))
        if name in self.subjects:
            return name
        known = sorted(self.subjects.values()) if name else ()
        table.fault(row, key, Problem.UNKNOWN_SUBJECT if name else Problem.EMPTY, known)
        return None


def known_names(connection: sa.Connection, at: AsOf, study_year: int) -> Known:
    """What the record knows of the year. Raises UnknownYear."""
    of_year = classes(connection, at, study_year)
    subgroups: dict[int, dict[str, str]] = {one.group_id: {} for one in of_year}
    for group in groups(connection, at, study_year):
        for parent in parents(group):
            subgroups.setdefault(parent, {})[folded(group.name)] = group.name
    ids = [one.group_id for one in of_year]
    periods = read(
        connection, REPORTING_PERIOD, at, REPORTING_PERIOD.table.c.group_id.in_(ids), order_by=("starts",)
    )
    names = {one.name: None for one in periods if one.name and one.type != "Year"}
    return Known(
        {folded(one.name): one for one in of_year},
        subgroups,
        {folded(one.name): one.name for one in last_known(connection, SUBJECT, at)},
        [*names],
    )
