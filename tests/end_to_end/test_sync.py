"""The archive equals the platform's truth, record for record, night after night."""

from __future__ import annotations

import json
from datetime import date, timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from archive_store import schema
from archive_store.asof import AsOf
from archive_store.catalogue import groups
from archive_store.history import Changes
from archive_store.verification.whole import verify
from connector.api.calls import Call
from connector.api.client import Client
from connector.api.errors import TokenRefused
from connector.sandbox import edits
from connector.sandbox.serve import RunningSchool
from connector.sync import grid, journal
from connector.sync.run import Sync
from connector.sync.summary import Summary
from simulated_clock import Skipping

YEARS = {2024: "2025-08-31", 2025: "2026-03-31"}  # each with the last day that a sync reads
OLD_DAY = "2025-10-15"


def changes(summary: Summary) -> dict[str, Changes]:
    """What changed, without what did not."""
    quiet = {name: Changes(unchanged=one.unchanged) for name, one in summary.changes.items()}
    return {name: one for name, one in summary.changes.items() if one != quiet[name]}


def assert_equal_to_the_truth(installation: Any) -> None:
    """Marks, lessons, attendance and final marks of both years, by id, with their contents."""
    truth = installation.truth
    for year, last in YEARS.items():
        lessons = {
            str(one["id"]): (one["title"], one["date"][:10], one["number"], str(one["group"]))
            for one in truth.lessons(year, last).values()
        }
        assert lessons == {
            row["lesson_id"]: (row["topic"], row["day"], row["number"], row["group_id"])
            for row in installation.rows("lessons", study_year=year)
        }
        marks = {
            str(one["id"]): (
                one["value"],
                one["textValue"],
                str(one["person"]),
                str(one["lesson"]),
                one["date"],
            )
            for one in truth.marks(year, last).values()
        }
        assert marks == {
            row["mark_id"]: (
                row["value"], row["text_value"], row["person_id"], row["lesson_id"], row["set_at_sent"]
            )
            for row in installation.rows("marks", study_year=year)
        }  # fmt: skip
        attendance = {
            (str(lesson), str(person)): (one["status"], one["comment"] or None)
            for (lesson, person), one in truth.attendance(year, last).items()
        }
        assert attendance == {
            (row["lesson_id"], row["person_id"]): (row["status"], row["comment"])
            for row in installation.rows("attendance", study_year=year)
        }
        finals = {
            str(one["id"]): (one["value"], str(one["person"])) for one in truth.final_marks(year).values()
        }
        assert finals == {
            row["mark_id"]: (row["value"], row["person_id"])
            for row in installation.rows("final-marks", study_year=year)
        }


@pytest.mark.parametrize("database", ["sqlite_store", "postgresql_store"])
def test_a_first_sync_holds_the_whole_truth_and_a_second_parses_nothing(
    served_school: RunningSchool, database: str, request: pytest.FixtureRequest, new_installation: Any
) -> None:
    installation = new_installation(served_school, request.getfixturevalue(database))
    first = installation.sync()
    assert first.outcome == "done"
    assert_equal_to_the_truth(installation)

    second = installation.sync()
    assert (second.parsed, changes(second)) == (0, {})
    assert second.unchanged == second.slices
    with installation.engine.connect() as connection:
        verdict = verify(connection, installation.school_id)
    assert (verdict.entries, verdict.findings) == (2, ())


def test_every_kind_of_final_mark_is_told_apart(synced: Any) -> None:
    kinds = {row["kind"] for row in synced.rows("final-marks", study_year=2024)}
    assert kinds == {"period", "year", "exam", "final"}


def test_nothing_is_kept_of_the_staffs_contacts(synced: Any) -> None:
    with synced.engine.connect() as connection:
        kept = connection.execute(sa.select(schema.ANSWER.c.call)).scalars().all()
        extra = connection.execute(sa.select(schema.TEACHER.table.c.extra)).scalars().all()
    assert kept
    assert not [call for call in kept if call.endswith("/teachers")]
    assert set(extra) == {None}


def test_corrections_come_with_the_next_sync_and_the_old_values_stay(synced: Any) -> None:
    school = synced.school.school
    recent = [row for row in synced.rows("marks", study_year=2025) if row["day"] >= "2026-03-02"]
    corrected, removed, work_of = recent[0], recent[1], recent[2]
    lesson, moved = [row for row in synced.rows("lessons", study_year=2025) if row["day"] == "2026-03-10"][:2]
    edits.change_mark(school, int(corrected["mark_id"]), "2")
    edits.remove_mark(school, int(removed["mark_id"]))
    added = edits.add_mark(school, int(work_of["work_id"]), int(work_of["person_id"]), "5")
    edits.change_topic(school, int(lesson["lesson_id"]), "Другая тема")
    edits.move_lesson(school, int(moved["lesson_id"]), date(2026, 3, 12))

    second = synced.sync()
    assert_equal_to_the_truth(synced)
    assert second.changes["lesson"].changed == 2
    assert second.changes["mark"].new == 1
    assert second.changes["mark"].withdrawn == 1
    before = {row["mark_id"]: row["value"] for row in synced.rows("marks", run=synced.first.run_id)}
    after = {row["mark_id"]: row["value"] for row in synced.rows("marks")}
    assert (before[corrected["mark_id"]], after[corrected["mark_id"]]) == (corrected["value"], "2")
    assert removed["mark_id"] in before
    assert removed["mark_id"] not in after
    assert str(added) in after


def test_marks_follow_their_lesson_to_another_month(synced: Any) -> None:
    marked = next(row for row in synced.rows("marks", study_year=2025) if row["day"] >= "2026-03-02")
    edits.move_lesson(synced.school.school, int(marked["lesson_id"]), date(2026, 2, 27))
    synced.now += timedelta(days=1)
    synced.sync()
    assert marked["mark_id"] not in {row["mark_id"] for row in synced.rows("marks", first_day="2026-03-01")}
    february = [row for row in synced.rows("marks") if row["mark_id"] == marked["mark_id"]]
    assert [row["day"] for row in february] in ([], ["2026-02-27"])
    repair(synced, date(2026, 2, 27), date(2026, 2, 27))
    assert_equal_to_the_truth(synced)


def repair(installation: Any, first: date, last: date, subject_id: int | None = None) -> Summary:
    """What ``resync`` does for the whole school of the current year."""

    def work(sync: Sync) -> Summary:
        with installation.engine.connect() as connection:
            meant = grid.journal_groups(groups(connection, AsOf(installation.school_id), 2025))
        lessons = grid.repair_slices([journal.LESSONS], meant, first, last, subject_id)
        filed = grid.repair_slices([journal.MARKS, journal.ATTENDANCE], meant, first, last, subject_id)
        return sync.repair([("lessons", lessons), ("marks", filed)])

    return installation.run(work)


def test_a_late_mark_of_last_autumn_is_found_by_a_repair_of_those_days(synced: Any) -> None:
    old = next(row for row in synced.rows("marks", study_year=2025) if row["day"] == OLD_DAY)
    edits.change_mark(synced.school.school, int(old["mark_id"]), "1")
    assert changes(synced.sync()) == {}  # settled days are not read every night
    day = date.fromisoformat(OLD_DAY)
    assert repair(synced, day, day, int(old["subject_id"])).changes["mark"].changed == 1
    assert_equal_to_the_truth(synced)


def test_after_a_repair_an_old_answer_is_not_mistaken_for_the_new_state(synced: Any) -> None:
    mark = next(row for row in synced.rows("marks", study_year=2025) if row["day"] == "2026-03-10")
    edits.change_mark(synced.school.school, int(mark["mark_id"]), "1")
    repair(synced, date(2026, 3, 10), date(2026, 3, 10))
    edits.change_mark(synced.school.school, int(mark["mark_id"]), mark["value"])
    # The month's answer is now byte for byte what it was at first, but the archive holds "1".
    synced.sync()
    assert_equal_to_the_truth(synced)


def test_a_pupil_who_leaves_is_archived_not_lost(synced: Any) -> None:
    active = next(row for row in synced.rows("memberships", study_year=2025) if row["status"] == "Active")
    edits.archive_membership(
        synced.school.school, int(active["group_id"]), int(active["person_id"]), date(2026, 3, 16)
    )
    synced.sync()
    same = [
        row
        for row in synced.rows("memberships", study_year=2025)
        if (row["group_id"], row["person_id"]) == (active["group_id"], active["person_id"])
    ]
    assert [row["status"] for row in same] == ["Archive"]


def test_a_fault_of_one_slice_leaves_the_others_alone_and_is_mended_by_the_next_run(
    installation: Any,
) -> None:
    installation.pacing = {"clock": Skipping()}
    faults = installation.school.faults
    faults.path, faults.server_errors = "/marks/2", 12
    first = installation.sync()
    assert first.outcome == "partial"
    assert {failure.slice.place.entity for failure in first.failures} == {"marks"}
    assert first.changes["lesson"].new > 0
    faults.server_errors = 0
    second = installation.sync()
    assert second.outcome == "done"
    assert second.changes.keys() == {"mark"}
    assert_equal_to_the_truth(installation)


@pytest.mark.parametrize("fault", ["html_pages", "throttled", "server_errors", "broken"])
def test_faults_that_pass_lose_nothing(installation: Any, fault: str) -> None:
    installation.attempts, installation.pacing = 8, {"clock": Skipping()}
    setattr(installation.school.faults, fault, 5)
    assert installation.sync().outcome == "done"
    assert getattr(installation.school.faults, fault) == 0
    assert_equal_to_the_truth(installation)


def test_a_token_refused_midway_stops_the_run_and_the_next_goes_on_from_there(installation: Any) -> None:
    installation.school.faults.refuse_tokens_after = 60
    first = installation.sync()
    assert isinstance(first.stopped_by, TokenRefused)
    assert first.outcome == "stopped"
    done_before = first.slices
    installation.school.faults.refuse_tokens_after = None
    second = installation.sync()
    assert second.outcome == "done"
    assert second.unchanged > 0
    assert second.parsed < second.slices
    assert done_before > 10
    assert_equal_to_the_truth(installation)


def test_a_class_that_suddenly_looks_empty_is_held_back_not_withdrawn(synced: Any) -> None:
    school = synced.school.school
    month = [row for row in synced.rows("lessons", study_year=2025) if row["day"] >= "2026-03-01"]
    group = month[0]["group_id"]
    of_class = [row for row in month if row["group_id"] == group]
    marks = len(synced.rows("marks"))
    for row in of_class:
        edits.remove_lesson(school, int(row["lesson_id"]))
    glitch = synced.sync()
    assert glitch.changes["lesson"].held_back > 20
    assert glitch.changes["lesson"].withdrawn == 0
    assert len(synced.rows("lessons", study_year=2025)) >= len(of_class)
    assert len(synced.rows("marks")) <= marks
    again = synced.sync()
    assert again.changes["lesson"].held_back > 20  # said again every night until someone settles it
    assert (glitch.outcome, again.outcome) == ("partial", "partial")
    assert again.changes["lesson"].withdrawn == 0


def test_a_value_that_the_database_cannot_hold_fails_its_slice_alone(
    served_school: RunningSchool, postgresql_store: sa.Engine, new_installation: Any
) -> None:
    installation = new_installation(served_school, postgresql_store)
    truth = installation.truth.lessons(2025, "2026-03-31")
    lesson = next(iter(truth.values()))
    edits.change_topic(served_school.school, lesson["id"], "a text with NUL: \0")
    summary = installation.sync()
    assert summary.outcome == "partial"
    (failure,) = summary.failures
    assert failure.slice.place.entity == "lessons"
    assert "NUL" in str(failure.error)
    assert summary.changes["lesson"].new > 1000
    edits.change_topic(served_school.school, lesson["id"], "a text without")
    assert installation.sync().outcome == "done"


@pytest.mark.parametrize(
    ("right", "wrong"),
    [(b'"date":"2026-03-', b'"date":"10.03.2026 '), (b'"number":', b'"number":1180591620717411303424,"n":')],
)
def test_an_answer_with_impossible_values_fails_alone_and_withdraws_nothing(
    synced: Any, monkeypatch: pytest.MonkeyPatch, right: bytes, wrong: bytes
) -> None:
    before = synced.rows("lessons")
    fetch = Client.fetch

    def spoilt(client: Client, call: Call) -> bytes:
        body = fetch(client, call)
        return body.replace(right, wrong) if "/lessons/2026-03" in call.path else body

    monkeypatch.setattr(Client, "fetch", spoilt)
    summary = synced.sync()
    assert summary.outcome == "partial"
    assert {failure.slice.place.entity for failure in summary.failures} == {"lessons"}
    assert synced.rows("lessons") == before


def test_marks_of_a_settled_month_follow_a_lesson_that_a_repair_found_moved(synced: Any) -> None:
    old = next(row for row in synced.rows("marks", study_year=2025) if row["day"] == OLD_DAY)
    edits.move_lesson(synced.school.school, int(old["lesson_id"]), date(2025, 10, 17))

    def lessons_of_october(sync: Sync) -> Summary:
        with synced.engine.connect() as connection:
            meant = grid.journal_groups(groups(connection, AsOf(synced.school_id), 2025))
        days = (date(2025, 10, 1), date(2025, 10, 31))
        return sync.repair([("lessons", grid.repair_slices([journal.LESSONS], meant, *days, None))])

    synced.run(lessons_of_october)
    synced.sync()
    assert_equal_to_the_truth(synced)


def test_a_lesson_that_moves_back_into_a_settled_month_is_found_by_the_next_night(synced: Any) -> None:
    marked = next(row for row in synced.rows("marks", study_year=2025) if row["day"] >= "2026-03-02")
    edits.move_lesson(synced.school.school, int(marked["lesson_id"]), date(2025, 10, 16))
    for _night in range(2):
        synced.now += timedelta(days=1)
        synced.sync()
    assert_equal_to_the_truth(synced)


def test_a_mark_of_a_lesson_that_cannot_be_had_does_not_harm_the_others(
    installation: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    fetch = Client.fetch
    orphans: list[int] = []

    def with_an_orphan(client: Client, call: Call) -> bytes:
        body = fetch(client, call)
        if "/marks/2026-03" in call.path and not orphans and body != b"[]":
            marks = json.loads(body)
            orphans.append(marks[0]["id"])
            marks[0]["lesson"] = 999
            return json.dumps(marks).encode()
        return body

    monkeypatch.setattr(Client, "fetch", with_an_orphan)
    summary = installation.sync()
    assert (summary.outcome, summary.unfiled, summary.failures) == ("partial", 1, [])
    expected = {str(number) for number in installation.truth.marks(2025, YEARS[2025])} - {str(orphans[0])}
    assert {row["mark_id"] for row in installation.rows("marks", study_year=2025)} == expected
