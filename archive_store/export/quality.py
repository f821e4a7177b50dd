"""How a journal is kept: the forms of that, made from what was asked for."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from archive_store.forms import accumulation, completeness, entered, timeliness
from archive_store.forms.completeness import ClassCompleteness
from archive_store.render import reports
from archive_store.render.report import Report

if TYPE_CHECKING:
    from archive_store.export.forms import Asked


def completeness_matrix(asked: Asked) -> Report:
    """The school's, class after class; of one class if it was asked for, also its lessons with gaps."""
    form = completeness.of_school(_completeness(asked))
    record = asked.record() if asked.group else None
    return reports.completeness.report(form, asked.study_year, asked.span, asked.rules.decimals, record)


def _completeness(asked: Asked) -> Iterator[ClassCompleteness]:
    for record in [asked.record()] if asked.group else asked.records():
        groups = [one.group_id for one in record.groups]
        noted = completeness.lessons_with_attendance(asked.connection, asked.at, groups)
        yield completeness.of_class(record, noted)


def accumulation_of_marks(asked: Asked) -> Report:
    """Of a class."""
    record, rules = asked.record(), asked.rules
    form = accumulation.build(record, asked.stays(record), rules.fewest_marks)
    return reports.accumulation.report(form, asked.span, rules.fewest_marks, rules.decimals)


def timeliness_of_entries(asked: Asked) -> Report:
    """Of a class."""
    record = asked.record()
    groups = [one.group_id for one in record.groups]
    form = timeliness.build(record, entered.load(asked.connection, asked.at, groups, asked.zone))
    return reports.timeliness.report(form, asked.span, asked.rules.decimals)
