"""Peak memory of a first sync of a school, and of one several times as big.

    python bench/memory.py [--pupils 1000] [--bigger 5000]

The school is served by a process of its own. Prints both peaks and the growth. Fails when the peak of the
bigger one is above its bound.
"""

from __future__ import annotations

import argparse
import sys
from typing import Final

from connector.sandbox.parameters import SchoolParameters
from connector.sandbox.serve import running_process
from measuring import TOKEN, Pull, judged, last_whole_year, new_archive

PEAK_MIB: Final = 200
GROWTH: Final = 1.2
# A big school takes its server minutes to invent.
WAIT_SECONDS: Final = 1800.0


def main() -> int:
    """Measure both sizes."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--pupils", type=int, default=1000)
    parser.add_argument("--bigger", type=int, default=5000)
    options = parser.parse_args()
    peaks = []
    for pupils in (options.pupils, options.bigger):
        pull = _first_sync(pupils)
        print(f"{pupils} pupils: {pull}", flush=True)
        peaks.append(pull.cost.peak_mib)
    met = [
        judged(f"peak with {options.bigger} pupils, MiB", peaks[1], PEAK_MIB),
        judged("growth of the peak", peaks[1] / peaks[0], GROWTH),
    ]
    return 0 if all(met) else 1


def _first_sync(pupils: int) -> Pull:
    year = last_whole_year()
    parameters = SchoolParameters(pupils=pupils, years=(year,))
    with (
        running_process(parameters, TOKEN, wait_seconds=WAIT_SECONDS) as school,
        new_archive(school.url, year) as archive,
    ):
        return archive.sync()


if __name__ == "__main__":
    sys.exit(main())
