"""What is not known of the platform: whichever way it is, the archive is the same.

The truth is read from a second server of the same invented school, which refuses nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from datetime import UTC, datetime
from typing import Any

import pytest
import sqlalchemy as sa

from archive_store import schema
from connector.sandbox.parameters import SchoolParameters
from connector.sandbox.school import School
from connector.sandbox.serve import running
from connector.sandbox.variant import PlatformVariant
from wire_truth import WireTruth

TOKEN = "token-of-nobody"
NOW = datetime(2026, 3, 18, 20, 0, tzinfo=UTC)
LAST_READ = {2024: "2025-08-31", 2025: "2026-03-31"}
_OF_PAST_YEARS = {"class_list_closed", "finals_closed", "finals_of_periods_only"}
DATA = ("lessons", "marks", "attendance", "final-marks", "homework", "groups", "memberships")


def parameters(**variant: Any) -> SchoolParameters:
    # The past year is of interest only where its classes are hard to find, or its final marks.
    years = (2024, 2025) if _OF_PAST_YEARS & variant.keys() else (2025,)
    return SchoolParameters(pupils=12, seed=7, now=NOW, years=years, variant=PlatformVariant(**variant))


@pytest.fixture(scope="module")
def truths() -> Iterator[dict[tuple[int, ...], WireTruth]]:
    """The same schools without any limit, by their academic years."""
    with ExitStack() as stack:
        found = {}
        for years in ((2025,), (2024, 2025)):
            school = School(SchoolParameters(pupils=12, seed=7, now=NOW, years=years))
            found[years] = WireTruth(stack.enter_context(running(school, TOKEN)).url, TOKEN)
        yield found


def traits(installation: Any) -> dict[str, str]:
    with installation.engine.connect() as connection:
        table = schema.PLATFORM_TRAIT
        return {row.name: row.value for row in connection.execute(sa.select(table.c.name, table.c.value))}


def assert_equal(installation: Any, truth: WireTruth, years: tuple[int, ...]) -> None:
    for year in years:
        last = LAST_READ[year]
        assert {row["lesson_id"] for row in installation.rows("lessons", study_year=year)} == {
            str(one) for one in truth.lessons(year, last)
        }
        assert {(row["mark_id"], row["value"]) for row in installation.rows("marks", study_year=year)} == {
            (str(one["id"]), one["value"]) for one in truth.marks(year, last).values()
        }
        assert {
            (row["lesson_id"], row["person_id"], row["status"])
            for row in installation.rows("attendance", study_year=year)
        } == {
            (str(lesson), str(person), one["status"])
            for (lesson, person), one in truth.attendance(year, last).items()
        }
        assert {
            (row["mark_id"], row["value"], row["period_id"])
            for row in installation.rows("final-marks", study_year=year)
        } == truth.final_marks_of_periods(year)


@pytest.mark.parametrize(
    ("variant", "learned"),
    [
        ({"range_end_exclusive": True}, {}),
        ({"timetables_as_list": True}, {}),
        ({"max_range_days": 10}, {"limit:edu-groups/{}/lessons/{}/{}", "limit:edu-groups/{}/marks/{}/{}"}),
        ({"max_batch": 30}, {"limit:works/many"}),
        ({"attendance_needs_subject": True}, {"way:attendance"}),
        ({"attendance_by_group_closed": True}, {"way:attendance"}),
        ({"marks_by_group_closed": True, "max_batch": 7}, {"way:marks"}),
        (
            {
                "marks_by_group_closed": True,
                "attendance_by_group_closed": True,
                "lesson_records_closed": True,
            },
            {"way:marks", "way:attendance"},
        ),
        (
            {
                "marks_by_group_closed": True,
                "attendance_needs_subject": True,
                "lesson_records_closed": True,
                "person_log_entries_as_list": True,
                "max_range_days": 20,
            },
            {"way:marks", "way:attendance"},
        ),
        (
            {
                "marks_by_group_closed": True,
                "attendance_by_group_closed": True,
                "lesson_records_closed": True,
                "lists_subgroup_records": False,
            },
            {"way:marks", "way:attendance"},
        ),
        ({"lists_subgroup_records": False}, {}),
        ({"class_list_closed": True}, {"way:edu_groups"}),
        ({"finals_closed": True}, {"way:final_marks"}),
        ({"finals_of_periods_only": True}, {"year_marks"}),
    ],
    ids=lambda value: "-".join(value) if isinstance(value, dict) else "",
)
def test_the_archive_is_the_same(
    variant: dict[str, Any],
    learned: set[str],
    truths: dict[tuple[int, ...], WireTruth],
    sqlite_store: sa.Engine,
    new_installation: Any,
) -> None:
    with running(School(parameters(**variant)), TOKEN) as served:
        installation = new_installation(served, sqlite_store)
        summary = installation.sync()
        assert [(one.slice.place, one.error) for one in summary.failures] == []
        assert summary.outcome == "done"
        years = parameters(**variant).years
        assert_equal(installation, truths[years], years)
        assert set(learned) <= traits(installation).keys()
        served.requests.clear()
        again = installation.sync()
        assert again.outcome == "done"
        assert again.parsed == 0
        # What was learned is remembered: nothing is asked that is refused.
        assert set(served.requests.by_status) == {200}
