"""The sealed record as one SQLite file that any SQLite opens: strict tables, meanings, views.

The meanings stand twice: as comments in the statements that ``sqlite_schema`` keeps (``.schema`` shows
them), and as rows of ``table_meaning`` and ``column_meaning``. The bytes depend on the rows, the language
and the version of SQLite alone: tables are made afresh in a fixed order, rows go in in key order, and the
file is vacuumed.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from itertools import islice
from pathlib import Path
from typing import Any, Final

from archive_store.snapshot.contents import Column, SealedTable
from archive_store.texts import _

MEANINGS: Final = ("table_meaning", "column_meaning")
_AT_ONCE: Final = 500
_TYPES: Final = {"integer": "INTEGER", "truth": "INTEGER", "text": "TEXT", "day": "TEXT"}

# Names beside ids, for a person who opens the file by hand.
_NAMED: Final = "LEFT JOIN edu_group g USING (group_id) LEFT JOIN subject s USING (subject_id)"
_PUPIL: Final = "LEFT JOIN person p USING (person_id)"
_VIEWS: Final = {
    "view_lessons": f"""
        SELECT x.day, x.number, g.name AS group_name, s.name AS subject, x.topic, x.status, x.lesson_id
        FROM lesson x {_NAMED}""",
    "view_marks": f"""
        SELECT x.day, g.name AS group_name, s.name AS subject, p.last_name, p.first_name, p.middle_name,
               x.value, t.title AS work_type, t.weight, x.mark_id
        FROM mark x {_NAMED} {_PUPIL} LEFT JOIN work_type t USING (work_type_id)""",
    "view_attendance": f"""
        SELECT x.day, g.name AS group_name, s.name AS subject, p.last_name, p.first_name, p.middle_name,
               x.status, x.comment
        FROM attendance x {_NAMED} {_PUPIL}""",
    "view_final_marks": f"""
        SELECT g.name AS group_name, s.name AS subject, p.last_name, p.first_name, p.middle_name,
               x.kind, r.name AS period, x.value, x.mark_id
        FROM final_mark x {_NAMED} {_PUPIL}
             LEFT JOIN reporting_period r ON r.period_id = x.period_id AND r.group_id = x.group_id""",
}


class Database:
    """The file while it is written. Rows pass through it on their way to the other form."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def begin(self, tables: Iterable[SealedTable]) -> None:
        """Make the tables, with their meanings."""
        for name, columns in zip(MEANINGS, ("table_name", "table_name, column_name"), strict=True):
            texts = f"{columns}, meaning".split(", ")
            described = ", ".join(f"{one} TEXT NOT NULL" for one in texts)
            self._connection.execute(
                f"CREATE TABLE {name} ({described}, PRIMARY KEY ({columns})) STRICT, WITHOUT ROWID"
            )
        for table in tables:
            self._connection.execute(_statement(table))
            self._connection.execute("INSERT INTO table_meaning VALUES (?, ?)", (table.name, table.title))
            self._connection.executemany(
                "INSERT INTO column_meaning VALUES (?, ?, ?)",
                [(table.name, column.name, _(column.meaning)) for column in table.columns],
            )

    def passing(
        self, table: SealedTable, rows: Iterable[tuple[Any, ...]]
    ) -> Iterator[Sequence[tuple[Any, ...]]]:
        """Insert the rows and hand them on, some thousands at a time."""
        insert = f"INSERT INTO {table.name} VALUES ({', '.join('?' * len(table.columns))})"
        rows = iter(rows)
        while batch := list(islice(rows, _AT_ONCE)):
            self._connection.executemany(insert, batch)
            yield batch

    def end(self, tables: Iterable[SealedTable]) -> None:
        """Add the views for people."""
        names = {table.name for table in tables}
        for name, query in _VIEWS.items():
            if query.partition("FROM ")[2].partition(" ")[0] in names:
                self._connection.execute(f"CREATE VIEW {name} AS {query}")


@contextmanager
def writing(path: Path, tables: Sequence[SealedTable]) -> Iterator[Database]:
    """Make the file at ``path``, with tables that are filled meanwhile."""
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        for setting in ("page_size = 4096", "journal_mode = OFF", "synchronous = OFF"):
            connection.execute(f"PRAGMA {setting}")
        connection.execute("BEGIN")
        database = Database(connection)
        database.begin(tables)
        yield database
        database.end(tables)
        connection.execute("COMMIT")
        connection.execute("VACUUM")


def _statement(table: SealedTable) -> str:
    """The statement that makes a table. SQLite keeps it as it is, with its comments."""
    lines = [_line(column) for column in table.columns]
    if table.key:
        lines.append((f"PRIMARY KEY ({', '.join(table.key)})", ""))
    ends = [","] * (len(lines) - 1) + [""]
    body = "\n".join(f"    {code}{end}{comment}" for (code, comment), end in zip(lines, ends, strict=True))
    return f"CREATE TABLE {table.name} (  -- {table.title}\n{body}\n) STRICT"


def _line(column: Column) -> tuple[str, str]:
    needed = " NOT NULL" if column.required else ""
    return f"{column.name} {_TYPES[column.kind]}{needed}", f"  -- {_(column.meaning)}"
