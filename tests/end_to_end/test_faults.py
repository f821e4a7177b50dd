"""Whatever the platform's answers suffer, the archive equals the truth once the dust has settled.

A row of the battery switches a fault on, lets one night pass under it, switches it off and lets the next
nights pass. Then every table is compared with an archive that never saw a fault, record by record and by
content; that archive is compared with the sandbox's own records first. Waiting takes no time here.
"""

from __future__ import annotations

import os
import shutil
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from standing import Standing, lost_and_wrong, standing

from archive_store import quarantine, schema
from archive_store.asof import AsOf, read
from archive_store.store import make_store
from archive_store.verification.whole import verify
from connector.sandbox import true_records
from connector.sandbox.faults import ALWAYS
from connector.sandbox.parameters import SchoolParameters
from connector.sandbox.school import School
from connector.sandbox.serve import RunningSchool, running
from connector.sync.summary import Summary
from simulated_clock import NOW, Skipping

TOKEN = "token-of-nobody"
DOCS = Path(__file__).parents[2] / "docs" / "faults.md"
MARCH = "2026-03"


@dataclass(frozen=True)
class Row:
    """A fault, and what the night under it is to say.

    A fault meets a first sync (``fresh``) or the night of an archive that holds everything. ``says`` is the
    outcome of the night under the fault; ``failing`` the kinds of slices that fail in it (None: any);
    ``held`` whether withdrawals are held back; ``nights`` how many pass afterwards, ``days`` apart.
    """

    name: str
    faults: dict[str, Any]
    says: str = "done"
    failing: frozenset[str] | None = frozenset()
    fresh: bool = False
    held: bool = False
    nights: int = 1
    days: int = 1


def row(name: str, says: str = "done", kinds: str | None = "", /, **options: Any) -> Row:
    own = {key: options.pop(key) for key in ("fresh", "held", "nights", "days") if key in options}
    return Row(name, options, says, None if kinds is None else frozenset(kinds.split()), **own)


ROWS = (
    row("error body, status 200, passing", error_bodies=4),
    row("error body, status 200, lasting", "partial", "lessons", error_bodies=ALWAYS,
        path="/lessons/2026-03"),
    row("error body, status 500", "partial", "marks", error_bodies=ALWAYS, error_status=500,
        path="/marks/2026-03"),
    row("HTML page, status 200", "partial", "lessons", html_pages=ALWAYS, html_status=200,
        path="/lessons/2026-03"),
    row("HTML page, status 503, passing", html_pages=4),
    row("HTML page, status 503, everywhere", "stopped", None, html_pages=ALWAYS, fresh=True),
    row("429 with Retry-After", throttled=6, retry_after=1),
    row("429 without Retry-After", throttled=6, retry_after=None),
    row("433 with Retry-After", throttled=6, throttle_status=433, retry_after=1),
    row("433 without Retry-After", throttled=6, throttle_status=433, retry_after=None),
    row("server error 500, passing", server_errors=5),
    row("reset amid the answer", resets=5),
    row("connection ends amid the answer", broken=5),
    row("truncated JSON", truncated=5),
    row("duplicate rows", duplicate_rows=ALWAYS, fresh=True, days=8),
    row("other order", shuffled=ALWAYS, fresh=True, days=8),
    row("new fields", new_fields=ALWAYS),
    row("a field that changes in every answer", volatile_field=ALWAYS),
    row("unknown enum values", unknown_enums=ALWAYS),
    row("unknown enum values in a first sync", unknown_enums=ALWAYS, fresh=True, days=183),
    row("missing optional fields", missing_optional=ALWAYS),
    row("missing required field, one row", "partial", None, missing_required=ALWAYS),
    row("missing required field in a first sync", "partial", None, missing_required=ALWAYS, fresh=True),
    row("ids as texts only", ids_as_text_only=ALWAYS, fresh=True),
    row("nulls", "partial", None, nulls=ALWAYS, days=183),
    row("nulls in a first sync", "partial", None, nulls=ALWAYS, fresh=True, days=183),
    row("half lists", "partial", None, half_lists=ALWAYS, held=True, nights=2),
    row("half lists in a first sync", "partial", None, half_lists=ALWAYS, fresh=True, days=183),
    row("empty lists", "partial", "", empty_lists=ALWAYS, held=True, nights=2),
    row("empty list, one answer", empty_lists=1, path="/lessons/2026-03"),
    row("absurd dates", "partial", None, absurd_dates=ALWAYS),
    row("absurd dates in a first sync", "partial", None, absurd_dates=ALWAYS, fresh=True, days=183),
    row("a class that always fails", "partial", None, failing="CLASS", fresh=True),
    row("token dies mid-run", "stopped", "", refuse_tokens_after=60, fresh=True),
    row("chaos, 10 % of the calls", "done", None, chaos=0.10, fresh=True),
    row("chaos, 20 % of the calls", "done", None, chaos=0.20, chaos_seed=5, fresh=True),
)  # fmt: skip


@dataclass
class World:
    """A served school, and an archive of it that never saw a fault."""

    school: RunningSchool
    undisturbed: Path
    installation: Any
    truths: dict[datetime, Standing] = field(default_factory=dict)

    def truth(self, now: datetime, folder: Path) -> Standing:
        """What an undisturbed archive holds that was read at the first moment and again at ``now``."""
        if now not in self.truths:
            archive = copy_of(self, folder / "undisturbed.sqlite")
            archive.now = now
            assert archive.sync().outcome == "done"
            self.truths[now] = standing(archive.engine, archive.school_id)
            archive.engine.dispose()
        return self.truths[now]


def opened(world_or_school: Any, path: Path, installation: Any) -> Any:
    made = installation(world_or_school, make_store(f"sqlite:///{path}"))
    made.attempts, made.pacing = 8, {"clock": Skipping()}
    return made


def copy_of(world: World, path: Path) -> Any:
    shutil.copy(world.undisturbed, path)
    return opened(world.school, path, world.installation)


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory, new_installation: Any) -> Iterator[World]:
    school = School(SchoolParameters(pupils=12, seed=7, now=NOW, years=(2024, 2025)))
    path = tmp_path_factory.mktemp("undisturbed") / "archive.sqlite"
    with running(school, TOKEN) as served:
        archive = opened(served, path, new_installation)
        assert archive.sync().outcome == "done"
        with archive.engine.connect() as connection:
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        assert_equal_to_the_truth(archive, served.school)
        archive.engine.dispose()
        yield World(served, path, new_installation)


def assert_equal_to_the_truth(archive: Any, school: School) -> None:
    """The archive before any fault is what the sandbox says of itself."""
    at = AsOf(archive.school_id)
    for year, last in ((2024, None), (2025, date(2026, 3, 31))):
        truth = true_records(school, year, last)
        first_day, last_day = f"{year}-09-01", f"{year + 1}-08-31"
        with archive.engine.connect() as connection:

            def of_year(entity: Any, connection: sa.Connection = connection) -> list[Any]:
                days = entity.table.c.day.between(first_day, last_day)  # noqa: B023 - called at once
                return list(read(connection, entity, at, days))

            assert {
                (str(one.lesson_id), one.topic, one.day, one.number, one.status, one.group_id)
                for one in of_year(schema.LESSON)
            } == {
                (key, one["title"], one["date"][:10], one["number"], one["status"], one["group"])
                for key, one in truth["lessons"].items()
            }
            assert {
                (str(one.work_id), one.lesson_id, one.type, one.work_type_id, one.text or "")
                for one in of_year(schema.WORK)
            } == {
                (key, one["lesson"], one["type"], one["workType"], one["text"] or "")
                for key, one in truth["works"].items()
            }
            assert {
                (str(one.mark_id), one.value, one.text_value, one.person_id, one.work_id, one.lesson_id)
                for one in of_year(schema.MARK)
            } == {
                (key, one["value"], one["textValue"], one["person"], one["work"], one["lesson"])
                for key, one in truth["marks"].items()
            }
            assert {
                (f"{one.lesson_id}/{one.person_id}", one.status, one.comment or "")
                for one in of_year(schema.ATTENDANCE)
            } == {(key, one["status"], one["comment"] or "") for key, one in truth["attendance"].items()}
            finals = {str(one.mark_id): one for one in read(connection, schema.FINAL_MARK, at)}
            members = {
                f"{one.group_id}/{one.person_id}": one.status
                for one in read(connection, schema.MEMBERSHIP, at)
            }
        for key, one in truth["final_marks"].items():
            assert (finals[key].value, finals[key].person_id) == (one["value"], one["person"])
        for key, one in truth["memberships"].items():
            assert members[key] == one["membershipstatus"]


def switch_on(world: World, faults: dict[str, Any]) -> None:
    school = world.school.school
    a_class = school.group_id(2025, school.journal(2025).groups[0].index)
    values = {name: a_class if value == "CLASS" else value for name, value in faults.items()}
    world.school.faults.change(
        {**values, **({"failing": f"edu-groups/{a_class}/"} if "failing" in values else {})}
    )


def figures(one: Row, lost: int, wrong: int, requests: tuple[int, int]) -> None:
    """For the table in docs: `DNEVNIK_FAULT_FIGURES` names a file to write a line per row to."""
    if target := os.environ.get("DNEVNIK_FAULT_FIGURES"):
        with Path(target).open("a", encoding="utf-8") as file:
            file.write(f"{one.name} | {one.says} | {lost} | {wrong} | {requests[0]} | {requests[1]}\n")


@pytest.mark.parametrize("one", ROWS, ids=lambda one: one.name)
def test_after_a_fault_the_archive_equals_the_truth(world: World, one: Row, tmp_path: Path) -> None:
    path = tmp_path / "archive.sqlite"
    archive = opened(world.school, path, world.installation) if one.fresh else copy_of(world, path)
    archive.now = NOW if one.fresh else NOW + timedelta(days=1)
    switch_on(world, one.faults)
    world.school.requests.clear()
    try:
        night = archive.sync()
        under_fault = world.school.requests.total
        hit = sum(world.school.requests.by_fault.values())
    finally:
        world.school.faults.clear()
    assert_the_night_said_so(night, one)
    assert hit > 0 or one.name == "token dies mid-run"

    for _night in range(one.nights):
        archive.now += timedelta(days=one.days)
        settled = archive.sync()
    assert settled.outcome == "done"
    requests = (under_fault, world.school.requests.total - under_fault)
    truth = world.truth(archive.now, tmp_path)
    found = standing(archive.engine, archive.school_id)
    lost, wrong = lost_and_wrong(truth, found)
    figures(one, lost, wrong, requests)
    with archive.engine.connect() as connection:
        assert not verify(connection, archive.school_id).findings
        assert not quarantine.waiting(connection, archive.school_id)
    archive.engine.dispose()
    differing = Counter(key[0] for key, _ in truth.items() ^ found.items())
    assert (lost, wrong) == (0, 0), differing


def assert_the_night_said_so(night: Summary, one: Row) -> None:
    assert night.outcome == one.says, (night.failures, night.stopped_by, night.unfiled)
    if one.failing is not None:
        assert {failure.slice.place.entity for failure in night.failures} == one.failing
    held_back = sum(changes.held_back for changes in night.changes.values())
    assert (held_back > 0) == one.held


def test_the_documentation_tells_each_fault_of_the_battery() -> None:
    lines = [line.split("|") for line in DOCS.read_text(encoding="utf-8").splitlines() if line[:2] == "| "]
    told = [cells[1].strip() for cells in lines if cells[1].strip() not in ("fault", "---")]
    assert told == [one.name for one in ROWS]
    assert {(cells[4].strip(), cells[5].strip()) for cells in lines[2:]} == {("0", "0")}
