"""A table as an office makes it: every dialect reads the same; what is wrong is told by row and column."""

from __future__ import annotations

from fractions import Fraction
from io import BytesIO
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive_store.imports.errors import ColumnsMissing, Fault, Problem, TableUnreadable, TableWrong
from archive_store.imports.table import Heading, ImportedTable, normal, read_table

HEADINGS = (
    Heading("class", ("Класс",)),
    Heading("subject", ("Предмет", "Учебный предмет")),
    Heading("hours", ("Часов в год", "Часов"), needed=False),
)
LINES = [["Класс", "Предмет", "Часов"], ["7Б", "Математика, алгебра", "34,5"], ["10А", "Ёлки", "68"]]


def _written(path: Path, content: bytes) -> Path:
    path.write_bytes(content)
    return path


def _csv(delimiter: str, encoding: str) -> bytes:
    quoted = [delimiter.join(f'"{cell}"' for cell in line) for line in LINES]
    return "\r\n".join(quoted).encode(encoding)


def _workbook(*sheets: list[list[object]]) -> bytes:
    book = openpyxl.Workbook()
    book.remove(book.active)  # type: ignore[arg-type]
    for lines in sheets:
        sheet = book.create_sheet()
        for line in lines:
            sheet.append(line)
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def _said(table: ImportedTable) -> list[tuple[int, str, str, Fraction | None]]:
    return [
        (row.number, row.cells["class"], row.cells["subject"], table.number(row, "hours"))
        for row in table.rows
    ]


AS_MEANT = [(2, "7Б", "Математика, алгебра", Fraction(69, 2)), (3, "10А", "Ёлки", Fraction(68))]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1251"])
@pytest.mark.parametrize("delimiter", [";", ",", "\t"])
def test_csv_in_every_dialect(tmp_path: Path, delimiter: str, encoding: str) -> None:
    path = _written(tmp_path / "plan.csv", _csv(delimiter, encoding))
    assert _said(read_table(path, HEADINGS)) == AS_MEANT


def test_a_workbook_with_numbers_whatever_its_name(tmp_path: Path) -> None:
    lines: list[list[object]] = [LINES[0], ["7Б", "Математика, алгебра", 34.5], ["10А", "Ёлки", 68.0]]
    path = _written(tmp_path / "plan.csv", _workbook(lines))
    assert _said(read_table(path, HEADINGS)) == AS_MEANT


def test_columns_in_any_order_below_a_title_on_the_second_sheet(tmp_path: Path) -> None:
    lines: list[list[object]] = [
        ["Учебный план на год"],
        [],
        ["  ЧАСОВ в год", "Учитель", "учебный  предмет", "класс:"],
        [None, None, None, None],
        ["1 020", "Иванова", "Математика", "7Б"],
    ]
    path = _written(tmp_path / "plan.xlsx", _workbook([["Пояснения"]], lines))
    table = read_table(path, HEADINGS)
    assert _said(table) == [(5, "7Б", "Математика", Fraction(1020))]
    assert table.ignored == ("Учитель",)


def test_a_line_break_in_a_cell_of_csv_does_not_shift_the_numbers_of_rows(tmp_path: Path) -> None:
    text = 'Класс;Предмет\r\n7Б;"Математика\r\nалгебра"\r\n8А;Физика\r\n'
    table = read_table(_written(tmp_path / "plan.csv", text.encode()), HEADINGS)
    assert [(row.number, row.cells["class"]) for row in table.rows] == [(2, "7Б"), (4, "8А")]


def test_missing_columns_are_named_beside_those_that_are_there(tmp_path: Path) -> None:
    path = _written(tmp_path / "plan.csv", "Класс;Дисциплина\n7Б;Математика\n".encode())
    with pytest.raises(ColumnsMissing) as caught:
        read_table(path, HEADINGS)
    assert (caught.value.missing, caught.value.found) == (["Предмет"], ["Класс", "Дисциплина"])


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        (b"", Fault.EMPTY),
        (b"\r\n;;\r\n", Fault.EMPTY),
        (b"PK\x03\x04 this is no workbook", Fault.NOT_A_TABLE),
        (b"\x89PNG\0\0\0\0", Fault.NOT_A_TABLE),
        (b"\xd0\xcf\x11\xe0 nor is this", Fault.NOT_A_TABLE),
    ],
)
def test_what_is_no_table_is_told(tmp_path: Path, content: bytes, fault: Fault) -> None:
    with pytest.raises(TableUnreadable) as caught:
        read_table(_written(tmp_path / "plan.xlsx", content), HEADINGS)
    assert caught.value.fault is fault


@pytest.mark.parametrize("name", ["no-such-file.csv", "."])
def test_what_cannot_be_opened_is_told_with_the_reason(tmp_path: Path, name: str) -> None:
    with pytest.raises(TableUnreadable) as caught:
        read_table(tmp_path / name, HEADINGS)
    assert caught.value.fault is Fault.CANNOT_BE_OPENED
    assert caught.value.reason


def test_what_is_no_number_is_told_by_row_and_column_all_at_once(tmp_path: Path) -> None:
    text = "Класс;Предмет;Часов\n7Б;Физика;много\n7Б;Химия;\n7Б;Музыка;-5\n7Б;Труд;—\n"
    table = read_table(_written(tmp_path / "plan.csv", text.encode()), HEADINGS)
    assert [table.number(row, "hours") for row in table.rows] == [None] * 4
    with pytest.raises(TableWrong) as caught:
        table.require_sound()
    assert [(one.row, one.column, one.value, one.problem) for one in caught.value.cells] == [
        (2, "Часов", "много", Problem.NOT_A_NUMBER),
        (4, "Часов", "-5", Problem.NOT_A_NUMBER),
    ]


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("I четверть", "1 четверть"),
        ("Часов:  IV Четверть", "часов 4 четверть"),
        ("Кол-во часов", "колвочасов"),
    ],
)
def test_headings_are_read_as_they_are_meant(typed: str, meant: str) -> None:
    assert normal(typed) == normal(meant)


@given(st.fractions(min_value=0, max_value=9999, max_denominator=1).map(lambda one: one / 4))
def test_a_number_is_exact_with_comma_and_with_point(value: Fraction) -> None:
    table = ImportedTable(Path("plan.csv"), {"hours": "Часов"}, (), [])
    for text in (f"{float(value):.2f}", f"{float(value):.2f}".replace(".", ",")):
        row = type("Row", (), {"number": 2, "cells": {"hours": text}})()
        assert table.number(row, "hours") == value
    assert table.wrong == []
