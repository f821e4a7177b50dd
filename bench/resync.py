"""A re-sync against the first pull of the same year: nothing changed, and 1 % of the marks changed.

    python bench/resync.py [--pupils 1000] [--without-latency]

The year is pulled, then all of its parts are made due, so that each is asked for again, not only those
that the plan finds due: once as it was, once after every hundredth mark of every class and month got
another value (the worst way to change 1 %: hardly an answer of marks stays the same). Then everything
again with 100 ms of latency in each call. Answers come from memory, so that the time is the client's.
"""

from __future__ import annotations

import argparse
import sys
from typing import Final

from floor import floor_of
from measuring import judged, last_whole_year, new_archive
from school_server import SchoolServer, school_server

LATENCY_SECONDS: Final = 0.1
CHANGED_SHARE: Final = 0.01
CHANGED_RATIO: Final = 0.2


def main() -> int:
    """Measure with and without latency; fail when a goal is missed."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--pupils", type=int, default=1000)
    parser.add_argument("--without-latency", action="store_true")
    options = parser.parse_args()
    with school_server(options.pupils, last_whole_year()) as server:
        met = [_measured(server, 0.0)]
        if not options.without_latency:
            met.append(_measured(server, LATENCY_SECONDS))
    return 0 if all(met) else 1


def _measured(server: SchoolServer, latency: float) -> bool:
    print(f"latency {latency * 1000:.0f} ms per call")
    floor_of(server.url, server.year)  # every answer is in memory
    server.memory.latency = latency
    with new_archive(server.url, server.year) as archive:
        first = archive.sync()
        print(f"  first pull: {first}", flush=True)
        archive.make_everything_due()
        same = archive.sync()
        print(f"  nothing changed: {same}", flush=True)
        server.memory.latency = 0.0
        marks = server.change_marks(CHANGED_SHARE)
        floor_of(server.url, server.year)
        server.memory.latency = latency
        archive.make_everything_due()
        changed = archive.sync()
        print(f"  {marks} marks changed: {changed}", flush=True)
        server.memory.latency = 0.0
    judged("  nothing changed / first pull", same.seconds / first.seconds, CHANGED_RATIO)
    return judged("  1 % changed / first pull", changed.seconds / first.seconds, CHANGED_RATIO)


if __name__ == "__main__":
    sys.exit(main())
