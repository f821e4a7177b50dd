"""A first sync of a whole school year against a bare floor: the same calls, decoded, inserted, no history.

    python bench/first_sync.py [--pupils 1000] [--rounds 3] [--from-memory]

A sync that is not measured comes first, and the server notes its requests. The floor makes exactly these
again, over the same number of connections, decodes the answers with orjson and inserts the objects in
them into SQLite tables without index, history, digest, checkpoint or kept answer; homework's files it writes
to a folder (floor_pull.py). Each side is a process of its own whose start counts; the school is served by
this one, which does nothing else meanwhile. By default it makes every answer anew, as a platform does; with
``--from-memory`` answers are made once, and the ratio is that of the clients alone. Prints each round's
seconds, by the clock and of the processor, the ratios of the medians and the peak memory of the sync's
process. Fails when the ratio by the clock or the peak is above its bound.
"""

from __future__ import annotations

import argparse
import statistics
import sys
from typing import Final

from floor import floor_of
from measuring import Cost, judged, last_whole_year, new_archive
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
    floors, syncs = [], []
    with school_server(options.pupils, year, from_memory=options.from_memory) as server:
        with server.recording() as asked, new_archive(server.url, year) as archive:
            archive.sync()
        for number in range(1, options.rounds + 1):
            floor = floor_of(server.url, asked)
            print(f"round {number}: floor {floor}", flush=True)
            with new_archive(server.url, year) as archive:
                pull = archive.sync()
            print(f"round {number}: sync  {pull}", flush=True)
            floors.append(floor.cost)
            syncs.append(pull.cost)
    cpu = statistics.median(one.cpu for one in syncs) / statistics.median(one.cpu for one in floors)
    print(f"sync / floor, processor: {cpu:.2f}")
    met = [
        judged("sync / floor (wanted: 1.5)", _median(syncs) / _median(floors), RATIO),
        judged("peak of the sync, MiB", max(one.peak_mib for one in syncs), PEAK_MIB),
    ]
    return 0 if all(met) else 1


def _median(costs: list[Cost]) -> float:
    return statistics.median(one.seconds for one in costs)


if __name__ == "__main__":
    sys.exit(main())
