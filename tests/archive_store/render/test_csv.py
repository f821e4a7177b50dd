"""CSV for an inspector's spreadsheet: nothing computed, nothing rounded, nothing lost."""

from __future__ import annotations

import csv
from io import BytesIO, StringIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive_store.render.csv import Value, as_text, write_csv


def _written(columns: list[str], rows: list[list[Value]]) -> bytes:
    file = BytesIO()
    assert write_csv(file, columns, rows) == len(rows)
    return file.getvalue()


def test_the_file_is_what_excel_opens_with_a_double_click() -> None:
    content = _written(["Дата", "Тема"], [["2025-09-01", "а; б"], [None, True]])
    assert content == '\ufeffДата;Тема\r\n2025-09-01;"а; б"\r\n;1\r\n'.encode()


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (2_410_000_000_000_000_001, "'2410000000000000001"),
        (1_000_000_010_001, "1000000010001"),
        ("=СУММ(A1)", "'=СУММ(A1)"),
        ("+7", "'+7"),
        ("-1 и другие", "'-1 и другие"),
        ("@x", "'@x"),
        ("'так", "''так"),
        ("5-", "5-"),
        (None, ""),
        (False, "0"),
    ],
)
def test_a_spreadsheet_neither_computes_nor_rounds(value: Value, text: str) -> None:
    assert as_text(value) == text


@given(
    st.lists(st.lists(st.text(st.characters(codec="utf-8"), max_size=20), min_size=3, max_size=3), max_size=5)
)
def test_taking_the_apostrophe_off_gives_back_the_record(rows: list[list[str]]) -> None:
    content = _written(["a", "b", "c"], [list(row) for row in rows]).decode("utf-8-sig")
    _heading, *read = csv.reader(StringIO(content, newline=""), delimiter=";")
    assert [[cell.removeprefix("'") for cell in row] for row in read] == rows
