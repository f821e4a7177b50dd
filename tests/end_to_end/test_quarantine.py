"""Withdrawals that are too many to be believed: held back, shown, settled by the platform or by a person."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
import sqlalchemy as sa

from archive_store import checkpoints, quarantine
from archive_store.asof import AsOf
from archive_store.catalogue import groups
from archive_store.quarantine import Case
from archive_store.schema import QUARANTINE
from archive_store.verification.whole import verify
from connector.sandbox import edits
from connector.sync import grid, journal


def cases(installation: Any) -> list[Case]:
    with installation.engine.connect() as connection:
        return quarantine.waiting(connection, installation.school_id)


def decisions(installation: Any) -> list[tuple[str | None, str | None]]:
    with installation.engine.connect() as connection:
        rows = connection.execute(
            sa.select(QUARANTINE.c.decision, QUARANTINE.c.decided_by).order_by(QUARANTINE.c.number)
        )
        return [tuple(row) for row in rows]


@pytest.fixture
def removed(synced: Any) -> list[dict[str, str]]:
    """An archive before a platform that shows no lesson of a class in March any more; those lessons."""
    month = [row for row in synced.rows("lessons", study_year=2025) if row["day"] >= "2026-03-01"]
    of_class = [row for row in month if row["group_id"] == month[0]["group_id"]]
    assert len(of_class) > 20
    for row in of_class:
        edits.remove_lesson(synced.school.school, int(row["lesson_id"]))
    return of_class


def standing(installation: Any, removed: list[dict[str, str]]) -> int:
    ids = {row["lesson_id"] for row in removed}
    return sum(row["lesson_id"] in ids for row in installation.rows("lessons", study_year=2025))


def test_a_case_is_opened_after_a_second_look_and_kept_open(installation: Any, removed: Any) -> None:
    first = installation.sync()
    (case,) = [one for one in cases(installation) if one.place.entity == "lessons"]
    assert case.withheld["lesson"] == first.changes["lesson"].held_back == len(removed)
    assert case.place.first_day == "2026-03-01"
    assert case.name
    before = len(cases(installation))
    installation.sync()
    assert len(cases(installation)) == before
    assert standing(installation, removed) == len(removed)


def test_what_is_accepted_is_withdrawn_and_who_did_it_is_on_record(installation: Any, removed: Any) -> None:
    installation.sync()
    places = [case.place for case in cases(installation)]

    def accept(sync: Any) -> Any:
        sync.account = "the deputy head"
        return sync.accept(places)

    summary = installation.run(accept)
    assert summary.outcome == "done"
    assert summary.changes["lesson"].withdrawn == len(removed)
    assert standing(installation, removed) == 0
    assert not cases(installation)
    assert set(decisions(installation)) == {("accepted", "the deputy head")}
    assert installation.sync().outcome == "done"
    with installation.engine.connect() as connection:
        assert not verify(connection, installation.school_id).findings


def test_a_glitch_that_passes_closes_its_case_by_itself(synced: Any) -> None:
    group = synced.rows("lessons", study_year=2025)[0]["group_id"]
    synced.school.faults.path = f"edu-groups/{group}/lessons/2026-03"
    synced.school.faults.empty_lists = 2
    assert synced.sync().outcome == "partial"
    assert len(cases(synced)) == 1
    assert synced.sync().outcome == "done"
    assert not cases(synced)
    assert decisions(synced) == [("agrees again", "")]


def test_a_glitch_of_a_moment_is_seen_through_in_the_same_run(synced: Any) -> None:
    group = synced.rows("lessons", study_year=2025)[0]["group_id"]
    synced.school.faults.path = f"edu-groups/{group}/lessons/2026-03"
    synced.school.faults.empty_lists = 1
    summary = synced.sync()
    assert synced.school.faults.empty_lists == 0
    assert summary.outcome == "done"
    assert summary.changes["lesson"].held_back == summary.changes["lesson"].withdrawn == 0
    assert not cases(synced)


def resync(installation: Any, first: date, last: date, *, trust: bool = False) -> Any:
    """What ``resync`` does with these days of the whole school."""
    with installation.engine.connect() as connection:
        meant = grid.journal_groups(groups(connection, AsOf(installation.school_id), 2025))
    lessons = grid.repair_slices((journal.LESSONS,), meant, first, last, None)
    filed = grid.repair_slices((journal.MARKS, journal.ATTENDANCE), meant, first, last, None)

    def work(sync: Any) -> Any:
        sync.trust_withdrawals = trust
        return sync.repair([("lessons", lessons), ("marks", filed)])

    return installation.run(work)


PART = date(2026, 3, 2), date(2026, 3, 13)


@pytest.fixture
def in_part(removed: list[dict[str, str]]) -> list[dict[str, str]]:
    """Those of the removed lessons that lie within the part that is read again."""
    found = [row for row in removed if PART[0].isoformat() <= row["day"] <= PART[1].isoformat()]
    assert 20 < len(found) < len(removed)
    return found


def test_a_repair_files_a_case_as_a_night_does(installation: Any, removed: Any, in_part: Any) -> None:
    repaired = resync(installation, *PART)
    assert repaired.outcome == "partial"
    found = [one for one in cases(installation) if one.place.entity == "lessons"]
    assert [(one.place.first_day, one.place.last_day) for one in found] == [("2026-03-01", "2026-03-31")]
    assert found[0].withheld["lesson"] == repaired.changes["lesson"].held_back == len(removed)
    assert found[0].run_id == repaired.run_id
    assert standing(installation, removed) == len(removed)
    installation.sync()
    assert [one.number for one in cases(installation)] == list(range(1, len(cases(installation)) + 1))
    assert len([one for one in cases(installation) if one.place.entity == "lessons"]) == 1


def test_a_case_of_a_repair_is_accepted(installation: Any, removed: Any, in_part: Any) -> None:
    resync(installation, *PART)
    places = [case.place for case in cases(installation)]
    assert installation.run(lambda sync: sync.accept(places)).outcome == "done"
    assert standing(installation, removed) == 0
    assert not cases(installation)
    assert installation.sync().outcome == "done"


def test_a_case_of_a_repair_is_rejected_and_its_answer_is_not_asked_about_again(
    installation: Any, removed: Any, in_part: Any
) -> None:
    resync(installation, *PART)
    with installation.engine.begin() as connection:
        for case in quarantine.waiting(connection, installation.school_id):
            quarantine.settle(connection, installation.school_id, case.place, "rejected", "", "now")
            checkpoints.remember(connection, installation.school_id, case.place, case.answer_digest)
    again = installation.sync()
    assert cases(installation) == []
    assert again.changes.get("lesson") is None or again.changes["lesson"].withdrawn == 0
    assert standing(installation, removed) == len(removed)


def test_a_repair_that_a_glitch_of_a_moment_met_is_looked_at_again(synced: Any) -> None:
    group = synced.rows("lessons", study_year=2025)[0]["group_id"]
    synced.school.faults.path = f"edu-groups/{group}/lessons/2026-03"
    synced.school.faults.empty_lists = 1
    repaired = resync(synced, *PART)
    assert synced.school.faults.empty_lists == 0
    assert repaired.outcome == "done"
    assert not cases(synced)


def test_a_repair_that_is_told_to_believe_files_no_case(
    installation: Any, removed: Any, in_part: Any
) -> None:
    assert resync(installation, *PART, trust=True).outcome == "done"
    assert not cases(installation)
    assert standing(installation, removed) == len(removed) - len(in_part)
