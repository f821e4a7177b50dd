"""Random alterations of a sealed bag, one at a time: does the verifier find every one?

    python bench/alterations.py [--count 10000] [--seed 1]

The bag is the journal of the small invented year of the tests. Every other alteration flips one bit of one
file; the others alter, delete or add one row, in the table or in the database, and then make both manifests
right again, as one would who knows how. Fails when one is not found, or when the verifier stops with an
error.
"""

from __future__ import annotations

import argparse
import gzip
import random
import sqlite3
import sys
import time
from collections import Counter
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

sys.path.append(str(Path(__file__).parents[1] / "tests" / "archive_store" / "snapshot"))

from archive_store.snapshot.seal import Extras
from archive_store.snapshot.verifier import verify
from archive_store.store import make_store
from archive_store.year.closing import Order, close_year
from handling import DATABASE, JOURNAL, MANIFEST, TAG_MANIFEST, copied, flipped, rehashed
from small_year import AT, SCHOOL, YEAR, fill, put_files

LABEL: Final = "bag-info.txt"


def main() -> int:
    """Alter, verify, put right, and count."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--count", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    chance = random.Random(options.seed)  # noqa: S311 - repeatable, not secret
    started = time.perf_counter()
    with TemporaryDirectory() as place:
        bag = _sealed(Path(place))
        counts, missed = _alter(bag, chance, options.count)
    for kind, count in sorted(counts.items()):
        print(f"{kind}: {count}")
    print(f"altered {sum(counts.values())}, missed {len(missed)}; {time.perf_counter() - started:.0f} s")
    for one in missed:
        print(f"MISSED: {one}")
    return 1 if missed else 0


def _sealed(place: Path) -> Path:
    store = fill(make_store(f"sqlite:///{place / 'archive.sqlite'}"))
    with store.connect() as connection:
        extras = Extras(put_files(place / "files"))
        year = close_year(connection, SCHOOL, YEAR, place / "sealed", AT, Order(extras=extras)).sealed.path
    store.dispose()
    bag = copied(year / JOURNAL, place / "bag")
    if not verify(bag).sound:
        raise RuntimeError("not sound before it was altered")
    return bag


def _alter(bag: Path, chance: random.Random, count: int) -> tuple[Counter[str], list[str]]:
    whole = {path: path.read_bytes() for path in sorted(bag.rglob("*")) if path.is_file()}
    ways: list[Callable[[], str]] = [
        lambda: _bit(chance.choice(list(whole)), chance),
        lambda: _table_row(bag, chance),
        lambda: _bit(_by_size(whole, chance), chance),
        lambda: _database_row(bag, chance),
    ]
    counts: Counter[str] = Counter()
    missed = []
    for number in range(count):
        what = ways[number % len(ways)]()
        counts[what.partition(":")[0]] += 1
        try:
            if verify(bag).sound:
                missed.append(what)
        except Exception as error:  # noqa: BLE001 - whatever stops the verifier is what is looked for
            missed.append(f"{what}, stopped by {error!r}")
        for path, content in whole.items():
            if path.name in (MANIFEST, TAG_MANIFEST, LABEL) or path.read_bytes() != content:
                path.write_bytes(content)
    return counts, missed


def _by_size(whole: dict[Path, bytes], chance: random.Random) -> Path:
    """A file, by chance and by its size: each bit of the bag is as likely as any other."""
    (path,) = chance.choices(list(whole), [len(content) for content in whole.values()])
    return path


def _bit(path: Path, chance: random.Random) -> str:
    content = bytearray(path.read_bytes())
    at = chance.randrange(len(content) * 8)
    content[at // 8] ^= 1 << at % 8
    path.write_bytes(content)
    return f"bit: {path.name} {at}"


def _table_row(bag: Path, chance: random.Random) -> str:
    """One row of a table, and the manifests after it."""
    tables = sorted((bag / "data/tables").glob("*.csv.gz"))
    path = chance.choice([one for one in tables if gzip.decompress(one.read_bytes()).count(b"\n") > 1])
    lines = gzip.decompress(path.read_bytes()).splitlines(keepends=True)
    at, way = chance.randrange(1, len(lines)), chance.choice(["altered", "deleted", "added"])
    if way == "altered":
        lines[at] = flipped(lines[at], chance.randrange(len(lines[at])))
    elif way == "deleted":
        del lines[at]
    else:
        lines.insert(at, lines[at])
    path.write_bytes(gzip.compress(b"".join(lines), mtime=0))
    _made_right(bag)
    return f"row of a table {way}: {path.name} {at}"


def _database_row(bag: Path, chance: random.Random) -> str:
    """One row of the database, and the manifests after it."""
    with closing(sqlite3.connect(bag / DATABASE)) as database, database:
        names = [row[0] for row in database.execute("SELECT table_name FROM table_meaning")]
        name = chance.choice(
            [one for one in names if database.execute(f"SELECT 1 FROM {one}").fetchone() is not None]
        )
        rowids = [row[0] for row in database.execute(f"SELECT rowid FROM {name}")]
        rowid, way = chance.choice(rowids), chance.choice(["altered", "deleted"])
        if way == "deleted" or not _cell_altered(database, name, rowid, chance):
            way = "deleted"
            database.execute(f"DELETE FROM {name} WHERE rowid = ?", (rowid,))
    _made_right(bag)
    return f"row of the database {way}: {name} {rowid}"


def _cell_altered(database: sqlite3.Connection, name: str, rowid: int, chance: random.Random) -> bool:
    """Whether the database took another value; it does not where the key would be there twice."""
    columns = [(row[1], row[2]) for row in database.execute(f"PRAGMA table_info({name})")]
    column, kind = chance.choice(columns)
    (value,) = database.execute(f"SELECT {column} FROM {name} WHERE rowid = ?", (rowid,)).fetchone()
    other = (value or 0) + 1 if kind == "INTEGER" else f"{value or ''}x"
    try:
        database.execute(f"UPDATE {name} SET {column} = ? WHERE rowid = ?", (other, rowid))
    except sqlite3.IntegrityError:
        return False
    return True


def _made_right(bag: Path) -> None:
    """The total and both manifests."""
    payload = [path for path in (bag / "data").rglob("*") if path.is_file()]
    head = (bag / LABEL).read_text("utf-8").partition("Payload-Oxum: ")[0]
    size = sum(path.stat().st_size for path in payload)
    (bag / LABEL).write_text(f"{head}Payload-Oxum: {size}.{len(payload)}\n", "utf-8")
    rehashed(bag)


if __name__ == "__main__":
    sys.exit(main())
