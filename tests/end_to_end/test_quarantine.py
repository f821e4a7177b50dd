"""Withdrawals that are too many to be believed: held back, shown, settled by the platform or by a person."""

from __future__ import annotations

from typing import Any

import pytest
import sqlalchemy as sa

from archive_store import quarantine
from archive_store.quarantine import Case
from archive_store.schema import QUARANTINE
from archive_store.verification.whole import verify
from connector.sandbox import edits


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
def removed(installation: Any) -> list[dict[str, str]]:
    """An archive before a platform that shows no lesson of a class in March any more; those lessons."""
    installation.sync()
    month = [row for row in installation.rows("lessons", study_year=2025) if row["day"] >= "2026-03-01"]
    of_class = [row for row in month if row["group_id"] == month[0]["group_id"]]
    assert len(of_class) > 20
    for row in of_class:
        edits.remove_lesson(installation.school.school, int(row["lesson_id"]))
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


def test_a_glitch_that_passes_closes_its_case_by_itself(installation: Any) -> None:
    installation.sync()
    group = installation.rows("lessons", study_year=2025)[0]["group_id"]
    installation.school.faults.path = f"edu-groups/{group}/lessons/2026-03"
    installation.school.faults.empty_lists = 2
    assert installation.sync().outcome == "partial"
    assert len(cases(installation)) == 1
    assert installation.sync().outcome == "done"
    assert not cases(installation)
    assert decisions(installation) == [("agrees again", "")]


def test_a_glitch_of_a_moment_is_seen_through_in_the_same_run(installation: Any) -> None:
    installation.sync()
    group = installation.rows("lessons", study_year=2025)[0]["group_id"]
    installation.school.faults.path = f"edu-groups/{group}/lessons/2026-03"
    installation.school.faults.empty_lists = 1
    summary = installation.sync()
    assert installation.school.faults.empty_lists == 0
    assert summary.outcome == "done"
    assert summary.changes["lesson"].held_back == summary.changes["lesson"].withdrawn == 0
    assert not cases(installation)
