"""Nights with edits: what was corrected, withdrawn or set late is found, and both states can be read."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from archive_store.history import Changes
from connector.sandbox import edits
from connector.sync.summary import Summary


def night(installation: Any, days: int = 1) -> Summary:
    installation.now += timedelta(days=days)
    summary: Summary = installation.sync()
    return summary


def marks(installation: Any, run: int | None = None) -> dict[str, str]:
    rows = installation.rows("marks", run=run, study_year=2025)
    return {row["mark_id"]: row["value"] for row in rows}


def of_month(installation: Any, month: str) -> list[dict[str, str]]:
    found = [row for row in installation.rows("marks", study_year=2025) if row["day"].startswith(month)]
    assert len(found) > 3
    return found


def test_three_nights_of_changes_are_found_and_shown_before_and_after(synced: Any) -> None:
    school = synced.school.school
    corrected, withdrawn = of_month(synced, "2026-03")[:2]

    edits.change_mark(school, int(corrected["mark_id"]), "1")
    first = night(synced)
    assert (first.changes["mark"].changed, first.changes["mark"].withdrawn) == (1, 0)
    assert marks(synced, synced.first.run_id)[corrected["mark_id"]] == corrected["value"]
    assert marks(synced, first.run_id)[corrected["mark_id"]] == "1"

    edits.remove_mark(school, int(withdrawn["mark_id"]))
    second = night(synced)
    assert second.changes["mark"].withdrawn == 1
    assert marks(synced, first.run_id)[withdrawn["mark_id"]] == withdrawn["value"]
    assert withdrawn["mark_id"] not in marks(synced, second.run_id)

    # Set today under a lesson five weeks ago, in a month that is settled: not seen tonight ...
    lesson = of_month(synced, "2026-02")[0]
    late = str(edits.add_late_mark(school, int(lesson["lesson_id"]), int(lesson["person_id"]), "4"))
    third = night(synced)
    assert third.changes.get("mark", Changes()).new == 0
    # ... but by the deep pass, which reads the current quarter again within a week.
    while synced.now.day < 25:
        deep = night(synced)
    assert late not in marks(synced, third.run_id)
    assert marks(synced, deep.run_id)[late] == "4"


def test_a_change_of_an_old_month_is_found_within_the_days_of_a_full_cycle(synced: Any) -> None:
    old = of_month(synced, "2025-10")[0]
    edits.change_mark(synced.school.school, int(old["mark_id"]), "1")
    assert night(synced).changes.get("mark", Changes()).changed == 0
    for _week in range(4):
        last = night(synced, 7)
    assert (synced.now.date() - timedelta(days=29)).isoformat() == "2026-03-18"
    assert marks(synced, synced.first.run_id)[old["mark_id"]] == old["value"]
    assert marks(synced, last.run_id)[old["mark_id"]] == "1"
