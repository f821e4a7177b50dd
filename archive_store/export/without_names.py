"""A report as totals without names, and the proof that no name is left."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from archive_store.export.errors import NameLeft
from archive_store.forms.class_record import ClassRecord
from archive_store.forms.people import full_name
from archive_store.render.report import Report, Table
from archive_store.texts import _


def without_names(report: Report, record: ClassRecord) -> Report:
    """The totals of the report alone; teachers are not named either. Raises NameLeft."""
    tables = tuple(
        replace(table, rows=tuple(row for row in table.rows if row.total), when_empty="")
        for table in report.tables
        if any(row.total for row in table.rows)
    )
    facts = tuple((name, value) for name, value in report.facts if name != _("Class teacher"))
    bare = replace(
        report,
        facts=facts,
        tables=tables,
        notes=(*report.notes, _("Totals alone: the rows of the pupils are left out.")),
    )
    names = {full_name(human, person_id) for person_id, human in record.people.items()}
    if any(name in text for text in _texts(bare) for name in names):
        raise NameLeft(report.name)
    return bare


def _texts(report: Report) -> Iterator[str]:
    yield from (report.title, *report.notes, *(value for _name, value in report.facts))
    for table in report.tables:
        yield from _texts_of(table)


def _texts_of(table: Table) -> Iterator[str]:
    yield from (table.title, *table.notes)
    for row in table.rows:
        yield from (value for value in row.values if isinstance(value, str))
