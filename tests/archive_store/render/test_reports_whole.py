"""Reports of a class of awkward names and marks: no value is cut, in the PDF and in the workbook."""

from __future__ import annotations

from dataclasses import replace
from io import BytesIO
from itertools import zip_longest
from pathlib import Path

import openpyxl
import pytest
from openpyxl.worksheet.worksheet import Worksheet

from archive_store import schema
from archive_store.export.forms import FORMS, Asked, Scope
from archive_store.render.glyphs import showable
from archive_store.render.report import Report, as_written
from archive_store.render.report_book import report_book
from archive_store.render.report_pdf import report_pdf
from archive_store.render.source import Source
from invented_class import InventedClass
from reading import needs_poppler, pdf_text, squeezed

pytestmark = needs_poppler


OWN_LAYOUT = {"class-journal", "summary-sheet"}
_TABLES = {
    "programme-coverage": "Класс;Предмет;Часов;Учитель\n7Б;Физика;34,5;Иванова\n",
    "vpr": "Код;Предмет;ВПР\n{person};Физика;5\n",
}


@pytest.fixture(params=sorted(FORMS.keys() - OWN_LAYOUT))
def copies(request: pytest.FixtureRequest, awkward_class: InventedClass, tmp_path: Path) -> list[Report]:
    """A form of the awkward class; several copies where it is about each pupil."""
    invented, form = awkward_class, FORMS[request.param]
    person = invented.records[schema.PERSON][2].person_id
    asked = Asked(invented.connection, invented.at(), 2025, group=invented.edu_group)
    if form.scope is Scope.PUPIL:
        asked = replace(asked, person_id=person)
    if form.name in _TABLES:
        asked = replace(asked, table=tmp_path / "table.csv")
        (tmp_path / "table.csv").write_text(_TABLES[form.name].format(person=person), encoding="utf-8")
    made = form.make(asked)
    assert isinstance(made, Report | tuple)
    return list(made) if isinstance(made, tuple) else [made]


def test_every_word_stands_in_the_pdf(copies: list[Report], source: Source, tmp_path: Path) -> None:
    text = squeezed(pdf_text(report_pdf(copies[0], source, *copies[1:]), tmp_path))
    words = {
        showable(word)
        for report in copies
        for table in report.tables
        for row in table.rows
        for value in row.values
        for word in as_written(value, report.decimals).split()
    }
    words |= {word for report in copies for _name, fact in report.facts for word in showable(fact).split()}
    assert len(words) > 3
    assert sorted(word for word in words if squeezed(word) not in text) == []


_ALWAYS_IN_ONE_ROW = 200


def test_every_row_stands_in_the_workbook(copies: list[Report], source: Source) -> None:
    book = openpyxl.load_workbook(BytesIO(report_book(copies[0], source, *copies[1:])))
    rows = [row for sheet in book for row in sheet.iter_rows(values_only=True)]
    lines = [{value for value in row if isinstance(value, str)} for row in rows]
    # A text that is too high for a row goes on in the rows below.
    columns = ["".join(part for part in column if isinstance(part, str)) for column in zip_longest(*rows)]
    for report in copies:
        for row in (row for table in report.tables for row in table.rows):
            texts = {_stored(one) for one in row.values if isinstance(one, str) and one and not one.isdigit()}
            long = {
                one for one in texts if len(one) > _ALWAYS_IN_ONE_ROW and not any(one in of for of in lines)
            }
            assert any(texts - long <= line for line in lines), row
            assert all(any(one in column for column in columns) for one in long), row


def _stored(text: str) -> str:
    """A text as the format keeps it: XML has one line end, and writes control characters by number."""
    return text.replace("\r", "_x000D_").replace("\x07", "_x0007_")


def test_no_row_of_the_workbook_is_too_low_for_its_texts(copies: list[Report], source: Source) -> None:
    book = openpyxl.load_workbook(BytesIO(report_book(copies[0], source, *copies[1:])))
    low = []
    for sheet in book:
        for cell in (cell for row in sheet.iter_rows() for cell in row):
            if not isinstance(cell.value, str) or not cell.alignment.wrap_text or cell.alignment.textRotation:
                continue
            merged = next((one for one in sheet.merged_cells.ranges if cell.coordinate in one), None)
            columns = range(merged.min_col, merged.max_col + 1) if merged else (cell.column,)
            rows = range(merged.min_row, merged.max_row + 1) if merged else (cell.row,)
            width = sum(_width(sheet, column) for column in columns)
            height = sum(sheet.row_dimensions[row].height or 15 for row in rows)
            if height < min(13 * len(cell.value) / width, 408):
                low.append((sheet.title, cell.coordinate, height))
    assert low == []


def _width(sheet: Worksheet, column: int) -> float:
    """The width of a column: those of one width follow each other under the first one's name."""
    for one in sheet.column_dimensions.values():
        if one.min <= column <= one.max:
            return float(one.width)
    return float(sheet.sheet_format.defaultColWidth or 8)
