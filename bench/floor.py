"""The floor: fetch, decode, insert, and nothing else. No client can do the same calls for less work."""

from __future__ import annotations

import sqlite3
import tempfile
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime
from typing import Any

import httpx
import orjson

from archive_store.catalogue import day_after
from connector.api import calls
from connector.api.calls import Call
from connector.sync.grid import months_of
from measuring import CONNECTIONS, TOKEN


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
    asked = _asked_for(groups)
    classes = [one["id"] for one in groups if not one["parentIds"]]
    below = {one: [other["id"] for other in groups if one in (other["parentIds"] or [])] for one in asked}
    yield [("roster", calls.students([one, *below[one]])) for one in asked]
    yield [("periods", calls.reporting_periods(one)) for one in asked]
    yield [("teacher", calls.class_teacher(one)) for one in classes]
    for kind, call in (("lesson", calls.lessons), ("mark", calls.marks), ("attendance", calls.attendance)):
        yield [(kind, call(one, first, end)) for one in asked for first, end in _months(year)]
    yield [("final", calls.final_marks(one)) for one in classes]


def journal_calls(url: str, year: int) -> list[tuple[int, str, str]]:
    """The groups and days for which lessons, marks and attendance are asked."""
    with httpx.Client(base_url=url, headers={"Access-Token": TOKEN}) as client:
        school_id = client.get(calls.context().path).json()["schools"][0]["id"]
        groups = client.get(calls.edu_groups(school_id).path).json()
    asked = _asked_for([one for one in groups if one["studyyear"] == year])
    return [(one, first, end) for one in asked for first, end in _months(year)]


def _asked_for(groups: list[dict[str, Any]]) -> list[int]:
    """Classes, and the subgroups that several share."""
    return [one["id"] for one in groups if len(one["parentIds"] or []) != 1]


def _months(year: int) -> list[tuple[str, str]]:
    return [(str(first), day_after(str(last))) for first, last in months_of(year) if first <= _today()]


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
