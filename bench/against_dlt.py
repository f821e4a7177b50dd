"""Our sync against dlt's REST source, which makes the same calls into SQLite: first pull, re-sync unchanged.

    python bench/against_dlt.py [--pupils 300]

Both read the same school, served from memory, with the same number of connections, each by a process of
its own whose start counts. The server notes the requests of our first pull and of our re-sync, which asks for
everything again; dlt makes exactly these, and fetches the same files of homework. Requests that were refused
are left out, for dlt fails at the first: a few, which ask what a school has at all. It is installed into a
venv of a temporary folder, runs with the settings that suit it best (see dlt_pull.py), and keeps no history.
Prints the ratios. Fails when a goal is missed, ends with code 3 when dlt cannot be installed.
"""

from __future__ import annotations

import argparse
import os
import sqlite3
import subprocess
import sys
from collections.abc import Iterable, Mapping
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from measuring import (
    CONNECTIONS,
    Cost,
    Pull,
    as_installed,
    judged,
    last_whole_year,
    new_archive,
    process_cost,
)
from recorded import Request, written
from school_server import SchoolServer, school_server

DLT: Final = ("dlt[sqlalchemy]==1.31.0", "sqlalchemy==2.1.9")
FIRST_RATIO: Final = 5
AGAIN_RATIO: Final = 50
NOT_INSTALLED: Final = 3
_REFUSED: Final = 400


def main() -> int:
    """Install dlt, measure both, compare."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--pupils", type=int, default=300)
    options = parser.parse_args()
    with TemporaryDirectory() as folder:
        python = _venv_with_dlt(Path(folder))
        if python is None:
            print("dlt could not be installed here: nothing was measured", file=sys.stderr)
            return NOT_INSTALLED
        with school_server(options.pupils, last_whole_year()) as server:
            ours, ours_again, asked, asked_again = _our_pulls(server)
            theirs = _pull_by_dlt(python, Path(folder), server, asked)
            print(f"dlt's first pull: {theirs}, {len(asked)} calls", flush=True)
            theirs_again = _pull_by_dlt(python, Path(folder), server, asked_again)
            print(f"dlt's re-sync:    {theirs_again}, {len(asked_again)} calls", flush=True)
            print(f"dlt: {_rows(Path(folder))} rows")
    processor = theirs.cpu / ours.cost.cpu, theirs_again.cpu / ours_again.cost.cpu
    print("dlt / ours, processor: {:.2f}, re-sync {:.2f}".format(*processor))
    met = [
        judged("dlt / ours, first pull", theirs.seconds / ours.seconds, FIRST_RATIO, at_least=True),
        judged("dlt / ours, re-sync", theirs_again.seconds / ours_again.seconds, AGAIN_RATIO, at_least=True),
    ]
    return 0 if all(met) else 1


def _our_pulls(server: SchoolServer) -> tuple[Pull, Pull, list[Request], list[Request]]:
    """Our first pull and re-sync, and what each asks for. The answers are made by a first try of both."""
    with new_archive(server.url, server.year) as archive:
        with server.recording() as asked:
            archive.sync()
        archive.make_everything_due()
        with server.recording() as asked_again:
            archive.sync()
    with new_archive(server.url, server.year) as archive:
        ours = archive.sync()
        print(f"our first pull:   {ours}", flush=True)
        archive.make_everything_due()
        ours_again = archive.sync()
        print(f"our re-sync:      {ours_again}", flush=True)
    return ours, ours_again, _answered(asked), _answered(asked_again)


def _answered(asked: Mapping[Request, int]) -> list[Request]:
    return [request for request, status in asked.items() if status < _REFUSED]


def _venv_with_dlt(folder: Path) -> Path | None:
    """The interpreter of a new venv with dlt in it, or None."""
    venv = folder / "venv"
    python = venv / ("Scripts" if os.name == "nt" else "bin") / "python"
    try:
        subprocess.run([sys.executable, "-m", "uv", "--version"], check=True, capture_output=True)
        uv = [sys.executable, "-m", "uv"]
    except subprocess.CalledProcessError:
        uv = ["uv"]
    try:
        subprocess.run([*uv, "venv", "--quiet", "--python", sys.executable, str(venv)], check=True)
        subprocess.run([*uv, "pip", "install", "--quiet", "--python", str(python), *DLT], check=True)
    except (subprocess.CalledProcessError, FileNotFoundError):
        return None
    return python


def _pull_by_dlt(python: Path, folder: Path, server: SchoolServer, asked: Iterable[Request]) -> Cost:
    what = written(folder / "what.json", server.url, asked)
    environment = {
        **as_installed(),
        "RUNTIME__DLTHUB_TELEMETRY": "false",
        "RUNTIME__LOG_LEVEL": "ERROR",
        "EXTRACT__WORKERS": str(CONNECTIONS),
        "EXTRACT__MAX_PARALLEL_ITEMS": str(2 * CONNECTIONS),
        "NORMALIZE__WORKERS": str(os.cpu_count() or 1),
        "LOAD__WORKERS": "1",  # SQLite has one writer: with a million marks the others gave up, locked out
        "DATA_WRITER__BUFFER_MAX_ITEMS": "50000",
        "DATA_WRITER__FILE_MAX_ITEMS": "100000",
        "DATA_WRITER__DISABLE_COMPRESSION": "true",
    }
    return process_cost(
        [str(python), str(Path(__file__).with_name("dlt_pull.py")), str(folder), str(what)], environment
    )


def _rows(folder: Path) -> int:
    """Rows of all tables but those of dlt itself and those that it stages a merge in."""
    with closing(
        sqlite3.connect(next(folder.glob("dlt__journal.sqlite"), folder / "dlt.sqlite"))
    ) as database:
        names = database.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
        tables = [name for (name,) in names if not name.startswith(("_dlt", "sqlite_"))]
        return sum(database.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0] for name in tables)


if __name__ == "__main__":
    sys.exit(main())
