"""Random alterations of the live database, one row at a time: does ``ledger verify`` find every one?

    python bench/ledger_alterations.py [--count 10000] [--seed 1]

The database holds something in every table that the ledger vouches for. A row is edited in one column,
deleted, or added as a copy under another key; of half the versions that are edited or added the digest is
made right again, as one would who knows how. Each alteration is verified by itself and taken back. Fails when
one is not found, or when the verification stops with an error. Edits that SQLite refuses, or that leave the
value as it is, are not counted.
"""

from __future__ import annotations

import argparse
import random
import sys
import time
from collections import Counter
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

import sqlalchemy as sa

sys.path.append(str(Path(__file__).parents[1] / "tests" / "archive_store"))

from vouched_for import COVERED, NOT_COVERED, SCHOOL, fill_covered

from archive_store.canonical import version_digest
from archive_store.record_names import BY_NAME
from archive_store.store import make_store
from archive_store.verification.answers import gives
from archive_store.verification.whole import verify

WAYS: Final = ("edited", "edited", "deleted", "added")
OTHERS: Final[tuple[Any, ...]] = (0, 1, -7, 3.5, "", "1", "forged", '«»\x00"\\', b"\xff\xfe", b"", None)
Row = dict[str, Any]


def main() -> int:
    """Alter, verify, take back, and count."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--count", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    chance = random.Random(options.seed)  # noqa: S311 - repeatable, not secret
    started = time.perf_counter()
    with TemporaryDirectory() as place:
        engine = make_store(f"sqlite:///{Path(place) / 'archive.sqlite'}")
        fill_covered(engine)
        counts, missed = alter(engine, chance, options.count)
        engine.dispose()
    for kind, count in sorted(counts.items()):
        print(f"{kind}: {count}")
    took = time.perf_counter() - started
    print(f"altered {counts.total()} rows of {len(COVERED)} tables, missed {len(missed)}; {took:.0f} s")
    for one in missed:
        print(f"MISSED: {one}")
    return 1 if missed else 0


def alter(engine: sa.Engine, chance: random.Random, count: int) -> tuple[Counter[str], list[str]]:
    """Alter that many rows, one at a time; how many in each way, and what was not found."""
    counts: Counter[str] = Counter()
    missed = []
    with engine.connect() as connection:
        if verify(connection, SCHOOL).findings:
            raise RuntimeError("not sound before it was altered")
        while counts.total() < count:
            with connection.begin_nested() as part:
                what = _altered(connection, chance)
                try:
                    if what and not verify(connection, SCHOOL).findings:
                        missed.append(what)
                except Exception as error:  # noqa: BLE001 - whatever stops it is what is looked for
                    missed.append(f"{what}, stopped by {error!r}")
                part.rollback()
            if what:
                counts[what.partition(":")[0]] += 1
        connection.rollback()
    return counts, missed


def _altered(connection: sa.Connection, chance: random.Random) -> str:
    """Alter a row of any table; what was done, nothing if nothing was altered."""
    table, way = chance.choice(COVERED), chance.choice(WAYS)
    rowids = connection.exec_driver_sql(f"SELECT rowid FROM {table.name}").scalars().all()
    rowid = chance.choice(rowids)
    what = f"{way}: {table.name} {rowid}"
    if way == "deleted":
        connection.exec_driver_sql(f"DELETE FROM {table.name} WHERE rowid = ?", (rowid,))
        return what
    row = _row(connection, table, rowid)
    names = [one.name for one in table.primary_key] if way == "added" else [*row]
    name = chance.choice(names)
    if way == "edited" and (table.name, name) in NOT_COVERED:
        return ""
    changed = {**row, name: chance.choice([*_spoilt(row[name], chance), *OTHERS])}
    if chance.random() < 0.5:
        _made_right(table, changed)
    try:
        kept = _put(connection, table, changed, rowid if way == "edited" else None)
    except (sa.exc.DBAPIError, OverflowError):
        return ""  # the database itself refuses it
    if way == "edited" and _same(kept, row):
        return ""
    return f"{what}, {name}: {row[name]!r} became {kept[name]!r}"


def _row(connection: sa.Connection, table: sa.Table, rowid: int) -> Row:
    found = connection.exec_driver_sql(f"SELECT * FROM {table.name} WHERE rowid = ?", (rowid,))
    return dict(found.mappings().one())


def _put(connection: sa.Connection, table: sa.Table, row: Row, rowid: int | None) -> Row:
    """Write the row over another, or as one more; as it stands then."""
    names = [f'"{name}"' for name in row]
    values = tuple(row.values())
    if rowid is None:
        marks = ", ".join("?" * len(names))
        insert = f"INSERT INTO {table.name} ({', '.join(names)}) VALUES ({marks})"
        rowid = int(connection.exec_driver_sql(insert, values).lastrowid)
    else:
        sets = ", ".join(f"{name} = ?" for name in names)
        connection.exec_driver_sql(f"UPDATE {table.name} SET {sets} WHERE rowid = ?", (*values, rowid))
        if table.autoincrement_column is not None and isinstance(row[table.autoincrement_column.name], int):
            rowid = row[table.autoincrement_column.name]
    return _row(connection, table, rowid)


def _same(one: Row, other: Row) -> bool:
    """Whether two rows say the same; a packed answer also when spare bits of its packing alone differ."""
    if "body" in one and gives(one["body"], other["digest"]):
        one = {**one, "body": other["body"]}
    return [(type(value), value) for value in one.values()] == [
        (type(value), value) for value in other.values()
    ]


def _spoilt(value: Any, chance: random.Random) -> list[Any]:
    """A value with one bit of it turned, as text and as bytes."""
    if isinstance(value, int):
        return [value ^ 1, value + 1, value + chance.randrange(1, 1_000)]
    if not value:
        return []
    place, bit = chance.randrange(len(value)), 1 << chance.randrange(7)
    if isinstance(value, str):
        spoilt = value[:place] + chr(ord(value[place]) ^ bit) + value[place + 1 :]
        return [spoilt, spoilt, value + " ", value.encode()]
    turned = value[:place] + bytes([value[place] ^ bit]) + value[place + 1 :]
    return [turned, turned, value[:-1]]


def _made_right(table: sa.Table, row: Row) -> None:
    """Give a version the digest of its contents."""
    entity = BY_NAME.get(table.name)
    if entity is None:
        return
    truths = {name for name in entity.columns if isinstance(table.c[name].type, sa.Boolean)}
    record = [bool(row[n]) if n in truths and row[n] in (0, 1) else row[n] for n in entity.columns]
    try:
        row["digest"] = version_digest(entity.name, row["school_id"], record)
    except TypeError:  # bytes have no canonical form: the digest stays as it was
        return


if __name__ == "__main__":
    sys.exit(main())
