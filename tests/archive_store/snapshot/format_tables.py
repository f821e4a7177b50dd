"""The list of tables and columns in docs/FORMAT.md, made from the code that seals them.

python tests/archive_store/snapshot/format_tables.py    brings docs/FORMAT.md up to date
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import cast

import sqlalchemy as sa

from archive_store import texts
from archive_store.asof import AsOf
from archive_store.schema import ENTITIES
from archive_store.snapshot.answers import answer_tables
from archive_store.snapshot.contents import Record, SealedTable

PAGE = Path(__file__).parents[3] / "docs" / "FORMAT.md"
BEGIN, END = "<!-- tables: begin -->\n", "<!-- tables: end -->\n"


def listed() -> str:
    """Every table with its key, and every column with its type and meaning, in English."""
    texts.activate("en")
    record = Record(cast("sa.Connection", None), AsOf(0), 0)  # no row is asked for
    tables = [record.standing(entity) for entity in ENTITIES]
    return "\n".join(line for table in (*tables, *answer_tables(record)[1:]) for line in _lines(table))


def _lines(table: SealedTable) -> Iterator[str]:
    key = ", ".join(f"`{name}`" for name in table.key) or "one row"
    yield f"### `{table.name}`: {table.title}\n"
    yield f"Key: {key}.\n"
    yield "| column | type | meaning |"
    yield "| --- | --- | --- |"
    for column in table.columns:
        needed = ", never NULL" if column.required else ""
        yield f"| `{column.name}` | {column.kind}{needed} | {column.meaning} |"
    yield ""


def page_with(tables: str) -> str:
    """The page with this list in the place of the old one."""
    head, rest = PAGE.read_text("utf-8").split(BEGIN)
    return f"{head}{BEGIN}\n{tables}\n{END}{rest.split(END)[1]}"


if __name__ == "__main__":
    PAGE.write_text(page_with(listed()), "utf-8")
    sys.exit(0)
