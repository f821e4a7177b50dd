"""Kill a sync at random moments, go on with it, and compare with a sync that nobody disturbed.

    python bench/kill_battery.py [--points 200] [--seed 1] [--minutes 8]

Each point: a fresh archive; a real ``dnevnik-archive sync`` process, killed (SIGKILL) after a random number
of requests that the served school has seen, so that the points are spread over the whole sync; then a
second sync that ends by itself. Compared is the content: the digests of all standing versions by entity and
key, which cover every field. The ledger's head cannot be compared itself, for it chains numbers of runs and
moments, and a killed sync is one run more; so its entries are recomputed by ``verify``, and since
nothing changed on the platform they must have closed no version and opened each standing one once.
Prints how many requests were made again per kill. Fails when a point differs.
"""

from __future__ import annotations

import argparse
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import orjson
import sqlalchemy as sa

from archive_store import schema
from archive_store.schema import ENTITIES, LEDGER, RUN
from archive_store.store import make_store
from archive_store.verification.whole import verify
from connector.sandbox.parameters import SchoolParameters
from connector.sandbox.school import School
from connector.sandbox.serve import RunningSchool, running

TOKEN: Final = "token-of-nobody"  # noqa: S105 - of an invented school
PROGRAM: Final = [sys.executable, "-c", "from connector.cli import main; main()"]
Standing = set[tuple[str, bytes]]


@dataclass(frozen=True, slots=True)
class Point:
    """One kill: after how many requests, how many in both runs together, and what was found wrong."""

    killed_after: int
    requests: int
    seconds: float
    wrong: tuple[str, ...]


@dataclass(slots=True)
class Battery:
    """A served school, and what a sync of it that nobody disturbs brings."""

    school: RunningSchool
    folder: Path
    requests: int = 0
    content: Standing | None = None

    def undisturbed(self) -> None:
        """Sync once without a kill; the battery's yardstick. Raises RuntimeError if that fails."""
        archive = _empty_archive(self.folder / "undisturbed")
        self.school.requests.clear()
        if _sync(self.school, archive).wait() != 0:
            message = "the undisturbed sync failed"
            raise RuntimeError(message)
        self.requests = self.school.requests.total
        self.content = _content(archive)

    def point(self, number: int, after: int) -> Point:
        """Kill a sync after so many requests, go on with it and compare."""
        begun = time.monotonic()
        archive = _empty_archive(self.folder / str(number))
        self.school.requests.clear()
        process = _sync(self.school, archive)
        while self.school.requests.total < after and process.poll() is None:
            time.sleep(0.001)
        process.send_signal(signal.SIGKILL)
        killed = process.wait() == -signal.SIGKILL
        seen = self.school.requests.total  # on a busy machine some more than were waited for
        code = _sync(self.school, archive).wait()
        wrong = [] if killed else ["it ended before it was killed"]
        wrong += [] if code == 0 else [f"the second sync ended with {code}"]
        wrong += [] if _content(archive) == self.content else ["the content differs"]
        wrong += _ledger_findings(archive)
        return Point(seen, self.school.requests.total, time.monotonic() - begun, tuple(wrong))


def a_small_school(pupils: int = 24) -> School:
    """A class for every 6 pupils, the academic year 2024/2025 and what of the next there is in September."""
    now = datetime(2025, 9, 20, 20, 0, tzinfo=UTC)
    return School(SchoolParameters(pupils=pupils, seed=7, now=now, years=(2024,)))


def moments(points: int, requests: int, seed: int) -> list[int]:
    """After how many requests each point is: random, and spread evenly over a sync of so many."""
    draw = random.Random(seed)  # noqa: S311 - no secret
    return [1 + int((number + draw.random()) * (requests - 2) / points) for number in range(points)]


def main() -> int:
    """Run the battery and print what came out."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--points", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--minutes", type=float, default=60.0, help="begin no point later than this")
    options = parser.parse_args()
    ends = time.monotonic() + 60 * options.minutes
    with tempfile.TemporaryDirectory() as folder, running(a_small_school(), TOKEN) as school:
        battery = Battery(school, Path(folder))
        battery.undisturbed()
        order = moments(options.points, battery.requests, options.seed)
        random.Random(options.seed).shuffle(order)  # noqa: S311 - cut short, it is still spread
        done = []
        for number, after in enumerate(order):
            if time.monotonic() > ends:
                break
            done.append(battery.point(number, after))
            if done[-1].wrong:
                print(f"killed after {after} requests: {', '.join(done[-1].wrong)}")
    again = [one.requests - battery.requests for one in done]
    bad = sum(bool(one.wrong) for one in done)
    print(f"{len(done)} points, {bad} of them wrong; a sync makes {battery.requests} requests")
    print(f"requests made again per kill: mean {sum(again) / len(again):.1f}, most {max(again)}")
    print(f"seconds per point: {sum(one.seconds for one in done) / len(done):.1f}")
    return 1 if bad else 0


def _empty_archive(folder: Path) -> Path:
    folder.mkdir()
    make_store(f"sqlite:///{folder / 'archive.sqlite'}").dispose()
    return folder


def _sync(school: RunningSchool, folder: Path) -> subprocess.Popen[bytes]:
    settings = {
        "DNEVNIK_ARCHIVE_API_URL": school.url,
        "DNEVNIK_ARCHIVE_TOKEN": TOKEN,
        "DNEVNIK_ARCHIVE_STORE_URL": f"sqlite:///{folder / 'archive.sqlite'}",
        "DNEVNIK_ARCHIVE_FIRST_YEAR": "2024",
    }
    return subprocess.Popen(
        [*PROGRAM, "sync"],
        env={**os.environ, **settings, "PYTHONPATH": str(Path(__file__).parents[1])},
        cwd=folder,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


def _content(folder: Path) -> Standing:
    found: Standing = set()
    with _opened(folder) as connection:
        for entity in ENTITIES:
            query = sa.select(entity.table.c.digest).where(entity.table.c.seen_to.is_(None))
            found |= {(entity.name, bytes(one)) for one in connection.execute(query).scalars()}
    return found


def _ledger_findings(folder: Path) -> list[str]:
    with _opened(folder) as connection:
        school_id = connection.execute(sa.select(RUN.c.school_id)).scalars().first() or 0
        findings = [f"ledger: {one.kind} {one.place}" for one in verify(connection, school_id).findings]
        about = [orjson.loads(text) for text in connection.execute(sa.select(LEDGER.c.about)).scalars()]
        sides = [one for run in about for one in run.get("entities", {}).values()]
        # A file that the killed run listed and the next one fetched is a change of its state, and none else.
        fetched = schema.HOMEWORK_FILE.table
        listed_before = sa.select(sa.func.count()).where(
            fetched.c.seen_to.is_not(None), fetched.c.state == "not fetched"
        )
        allowed = connection.execute(listed_before).scalar() or 0
        standing = sum(
            connection.execute(sa.select(sa.func.count()).select_from(entity.table)).scalar() or 0
            for entity in ENTITIES
        )
    if sum(one["closed"] for one in sides) != allowed:
        findings.append("ledger: a version was closed though nothing changed")
    if sum(one["opened"] for one in sides) != standing:
        findings.append("ledger: it does not vouch for each version once")
    return findings


def _opened(folder: Path) -> sa.Connection:
    return sa.create_engine(f"sqlite:///{folder / 'archive.sqlite'}", poolclass=sa.NullPool).connect()


if __name__ == "__main__":
    raise SystemExit(main())
