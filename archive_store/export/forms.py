"""The forms that a person can ask for by name, and what each is made from."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from enum import Enum
from pathlib import Path
from typing import Final, TypeAlias
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from archive_store.asof import AsOf
from archive_store.catalogue import classes
from archive_store.export import blank_tables, pupil_forms, quality
from archive_store.forms import (
    attendance_summary,
    class_journal,
    class_report,
    school_report,
    subject_report,
    summary_sheet,
)
from archive_store.forms.certificate_rules import GRADES_WITH_CERTIFICATE
from archive_store.forms.class_journal import ClassJournal
from archive_store.forms.class_record import ClassRecord, load
from archive_store.forms.rules import JournalMark, Rules
from archive_store.forms.signs import Signs
from archive_store.forms.span import Span, within
from archive_store.forms.summary_sheet import SummarySheet
from archive_store.records import EduGroup
from archive_store.render import reports
from archive_store.render.printed_signs import with_signs
from archive_store.render.report import Report
from archive_store.texts import N_

Made: TypeAlias = Report | tuple[Report, ...] | ClassJournal | SummarySheet
"""Several reports are copies of one form about several pupils, in one document."""


class Scope(Enum):
    """What one copy of a form is about."""

    CLASS = "class"
    PUPIL = "pupil"
    SCHOOL = "school"


@dataclass(slots=True)
class Loaded:
    """The record of the class that was read last: the forms of a class follow each other."""

    what: tuple[AsOf, int, Signs] | None = None
    record: ClassRecord | None = None


@dataclass(frozen=True, slots=True)
class Asked:
    """What a form is made from: the record of a year, the choices of the school, and whom it is about.

    ``group`` is given for a form of a class, ``person_id`` for one of a pupil. ``table`` is a file that a
    school enters itself: the plan of a programme, results of ВПР; ``journal_mark`` is what these are compared
    with. Days are those of ``zone``, the school's (UTC if it is not given).
    """

    connection: sa.Connection
    at: AsOf
    study_year: int
    rules: Rules = field(default_factory=Rules)
    span: Span | None = None
    group: EduGroup | None = None
    person_id: int | None = None
    table: Path | None = None
    journal_mark: JournalMark = JournalMark.LAST_PERIOD
    zone: ZoneInfo | None = None
    loaded: Loaded = field(default_factory=Loaded, repr=False, compare=False)

    def record(self) -> ClassRecord:
        """The record of the class, as far as it lies in the span."""
        assert self.group is not None  # noqa: S101 - a form of a class is asked for with one
        return self.record_of(self.group)

    def record_of(self, group: EduGroup) -> ClassRecord:
        """The same of any class."""
        record = self.whole(group)
        return within(record, self.span) if self.span else record

    def whole(self, group: EduGroup, at: AsOf | None = None) -> ClassRecord:
        """The same of its whole year, as of ``at`` if that is another moment."""
        what = (at or self.at, group.group_id, self.rules.signs)
        loaded = self.loaded
        if loaded.record is None or loaded.what != what:
            loaded.what = loaded.record = None  # one class is in memory at a time
            loaded.record = load(self.connection, at or self.at, group, self.rules.signs)
            loaded.what = what
        return loaded.record

    def records(self) -> Iterator[ClassRecord]:
        """The records of all classes of the year, one at a time. Raises UnknownYear."""
        for group in classes(self.connection, self.at, self.study_year):
            yield self.record_of(group)


@dataclass(frozen=True, slots=True)
class Form:
    """A form. ``name`` is how it is asked for and the stem of its files; ``title`` is to be translated.

    ``also_of_pupil``: a form of a class that one pupil of it can have alone.
    ``needs_table`` is of a form that cannot be made without a table of the school; ``blank`` gives an
    empty one. ``grades`` are the years of study whose classes have the form, None for all.
    """

    name: str
    title: str
    scope: Scope
    make: Callable[[Asked], Made]
    needs_table: bool = False
    also_of_pupil: bool = False
    grades: frozenset[int] | None = None
    blank: Callable[[Asked], blank_tables.Table] | None = None

    def is_of(self, group: EduGroup) -> bool:
        """Whether the class has the form."""
        return self.grades is None or group.parallel in self.grades

    def made(self, asked: Asked) -> Made:
        """The form, with what the school has said of its signs printed under it."""
        made = self.make(asked)
        match made:
            case Report():
                return with_signs(made, asked.rules.signs)
            case tuple():
                return tuple(with_signs(one, asked.rules.signs) for one in made)
            case _:
                return made  # they print it in a legend of their own


def _attendance_summary(asked: Asked) -> Report:
    record = asked.record()
    form = attendance_summary.build(record, record.stays)
    return reports.attendance_summary.report(form, asked.span, asked.rules.decimals)


def _summary_sheet_b(asked: Asked) -> Report:
    record = asked.record()
    return reports.summary_sheet_b.report(summary_sheet.from_record(record), record, asked.span)


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
        Form("summary-sheet-b", N_("Summary sheet of progress by subjects"), Scope.CLASS, _summary_sheet_b),
        Form("attendance-summary", N_("Summary sheet of attendance"), Scope.CLASS, _attendance_summary),
        Form("subject-report", N_("Subject teacher's report"), Scope.CLASS, _subject_report),
        Form("class-report", N_("Class teacher's report"), Scope.CLASS, _class_report),
        Form("school-report", N_("Totals of the school"), Scope.SCHOOL, _school_report),
        Form("report-card", N_("Report card"), Scope.CLASS, pupil_forms.report_cards, also_of_pupil=True),
        Form("record-card", N_("Pupil's record card"), Scope.PUPIL, pupil_forms.record_card_of),
        Form("extract", N_("Extract for another school"), Scope.PUPIL, pupil_forms.extract_for_school),
        Form("diary", N_("Diary of a pupil"), Scope.PUPIL, pupil_forms.diary_of),
        Form(
            "certificate-register",
            N_("Sheet for the register of certificates"),
            Scope.CLASS,
            pupil_forms.certificate_sheet,
            also_of_pupil=True,
            grades=GRADES_WITH_CERTIFICATE,
        ),
        Form("completeness", N_("Completeness of the journal"), Scope.SCHOOL, quality.completeness_matrix),
        Form("accumulation", N_("Accumulation of marks"), Scope.CLASS, quality.accumulation_of_marks),
        Form(
            "timeliness",
            N_("Timeliness of entries in the journal"),
            Scope.CLASS,
            quality.timeliness_of_entries,
        ),
        Form(
            "final-against-current",
            N_("Final marks against current ones"),
            Scope.CLASS,
            quality.final_against_current_marks,
        ),
        Form(
            "programme-coverage",
            N_("Programme coverage"),
            Scope.CLASS,
            quality.coverage_of_programmes,
            blank=blank_tables.plan,
        ),
        Form(
            "vpr",
            N_("Marks of ВПР against the journal"),
            Scope.SCHOOL,
            quality.vpr_against_journal,
            needs_table=True,
            blank=blank_tables.vpr_results,
        ),
        Form("corrections", N_("Corrections"), Scope.CLASS, quality.corrections, also_of_pupil=True),
    )
}
