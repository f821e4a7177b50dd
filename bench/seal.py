"""Sealing a year against a floor, full verification against openssl, and the peak of memory.

    python bench/seal.py [--pupils 1000] [--lessons 25000] [--marks 700000] [--attendance 250000]
                         [--attached 1000] [--rounds 1]

The record is written straight into an archive, not synced. The **floor** makes the same files from the same
rows with nothing but the standard library: rows read from the archive by plain SQL, written as CSV and gzip
and into SQLite, every file hashed once; it neither verifies nor flushes. **Verification** is what verify.py
of a bag does, run as a stranger would; that of every file is compared with ``openssl dgst -sha256`` over the
same bytes, that of every row besides is stated; so is that of the same year with ``--attached`` MB of files
of homework, as schools have them: the more bytes, the less the start and the names count. A big year is
sealed by as many processes as there are cores, at most 4; the floor has one. Sealing is judged by the wall
clock; what it costs the processor is stated.
"""

from __future__ import annotations

import argparse
import json
import random
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

from measuring import judged

SEAL_GOAL: Final = 1.5
HASH_GOAL: Final = 1.2
PEAK_MIB: Final = 200
AT: Final = "2025-06-20T09:00:00Z"
_HERE: Final = Path(__file__)


@dataclass(frozen=True, slots=True)
class Cost:
    """Seconds of the wall clock and of the processor, and the peak of a process."""

    seconds: float
    cpu: float
    peak_mib: float


def main() -> int:
    """Make the record, then seal, verify and compare."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--pupils", type=int, default=1_000)
    parser.add_argument("--lessons", type=int, default=25_000)
    parser.add_argument("--marks", type=int, default=700_000)
    parser.add_argument("--attendance", type=int, default=250_000)
    parser.add_argument("--attached", type=int, default=1_000)
    parser.add_argument("--rounds", type=int, default=1)
    parser.add_argument("--part", nargs=2, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.part:
        part, place = options.part
        _PARTS[part](Path(place), options)
        return 0
    with TemporaryDirectory() as folder:
        return _measured(Path(folder), options)


def _measured(place: Path, options: argparse.Namespace) -> int:
    _run("make", place, options)
    sealing, floor, files, full, openssl = [], [], [], [], []
    for _round in range(options.rounds):
        shutil.rmtree(place / "sealed", ignore_errors=True)
        sealing.append(_run("seal", place, options))
        floor.append(_run("floor", place, options))
        files.append(_verify_py(place, "--files"))
        openssl.append(_openssl(place))
        full.append(_verify_py(place))
    year = place / "sealed" / "2024-2025"
    rows = sum(
        table["rows"]
        for passport in year.glob("*/data/passport.json")
        for table in json.loads(passport.read_bytes())["tables"].values()
    )
    size = sum(path.stat().st_size for path in year.rglob("*") if path.is_file())
    print(f"{rows} rows, {len(list(year.iterdir()))} bags, {size / 1e6:.0f} MB")
    parts = {"sealing": sealing, "floor": floor, "openssl": openssl}
    for name, costs in {**parts, "verified, files": files, "verified, all": full}.items():
        best = min(costs, key=lambda cost: cost.cpu)
        print(f"{name}: {best.seconds:.1f} s, processor {best.cpu:.1f} s, peak {best.peak_mib:.0f} MiB")
    met = [
        judged("sealing / floor, wall clock", _quickest(sealing) / _quickest(floor), SEAL_GOAL),
        judged("files verified / openssl, processor", _least(files) / _least(openssl), HASH_GOAL),
        judged("peak of sealing, MiB", max(cost.peak_mib for cost in sealing), PEAK_MIB),
        _with_files(place, options),
    ]
    return 0 if all(met) else 1


def _with_files(place: Path, options: argparse.Namespace) -> bool:
    """The same year with files of homework: what is verified is mostly bytes then."""
    _run("attach", place, options)
    shutil.rmtree(place / "sealed")
    _run("seal", place, options)
    rounds = range(max(options.rounds, 3))  # of seconds, and the first reads from the disk
    pairs = [(_verify_py(place, "--files"), _openssl(place)) for _round in rounds]
    files, openssl = (list(side) for side in zip(*pairs, strict=True))
    print(f"with {options.attached} MB of files: {_least(files):.1f} s, openssl {_least(openssl):.1f} s")
    return judged("with files: verified / openssl, processor", _least(files) / _least(openssl), HASH_GOAL)


def _quickest(costs: list[Cost]) -> float:
    return min(cost.seconds for cost in costs)


def _least(costs: list[Cost]) -> float:
    return min(cost.cpu for cost in costs)


_LAUNCHER: Final = """
import resource, subprocess, sys, time
start = time.perf_counter()
code = subprocess.call(sys.argv[1:], stdout=subprocess.DEVNULL)
used = resource.getrusage(resource.RUSAGE_CHILDREN)
print(time.perf_counter() - start, used.ru_utime + used.ru_stime, used.ru_maxrss)
sys.exit(code)
"""


def _run(part: str, place: Path, options: argparse.Namespace) -> Cost:
    """A part in a process of its own, so that its peak is its own."""
    names = ("pupils", "lessons", "marks", "attendance", "attached")
    sizes = [f"--{name}={getattr(options, name)}" for name in names]
    return _cost([sys.executable, str(_HERE), *sizes, "--part", part, str(place)])


def _verify_py(place: Path, *options: str) -> Cost:
    """The verifier of a bag itself, by a Python that knows nothing of this project."""
    year = place / "sealed" / "2024-2025"
    (program,) = year.glob("summary-*/verify.py")
    return _cost([sys.executable, "-I", "-S", str(program), *options, str(year)])


def _openssl(place: Path) -> Cost:
    files = [str(path) for path in sorted((place / "sealed").rglob("*")) if path.is_file()]
    return _cost(["openssl", "dgst", "-sha256", *files])


def _cost(command: list[str]) -> Cost:
    done = subprocess.run(
        [sys.executable, "-c", _LAUNCHER, *command], check=True, capture_output=True, text=True
    )
    seconds, cpu, peak = done.stdout.split()
    return Cost(float(seconds), float(cpu), int(peak) / 1024)


# Parts, each in its own process


def _make(place: Path, options: argparse.Namespace) -> None:
    """The record of a year, written straight into the tables."""
    from archive_store import runs
    from archive_store.store import make_store
    from sealed_school import SCHOOL, rows

    store = make_store(f"sqlite:///{place / 'archive.sqlite'}")
    with store.begin() as connection:
        run = runs.begin(connection, SCHOOL, "sync", "2025-06-01T20:00:00Z", "bench")
        for entity, made in rows(options.pupils, options.lessons, options.marks, options.attendance):
            columns = ["school_id", *entity.columns, "digest", "seen_from"]
            marks = ", ".join("?" * len(columns))
            insert = f"INSERT INTO {entity.name} ({', '.join(columns)}) VALUES ({marks})"
            some: list[tuple[Any, ...]] = []
            for row in made:
                some.append((SCHOOL, *row, bytes(32), run))
                if len(some) == 10_000:
                    connection.exec_driver_sql(insert, some)
                    some = []
            if some:
                connection.exec_driver_sql(insert, some)
        runs.end(connection, SCHOOL, run, "2025-06-01T21:00:00Z", "done", {})


def _attach(place: Path, options: argparse.Namespace) -> None:
    """Files of a megabyte, evenly over the classes, on record and in their folder."""
    from archive_store import schema
    from archive_store.store import open_store
    from sealed_school import SCHOOL, homework_file

    columns = ("school_id", *schema.HOMEWORK_FILE.columns, "digest", "seen_from")
    insert = f"INSERT INTO homework_file ({', '.join(columns)}) VALUES ({', '.join('?' * len(columns))})"
    with open_store(f"sqlite:///{place / 'archive.sqlite'}").begin() as connection:
        (run,) = connection.exec_driver_sql("SELECT max(run_id) FROM run").one()
        for number in range(options.attached):
            contents = random.Random(number).randbytes(1_000_000)  # noqa: S311 - repeatable, not secret
            name = sha256(contents).hexdigest()
            path = place / "files" / name[:2] / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(contents)
            row = homework_file(number, options.pupils, name, len(contents))
            connection.exec_driver_sql(insert, (SCHOOL, *row, bytes(32), run))


def _seal(place: Path, _options: argparse.Namespace) -> None:
    import sqlalchemy as sa

    from archive_store.snapshot.seal import Extras
    from archive_store.year.closing import Order, close_year
    from sealed_school import SCHOOL, YEAR

    store = sa.create_engine(f"sqlite:///{place / 'archive.sqlite'}")
    with store.connect() as connection:  # not kept: the next round seals it anew
        order = Order(extras=Extras(files=place / "files"))
        close_year(connection, SCHOOL, YEAR, place / "sealed", AT, order)


def _floor(place: Path, _options: argparse.Namespace) -> None:
    from sealed_school import make_floor

    shutil.rmtree(place / "floor", ignore_errors=True)
    make_floor(place / "archive.sqlite", place / "sealed" / "2024-2025", place / "floor")


_PARTS: Final[dict[str, Callable[[Path, argparse.Namespace], None]]] = {
    "make": _make,
    "attach": _attach,
    "seal": _seal,
    "floor": _floor,
}


if __name__ == "__main__":
    sys.exit(main())
