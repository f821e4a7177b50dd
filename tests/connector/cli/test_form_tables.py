"""Forms that are compared with a table of the school: the table is asked for, made, read, and mended."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from hashlib import sha256
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from connector.cli.exit_codes import ExitCode


def _filled(path: Path, column: str, value: int) -> str:
    """The blank table with a column filled in."""
    book = openpyxl.load_workbook(path)
    sheet = book.active
    assert sheet is not None
    headings = [cell.value for cell in sheet[1]]
    for row in sheet.iter_rows(min_row=2):
        row[headings.index(column)].value = value
    path = path.with_name("filled.xlsx")
    book.save(path)
    return str(path)


def test_the_blank_plan_names_what_is_taught_and_is_read_when_filled(
    archive: Any, closed_year: str, a_class: str, tmp_path: Path
) -> None:
    of_class = ("--year", closed_year, "--group", a_class)
    ended = archive("form", "programme-coverage", "--template", *of_class, "--out", "blank")
    assert ended.code == 0, ended.err
    plan = _filled(tmp_path / "blank" / "programme-coverage-table.xlsx", "Часов в год", 34)
    ended = archive("form", "programme-coverage", *of_class, "--table", plan, "--out", "forms")
    assert ended.code == 0, ended.err
    head, *rows = (tmp_path / "forms" / "programme-coverage.csv").read_text("utf-8-sig").splitlines()
    planned = [line.split(";")[2] for line in rows]
    assert len(rows) > 5, head
    assert set(planned[:-1]) == {"34"}
    assert planned[-1] == str(34 * (len(rows) - 1))


def test_without_a_table_the_form_that_needs_one_asks_for_it(
    archive: Any, closed_year: str, tmp_path: Path
) -> None:
    ended = archive("form", "vpr", "--year", closed_year, "--out", "forms")
    assert ended.code == ExitCode.USAGE
    assert "--table" in ended.err
    assert "--template" in ended.err
    assert not (tmp_path / "forms").exists()


def test_a_blank_table_with_names_is_on_the_log_of_access(
    archive: Any, closed_year: str, a_class: str, tmp_path: Path
) -> None:
    ended = archive("form", "vpr", "--template", "--year", closed_year, "--group", a_class, "--out", "blank")
    assert ended.code == 0, ended.err
    (path,) = (tmp_path / "blank").iterdir()
    assert path.stat().st_mode & 0o777 == 0o600
    rows = list(openpyxl.load_workbook(path).active.iter_rows(min_row=2, values_only=True))  # type: ignore[union-attr]
    assert {row[0] for row in rows} == {a_class}
    with closing(sqlite3.connect(tmp_path / "archive.sqlite")) as database:
        logged = database.execute("select kind, target, digest from access order by number desc limit 1")
        digest = sha256(path.read_bytes()).digest()
        assert logged.fetchone() == ("form-template", str(tmp_path / "blank"), digest)


def test_a_form_without_a_table_has_no_template(archive: Any, closed_year: str) -> None:
    ended = archive("form", "corrections", "--template", "--year", closed_year, "--out", "forms")
    assert ended.code == ExitCode.USAGE


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Класс;Часов\n1А;34\n", ("Предмет", "Класс, Часов")),
        ("Класс;Предмет;Часов\n9Ъ;Ботаника;много\n", ("row 2, column «Класс»", "«Ботаника»", "«много»")),
    ],
)
def test_what_is_wrong_with_a_table_is_told_and_nothing_is_written(
    archive: Any, closed_year: str, a_class: str, tmp_path: Path, text: str, said: tuple[str, ...]
) -> None:
    (tmp_path / "plan.csv").write_text(text, encoding="utf-8")
    ended = archive(
        "form", "programme-coverage", "--year", closed_year, "--group", a_class, "--table", "plan.csv",
        "--out", "forms",
    )  # fmt: skip
    assert ended.code == ExitCode.FILES
    assert [one for one in said if one not in ended.err] == []
    assert not (tmp_path / "forms").exists()


def test_a_table_that_is_not_there_is_told(archive: Any, closed_year: str, a_class: str) -> None:
    ended = archive(
        "form", "vpr", "--year", closed_year, "--group", a_class, "--table", "nothing.xlsx", "--out", "forms"
    )
    assert ended.code == ExitCode.FILES
    assert "nothing.xlsx" in ended.err
