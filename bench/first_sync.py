"""A first sync of a whole school year against a bare floor: fetch, decode, raw insert, no history.

    python bench/first_sync.py [--pupils 1000] [--rounds 3]

Both sides read the same invented school over the same number of connections. The floor makes the same
calls for the same groups and months, decodes the answers with orjson and inserts the rows into SQLite
tables without index, history, digest, checkpoint or kept answer. By default the school is served by a
process that makes every answer anew, as a platform does; with ``--from-memory`` its answers are made once,
and the ratio is that of the clients alone. Prints each round's seconds, the ratio of the medians and the
peak memory of the sync's process. Fails when the ratio or the peak is above its bound.
"""

from __future__ import annotations

import argparse
import statistics
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from connector.sandbox.parameters import SchoolParameters
from connector.sandbox.serve import running_process
from floor import floor_of
from measuring import TOKEN, judged, last_whole_year, new_archive, timed
from school_server import school_server

RATIO: Final = 3.0
PEAK_MIB: Final = 200


def main() -> int:
    """Measure both sides in alternation and compare the medians."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--pupils", type=int, default=1000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--from-memory", action="store_true")
    options = parser.parse_args()
    year = last_whole_year()
    with _served(options.pupils, year, from_memory=options.from_memory) as url:
        floor_of(url, year)  # the server makes its year for the first asker: not measured
        floors, syncs, peaks = [], [], []
        for number in range(1, options.rounds + 1):
            seconds, rows = timed(lambda: floor_of(url, year))
            with new_archive(url, year) as archive:
                pull = archive.sync()
            floors.append(seconds)
            syncs.append(pull.seconds)
            peaks.append(pull.cost.peak_mib)
            print(f"round {number}: floor {seconds:.1f} s ({rows} rows); sync {pull}", flush=True)
    ratio = statistics.median(syncs) / statistics.median(floors)
    met = [
        judged("sync / floor (wanted: 1.5)", ratio, RATIO),
        judged("peak of the sync, MiB", max(peaks), PEAK_MIB),
    ]
    return 0 if all(met) else 1


@contextmanager
def _served(pupils: int, year: int, *, from_memory: bool) -> Iterator[str]:
    if from_memory:
        with school_server(pupils, year) as server:
            yield server.url
    else:
        with running_process(SchoolParameters(pupils=pupils, years=(year,)), TOKEN) as school:
            yield school.url


if __name__ == "__main__":
    sys.exit(main())
