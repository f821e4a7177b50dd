"""Edits change the truth, and the next answer shows it."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING

import pytest

from connector.sandbox import edits, truth

if TYPE_CHECKING:
    from typing import Any

    from tests.connector.sandbox.conftest import Client

YEAR = "2025-09-01/2026-08-31"


@pytest.fixture
def group(fresh: Client) -> int:
    return next(g for g in fresh.groups() if g["name"] == "9А")["id"]


@pytest.fixture
def mark(fresh: Client, group: int) -> dict[str, Any]:
    return fresh.get(f"edu-groups/{group}/marks/{YEAR}")[0]


def test_change_a_mark(fresh: Client, mark: dict[str, Any]) -> None:
    edits.change_mark(fresh.served.school, mark["id"], "н/а")
    after = fresh.get(f"marks/{mark['id']}")
    assert (after["value"], after["textValue"], after["type"]) == ("н/а", "н/а", "MarkNA")
    assert after["date"] == mark["date"]


def test_remove_a_mark(fresh: Client, group: int, mark: dict[str, Any]) -> None:
    before = truth(fresh.served.school, 2025)
    edits.remove_mark(fresh.served.school, mark["id"])
    assert mark["id"] not in {m["id"] for m in fresh.get(f"edu-groups/{group}/marks/{YEAR}")}
    assert fresh.http.get(f"marks/{mark['id']}").status_code == 404
    assert truth(fresh.served.school, 2025) == before | {"marks": before["marks"] - 1}
    with pytest.raises(KeyError):
        edits.remove_mark(fresh.served.school, mark["id"])


def test_add_a_late_mark(fresh: Client, mark: dict[str, Any]) -> None:
    ident = edits.add_mark(fresh.served.school, mark["work"], mark["person"], "5-")
    added = fresh.get(f"marks/{ident}")
    assert (added["value"], added["number"]) == ("5-", mark["number"] + 1)
    assert added["date"] == "2026-03-20T12:00:00.0"
    assert added in fresh.get(f"lessons/{mark['lesson']}/marks")


def test_change_a_topic(fresh: Client, mark: dict[str, Any]) -> None:
    edits.change_topic(fresh.served.school, mark["lesson"], "Новая тема")
    assert fresh.get(f"lessons/{mark['lesson']}")["title"] == "Новая тема"


def test_move_a_lesson_takes_its_marks_along(fresh: Client, group: int, mark: dict[str, Any]) -> None:
    edits.move_lesson(fresh.served.school, mark["lesson"], date(2026, 3, 14), 2)
    lessons = fresh.get(f"edu-groups/{group}/lessons/2026-03-14/2026-03-14")
    assert [(le["id"], le["number"]) for le in lessons] == [(mark["lesson"], 2)]
    moved = fresh.get(f"edu-groups/{group}/marks/2026-03-14/2026-03-14")
    assert mark["id"] in {m["id"] for m in moved}


def test_cancel_a_lesson(fresh: Client, mark: dict[str, Any]) -> None:
    before = fresh.get(f"lessons/{mark['lesson']}")["status"]
    edits.cancel_lesson(fresh.served.school, mark["lesson"])
    assert (before, fresh.get(f"lessons/{mark['lesson']}")["status"]) == ("InWork", "Cancelled")


def test_remove_a_lesson_with_all_that_hangs_on_it(fresh: Client, group: int, mark: dict[str, Any]) -> None:
    edits.remove_lesson(fresh.served.school, mark["lesson"])
    assert fresh.http.get(f"lessons/{mark['lesson']}").status_code == 404
    assert fresh.http.get(f"works/{mark['work']}").status_code == 404
    marks = fresh.get(f"edu-groups/{group}/marks/{YEAR}")
    assert mark["lesson"] not in {m["lesson"] for m in marks}
    assert truth(fresh.served.school, 2025)["marks"] == sum(
        len(fresh.get(f"edu-groups/{g['id']}/marks/{YEAR}")) for g in fresh.groups()
    )


def test_archive_a_membership(fresh: Client, group: int, mark: dict[str, Any]) -> None:
    edits.archive_membership(fresh.served.school, group, mark["person"])
    present = {p["id"] for p in fresh.get(f"edu-groups/{group}/persons")}
    everyone = {p["id"] for p in fresh.get(f"edu-groups/{group}/persons?includeArchive=true")}
    assert mark["person"] in everyone - present
    rosters = fresh.post("edu-groups/students", [g["id"] for g in fresh.groups(kind="Subgroup")])
    own = [s for r in rosters for s in r["students"] if s["person"]["id"] == mark["person"]]
    assert {s["membershipstatus"] for s in own} == {"Archive"}
    with pytest.raises(KeyError):
        edits.archive_membership(fresh.served.school, group, 17)


def test_the_clock_shows_more_as_it_goes(fresh: Client, group: int) -> None:
    school = fresh.served.school
    before = truth(school, 2025)
    tomorrow = fresh.get(f"edu-groups/{group}/lessons/2026-03-23/2026-04-10")
    assert tomorrow
    assert {lesson["title"] for lesson in tomorrow} == {None}
    assert {w["type"] for le in tomorrow for w in le["works"]} == {"DefaultNewLessonWork"}
    edits.set_clock(school, datetime(2026, 7, 1))  # noqa: DTZ001 - school time
    after = truth(school, 2025)
    assert after["lessons"] == before["lessons"]
    for name in ("works", "homework", "marks", "attendance", "final_marks"):
        assert after[name] > before[name]
    edits.set_clock(school, datetime(2026, 9, 1))  # noqa: DTZ001
    assert {g["status"] for g in fresh.groups()} == {"Archive"}
