"""For each section of the journal the archive says whether the platform gives it: never silently nothing."""

from __future__ import annotations

from typing import Any

from archive_store import schema
from archive_store.asof import AsOf, read
from archive_store.records import PlatformAverage


def sections(installation: Any) -> dict[str, str]:
    with installation.engine.connect() as connection:
        found = read(connection, schema.SECTION, AsOf(installation.school_id))
        return {one.name: one.state for one in found}


def averages(installation: Any) -> list[PlatformAverage]:
    with installation.engine.connect() as connection:
        return list(read(connection, schema.PLATFORM_AVERAGE, AsOf(installation.school_id)))


def test_what_is_received_what_is_not_asked_and_what_no_call_gives(synced: Any) -> None:
    states = sections(synced)
    assert {states[name] for name in ("lessons", "marks", "attendance", "final_marks", "roster")} == {
        "received"
    }
    assert states["homework_tasks"] == "not asked"
    assert states["messages"] == states["notice_board"] == "not offered"


def test_a_section_that_rights_close_is_called_refused(installation: Any) -> None:
    faults = installation.school.faults
    faults.path, faults.error_bodies = "/teachers", -1
    faults.error_type, faults.error_status = "authorizationSystemForbidden", 403
    assert installation.sync().outcome == "partial"
    assert sections(installation)["teachers"] == "refused"
    faults.clear()
    assert installation.sync().outcome == "done"
    assert sections(installation)["teachers"] == "received"


def test_the_platforms_averages_are_kept_as_it_showed_them_when_a_period_had_ended(synced: Any) -> None:
    kept = averages(synced)
    assert {one.kind for one in kept} == {"simple", "weighted"}
    assert all("," in one.value for one in kept if one.kind == "simple")
    assert max(one.last_day for one in kept) < "2026-03-18"
    before = synced.school.requests.by_pattern["GET edu-groups/{group}/avg-marks/{start}/{end}"]
    synced.sync()
    after = synced.school.requests.by_pattern["GET edu-groups/{group}/avg-marks/{start}/{end}"]
    assert after == before  # settled: not asked again


def test_averages_that_a_platform_does_not_offer_are_no_failure_and_not_asked_every_night(
    installation: Any,
) -> None:
    faults = installation.school.faults
    faults.path, faults.error_bodies = "/avg-marks/", -1
    faults.error_type, faults.error_status = "apiMethodNotSupported", 404
    assert installation.sync().outcome == "done"
    assert {one.kind for one in averages(installation)} == {"weighted"}
    asked = installation.school.requests.by_fault["error_bodies"]
    assert asked > 0
    installation.sync()
    assert installation.school.requests.by_fault["error_bodies"] == asked
