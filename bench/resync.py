"""A re-sync against the first pull of the same year: a night by the sync's own plan, and everything again.

    python bench/resync.py [--pupils 1000] [--without-latency] [--only {night,everything}]

**A night**, as a school lives it: the year is pulled on an evening in the middle of May, then the newest
hundredth of the marks gets another value, a school day goes by, and on the next evening the sync asks for
what its plan finds due: the months that still change, with what that day brought, the rosters, and the small
lists that it reads every time. The clocks of the school and the command show those evenings (at_moment.py).

**Everything again**: a whole year is pulled, then all of its parts are made due, so that each is asked for
again, not only those that the plan finds due: as it was, after the newest hundredth of the marks got another
value, as corrections come, and after every hundredth mark of every class and month did (the worst way to
change 1 %: hardly an answer of marks stays the same).

Both without and with 100 ms of latency in each call. Answers come from memory, so that the time is the
client's: each sync is tried on a copy of the archive first, which makes the answers and is not measured.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from typing import Final

from connector.sandbox.clock import SCHOOL_ZONE
from measuring import Archive, Pull, judged, last_whole_year, new_archive
from school_server import SchoolServer, school_server

LATENCY_SECONDS: Final = 0.1
CHANGED_SHARE: Final = 0.01
CHANGED_RATIO: Final = 0.2
_TUESDAY: Final = 1
_DAY: Final = timedelta(days=1)


def main() -> int:
    """Measure with and without latency; fail when a goal is missed."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--pupils", type=int, default=1000)
    parser.add_argument("--without-latency", action="store_true")
    parser.add_argument("--only", choices=list(_MEASUREMENTS))
    options = parser.parse_args()
    latencies = [0.0] if options.without_latency else [0.0, LATENCY_SECONDS]
    met = []
    for name, measure in _MEASUREMENTS.items():
        if options.only in (None, name):
            met += measure(options.pupils, last_whole_year(), latencies)
    return 0 if all(met) else 1


def _nights(pupils: int, year: int, latencies: list[float]) -> list[bool]:
    evening = _evening_in_may(year)
    met = []
    with school_server(pupils, year, now=evening) as server:
        for latency in latencies:
            print(f"a night by the plan, latency {latency * 1000:.0f} ms per call", flush=True)
            server.set_clock(evening)
            with new_archive(server.url, year) as archive:
                first = _pulled(server, archive, latency, "first pull", evening)
                marks = server.change_marks(CHANGED_SHARE, newest=True)
                server.set_clock(evening + _DAY)
                what = f"the night after, {marks} newest marks changed"
                night = _pulled(server, archive, latency, what, evening + _DAY)
            met.append(_compared("the night", night, first))
    return met


def _everything_again(pupils: int, year: int, latencies: list[float]) -> list[bool]:
    with school_server(pupils, year) as server:
        return [met for latency in latencies for met in _thrice_again(server, latency)]


def _thrice_again(server: SchoolServer, latency: float) -> list[bool]:
    print(f"everything again, latency {latency * 1000:.0f} ms per call", flush=True)
    with new_archive(server.url, server.year) as archive:
        first = _pulled(server, archive, latency, "first pull")

        def again(what: str) -> Pull:
            archive.make_everything_due()
            return _pulled(server, archive, latency, what)

        same = again("nothing changed")
        newest = again(f"{server.change_marks(CHANGED_SHARE, newest=True)} newest marks changed")
        spread = again(f"{server.change_marks(CHANGED_SHARE, newest=False)} marks changed")
    return [
        _compared("nothing changed", same, first),
        _compared("newest 1 % changed", newest, first),
        _compared("1 % changed everywhere", spread, first),
    ]


_MEASUREMENTS: Final[dict[str, Callable[[int, int, list[float]], list[bool]]]] = {
    "night": _nights,
    "everything": _everything_again,
}


def _pulled(
    server: SchoolServer, archive: Archive, latency: float, what: str, now: datetime | None = None
) -> Pull:
    """Sync with that latency, after a try on a copy without."""
    server.recorder.latency = 0.0
    with archive.copied() as copy:
        copy.sync(now)
    server.recorder.latency = latency
    pull = archive.sync(now)
    print(f"  {what}: {pull}", flush=True)
    return pull


def _compared(what: str, pull: Pull, first: Pull) -> bool:
    calls = f"{pull.calls} of {first.calls} calls"
    return judged(f"  {what} / first pull, {calls}", pull.seconds / first.seconds, CHANGED_RATIO)


def _evening_in_may(year: int) -> datetime:
    """A Tuesday's in the middle of the May of an academic year, so that the next day has lessons."""
    day = date(year + 1, 5, 15)
    day -= (day.weekday() - _TUESDAY) % 7 * _DAY
    return datetime.combine(day, time(20), SCHOOL_ZONE)


if __name__ == "__main__":
    sys.exit(main())
