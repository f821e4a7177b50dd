"""The forms that a person can ask for by name, and what each is made from."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from enum import Enum
from pathlib import Path
from typing import Final, TypeAlias

import sqlalchemy as sa

from archive_store.asof import AsOf
from archive_store.catalogue import classes
from archive_store.export import pupil_forms
from archive_store.forms import (
    attendance_summary,
    class_journal,
    class_report,
    school_report,
    subject_report,
    summary_sheet,
)
from archive_store.forms.class_journal import ClassJournal
from archive_store.forms.class_record import ClassRecord, load
from archive_store.forms.rules import Rules
from archive_store.forms.span import Span, within
from archive_store.forms.stays import Stays
from archive_store.forms.summary_sheet import SummarySheet
from archive_store.records import EduGroup
from archive_store.render import reports
from archive_store.render.report import Report
from archive_store.texts import N_

Made: TypeAlias = Report | tuple[Report, ...] | ClassJournal | SummarySheet
"""Several reports are copies of one form about several pupils, in one document."""


class Scope(Enum):
    """What one copy of a form is about."""

    CLASS = "class"
    PUPIL = "pupil"
    SCHOOL = "school"


@dataclass
class TableNeeded(Exception):
    """The form compares the record with a table that was not given."""

    form: str


@dataclass(frozen=True, slots=True)
class Asked:
    """What a form is made from: the record of a year, the choices of the school, and whom it is about.

    ``group`` is given for a form of a class, ``person_id`` for one of a pupil. ``table`` is a file that a
    school enters itself: the plan of a programme, results of ВПР.
    """

    connection: sa.Connection
    at: AsOf
    study_year: int
    rules: Rules = field(default_factory=Rules)
    span: Span | None = None
    group: EduGroup | None = None
    person_id: int | None = None
    table: Path | None = None

    def record(self) -> ClassRecord:
        """The record of the class, as far as it lies in the span."""
        assert self.group is not None  # noqa: S101 - a form of a class is asked for with one
        return self.record_of(self.group)

    def record_of(self, group: EduGroup) -> ClassRecord:
        """The same of any class."""
        record = load(self.connection, self.at, group)
        return within(record, self.span) if self.span else record

    def records(self) -> Iterator[ClassRecord]:
        """The records of all classes of the year, one at a time. Raises UnknownYear."""
        for group in classes(self.connection, self.at, self.study_year):
            yield self.record_of(group)

    def stays(self, record: ClassRecord) -> Stays:
        """When the pupils were in the class and its subgroups."""
        return record.stays


@dataclass(frozen=True, slots=True)
class Form:
    """A form. ``name`` is how it is asked for and the stem of its files; ``title`` is to be translated.

    ``also_of_pupil``: a form of a class that one pupil of it can have alone.
    """

    name: str
    title: str
    scope: Scope
    make: Callable[[Asked], Made]
    needs_table: bool = False
    also_of_pupil: bool = False


def _attendance_summary(asked: Asked) -> Report:
    record = asked.record()
    form = attendance_summary.build(record, asked.stays(record))
    return reports.attendance_summary.report(form, asked.span, asked.rules.decimals)


def _subject_report(asked: Asked) -> Report:
    record = asked.record()
    form = subject_report.build(record, asked.span)
    return reports.subject_report.report(form, asked.span, asked.rules)


def _class_report(asked: Asked) -> Report:
    record = asked.record()
    form = class_report.build(record, asked.span)
    return reports.class_report.report(form, asked.span, asked.rules.decimals)


def _school_report(asked: Asked) -> Report:
    by_class = (class_report.build(one, asked.span) for one in asked.records())
    form = school_report.build(by_class)
    return reports.school_report.report(form, asked.study_year, asked.span, asked.rules.decimals)


FORMS: Final[dict[str, Form]] = {
    form.name: form
    for form in (
        Form(
            "class-journal",
            N_("Class journal"),
            Scope.CLASS,
            lambda asked: class_journal.from_record(asked.record()),
        ),
        Form(
            "summary-sheet",
            N_("Summary sheet of progress"),
            Scope.CLASS,
            lambda asked: summary_sheet.from_record(asked.record()),
        ),
        Form("attendance-summary", N_("Summary sheet of attendance"), Scope.CLASS, _attendance_summary),
        Form("subject-report", N_("Subject teacher's report"), Scope.CLASS, _subject_report),
        Form("class-report", N_("Class teacher's report"), Scope.CLASS, _class_report),
        Form("school-report", N_("Totals of the school"), Scope.SCHOOL, _school_report),
        Form("report-card", N_("Report card"), Scope.CLASS, pupil_forms.report_cards, also_of_pupil=True),
        Form("record-card", N_("Pupil's record card"), Scope.PUPIL, pupil_forms.record_card_of),
        Form("extract", N_("Extract for another school"), Scope.PUPIL, pupil_forms.extract_for_school),
        Form("diary", N_("Diary of a pupil"), Scope.PUPIL, pupil_forms.diary_of),
    )
}
