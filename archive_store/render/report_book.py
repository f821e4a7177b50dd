"""A report as a workbook: a sheet per table, to be sorted, filtered and counted."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from fractions import Fraction
from itertools import zip_longest

from archive_store.forms.averages import rounded
from archive_store.render.report import Column, Kind, Report, Row, Table, Value, as_written
from archive_store.render.source import Source
from archive_store.render.workbook import Sheet, Workbook, cell_parts, fit_row, fit_upright, lay_out

_CHARACTERS_PER_MM = 0.55
_WIDTH_OF_TEXT = 40.0
_NARROWEST = 4.0
_BOLD = 0.85  # of the letters that a column holds


def report_book(report: Report, source: Source, *more: Report) -> bytes:
    """The workbook. The heading stands above each table, its notes and the source below.

    ``more`` copies of the form, about others, have sheets of their own. Tables of one name, such as the weeks
    of a diary, are one sheet.
    """
    book = Workbook(report.title, source)
    for one in (report, *more):
        for table in _joined(one.tables):
            sheet = book.sheet(_sheet_name(one, table), portrait=not one.landscape)
            _Filled(book, sheet, one).fill(table, source)
    return book.finish()


def _joined(tables: Sequence[Table]) -> Iterator[Table]:
    """The tables, those of one name as one with all their rows; their common title is that of the report."""
    by_name: dict[str, list[Table]] = {}
    for table in tables:
        by_name.setdefault(table.name, []).append(table)
    for first, *more in by_name.values():
        rows = tuple(row for table in (first, *more) for row in table.rows)
        yield replace(first, rows=rows, title="") if more else first


def _sheet_name(report: Report, table: Table) -> str:
    title = table.title or ("" if report.about else report.title)
    return " ".join(part for part in (report.about, title) if part)


class _Filled:
    """A sheet while it is filled from above."""

    def __init__(self, book: Workbook, sheet: Sheet, report: Report) -> None:
        self.book, self.sheet, self.report = book, sheet, report
        self.row = 0

    def fill(self, table: Table, source: Source) -> None:
        """Write the table with what stands above and below it."""
        self._line(self.report.title, "title")
        for name, value in self.report.facts:
            self._line(f"{name}: {value}", "plain")
        if table.title:
            self._line(table.title, "title")
        grouped = any(column.group for column in table.columns)
        first_head = self.row
        self._heads(table, grouped=grouped)
        for one in table.rows:
            self._row(one, table.columns)
        last = self.row - 1
        if len(table.rows) > 1:
            self.sheet.autofilter(first_head + grouped, 0, last, len(table.columns) - 1)
        widths = [_width(column) for column in table.columns]
        empty = [table.when_empty] if table.when_empty and not table.rows else []
        for note in [*empty, *table.notes, *self.report.notes, source.line]:
            self._note(note, widths)
        lay_out(
            self.sheet,
            widths,
            head_rows=first_head + 1 + grouped,
            head_columns=0,
            last_row=self.row - 1,
        )

    def _heads(self, table: Table, *, grouped: bool) -> None:
        start = 0
        groups = []
        for group, span in table.headed() if grouped else ():
            if not group:
                of = table.columns[start]
                style = "upright" if of.upright else "head"
                self.book.tall(self.sheet, self.row, self.row + 1, start, of.title, style)
            elif span == 1:
                self.book.text(self.sheet, self.row, start, group, "head")
            else:
                last = start + span - 1
                self.sheet.merge_range(self.row, start, self.row, last, "", self.book.format("head"))
                self.book.text(self.sheet, self.row, start, group, "head")
            width = sum(_width(column) for column in table.columns[start : start + span])
            groups.append((group, width * _BOLD))
            start += span
        if grouped:
            fit_row(self.sheet, self.row, groups)
            self.row += 1
        for column, of in enumerate(table.columns):
            if not grouped or of.group:
                self.book.text(self.sheet, self.row, column, of.title, "upright" if of.upright else "head")
        heads = [(column.title, _width(column) * _BOLD) for column in table.columns if not column.upright]
        upright = [column.title for column in table.columns if column.upright]
        if upright:
            fit_upright(self.sheet, self.row, upright)
        else:
            fit_row(self.sheet, self.row, heads)
        self.row += 1

    def _row(self, row: Row, columns: Sequence[Column]) -> None:
        """Write a row; more than one of the sheet if a text is too high for one."""
        cells = list(zip(row.values, columns, strict=True))
        texts = [cell_parts(one, _width(of)) if isinstance(one, str) else [] for one, of in cells]
        widths = [_width(of) for of in columns]
        for column, (value, of) in enumerate(cells):
            self._value(column, value, of, texts[column], total=row.total)
        for parts in list(zip_longest(*texts, fillvalue="")) or [()]:
            fit_row(self.sheet, self.row, zip(parts, widths, strict=False))
            self.row += 1

    def _value(self, column: int, value: Value, of: Column, parts: Sequence[str], *, total: bool) -> None:
        """Write a value; a text in its parts, one below another."""
        tail = " total" if total else ""
        if isinstance(value, Fraction):
            number = float(rounded(value, self.report.decimals))
            places = "" if self.report.decimals == 2 else str(self.report.decimals)
            self.sheet.write_number(self.row, column, number, self.book.format(f"share{places}{tail}"))
        elif isinstance(value, int):
            self.sheet.write_number(self.row, column, value, self.book.format(f"count{tail}"))
        elif isinstance(value, date):
            self.sheet.write_datetime(self.row, column, value, self.book.format("date"))
        elif of.kind is Kind.TEXT:
            for row, part in enumerate(parts or [as_written(value, self.report.decimals)], start=self.row):
                self.book.text(self.sheet, row, column, part, f"wrapped{tail}")
        else:
            text = as_written(value, self.report.decimals)
            self.book.mark(self.sheet, self.row, column, text, f"centred{tail}")

    def _note(self, text: str, widths: list[float]) -> None:
        """A note across the whole table, in as many lines as it takes: its end would not be printed."""
        if len(widths) > 1:
            style = self.book.format("note")
            self.sheet.merge_range(self.row, 0, self.row, len(widths) - 1, "", style)
        self.book.text(self.sheet, self.row, 0, text, "note")
        fit_row(self.sheet, self.row, [(text, sum(widths))])
        self.row += 1

    def _line(self, text: str, form: str) -> None:
        self.book.text(self.sheet, self.row, 0, text, form)
        self.row += 1


def _width(column: Column) -> float:
    return _WIDTH_OF_TEXT if column.width is None else max(_NARROWEST, column.width * _CHARACTERS_PER_MM)
