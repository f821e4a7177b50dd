"""Serves an invented school: `python -m connector.sandbox --pupils 300 --port 8080`.

The token is read from the environment variable DNEVNIK_SANDBOX_TOKEN (default "sandbox"). When
the school listens, one line of JSON with its base URL goes to standard output.
"""

from __future__ import annotations

import argparse
import gc
import json
import os
import sys
import threading
from datetime import datetime

from connector.sandbox.faults import Faults
from connector.sandbox.parameters import SchoolParameters
from connector.sandbox.school import School
from connector.sandbox.serve import TOKEN_VARIABLE, serve
from connector.sandbox.switches import read_switches
from connector.sandbox.variant import PlatformVariant


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m connector.sandbox", description=__doc__)
    parser.add_argument("--pupils", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--now", type=datetime.fromisoformat, help="the school's clock, ISO 8601")
    parser.add_argument("--year", type=int, action="append", default=[], help="starting year")
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--short-names", action="store_true")
    parser.add_argument("--range-end-exclusive", action="store_true")
    parser.add_argument("--six-day-seniors", action="store_true")
    parser.add_argument("--variant", action="append", default=[], metavar="NAME[=VALUE]")
    parser.add_argument("--fault", action="append", default=[], metavar="NAME[=VALUE]")
    parser.add_argument("--until-stdin-closes", action="store_true", help="stop when standard input ends")
    return parser.parse_args()


def _announce(url: str) -> None:
    sys.stdout.write(json.dumps({"url": url}) + "\n")
    sys.stdout.flush()


def _watch_stdin(stop: threading.Event) -> None:
    # Not through sys.stdin's buffer: its lock, held by a waiting thread, spoils the exit.
    while os.read(sys.stdin.fileno(), 1024):
        pass
    stop.set()


def main() -> None:
    """Build the school and serve it."""
    arguments = _arguments()
    parameters = SchoolParameters(
        pupils=arguments.pupils,
        seed=arguments.seed,
        now=arguments.now,
        years=tuple(arguments.year),
        short_names=arguments.short_names,
        range_end_inclusive=not arguments.range_end_exclusive,
        six_day_seniors=arguments.six_day_seniors,
        variant=PlatformVariant(**read_switches(PlatformVariant, arguments.variant)),
    )
    faults = Faults()
    faults.change(read_switches(Faults, arguments.fault))
    stop: threading.Event | None = None
    if arguments.until_stdin_closes:
        stop = threading.Event()
        threading.Thread(target=_watch_stdin, args=(stop,), daemon=True).start()
    school = School(parameters)
    school.build_all()
    gc.freeze()  # a collection over millions of records would hold up one answer in many
    token = os.environ.get(TOKEN_VARIABLE) or "sandbox"
    serve(school, token, port=arguments.port, ready=_announce, stop=stop, faults=faults)


if __name__ == "__main__":
    main()
