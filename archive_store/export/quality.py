"""How a journal is kept: the forms of that, made from what was asked for."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from archive_store.forms import (
    accumulation,
    completeness,
    entered,
    final_against_current,
    programme_coverage,
    timeliness,
    vpr,
)
from archive_store.forms.completeness import ClassCompleteness
from archive_store.forms.corrections import corrections_form
from archive_store.forms.moves import with_finals_of_moved
from archive_store.forms.people import full_name
from archive_store.forms.places import person, place_in
from archive_store.imports.errors import TableNeeded
from archive_store.imports.known import known_names
from archive_store.imports.plan import read_plan
from archive_store.imports.pupils import pupils_of_year
from archive_store.imports.vpr import read_vpr
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
    if asked.span:  # of a period that began before it the marks are not all there
        whole = [one for one in record.periods if one.starts in asked.span]
        record = replace(record, periods=whole)
    form = accumulation.build(record, rules.fewest_marks)
    return reports.accumulation.report(form, asked.span, rules.fewest_marks, rules.decimals)


def timeliness_of_entries(asked: Asked) -> Report:
    """Of a class."""
    record = asked.record()
    groups = [one.group_id for one in record.groups]
    form = timeliness.build(record, entered.load(asked.connection, asked.at, groups, asked.zone))
    return reports.timeliness.report(form, asked.span, asked.rules.decimals)


def final_against_current_marks(asked: Asked) -> Report:
    """Of a class."""
    assert asked.group is not None  # noqa: S101 - a form of a class is asked for with one
    rules = asked.rules
    record = asked.whole(asked.group)  # of the whole year: a period may begin before
    form = final_against_current.build(record, rules.final_differs_from, asked.span)
    return reports.final_against_current.report(form, asked.span, rules.final_differs_from, rules.decimals)


def corrections(asked: Asked) -> Report:
    """Of a class, or of one pupil of it. Raises NotInYear."""
    connection, at, person_id = asked.connection, asked.at, asked.person_id
    late = asked.rules.late_correction_days
    pupil, group = "", asked.group
    if person_id is not None:
        pupil = full_name(person(connection, at, person_id), person_id)
        group = group or place_in(connection, at, person_id, asked.study_year).group
    assert group is not None  # noqa: S101 - a form of a class is asked for with a class or a pupil
    form = corrections_form(connection, at, group, asked.zone, asked.span, late, asked.rules.signs)
    if person_id is not None:
        form = replace(form, rows=tuple(one for one in form.rows if one.person_id == person_id))
    return reports.corrections.report(form, asked.span, pupil)


def coverage_of_programmes(asked: Asked) -> Report:
    """Of a class; with the plan of the table if one was given."""
    assert asked.group is not None  # noqa: S101 - a form of a class is asked for with one
    plan = None
    if asked.table is not None:
        plan = read_plan(asked.table, known_names(asked.connection, asked.at, asked.study_year))
    record = asked.whole(asked.group)
    form = programme_coverage.build(record, asked.span, plan, asked.rules.control_works)
    return reports.programme_coverage.report(form, asked.span, plan, asked.rules.decimals)


def vpr_against_journal(asked: Asked) -> Report:
    """Of the classes that the table names, or of the one asked for. Raises TableNeeded."""
    if asked.table is None:
        raise TableNeeded("vpr")
    known = known_names(asked.connection, asked.at, asked.study_year)
    pupils = pupils_of_year(asked.connection, asked.at, asked.study_year)
    results = read_vpr(asked.table, known, pupils)
    wanted = {one.group_id for one in results.rows}
    if asked.group:
        wanted &= {asked.group.group_id}
    records = (
        with_finals_of_moved(asked.connection, asked.at, asked.whole(one), results.changed)
        for one in known.classes.values()
        if one.group_id in wanted
    )
    form = vpr.build(records, results, asked.journal_mark, asked.span)
    return reports.vpr.report(form, asked.study_year, asked.span, asked.rules.decimals)
