"""How fast the ledger is verified: against a floor that reads the same rows once and hashes them once.

The floor is what nobody can do without: every column of every version is fetched and every version is
hashed, here by joining the columns' texts, without a canonical form and without comparing anything. Both are
measured in processor time of one process, for the wall clock of a shared machine says little.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

import sqlalchemy as sa

from archive_store import records, runs, schema
from archive_store.history import Absence, write
from archive_store.store import make_store
from archive_store.verification.whole import one_state, verify

_SCHOOL: Final = 1_000_000_000_901
_PORTION: Final = 10_000
_MOST_TIMES_THE_FLOOR: Final = 2.5


def _marks(first: int) -> Iterator[records.Mark]:
    for n in range(first, first + _PORTION):
        lesson, moment = 2_410_000_200_000_000_000 + n // 25, "2025-09-10T08:41:12.407Z"
        yield records.Mark(
            2_410_000_000_000_000_000 + n, 1_000_000_010_000 + n % 900, lesson + 1, lesson,
            2_410_000_300 + n % 40, 630_000 + n % 15, f"2025-{9 + n % 3:02}-{1 + n % 28:02}", str(2 + n % 4),
            str(2 + n % 4), "Mark5", 0, 12_345_678 + n % 10, "Good", True, moment, moment[:-1], None,
        )  # fmt: skip


def _attendance(first: int) -> Iterator[records.Attendance]:
    for n in range(first, first + _PORTION):
        lesson, moment = 2_410_000_200_000_000_000 + n // 25, "2025-09-10T08:41:12.407Z"
        yield records.Attendance(
            lesson, 1_000_000_010_000 + n, 2_410_000_300 + n % 40, 630_000 + n % 15, "2025-09-10",
            "Absent", None, moment, moment[:-1], None,
        )  # fmt: skip


def _lessons(first: int) -> Iterator[records.Lesson]:
    for n in range(first, first + _PORTION):
        yield records.Lesson(
            2_410_000_200_000_000_000 + n, 2_410_000_300 + n % 40, 630_000 + n % 15, "2025-09-10", 3,
            "Сложение и вычитание обыкновенных дробей", None, '["1000000010001"]', 123, None,
        )  # fmt: skip


def _fill(engine: sa.Engine, portions: int) -> None:
    with engine.begin() as connection:
        run_id = runs.begin(connection, _SCHOOL, "sync", "2025-09-01T00:00:00Z", "bench")
        for entity, make in (
            (schema.MARK, _marks),
            (schema.ATTENDANCE, _attendance),
            (schema.LESSON, _lessons),
        ):
            for portion in range(portions):
                some: Any = make(portion * _PORTION)
                write(connection, entity, _SCHOOL, run_id, some, absence=Absence.UNKNOWN)
        runs.end(connection, _SCHOOL, run_id, "2025-09-01T01:00:00Z", "done", {})


def _floor(engine: sa.Engine) -> int:
    count = 0
    with engine.connect() as connection:
        driver: Any = connection.connection.driver_connection
        for entity in schema.ENTITIES:
            query = f"SELECT {', '.join(entity.columns)}, digest FROM {entity.name} WHERE school_id = ?"
            with closing(driver.cursor()) as cursor:
                cursor.execute(query, (_SCHOOL,))
                while rows := cursor.fetchmany(500):
                    count += len(rows)
                    for row in rows:
                        sha256("".join(map(str, row)).encode()).digest()
    return count


def _verify(engine: sa.Engine) -> int:
    with one_state(engine) as connection:
        verdict = verify(connection, _SCHOOL)
    if verdict.findings:
        sys.exit(f"not sound: {verdict.findings[:3]}")
    return verdict.versions


def _best(work: Callable[[sa.Engine], int], engine: sa.Engine, rounds: int) -> tuple[int, float]:
    best, count = float("inf"), 0
    for _round in range(rounds):
        start = time.process_time()
        count = work(engine)
        best = min(best, time.process_time() - start)
    return count, best


def main() -> None:
    """Fill an archive, verify it, tell both rates and their ratio."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--thousands", type=int, default=300, help="thousands of versions")
    parser.add_argument("--rounds", type=int, default=3)
    asked = parser.parse_args()
    with TemporaryDirectory() as folder:
        engine = make_store(f"sqlite:///{Path(folder) / 'archive.sqlite'}")
        _fill(engine, max(1, asked.thousands * 1000 // 3 // _PORTION))
        versions, floor = _best(_floor, engine, asked.rounds)
        _versions, ours = _best(_verify, engine, asked.rounds)
        engine.dispose()
    print(f"versions: {versions:,}")
    print(f"floor, read and hashed once: {versions / floor:,.0f} a second")
    print(f"ledger verify: {versions / ours:,.0f} a second, {ours / floor:.2f} times the floor")
    if ours > floor * _MOST_TIMES_THE_FLOOR:
        sys.exit(f"more than {_MOST_TIMES_THE_FLOOR} times the floor")


if __name__ == "__main__":
    main()
