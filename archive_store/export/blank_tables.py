"""The tables that a school fills in for a form, with what the record knows already."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from archive_store.export.folder import FileOnRecord, new_folder
from archive_store.forms.collation import alphabetical
from archive_store.forms.gathering import gather
from archive_store.forms.periods import year_plan
from archive_store.forms.sections import list_of_pupils, subject_name
from archive_store.imports import vpr
from archive_store.imports.known import known_names
from archive_store.imports.plan import headings

if TYPE_CHECKING:
    from archive_store.export.forms import Asked, Form

Table: TypeAlias = tuple[list[str], list[list[str]]]
"""Headings, and rows that begin with what is known."""


def write_blank(form: Form, asked: Asked, out: Path) -> FileOnRecord:
    """Write the empty table of a form into the new folder ``out``; returns the file.

    Raises FolderNotEmpty, FolderNotWritable.
    """
    from archive_store.render.blank_table import blank_table  # what makes workbooks takes a while

    assert form.blank is not None  # noqa: S101 - asked of a form that has a table
    with new_folder(out) as folder:
        folder.add(f"{form.name}-table.xlsx", blank_table(*form.blank(asked)))
    return folder.files[-1]


def plan(asked: Asked) -> Table:
    """A row for each class, subject and subgroup that has lessons."""
    known = known_names(asked.connection, asked.at, asked.study_year)
    rows = []
    for record in [asked.record()] if asked.group else asked.records():
        names = {one.group_id: one.name for one in record.groups}
        names[record.group.group_id] = ""
        sections = [
            (subject_name(subject, record), names[group])
            for subject, group in gather(record, year_plan(()))
            if subject is not None
        ]
        for subject, subgroup in sorted(sections, key=lambda one: (alphabetical(one[0]), one[1])):
            rows.append([record.group.name, subject, subgroup])
    return [one.title for one in headings(known)], rows


def vpr_results(asked: Asked) -> Table:
    """The pupils of the class; of none, only the headings."""
    titles = [one.title for one in (vpr.CLASS, vpr.NUMBER, vpr.NAME, vpr.SUBJECT, vpr.MARK)]
    if asked.group is None:
        return titles, []
    record = asked.record()
    group = record.group.group_id
    pupils = list_of_pupils(record.members.get(group, ()), group, record)
    return titles, [[record.group.name, str(one.person_id), one.full_name] for one in pupils]
