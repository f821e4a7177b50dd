"""The floor beside a sync: the same requests made again for less work than any client could do them for."""

from __future__ import annotations

import sqlite3
import sys
from collections.abc import Collection
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from measuring import Cost, as_installed, process_cost
from recorded import Request, replay


@dataclass(frozen=True, slots=True)
class Floor:
    """What the floor took, with the start of its process, and what it did: calls made, rows inserted."""

    cost: Cost
    calls: int
    rows: int

    def __str__(self) -> str:
        return f"{self.cost}, {self.calls} calls, {self.rows} rows"


def floor_of(url: str, requests: Collection[Request]) -> Floor:
    """Make recorded requests again by ``floor_pull.py``. Ends the measurement if it fails."""
    program = str(Path(__file__).with_name("floor_pull.py"))
    with replay(url, requests) as made:
        cost = process_cost([sys.executable, program, str(made.folder), str(made.what)], as_installed())
        return Floor(cost, len(requests), _rows_in(made.folder / "floor.sqlite"))


def _rows_in(file: Path) -> int:
    with closing(sqlite3.connect(file)) as database:
        names = database.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
        return sum(database.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0] for (name,) in names)
