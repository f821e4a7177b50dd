"""A re-sync against the first pull of the same year: nothing changed, and 1 % of the marks changed, twice.

    python bench/resync.py [--pupils 1000] [--without-latency]

The year is pulled, then all of its parts are made due, so that each is asked for again, not only those
that the plan finds due: as it was, after the newest hundredth of the marks got another value, as corrections
come, and after every hundredth mark of every class and month did (the worst way to change 1 %: hardly an
answer of marks stays the same). Then everything again with 100 ms of latency in each call. Answers come from
memory, so that the time is the client's.
"""

from __future__ import annotations

import argparse
import sys
from typing import Final

from floor import floor_of
from measuring import Archive, Pull, judged, last_whole_year, new_archive
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
        same = _again(archive, "nothing changed")
        newest = _changed(server, archive, latency, newest=True)
        spread = _changed(server, archive, latency, newest=False)
    server.memory.latency = 0.0
    again = {"nothing changed": same, "newest 1 % changed": newest, "1 % changed everywhere": spread}
    met = [
        judged(f"  {name} / first pull", pull.seconds / first.seconds, CHANGED_RATIO)
        for name, pull in again.items()
    ]
    return all(met)


def _changed(server: SchoolServer, archive: Archive, latency: float, *, newest: bool) -> Pull:
    server.memory.latency = 0.0
    marks = server.change_marks(CHANGED_SHARE, newest=newest)
    floor_of(server.url, server.year)
    server.memory.latency = latency
    return _again(archive, f"{marks} {'newest ' if newest else ''}marks changed")


def _again(archive: Archive, what: str) -> Pull:
    archive.make_everything_due()
    pull = archive.sync()
    print(f"  {what}: {pull}", flush=True)
    return pull


if __name__ == "__main__":
    sys.exit(main())
