"""A comparison goes the ways that the runs have found where the platform refuses the first one."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any

import pytest
import sqlalchemy as sa

from archive_store import schema
from archive_store.asof import AsOf
from connector.sandbox import edits
from connector.sandbox.parameters import SchoolParameters
from connector.sandbox.school import School
from connector.sandbox.serve import running
from connector.sandbox.variant import PlatformVariant
from connector.sync.moments import MomentReader
from connector.sync.reconcile.run import Wanted, reconcile
from connector.sync.reconcile.verdict import Cause, Verdict, What
from connector.sync.source import Source

TOKEN = "token-of-nobody"
AVERAGES = {What.AVERAGE, What.WEIGHTED_AVERAGE}
NOW = datetime(2026, 3, 18, 20, 0, tzinfo=UTC)
BY_LESSONS = {"marks_by_group_closed": True, "attendance_by_group_closed": True, "finals_closed": True}
BY_PUPILS = {**BY_LESSONS, "lesson_records_closed": True}
APART = {"lists_subgroup_records": False, "finals_of_periods_only": True}


@pytest.fixture(params=[BY_LESSONS, BY_PUPILS, APART], ids=["by lessons", "by pupils", "apart"])
def synced(request: Any, sqlite_store: sa.Engine, new_installation: Any) -> Iterator[Any]:
    """An archive that holds all that a platform of limited rights shows."""
    variant = PlatformVariant(**request.param)
    school = School(SchoolParameters(pupils=24, seed=7, now=NOW, years=(2024, 2025), variant=variant))
    with running(school, TOKEN) as served:
        installation = new_installation(served, sqlite_store)
        assert installation.sync().outcome == "done"
        served.requests.clear()
        yield installation


def compare(installation: Any, year: int, sample: int) -> Verdict:
    with installation.client() as client, installation.engine.connect() as connection:
        source = Source(client, installation.school_id, MomentReader(), now=lambda: installation.now)
        run = connection.execute(sa.select(sa.func.max(schema.RUN.c.run_id))).scalar() or 0
        at = AsOf(installation.school_id, run)
        return reconcile(connection, source, at, Wanted(year, date(2026, 3, 18), None, sample))


def without_averages(verdict: Verdict) -> list[Any]:
    """Where subgroups are left out of a class's marks, they are left out of its averages, too."""
    return [one for one in verdict.differences if one.cause is not Cause.SUBGROUPS]


def assert_all_agrees(verdict: Verdict) -> None:
    assert without_averages(verdict) == []
    assert [one for one in verdict.not_offered if one.what not in AVERAGES] == []
    assert verdict.failures == []


def test_an_intact_archive_agrees_and_nothing_is_asked_that_is_refused(synced: Any) -> None:
    for year in (2024, 2025):
        verdict = compare(synced, year, sample=15)
        assert_all_agrees(verdict)
        assert len(verdict.sampled) == 15
    assert set(synced.school.requests.by_status) == {200}


def test_what_the_archive_lacks_and_what_was_changed_since_is_found_by_whatever_way(synced: Any) -> None:
    marks = [row for row in synced.rows("marks", study_year=2024) if "2024-10" in row["day"]]
    mark = next(row for row in marks if row["value"] in ("2", "3"))
    with synced.engine.begin() as connection:
        gone = sa.text("DELETE FROM mark WHERE mark_id = :mark")
        assert connection.execute(gone, {"mark": int(mark["mark_id"])}).rowcount == 1
    final = next(row for row in synced.rows("final-marks", study_year=2024) if row["kind"] == "year")
    value = "2" if final["value"] != "2" else "5"
    edits.change_mark(synced.school.school, int(final["mark_id"]), value)
    found = compare(synced, 2024, sample=10_000).differences
    assert {(one.what, one.record_id, one.cause) for one in found if one.what not in AVERAGES} == {
        (What.MARK, int(mark["mark_id"]), Cause.MISSING),
        (What.FINAL_MARK, int(final["mark_id"]), Cause.CHANGED),
    }


@pytest.mark.parametrize("synced", [BY_PUPILS], indirect=True, ids=["by pupils"])
def test_a_way_that_is_not_remembered_is_found_by_itself(synced: Any) -> None:
    with synced.engine.begin() as connection:
        connection.execute(sa.delete(schema.PLATFORM_TRAIT))
    assert_all_agrees(compare(synced, 2025, sample=5))
