"""An empty table to be filled in by the school: a workbook that the import reads again."""

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO

import xlsxwriter  # type: ignore[import-untyped]

_WIDTH = 18
_WIDEST = 44


def blank_table(headings: Sequence[str], rows: Sequence[Sequence[str]]) -> bytes:
    """The workbook: the headings, and rows with what is known already."""
    buffer = BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(buffer, options) as book:
        sheet = book.add_worksheet()
        head = book.add_format({"bold": True, "text_wrap": True, "border": 1, "bg_color": "#F0F0F0"})
        for column, heading in enumerate(headings):
            longest = max((len(row[column]) for row in rows if column < len(row)), default=0)
            sheet.set_column(column, column, min(max(_WIDTH, longest + 2), _WIDEST))
            sheet.write_string(0, column, heading, head)
        for number, row in enumerate(rows, start=1):
            for column, text in enumerate(row):
                sheet.write_string(number, column, text)
        sheet.freeze_panes(1, 0)
    return buffer.getvalue()
