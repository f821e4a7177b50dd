"""A report in every format: the same values, whole, in the order of the form."""

from __future__ import annotations

import subprocess
from dataclasses import replace
from datetime import date
from fractions import Fraction
from io import BytesIO
from pathlib import Path

import openpyxl
import orjson
import pytest
import verapdf

from archive_store.render.report import Column, Kind, Report, Row, Table
from archive_store.render.report_book import report_book
from archive_store.render.report_data import copies_csv, report_json, table_csv
from archive_store.render.report_pdf import report_pdf
from archive_store.render.source import Source
from reading import file_text, needs_poppler

LONG = " ".join(f"слово{number:04}" for number in range(500))


@pytest.fixture
def report() -> Report:
    columns = (
        Column("number", "№", Kind.NUMBER, 8),
        Column("name", "Имя"),
        Column("day", "День", Kind.DAY, 22),
        Column("missed", "Пропущено", Kind.NUMBER, 12, "Четверть", upright=True),
        Column("share", "Доля, %", Kind.NUMBER, 14, "Четверть"),
    )
    rows = (
        Row((1, "=СУММ(A1)", date(2025, 9, 1), 12, Fraction(15, 27) * 100)),
        Row((2, LONG, date(2026, 5, 26), 0, None)),
        Row(("", "Класс", "", 12, Fraction(29, 8)), total=True),
    )
    table = Table("numbers", columns, rows, title="Таблица", notes=("Пояснение.",))
    empty = Table("nothing", columns[:2], (), title="Пусто", when_empty="Никого нет.")
    return Report(
        "invented", "Вымышленная форма", (("Класс", "7Б"),), (table, empty), ("Итог.",), ("Директор",)
    )


@needs_poppler
def test_the_pdf_holds_every_value(report: Report, source: Source, tmp_path: Path) -> None:
    file = tmp_path / "report.pdf"
    file.write_bytes(report_pdf(report, source))
    text = " ".join(file_text(file, "-layout").split())
    expected = [
        "Вымышленная форма",
        "Класс 7Б",
        "=СУММ(A1)",
        "01.09.2025",
        "55,56",
        "3,63",
        "—",
        "Никого нет.",
    ]
    assert [one for one in [*expected, "Пояснение.", "Итог.", "Директор"] if one not in text] == []
    assert [word for word in LONG.split() if word not in text] == []


@verapdf.NEEDED
def test_the_pdf_is_pdf_a(report: Report, source: Source, tmp_path: Path) -> None:
    file = tmp_path / "report.pdf"
    file.write_bytes(report_pdf(report, source))
    assert verapdf.verdicts([file]) == ["compliant"]


def test_the_workbook_has_numbers_dates_and_harmless_texts(report: Report, source: Source) -> None:
    book = openpyxl.load_workbook(BytesIO(report_book(report, source)))
    assert book.sheetnames == ["Таблица", "Пусто"]
    rows = [[cell.value for cell in row] for row in book["Таблица"].iter_rows(max_col=5)]
    first = next(row for row in rows if row[0] == 1)
    assert (first[1], first[3], first[4]) == ("=СУММ(A1)", 12, 55.56)
    assert first[2].date() == date(2025, 9, 1)
    assert all(cell.data_type != "f" for row in book["Таблица"].iter_rows() for cell in row)
    assert book["Пусто"]["A4"].value is not None
    assert "Никого нет." in [row[0].value for row in book["Пусто"].iter_rows(max_col=1)]


@needs_poppler
@pytest.mark.parametrize("rows_before", range(28, 44, 2))
def test_the_signatures_never_stand_on_a_page_without_the_table(
    report: Report, source: Source, tmp_path: Path, rows_before: int
) -> None:
    first, _empty = report.tables
    long = replace(first, rows=(first.rows[0],) * rows_before)
    last = replace(first, rows=(Row((1, "последняя", None, 0, None)),) * 12, title="Итоги")
    file = tmp_path / "report.pdf"
    file.write_bytes(report_pdf(replace(report, tables=(long, last)), source))
    read = file_text(file)
    signed = read.rstrip("\f").split("\f")[-1]
    assert "Директор" in signed
    assert "последняя" in signed


@needs_poppler
def test_the_foot_of_further_pages_says_whose_form_it_is(
    report: Report, source: Source, tmp_path: Path
) -> None:
    """Loose leaves can be told; the first page says it above."""
    first, _empty = report.tables
    file = tmp_path / "report.pdf"
    long = replace(first, rows=(first.rows[0],) * 150)
    file.write_bytes(report_pdf(replace(report, tables=(long,), facts=(("Class", "7Б"),)), source))
    title, *others = file_text(file).rstrip("\f").split("\f")
    assert len(others) > 1
    assert "Вымышленная форма, 7Б. " not in title
    assert all("Вымышленная форма, 7Б. " in page for page in others)


@needs_poppler
@pytest.mark.parametrize("rows", range(36, 60, 3))
def test_nor_does_a_long_table_leave_them_alone_on_a_page(
    report: Report, source: Source, tmp_path: Path, rows: int
) -> None:
    first, _empty = report.tables
    long = replace(first, rows=(Row((1, "последняя", None, 0, None)),) * rows)
    for tables in ((long,), (replace(first, rows=first.rows[:1]), long)):
        file = tmp_path / "report.pdf"
        file.write_bytes(report_pdf(replace(report, tables=tables), source))
        *_before, signed = file_text(file).rstrip("\f").split("\f")
        assert "Директор" in signed
        assert "последняя" in signed


def test_a_note_longer_than_the_table_is_wrapped_across_it(report: Report, source: Source) -> None:
    note = LONG[:1_500]  # what a row of Excel can be high
    long = replace(report, notes=(note,))
    sheet = openpyxl.load_workbook(BytesIO(report_book(long, source)))["Таблица"]
    (row,) = (cell.row for (cell,) in sheet.iter_rows(max_col=1) if cell.value == note)
    assert f"A{row}:E{row}" in {str(one) for one in sheet.merged_cells.ranges}
    assert sheet.cell(row, 1).alignment.wrap_text
    width = sum(sheet.column_dimensions[name].width for name in "ABCDE")
    lines = sheet.row_dimensions[row].height / 13.5
    assert lines * width >= len(note)


def test_json_has_fractions_as_numbers_and_exact(report: Report, source: Source) -> None:
    tree = orjson.loads(report_json(report, source))
    first, second, total = tree["tables"][0]["rows"]
    assert first["share"] == {"value": 55.56, "exact": "500/9"}
    assert (second["share"], second["day"]) == (None, "2026-05-26")
    assert total["total"] is True
    assert tree["source"]["ledger_head"] == source.ledger_head


def test_csv_has_one_heading_and_a_decimal_comma(report: Report) -> None:
    file = BytesIO()
    assert table_csv(file, report.tables[0], report.decimals) == 3
    head, first, *_ = file.getvalue().decode("utf-8-sig").split("\r\n")
    assert head == "№;Имя;День;Четверть: Пропущено;Четверть: Доля, %"
    assert first == "1;'=СУММ(A1);01.09.2025;12;55,56"


def test_weeks_are_one_sheet_and_one_csv_file(report: Report, source: Source) -> None:
    first, *_others = report.tables
    weeks = replace(report, tables=(first, replace(first, title="Другая неделя")))
    book = openpyxl.load_workbook(BytesIO(report_book(weeks, source)))
    assert book.sheetnames == ["Вымышленная форма"]
    names = [row[1].value for row in book["Вымышленная форма"].iter_rows(max_col=2)]
    assert names.count("=СУММ(A1)") == 2
    file = BytesIO()
    assert table_csv(file, weeks.tables[0], weeks.decimals, weeks.tables[1]) == 6


@needs_poppler
def test_copies_of_a_form_are_one_document_with_a_page_a_sheet_and_a_name_each(
    report: Report, source: Source, tmp_path: Path
) -> None:
    names = "Агапова Анна", "Бекетов Борис"
    copies = [replace(report, about=name, tables=report.tables[:1]) for name in names]
    file = tmp_path / "copies.pdf"
    file.write_bytes(report_pdf(copies[0], source, copies[1]))
    told = subprocess.run(["pdfinfo", str(file)], capture_output=True, text=True, check=True).stdout
    assert int(next(line.split()[1] for line in told.splitlines() if line.startswith("Pages"))) >= 2
    book = openpyxl.load_workbook(BytesIO(report_book(copies[0], source, copies[1])))
    assert book.sheetnames == ["Агапова Анна Таблица", "Бекетов Борис Таблица"]
    tree = orjson.loads(report_json(copies[0], source, copies[1]))
    assert tuple(one["about"] for one in tree["copies"]) == names
    out = BytesIO()
    assert copies_csv(out, copies, 0) == 6
    assert out.getvalue().decode("utf-8-sig").split("\r\n")[1].startswith("Агапова Анна;1;'=СУММ(A1)")
