"""The summary sheet of progress as a workbook."""

from __future__ import annotations

from archive_store.forms.periods import FinalKind
from archive_store.forms.summary_sheet import SummarySheet
from archive_store.render.source import Source
from archive_store.render.summary_data import notes
from archive_store.render.wording import heading
from archive_store.render.workbook import Sheet, Workbook, fit_upright, lay_out
from archive_store.texts import _

_HEAD_ROW = 1
_NAMED_COLUMNS = 3


def summary_sheet(form: SummarySheet, source: Source) -> bytes:
    """The summary sheet: number and name stand in every row, so that it can be sorted and filtered."""
    name = _("Summary sheet of progress")
    book = Workbook(heading(name, form), source)
    sheet = book.sheet(name)
    book.text(sheet, 0, 0, heading(name, form), "title")
    _head(book, sheet, form)
    row = _rows(book, sheet, form)
    sheet.autofilter(_HEAD_ROW, 0, row, _NAMED_COLUMNS - 1)
    for note in [*notes(form), source.line]:
        row += 1
        book.text(sheet, row, 0, note, "faint")
    widths = [5, 34, 12, *[5] * (len(form.subjects) + 1), 30]
    lay_out(sheet, widths, head_rows=_HEAD_ROW + 1, head_columns=_NAMED_COLUMNS, last_row=row)
    return book.finish()


def _head(book: Workbook, sheet: Sheet, form: SummarySheet) -> None:
    columns = [
        (_("№"), "head"),
        (_("Surname, given name, patronymic"), "head"),
        (_("Period"), "head"),
        *((subject, "upright") for subject in form.subjects),
        (_("Behaviour"), "upright"),
        (_("Decision of the pedagogical council (date, number)"), "head"),
    ]
    for column, (name, style) in enumerate(columns):
        book.text(sheet, _HEAD_ROW, column, name, style)
    fit_upright(sheet, _HEAD_ROW, [name for name, style in columns if style == "upright"])


def _rows(book: Workbook, sheet: Sheet, form: SummarySheet) -> int:
    """Write the rows; returns the last one."""
    row = _HEAD_ROW
    for pupil_row in form.rows:
        for line, cells in zip(form.lines, pupil_row.cells, strict=True):
            row += 1
            sheet.write_number(row, 0, pupil_row.pupil.number, book.format("plain"))
            book.text(sheet, row, 1, pupil_row.pupil.full_name)
            book.text(sheet, row, 2, line.name)
            style = "mark" if line.kind is FinalKind.PERIOD else "final"
            for column, cell in enumerate(cells, start=_NAMED_COLUMNS):
                book.mark(sheet, row, column, cell.text, style)
    return row
