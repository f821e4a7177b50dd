"""The floor: the recorded requests of a sync, decoded, inserted, and nothing else. Run by floor.py.

    python floor_pull.py FOLDER WHAT.json

``WHAT.json`` (see recorded.py) holds the requests, in the order in which the sync made them. They are made by
httpx over as many connections as the sync had. Each answer is decoded by orjson, and the plain values of
each of its objects, also of those within objects and lists, are inserted into an SQLite table of that kind of
object and number of values, a transaction for each answer. Files of homework are written to the folder.
There is no index, history, digest, checkpoint or kept answer, no model of what an answer holds, no second
try. What a refusal says is not kept. It imports nothing of the program, whose start counts on the other side.
"""

from __future__ import annotations

import sqlite3
import sys
from collections import deque
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Any, Final

import httpx
import orjson

FILES: Final = "files"
# Answers that wait to be inserted, for each connection: enough that none is idle, few enough for any school.
_AHEAD: Final = 4
_TIMEOUT_SECONDS: Final = 60.0  # the sync's own

Tables = dict[tuple[str, int], list[list[Any]]]


def main() -> None:
    """Make the requests, insert the answers."""
    folder = Path(sys.argv[1])
    what = orjson.loads(Path(sys.argv[2]).read_bytes())
    database = sqlite3.connect(folder / "floor.sqlite")
    database.execute("PRAGMA journal_mode = WAL")
    database.execute("PRAGMA synchronous = NORMAL")
    made: set[tuple[str, int]] = set()
    for kind, answer in _answers(what, folder):
        tables: Tables = {}
        gather(kind, answer, tables)
        with database:
            insert(database, tables, made)
    database.close()


def _answers(what: dict[str, Any], folder: Path) -> Iterator[tuple[str, Any]]:
    """The decoded answers in the order of the requests, a few of them ahead of who takes them."""
    connections = what["connections"]
    with (
        httpx.Client(
            base_url=what["url"],
            headers={"Access-Token": what["token"], "Content-Type": "application/json"},
            limits=httpx.Limits(max_connections=connections),
            timeout=_TIMEOUT_SECONDS,
        ) as client,
        ThreadPoolExecutor(connections) as threads,
    ):

        def fetch(request: dict[str, str]) -> tuple[str, Any]:
            answer = client.request(request["method"], request["address"], content=request["body"] or None)
            if answer.status_code >= 500:
                answer.raise_for_status()
            if answer.is_error:
                return request["kind"], None
            if request["kind"] == FILES:
                (folder / request["address"].rpartition("/")[2]).write_bytes(answer.content)
                return FILES, None
            return request["kind"], orjson.loads(answer.content)

        waiting: deque[Future[tuple[str, Any]]] = deque()
        for request in what["requests"]:
            waiting.append(threads.submit(fetch, request))
            if len(waiting) > connections * _AHEAD:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()


def gather(name: str, value: Any, tables: Tables) -> None:
    """Add the plain values of every object of an answer to the table of its name and number of values."""
    if type(value) is list:
        for one in value:
            gather(name, one, tables)
    elif type(value) is dict:
        plain = []
        for key, inner in value.items():
            if type(inner) is list or type(inner) is dict:
                if inner:
                    gather(f"{name}_{key}", inner, tables)
            else:
                plain.append(inner)
        if plain:
            tables.setdefault((name, len(plain)), []).append(plain)


def insert(database: sqlite3.Connection, tables: Tables, made: set[tuple[str, int]]) -> None:
    """Insert rows as they are, making the tables that are not ``made`` yet."""
    for (name, width), rows in tables.items():
        table = f'"{name}_{width}"'
        if (name, width) not in made:
            database.execute(f"CREATE TABLE {table} ({', '.join(f'c{number}' for number in range(width))})")
            made.add((name, width))
        database.executemany(f"INSERT INTO {table} VALUES ({', '.join('?' * width)})", rows)


if __name__ == "__main__":
    main()
