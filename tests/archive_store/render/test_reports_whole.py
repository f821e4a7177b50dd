"""Reports of a class of awkward names and marks: no value is cut, in the PDF and in the workbook."""

from __future__ import annotations

import subprocess
from io import BytesIO
from pathlib import Path

import openpyxl
import pytest

from archive_store.export.forms import FORMS, Asked
from archive_store.render.report import Report, as_written
from archive_store.render.report_book import report_book
from archive_store.render.report_pdf import report_pdf
from archive_store.render.source import Source
from invented_class import InventedClass


@pytest.fixture(params=["subject-report", "class-report", "school-report", "summary-sheet-b"])
def report(request: pytest.FixtureRequest, awkward_class: InventedClass) -> Report:
    invented = awkward_class
    asked = Asked(invented.connection, invented.at(), 2025, group=invented.edu_group)
    made = FORMS[request.param].make(asked)
    assert isinstance(made, Report)
    return made


def test_every_word_stands_in_the_pdf(report: Report, source: Source, tmp_path: Path) -> None:
    file = tmp_path / "report.pdf"
    file.write_bytes(report_pdf(report, source))
    ended = subprocess.run(["pdftotext", "-raw", str(file), "-"], capture_output=True, text=True, check=True)
    text = "".join(ended.stdout.split())
    values = (value for table in report.tables for row in table.rows for value in row.values)
    words = {word for value in values for word in as_written(value, report.decimals).split()}
    assert len(words) > 10
    assert sorted(word for word in words if word not in text) == []


def test_every_row_stands_in_the_workbook(report: Report, source: Source) -> None:
    book = openpyxl.load_workbook(BytesIO(report_book(report, source)))
    for sheet, table in zip(book.worksheets, report.tables, strict=True):
        cells = [row[: len(table.columns)] for row in sheet.iter_rows(values_only=True)]
        for row in table.rows:
            texts = [
                value for value in row.values if isinstance(value, str) and value and not value.isdigit()
            ]
            assert any(set(texts) <= set(line) for line in cells), row
