"""The sealed record as one SQLite file that any SQLite opens: strict tables, meanings, views.

Its bytes depend on the rows and on the version of SQLite alone: tables are made afresh in a fixed order,
rows go in in key order, and the file is vacuumed.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from contextlib import closing
from pathlib import Path
from typing import Any, Final, get_args, get_type_hints

from archive_store.schema import Entity
from archive_store.snapshot.contents import SealedTable
from archive_store.texts import N_, _

MEANINGS: Final = "column_meaning"
_MOMENTS: Final = {
    "seen_from": N_("Moment from which the archive saw this version, UTC"),
    "seen_to": N_("Moment from which the archive no longer saw it, UTC"),
}

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


def write(path: Path, tables: Iterable[SealedTable]) -> dict[str, int]:
    """Make the file at ``path`` and return the rows of each table."""
    counts: dict[str, int] = {}
    with closing(sqlite3.connect(path, isolation_level=None)) as database:
        database.execute("PRAGMA page_size = 4096")
        database.execute("PRAGMA journal_mode = OFF")
        database.execute("PRAGMA synchronous = OFF")
        database.execute("BEGIN")
        database.execute(
            f"CREATE TABLE {MEANINGS} (table_name TEXT, column_name TEXT, meaning TEXT, "
            "PRIMARY KEY (table_name, column_name)) STRICT, WITHOUT ROWID"
        )
        for table in tables:
            counts[table.name] = _write_table(database, table)
        for name, query in _VIEWS.items():
            if _shown(query) in counts:
                database.execute(f"CREATE VIEW {name} AS {query}")
        database.execute("COMMIT")
        database.execute("VACUUM")
    return counts


def meanings(table: SealedTable) -> dict[str, str]:
    """The columns of a table with their meanings in the active language."""
    described = {name: str(table.entity.table.c[name].comment) for name in table.entity.columns}
    return {name: _(described.get(name) or _MOMENTS[name]) for name in table.columns}


def column_types(entity: Entity[Any]) -> dict[str, type]:
    """What each column of an entity holds: int, bool or str."""
    hints = get_type_hints(entity.record)
    return {
        name: next(kind for kind in (bool, int, str) if kind in (hint, *get_args(hint)))
        for name, hint in hints.items()
    }


def _shown(query: str) -> str:
    """The table that a view shows."""
    return query.partition("FROM ")[2].partition(" ")[0]


def _write_table(database: sqlite3.Connection, table: SealedTable) -> int:
    types = column_types(table.entity)
    strict = {int: "INTEGER", bool: "INTEGER", str: "TEXT"}
    columns = ", ".join(f"{name} {strict[types.get(name, str)]}" for name in table.columns)
    key = f", PRIMARY KEY ({', '.join(table.key)})" if table.key else ""
    database.execute(f"CREATE TABLE {table.name} ({columns}{key}) STRICT")
    database.executemany(
        f"INSERT INTO {MEANINGS} VALUES (?, ?, ?)",
        [(table.name, name, meaning) for name, meaning in meanings(table).items()],
    )
    values = ", ".join("?" * len(table.columns))
    inserted = database.executemany(f"INSERT INTO {table.name} VALUES ({values})", table.rows())
    return max(inserted.rowcount, 0)
