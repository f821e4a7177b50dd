"""The columns that docs/tables.ru.md documents are those that are read, and its examples are read whole."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import sqlalchemy as sa

from archive_store.imports import vpr
from archive_store.imports.known import known_names
from archive_store.imports.plan import headings
from archive_store.imports.table import Heading, read_table
from invented_class import InventedClass

PAGE = (Path(__file__).parents[3] / "docs" / "tables.ru.md").read_text("utf-8")


@pytest.fixture
def plan(connection: sa.Connection) -> list[Heading]:
    invented = InventedClass(connection)
    invented.period("1 четверть", "2025-09-01", "2025-10-26")
    return headings(known_names(connection, invented.write(), 2025))


def _columns(title: str) -> set[str]:
    section = next(part for part in PAGE.split("\n## ") if title in part.splitlines()[0])
    return {line.split("|")[1].strip() for line in section.splitlines() if line.startswith("| ")} - {
        "столбец", "---",
    }  # fmt: skip


def test_the_columns_are_those_that_are_read(plan: list[Heading]) -> None:
    assert _columns("programme-coverage") == {one.title for one in plan}
    of_vpr = (vpr.CLASS, vpr.NUMBER, vpr.NAME, vpr.SUBJECT, vpr.MARK)
    assert _columns("vpr") == {one.title for one in of_vpr}


def test_the_examples_are_read_whole(plan: list[Heading], tmp_path: Path) -> None:
    examples = [text for text in re.findall(r"```\n(.*?)```", PAGE, re.DOTALL) if text.startswith("Класс;")]
    known = [plan, [vpr.CLASS, vpr.NUMBER, vpr.NAME, vpr.SUBJECT, vpr.MARK]]
    for text, columns in zip(examples, known, strict=True):
        path = tmp_path / "example.csv"
        path.write_text(text, encoding="utf-8")
        table = read_table(path, columns)
        assert (table.ignored, len(table.rows)) == ((), 2)
