"""The summary sheet of progress, variant B (FORMS §3): subjects down, two pupils a page across."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from archive_store.forms.class_record import ClassRecord
from archive_store.forms.span import Span
from archive_store.forms.summary_cells import SummaryRow
from archive_store.forms.summary_sheet import SummarySheet
from archive_store.render.report import Column, Kind, Report, Row, Table
from archive_store.render.reports.class_facts import class_facts
from archive_store.render.summary_data import notes
from archive_store.render.wording import pupil_note
from archive_store.texts import _

_PUPILS_A_PAGE = 2
_WIDEST = 9.5
_FOR_MARKS = 128  # millimetres of the width of a page


def report(form: SummarySheet, record: ClassRecord, span: Span | None) -> Report:
    """A page per two pupils; each has a column per period, the year, the exam and the certificate."""
    starts = range(0, len(form.rows), _PUPILS_A_PAGE)
    pages = [form.rows[start : start + _PUPILS_A_PAGE] for start in starts]
    tables = tuple(_table(number, page, form) for number, page in enumerate(pages, start=1))
    return Report(
        "summary-sheet-b",
        _("Summary sheet of progress"),
        class_facts(record, span),
        tables or (_nobody(),),
        notes=tuple(notes(form)),
        signers=(_("Class teacher"), _("Deputy head"), _("Head of the school")),
    )


def _table(number: int, pupils: Sequence[SummaryRow], form: SummarySheet) -> Table:
    width = min(_WIDEST, _FOR_MARKS / max(len(form.lines) * _PUPILS_A_PAGE, 1))
    marks = [
        Column(f"pupil_{place}_{line}", column.name, Kind.CENTRED, width, _name(row), upright=True)
        for place, row in enumerate(pupils, start=1)
        for line, column in enumerate(form.lines, start=1)
    ]
    return Table(
        f"pupils-{number:02}",
        (Column("subject", _("Subject (teacher)")), *marks),
        tuple(_rows(pupils, form)),
        title=f"{form.class_name}, № " + "–".join(str(one.pupil.number) for one in pupils),
        when_empty=_("No subject was taught or assessed."),
        new_page=number > 1,
    )


def _rows(pupils: Sequence[SummaryRow], form: SummarySheet) -> Iterator[Row]:
    for index, (subject, teachers) in enumerate(zip(form.subjects, form.teachers, strict=True)):
        name = f"{subject} ({', '.join(teachers)})" if teachers else subject
        yield Row((name, *(line[index].text for row in pupils for line in row.cells)))


def _name(row: SummaryRow) -> str:
    note = pupil_note(row.pupil)
    return f"{row.pupil.number}. {row.pupil.full_name}" + (f" ({note})" if note else "")


def _nobody() -> Table:
    return Table(
        "pupils", (Column("subject", _("Subject (teacher)")),), (), when_empty=_("The class has no pupils.")
    )
