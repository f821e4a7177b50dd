"""A first sync of a whole school year against a bare floor: fetch, decode, raw insert, no history.

    python bench/first_sync.py [--pupils 1000] [--rounds 3]

Both sides read the same invented school, served by another process of this machine, over the same number
of connections. The floor makes the same calls for the same groups and months, decodes the answers with
orjson and inserts the rows into SQLite tables without index, history, digest, checkpoint or kept answer.
Prints each round's seconds, the ratio of the medians and the peak memory of the sync's process.
Fails when the ratio is above 3 or the peak above 300 MiB.
"""

from __future__ import annotations

import argparse
import os
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, Final

import httpx
import orjson

from archive_store.catalogue import day_after
from connector.api import calls
from connector.api.calls import Call
from connector.sandbox.parameters import SchoolParameters
from connector.sandbox.serve import running_process
from connector.sync.grid import months_of, study_year_of

TOKEN: Final = "bench"  # noqa: S105 - of an invented school
CONNECTIONS: Final = 4
RATIO: Final = 3.0
PEAK_MIB: Final = 300


def main() -> int:
    """Measure both sides in alternation and compare the medians."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--pupils", type=int, default=1000)
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    year = study_year_of(datetime.now(UTC).date()) - 1
    with running_process(SchoolParameters(pupils=options.pupils, years=(year,)), TOKEN) as school:
        floor_of(school.url, year)  # the server builds its year for the first asker: not measured
        floors, syncs, peaks = [], [], []
        for number in range(1, options.rounds + 1):
            floor, rows = timed(lambda: floor_of(school.url, year))
            sync, peak = timed(lambda: sync_of(school.url, year))
            floors.append(floor)
            syncs.append(sync)
            peaks.append(peak)
            print(
                f"round {number}: floor {floor:.1f} s ({rows} rows), sync {sync:.1f} s, peak {peak:.0f} MiB"
            )
    ratio = statistics.median(syncs) / statistics.median(floors)
    print(
        f"ratio of the medians {ratio:.2f} (at most {RATIO}); peak {max(peaks):.0f} MiB (at most {PEAK_MIB})"
    )
    return 0 if ratio <= RATIO and max(peaks) <= PEAK_MIB else 1


def timed(work: Callable[[], Any]) -> tuple[float, Any]:
    """Seconds of the wall clock, and the result."""
    start = time.perf_counter()
    result = work()
    return time.perf_counter() - start, result


def sync_of(url: str, year: int) -> float:
    """A first sync by the real command in a new folder; its peak memory in MiB."""
    with tempfile.TemporaryDirectory() as folder:
        environment = {
            # As installed: modules are compiled once, not at every start.
            **{name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"},
            "DNEVNIK_ARCHIVE_API_URL": url,
            "DNEVNIK_ARCHIVE_TOKEN": TOKEN,
            "DNEVNIK_ARCHIVE_STORE_URL": f"sqlite:///{folder}/archive.sqlite",
            "DNEVNIK_ARCHIVE_FIRST_YEAR": str(year),
            "DNEVNIK_ARCHIVE_CONNECTIONS": str(CONNECTIONS),
        }
        command = [str(Path(sys.executable).with_name("dnevnik-archive"))]
        subprocess.run(
            [*command, "init", "--dir", folder], env=environment, check=True, stdout=subprocess.DEVNULL
        )
        process = subprocess.Popen([*command, "sync"], env=environment, stdout=subprocess.DEVNULL)
        _, status, usage = os.wait4(process.pid, 0)
        if status:
            sys.exit(f"the sync failed: {status}")
        return (
            usage.ru_maxrss
            / (1 if sys.platform == "darwin" else 1024)
            / (1024 if sys.platform == "darwin" else 1)
        )


def floor_of(url: str, year: int) -> int:
    """Fetch, decode, insert; the number of rows."""
    with (
        tempfile.TemporaryDirectory() as folder,
        httpx.Client(
            base_url=url, headers={"Access-Token": TOKEN}, limits=httpx.Limits(max_connections=CONNECTIONS)
        ) as client,
        ThreadPoolExecutor(CONNECTIONS) as threads,
    ):
        database = sqlite3.connect(f"{folder}/floor.sqlite")
        database.execute("PRAGMA journal_mode = WAL")
        database.execute("PRAGMA synchronous = NORMAL")

        def fetch(call: Call) -> Any:
            if call.ids is None:
                return orjson.loads(client.get(call.path, params=call.query).content)
            return orjson.loads(client.post(call.path, content=orjson.dumps(call.ids)).content)

        rows = 0
        for stage in stages(fetch, year):
            for kind, answer in threads.map(lambda item: (item[0], fetch(item[1])), stage):
                rows += insert(database, kind, answer)
        database.close()
        return rows


def stages(fetch: Callable[[Call], Any], year: int) -> Iterator[list[tuple[str, Call]]]:
    """The calls of a whole year, as the sync makes them."""
    school_id = fetch(calls.context())["schools"][0]["id"]
    groups = [one for one in fetch(calls.edu_groups(school_id)) if one["studyyear"] == year]
    whole = [calls.school(school_id), calls.teachers(school_id), calls.subjects(school_id)]
    whole += [calls.timetables(school_id), calls.work_types(school_id)]
    yield [("school", call) for call in whole]
    asked = [one["id"] for one in groups if len(one["parentIds"] or []) != 1]
    classes = [one["id"] for one in groups if not one["parentIds"]]
    below = {one: [other["id"] for other in groups if one in (other["parentIds"] or [])] for one in asked}
    yield [("roster", calls.students([one, *below[one]])) for one in asked]
    yield [("periods", calls.reporting_periods(one)) for one in asked]
    yield [("teacher", calls.class_teacher(one)) for one in classes]
    months = [(str(first), day_after(str(last))) for first, last in months_of(year) if first <= _today()]
    for kind, call in (("lesson", calls.lessons), ("mark", calls.marks), ("attendance", calls.attendance)):
        yield [(kind, call(one, first, last)) for one in asked for first, last in months]
    yield [("final", calls.final_marks(one)) for one in classes]


def insert(database: sqlite3.Connection, kind: str, answer: Any) -> int:
    """Insert the rows of an answer with all their plain values, as they come."""
    tables = {kind: answer if isinstance(answer, list) else [answer]}
    if kind == "lesson":
        tables["work"] = [work for lesson in answer for work in lesson["works"]]
    if kind == "roster":
        tables["student"] = [one["person"] for group in answer for one in group["students"]]
    if kind == "final":
        finals = [mark for row in answer for mark in row["per-subject-final-marks"]]
        tables["final_mark"] = [one["final-mark"] for one in finals if one["final-mark"]]
    with database:
        for table, rows in tables.items():
            values = [[v for v in row.values() if not isinstance(v, (list, dict))] for row in rows if row]
            for width in {len(one) for one in values} - {0}:
                same = [one for one in values if len(one) == width]
                name = f"{table}_{width}"
                columns = ", ".join(f"c{n}" for n in range(width))
                database.execute(f"CREATE TABLE IF NOT EXISTS {name} ({columns})")
                database.executemany(f"INSERT INTO {name} VALUES ({', '.join('?' * width)})", same)
    return sum(map(len, tables.values()))


def _today() -> date:
    return datetime.now(UTC).date()


if __name__ == "__main__":
    sys.exit(main())
