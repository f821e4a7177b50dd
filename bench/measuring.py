"""What all measurements share: the real command in a folder of its own, its seconds, peak and counts."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

import orjson

from connector.sync.grid import study_year_of

TOKEN: Final = "bench"  # noqa: S105 - of an invented school
CONNECTIONS: Final = 4
_LONG_AGO: Final = "2000-01-01T00:00:00Z"
# A first pull that left files of homework for later would make the re-sync dearer than it is.
_ALL_FILES: Final = "1000000"
# A process begins with the peak of the one that started it, and this one may hold a whole school: so a
# small one starts the command, and tells its seconds and its peak.
_LAUNCHER: Final = """
import resource, subprocess, sys, time
start = time.perf_counter()
code = subprocess.call(sys.argv[1:], stdout=subprocess.DEVNULL)
used = resource.getrusage(resource.RUSAGE_CHILDREN)
print(time.perf_counter() - start, used.ru_maxrss, used.ru_utime + used.ru_stime)
sys.exit(code)
"""


@dataclass(frozen=True, slots=True)
class Cost:
    """What a process and those that it began took: seconds of the wall clock, the peak of the biggest of
    them, and seconds of the processor."""

    seconds: float
    peak_mib: float
    cpu: float

    def __str__(self) -> str:
        return f"{self.seconds:.1f} s, processor {self.cpu:.1f} s, {self.peak_mib:.0f} MiB"


@dataclass(frozen=True, slots=True)
class Pull:
    """What a sync took, and what it did: calls made, answers parsed and unchanged, versions opened."""

    cost: Cost
    calls: int
    parsed: int
    unchanged: int
    opened: int

    @property
    def seconds(self) -> float:
        """Seconds of the wall clock, with the start of the program."""
        return self.cost.seconds

    def __str__(self) -> str:
        return (
            f"{self.cost}, {self.calls} calls, {self.parsed} answers parsed, "
            f"{self.unchanged} unchanged, {self.opened} records new or changed"
        )


@dataclass(frozen=True, slots=True)
class Archive:
    """An archive of one academic year, filled by the command as it is installed."""

    folder: Path
    environment: Mapping[str, str]

    def sync(self, now: datetime | None = None) -> Pull:
        """Run ``sync``, as if it were ``now`` if that is given. Ends the measurement if it fails."""
        return self._pulled(process_cost([*_command(now), "sync"], self.environment))

    @contextmanager
    def copied(self) -> Iterator[Archive]:
        """A copy to try on what is to be measured, gone at the end of the block."""
        with TemporaryDirectory() as folder:
            shutil.copytree(self.folder, folder, dirs_exist_ok=True)
            yield Archive(Path(folder), _environment(folder, self.environment))

    def make_everything_due(self) -> None:
        """As if every part had been read last long ago: the next sync asks for all of them again."""
        with sqlite3.connect(self._file) as database:
            database.execute("UPDATE checkpoint SET done_at = ?", (_LONG_AGO,))
        database.close()

    @property
    def _file(self) -> Path:
        return self.folder / "archive.sqlite"

    def _pulled(self, cost: Cost) -> Pull:
        database = sqlite3.connect(self._file)
        newest = "SELECT summary FROM run WHERE ended_at IS NOT NULL ORDER BY run_id DESC LIMIT 1"
        (text,) = database.execute(newest).fetchone()
        database.close()
        summary = orjson.loads(text)
        calls = sum(summary["calls"]["by_day"].values())
        opened = sum(one["new"] + one["changed"] for one in summary["changes"].values())
        return Pull(cost, calls, summary["parsed"], summary["unchanged"], opened)


@contextmanager
def new_archive(url: str, year: int) -> Iterator[Archive]:
    """An empty archive for the school at ``url``, gone at the end of the block."""
    school = {
        "DNEVNIK_ARCHIVE_API_URL": url,
        "DNEVNIK_ARCHIVE_TOKEN": TOKEN,
        "DNEVNIK_ARCHIVE_FIRST_YEAR": str(year),
        "DNEVNIK_ARCHIVE_CONNECTIONS": str(CONNECTIONS),
        "DNEVNIK_ARCHIVE_CALLS_PER_DAY": "0",
        "DNEVNIK_ARCHIVE_FILES_PER_RUN": _ALL_FILES,
    }
    with TemporaryDirectory() as folder:
        environment = _environment(folder, {**as_installed(), **school})
        making = [*_command(), "init", "--dir", folder]
        subprocess.run(making, env=environment, check=True, stdout=subprocess.DEVNULL)
        yield Archive(Path(folder), environment)


def as_installed() -> dict[str, str]:
    """The environment of a process: modules are compiled once, not at every start."""
    return {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}


def _environment(folder: str, environment: Mapping[str, str]) -> dict[str, str]:
    return {
        **environment,
        "DNEVNIK_ARCHIVE_STORE_URL": f"sqlite:///{folder}/archive.sqlite",
        "DNEVNIK_ARCHIVE_FILES_DIR": f"{folder}/files",
    }


def process_cost(command: Sequence[str], environment: Mapping[str, str]) -> Cost:
    """Run a command and measure it. Ends the measurement if it fails; its errors are shown."""
    launch = [sys.executable, "-S", "-E", "-c", _LAUNCHER, *command]
    done = subprocess.run(launch, env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(f"{done.stderr}\n{Path(command[0]).name} failed: {done.returncode}")
    seconds, peak, cpu = map(float, done.stdout.split())
    unit = 1 if sys.platform == "darwin" else 1024  # bytes there, KiB elsewhere
    return Cost(seconds, peak * unit / 2**20, cpu)


def last_whole_year() -> int:
    """The academic year before this one: all of its months are served."""
    return study_year_of(datetime.now(UTC).date()) - 1


def judged(name: str, value: float, goal: float, *, at_least: bool = False) -> bool:
    """Print a figure with its goal; whether it is met."""
    met = value >= goal if at_least else value <= goal
    bound = "at least" if at_least else "at most"
    print(f"{name}: {value:.2f} (goal: {bound} {goal:g}) {'' if met else 'MISSED'}".rstrip(), flush=True)
    return met


def _command(now: datetime | None = None) -> list[str]:
    if now is None:
        return [str(Path(sys.executable).with_name("dnevnik-archive"))]
    return [sys.executable, str(Path(__file__).with_name("at_moment.py")), now.isoformat()]
