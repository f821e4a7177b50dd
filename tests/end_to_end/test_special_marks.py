"""Thematic marks and the criteria journal: fetched whole where a school has them, next to free where not."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from archive_store import schema
from archive_store.asof import AsOf, read
from connector.sandbox.parameters import SchoolParameters
from connector.sandbox.school import School
from connector.sandbox.serve import running
from connector.sandbox.true_records import true_special_records
from connector.sandbox.variant import PlatformVariant

TOKEN = "token-of-nobody"
NOW = datetime(2026, 3, 28, 20, 0, tzinfo=UTC)
YEARS = (2024, 2025)
SECTIONS = ("thematic_marks", "criteria_marks", "criteria_totals", "criteria_sections")
SPECIAL_CALLS = ("thematic-marks", "criteria-marks")
Served = Callable[..., Any]


@pytest.fixture
def served(sqlite_store: sa.Engine, new_installation: Any) -> Served:
    """An installation before a school of a variant."""

    @contextmanager
    def serve(**variant: Any) -> Iterator[Any]:
        school = School(
            SchoolParameters(pupils=24, seed=7, now=NOW, years=YEARS, variant=PlatformVariant(**variant))
        )
        with running(school, TOKEN) as found:
            yield new_installation(found, sqlite_store, now=NOW)

    return serve


def truth(installation: Any, name: str) -> list[dict[str, Any]]:
    school = installation.school.school
    return [row for year in YEARS for row in true_special_records(school, year)[name].values()]


def kept(installation: Any, name: str) -> list[dict[str, Any]]:
    return [row for year in YEARS for row in installation.rows(name, study_year=year)]


def states(installation: Any) -> dict[str, str]:
    with installation.engine.connect() as connection:
        found = read(connection, schema.SECTION, AsOf(installation.school_id))
        return {one.name: one.state for one in found if one.name in SECTIONS}


def special_calls(installation: Any) -> int:
    counts = installation.school.requests.by_pattern
    return sum(count for path, count in counts.items() if any(name in path for name in SPECIAL_CALLS))


def assert_equal(installation: Any) -> None:
    """Record by record, with every field that the platform documents."""
    assert {
        (row["mark_id"], row["person_id"], row["work_id"], row["group_id"], row["subject_id"], row["value"],
         row["text_value"], row["type"], row["number"], row["work_type_id"], row["mood"], row["in_average"],
         row["set_at_sent"], row["lesson_id"])
        for row in kept(installation, "thematic-marks")
    } == {
        (str(row["id"]), str(row["person"]), str(row["work"]), str(row["group"]), str(row["subject"]),
         row["value"], row["textValue"], row["type"], row["number"], str(row["workType"]), row["mood"],
         row["use_avg_calc"], row["date"], row["lesson"])
        for row in truth(installation, "thematic_marks")
    }  # fmt: skip
    assert {
        (row["mark_id"], row["person_id"], row["group_id"], row["subject_id"], row["period_id"],
         row["section_id"], row["value"], row["set_at_sent"])
        for row in kept(installation, "criteria-marks")
    } == {
        (str(row["id"]), str(row["person"]), str(row["group"]), str(row["subject"]), str(row["period"]),
         str(row["section"]), row["value"], row["date"])
        for row in truth(installation, "criteria_marks")
    }  # fmt: skip
    assert {
        (row["group_id"], row["subject_id"], row["period_id"], row["person_id"], row["value"])
        for row in kept(installation, "criteria-totals")
    } == {
        (str(row["group"]), str(row["subject"]), str(row["period"]), str(row["person"]), str(row["value"]))
        for row in truth(installation, "criteria_totals")
    }
    assert {
        (row["group_id"], row["subject_id"], row["period_id"]): json.loads(row["contents"])
        for row in kept(installation, "criteria-sections")
    } == {
        (str(row["group"]), str(row["subject"]), str(row["period"])): row["sections"]
        for row in truth(installation, "criteria_sections")
    }


def test_where_the_school_has_them_they_are_kept_record_by_record(served: Served) -> None:
    with served(thematic_marks=True, criteria_journal=True) as installation:
        assert installation.sync().outcome == "done"
        assert all(len(truth(installation, name)) > 50 for name in SECTIONS)
        assert_equal(installation)
        assert set(states(installation).values()) == {"received"}
        assert installation.sync().parsed == 0


def test_each_of_the_two_comes_alone(served: Served) -> None:
    with served(criteria_journal=True) as installation:
        assert installation.sync().outcome == "done"
        assert truth(installation, "thematic_marks") == []
        assert_equal(installation)
        assert states(installation) == dict.fromkeys(SECTIONS, "received") | {"thematic_marks": "empty"}


def test_what_changes_is_found_within_a_week_and_the_version_before_stays(served: Served) -> None:
    with served(thematic_marks=True, criteria_journal=True) as installation:
        first = installation.sync()
        before = kept(installation, "criteria-totals")
        installation.school.school.now = NOW + timedelta(days=70)  # the last period has ended
        installation.now = NOW + timedelta(days=70)
        assert installation.sync().outcome == "done"
        assert_equal(installation)
        assert len(kept(installation, "criteria-totals")) > len(before)
        as_of = installation.rows("criteria-totals", run=first.run_id, study_year=2025)
        assert len(as_of) == len([row for row in before if row in as_of]) > 0


def test_a_school_without_them_costs_six_calls_in_four_weeks(served: Served) -> None:
    with served() as installation:
        assert installation.sync().outcome == "done"
        assert special_calls(installation) == 6
        assert states(installation) == dict.fromkeys(SECTIONS, "not offered") | {"thematic_marks": "empty"}
        for days in (1, 10, 27):
            installation.now = NOW + timedelta(days=days)
            installation.sync()
        assert special_calls(installation) == 6
        installation.now = NOW + timedelta(days=29)
        installation.school.school.variant = PlatformVariant(thematic_marks=True)
        installation.sync()
        assert states(installation)["thematic_marks"] == "received"


def test_what_rights_close_is_called_refused_and_is_no_failure(served: Served) -> None:
    with served(thematic_marks=True) as installation:
        faults = installation.school.faults
        faults.path, faults.error_bodies = "thematic-marks", -1
        faults.error_type, faults.error_status = "authorizationSystemForbidden", 403
        assert installation.sync().outcome == "done"
        assert states(installation)["thematic_marks"] == "refused"
        assert kept(installation, "thematic-marks") == []


def test_a_fault_of_a_moment_decides_nothing(served: Served) -> None:
    with served(thematic_marks=True) as installation:
        faults = installation.school.faults
        faults.failing = "thematic-marks"
        installation.sync()
        assert states(installation)["thematic_marks"] == "not asked"
        faults.clear()
        installation.sync()
        assert states(installation)["thematic_marks"] == "received"
        assert_equal(installation)
