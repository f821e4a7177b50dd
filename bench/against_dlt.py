"""Our sync against dlt's REST source, which makes the same calls into SQLite: first pull, re-sync unchanged.

    python bench/against_dlt.py [--pupils 300]

Both read the same school, served from memory, with the same number of connections, each by a process of
its own whose start counts. dlt is installed into a venv of a temporary folder and runs with the settings
that suit it best (see dlt_pull.py). It reads lessons, marks and attendance of all classes and months and
keeps no history; our sync reads these and all the rest (rosters, periods, final marks and so on), and its
re-sync asks for everything again, as dlt's does. Prints the ratios. Fails when a goal is missed, ends with
code 3 when dlt cannot be installed.
"""

from __future__ import annotations

import argparse
import json
import os
import sqlite3
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from floor import floor_of, journal_calls
from measuring import CONNECTIONS, TOKEN, Cost, judged, last_whole_year, new_archive, process_cost
from school_server import SchoolServer, school_server

DLT: Final = ("dlt[sqlalchemy]==1.31.0", "sqlalchemy==2.1.9")
FIRST_RATIO: Final = 5
AGAIN_RATIO: Final = 50
NOT_INSTALLED: Final = 3


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
            floor_of(server.url, server.year)  # every answer is in memory
            with new_archive(server.url, server.year) as archive:
                ours = archive.sync()
                print(f"our first pull: {ours}", flush=True)
                archive.make_everything_due()
                ours_again = archive.sync()
                print(f"our re-sync:    {ours_again}", flush=True)
            theirs, theirs_again = (_pull_by_dlt(python, Path(folder), server) for _ in range(2))
            print(f"dlt: {_rows(Path(folder))} rows")
    print(f"dlt's first pull: {theirs.seconds:.1f} s, {theirs.peak_mib:.0f} MiB")
    print(f"dlt's re-sync:    {theirs_again.seconds:.1f} s, {theirs_again.peak_mib:.0f} MiB")
    met = [
        judged("dlt / ours, first pull", theirs.seconds / ours.seconds, FIRST_RATIO, at_least=True),
        judged("dlt / ours, re-sync", theirs_again.seconds / ours_again.seconds, AGAIN_RATIO, at_least=True),
    ]
    return 0 if all(met) else 1


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


def _pull_by_dlt(python: Path, folder: Path, server: SchoolServer) -> Cost:
    class_months = [
        {"group": group, "first": first, "end": end}
        for group, first, end in journal_calls(server.url, server.year)
    ]
    what = folder / "what.json"
    what.write_text(json.dumps({"url": server.url, "token": TOKEN, "class_months": class_months}))
    environment = {
        **os.environ,
        "RUNTIME__DLTHUB_TELEMETRY": "false",
        "RUNTIME__LOG_LEVEL": "ERROR",
        "EXTRACT__WORKERS": str(CONNECTIONS),
        "EXTRACT__MAX_PARALLEL_ITEMS": str(2 * CONNECTIONS),
        "NORMALIZE__WORKERS": str(os.cpu_count() or 1),
        "DATA_WRITER__BUFFER_MAX_ITEMS": "50000",
        "DATA_WRITER__FILE_MAX_ITEMS": "100000",
        "DATA_WRITER__DISABLE_COMPRESSION": "true",
    }
    return process_cost(
        [str(python), str(Path(__file__).with_name("dlt_pull.py")), str(folder), str(what)], environment
    )


def _rows(folder: Path) -> int:
    database = sqlite3.connect(next(folder.glob("dlt*journal*.sqlite"), folder / "dlt.sqlite"))
    tables = ("lessons", "marks", "attendance")
    rows = sum(database.execute(f"SELECT count(*) FROM {table}").fetchone()[0] for table in tables)
    database.close()
    return int(rows)


if __name__ == "__main__":
    sys.exit(main())
