"""The summary sheet of progress, variant B: subjects with their teachers, two pupils a page."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

import openpyxl
import pytest

from archive_store.forms import summary_sheet
from archive_store.forms.class_record import load
from archive_store.render import reports
from archive_store.render.report import Report
from archive_store.render.report_book import report_book
from archive_store.render.report_pdf import report_pdf
from archive_store.render.source import Source
from invented_class import InventedClass
from reading import file_text, needs_poppler


def _report(invented: InventedClass) -> Report:
    record = load(invented.connection, invented.at(), invented.edu_group)
    return reports.summary_sheet_b.report(summary_sheet.from_record(record), record, None)


@pytest.fixture
def of_three(invented: InventedClass) -> Report:
    quarters = invented.quarters()
    teacher = invented.teacher("Орлова", "Мария", "Петровна")
    maths, music = invented.subject("Математика"), invented.subject("Музыка")
    invented.lesson(maths, "2025-09-01", teachers=[teacher])
    for name, marks in (("Агапова", "5443"), ("Бекетова", "4444"), ("Волкова", "334")):
        pupil = invented.pupil(name, "Анна", "Ильинична")
        for period, mark in zip(quarters, marks, strict=False):
            invented.final(maths, pupil, mark, period)
        invented.final(music, pupil, "зач")
    invented.write()
    return _report(invented)


def test_two_pupils_stand_on_a_page_with_their_periods(of_three: Report) -> None:
    first, second = of_three.tables
    assert [name for name, _span in first.headed()] == [
        "", "1. Агапова Анна Ильинична", "2. Бекетова Анна Ильинична",
    ]  # fmt: skip
    assert [column.title for column in first.columns[1:6]] == [
        "1 четверть", "2 четверть", "3 четверть", "4 четверть", "Year",
    ]  # fmt: skip
    assert [row.values for row in first.rows] == [
        ("Математика (Орлова Мария Петровна)", "5", "4", "4", "3", "∅", "4", "4", "4", "4", "∅"),
        ("Музыка", *["—"] * 4, "зач", *["—"] * 4, "зач"),
    ]
    assert [row.values for row in second.rows] == [
        ("Математика (Орлова Мария Петровна)", "3", "3", "4", "∅", "∅"),
        ("Музыка", *["—"] * 4, "зач"),
    ]


@needs_poppler
def test_each_two_pupils_have_a_page_and_a_sheet(of_three: Report, source: Source, tmp_path: Path) -> None:
    file = tmp_path / "b.pdf"
    file.write_bytes(report_pdf(of_three, source))
    pages = file_text(file, "-layout").split("\f")
    assert [[name in page for name in ("Агапова", "Бекетова", "Волкова")] for page in pages[:2]] == [
        [True, True, False],
        [False, False, True],
    ]
    book = openpyxl.load_workbook(BytesIO(report_book(of_three, source)))
    assert book.sheetnames == ["7Б, № 1–2", "7Б, № 3"]


def test_a_class_without_pupils_says_so(invented: InventedClass) -> None:
    invented.write()
    (table,) = _report(invented).tables
    assert (table.rows, table.when_empty) == ((), "The class has no pupils.")
