"""A plan as a person sees it: what would be read, and why."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from rich.console import Console
from rich.table import Table

from archive_store.texts import N_, _
from connector.sync.preview import Planned

_KINDS: Final = {
    "school": N_("School"),
    "teachers": N_("Teachers"),
    "subjects": N_("Subjects"),
    "timetables": N_("Bells"),
    "work_types": N_("Types of work"),
    "edu_groups": N_("Classes and subgroups"),
    "past_groups": N_("Classes of past years"),
    "mark_values": N_("Scales of marks"),
    "attendance_statuses": N_("Statuses of attendance"),
    "staff": N_("Staff and administrators"),
    "admins": N_("Staff and administrators"),
    "roster": N_("Pupils in classes and subgroups"),
    "reporting_periods": N_("Reporting periods"),
    "class_teacher": N_("Class teachers"),
    "former_members": N_("Members of classes, also former ones"),
    "lessons": N_("Lessons and topics"),
    "marks": N_("Marks of lessons"),
    "attendance": N_("Attendance"),
    "final_marks": N_("Final marks"),
    "year_marks": N_("Year and exam marks, pupil by pupil"),
    "thematic_marks": N_("Thematic marks"),
    "criteria_marks": N_("Marks of the criteria journal"),
    "criteria_totals": N_("Totals of the criteria journal"),
    "criteria_sections": N_("Sections of the criteria journal"),
    "averages": N_("Averages of the platform"),
    "weighted_averages": N_("Averages of the platform"),
    "homework_files": N_("Files of homework"),
    "homework_tasks": N_("Homework, pupil by pupil"),
}
_WHYS: Final = {
    "nightly": N_("read every night"),
    "new": N_("never read before"),
    "distrusted": N_("to be read again: a repair, a failure or a doubt"),
    "open": N_("its records still change"),
    "deep": N_("the current reporting period, read again every {deep_days} days"),
    "verify": N_("the rest of the year, verified in portions"),
    "rarely": N_("rarely changes, its turn has come"),
}


def kind_title(name: str) -> str:
    """What people call the slices of a kind."""
    return _(_KINDS[name]) if name in _KINDS else name


def show_planned(planned: Sequence[Planned], console: Console, deep_days: int) -> None:
    """Print a plan and how many parts it has."""
    table = Table(box=None, pad_edge=False)
    table.add_column(_("What"))
    table.add_column(_("Why"))
    table.add_column(_("parts"), justify="right")
    for one in planned:
        why = _(_WHYS[one.why]).format(deep_days=deep_days)
        table.add_row(kind_title(one.kind), why, str(one.slices))
    console.print(table)
    total = sum(one.slices for one in planned)
    console.print(_("Parts: {count}; each takes at least one call.").format(count=total))
