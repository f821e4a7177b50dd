"""A workbook that is the same bytes each time, in which every text is a text and nothing is a formula."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Sequence
from datetime import datetime
from io import BytesIO
from typing import Any, Final, TypeAlias

import xlsxwriter  # type: ignore[import-untyped]
from xlsxwriter.format import Format  # type: ignore[import-untyped]
from xlsxwriter.worksheet import Worksheet  # type: ignore[import-untyped]

from archive_store.render.source import Source

Sheet: TypeAlias = Worksheet

_A4: Final = 9
_NAME_LENGTH: Final = 31
_CELL_LENGTH: Final = 32_767
_HEIGHT_OF_LINE: Final = 13.5  # points
_HEIGHT_OF_LETTER: Final = 6.5  # of a bold upright letter, points
_HIGHEST: Final = 409  # what Excel allows
_MOST_LINES: Final = 30  # of a row that is so high
_NOT_IN_NAMES: Final = str.maketrans(dict.fromkeys("[]:*?/\\", " "))
_PLAIN_FORMATS: Final[dict[str, dict[str, Any]]] = {
    "title": {"bold": True, "font_size": 14},
    "plain": {"valign": "top"},
    "wrapped": {"valign": "top", "text_wrap": True},
    "faint": {"font_color": "#555555", "valign": "top"},
    "note": {"font_color": "#555555", "valign": "top", "text_wrap": True},
    "head": {"bold": True, "border": 1, "align": "center", "valign": "vcenter", "text_wrap": True},
    "upright": {"bold": True, "border": 1, "align": "center", "valign": "bottom", "rotation": 90},
    "day": {"bold": True, "border": 1, "align": "center", "num_format": "dd.mm"},
    "small": {"font_size": 8, "border": 1, "align": "center", "valign": "top", "text_wrap": True},
    "date": {"num_format": "dd.mm.yyyy", "align": "left", "valign": "top"},
    "mark": {"align": "center"},
    "outside": {"align": "center", "font_color": "#999999"},
    "final": {"align": "center", "bold": True, "left": 1, "right": 1},
    "centred": {"align": "center", "valign": "top"},
    "count": {"align": "center", "valign": "top", "num_format": "0"},
    "share": {"align": "center", "valign": "top", "num_format": "0.00"},
    "share0": {"align": "center", "valign": "top", "num_format": "0"},
    "share1": {"align": "center", "valign": "top", "num_format": "0.0"},
}
_FORMATS: Final = _PLAIN_FORMATS | {
    f"{name} total": {**_PLAIN_FORMATS[name], "bold": True, "bg_color": "#F0F0F0"}
    for name in ("wrapped", "centred", "count", "share", "share0", "share1")
}


class Workbook:
    """A workbook being written; :meth:`finish` gives its bytes."""

    def __init__(self, title: str, source: Source) -> None:
        self._buffer = BytesIO()
        self._source = source
        self._names: set[str] = set()
        options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
        self._book = xlsxwriter.Workbook(self._buffer, options)
        self._book.set_properties({"title": title, "author": source.school_name, "created": _naive(source)})
        self._formats = {
            name: self._book.add_format({"font_name": "Arial", "font_size": 10, **form})
            for name, form in _FORMATS.items()
        }

    def format(self, name: str) -> Format:
        """One of the formats of all workbooks."""
        return self._formats[name]

    def sheet(self, name: str, *, portrait: bool = False) -> Sheet:
        """A sheet of A4 paper, fitted to its width, with the source line in the footer."""
        sheet = self._book.add_worksheet(self._sheet_name(name))
        sheet.set_paper(_A4)
        sheet.set_portrait() if portrait else sheet.set_landscape()
        sheet.fit_to_pages(1, 0)
        sheet.hide_gridlines(0)
        sheet.set_margins(left=0.5, right=0.4, top=0.5, bottom=0.7)
        sheet.set_footer(f"&L&7{_footer(self._source.line)}&R&7&P / &N")
        return sheet

    def text(self, sheet: Sheet, row: int, column: int, text: str, form: str = "plain") -> None:
        """A text, whatever it looks like."""
        if text:
            sheet.write_string(row, column, text, self._formats[form])

    def tall(self, sheet: Sheet, first_row: int, last_row: int, column: int, text: str, form: str) -> None:
        """A text in one column over several rows."""
        sheet.merge_range(first_row, column, last_row, column, "", self._formats[form])
        self.text(sheet, first_row, column, text, form)

    def mark(self, sheet: Sheet, row: int, column: int, text: str, form: str = "mark") -> None:
        """A mark: a number if it is digits alone, so that it can be counted with; else a text."""
        if text.isascii() and text.isdigit():
            sheet.write_number(row, column, int(text), self._formats[form])
        elif text:
            sheet.write_string(row, column, text, self._formats[form])
        elif form != "mark":
            sheet.write_blank(row, column, None, self._formats[form])

    def finish(self) -> bytes:
        """The workbook."""
        self._book.close()
        return self._buffer.getvalue()

    def _sheet_name(self, name: str) -> str:
        """A name that Excel takes, and no sheet has yet."""
        plain = " ".join(name.translate(_NOT_IN_NAMES).split()).strip("'") or "-"
        number, unique = 1, plain[:_NAME_LENGTH].strip()
        while unique.casefold() in self._names:
            number += 1
            tail = f" {number}"
            unique = plain[: _NAME_LENGTH - len(tail)].strip() + tail
        self._names.add(unique.casefold())
        return unique


def cell_parts(text: str, width: float) -> list[str]:
    """A text in parts for one cell above another; mostly one, none of an empty text.

    A part is no longer than a cell of Excel can hold, and in a column of ``width`` characters no higher than
    a row can be: of a higher one the end would be in the file, and neither on the screen nor on paper.
    """
    parts = []
    while text:
        size = min(len(text), _CELL_LENGTH)
        while size > 1 and _lines(text[:size], width) > _MOST_LINES:
            size = size * 3 // 4
        if size < len(text):
            size = max(text.rfind(" ", 0, size), text.rfind("\n", 0, size)) + 1 or size
        parts.append(text[:size])
        text = text[size:]
    return parts


def fit_row(sheet: Sheet, row: int, texts: Iterable[tuple[str, float]]) -> None:
    """Make a row as high as its wrapped texts need, each with the width of its column in characters.

    Excel finds the height itself, LibreOffice does not where a file says that Excel made it. A column holds
    a few letters more than its width says, whatever type the reader's computer has.
    """
    lines = max((_lines(text, width) for text, width in texts), default=1)
    if lines > 1:
        sheet.set_row(row, min(lines * _HEIGHT_OF_LINE, _HIGHEST))


def fit_upright(sheet: Sheet, row: int, texts: Iterable[str]) -> None:
    """Make a row as high as the longest of its upright headings."""
    longest = max(map(len, texts), default=0)
    sheet.set_row(row, min(longest * _HEIGHT_OF_LETTER + 8, _HIGHEST))


def _lines(text: str, width: float) -> int:
    """The lines that a text takes in a column."""
    room = max(int(width), 1)
    lines = text.splitlines() or [""]
    return sum(len(textwrap.wrap(one, room)) if len(one) > room else 1 for one in lines)


def lay_out(
    sheet: Sheet,
    widths: Sequence[float],
    *,
    head_rows: int,
    head_columns: int,
    last_row: int,
    pages_wide: bool = False,
) -> None:
    """Widths in characters, frozen heads that repeat on every printed page, and the printed area.

    A sheet is printed one page wide; with ``pages_wide`` one page high and as many wide as it takes: a
    year's lessons side by side on one page could not be read.
    """
    if pages_wide:
        sheet.fit_to_pages(0, 1)
    for column, width in enumerate(widths):
        sheet.set_column(column, column, width)
    sheet.freeze_panes(head_rows, head_columns)
    sheet.repeat_rows(0, head_rows - 1)
    if head_columns:
        sheet.repeat_columns(0, head_columns - 1)
    sheet.print_area(0, 0, last_row, len(widths) - 1)


def _naive(source: Source) -> datetime:
    return source.made_at.replace(tzinfo=None, microsecond=0)


def _footer(line: str) -> str:
    """The source line as a footer takes it: at most 255 characters in all, and & is a sign of its own."""
    return line[:200].replace("&", "&&")
