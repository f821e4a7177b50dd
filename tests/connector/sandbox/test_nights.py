"""A night after another: whatever may change in a school can be changed, and the truth follows."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest

from connector.sandbox import edits, true_records, truth

Wire = Any
OLD_YEAR, THIS_YEAR = "2024-09-01/2025-08-31", "2025-09-01/2026-08-31"


@pytest.fixture
def group(fresh: Wire) -> int:
    return next(g["id"] for g in fresh.groups() if g["name"] == "9А")


@pytest.fixture
def mark(fresh: Wire, group: int) -> dict[str, Any]:
    return fresh.get(f"edu-groups/{group}/marks/{THIS_YEAR}")[0]


@pytest.fixture
def old_mark(fresh: Wire) -> dict[str, Any]:
    """A mark of the year before."""
    marks = (fresh.get(f"edu-groups/{g['id']}/marks/{OLD_YEAR}") for g in fresh.groups(year=2024))
    return next(found[0] for found in marks if found)


def test_a_mark_of_a_past_year_is_corrected_and_withdrawn(fresh: Wire, old_mark: dict[str, Any]) -> None:
    school, ident = fresh.served.school, str(old_mark["id"])
    before, counts = true_records(school, 2024)["marks"], truth(school, 2024)
    edits.change_mark(school, old_mark["id"], "5+")
    after = true_records(school, 2024)["marks"]
    assert {key for key in before if before[key] != after[key]} == {ident}
    assert after[ident]["value"] == "5+"
    edits.remove_mark(school, old_mark["id"])
    assert true_records(school, 2024)["marks"].keys() == before.keys() - {ident}
    assert truth(school, 2024) == counts | {"marks": counts["marks"] - 1}


def test_a_late_mark_is_set_in_an_old_lesson(fresh: Wire, old_mark: dict[str, Any]) -> None:
    school = fresh.served.school
    counts = truth(school, 2024)
    ident = edits.add_late_mark(school, old_mark["lesson"], old_mark["person"], "4")
    late = fresh.get(f"marks/{ident}")
    assert (late["lesson"], late["person"]) == (old_mark["lesson"], old_mark["person"])
    assert late["date"] == "2026-03-20T12:00:00.0"
    assert truth(school, 2024) == counts | {"marks": counts["marks"] + 1}
    assert true_records(school, 2024)["marks"][str(ident)] == late


def test_a_topic_and_a_day_of_a_past_lesson_change(fresh: Wire, old_mark: dict[str, Any]) -> None:
    school, ident = fresh.served.school, str(old_mark["lesson"])
    edits.change_topic(school, old_mark["lesson"], "Исправленная тема")
    edits.move_lesson(school, old_mark["lesson"], date(2025, 5, 17), 3)
    lesson = true_records(school, 2024)["lessons"][ident]
    assert (lesson["title"], lesson["date"], lesson["number"]) == (
        "Исправленная тема",
        "2025-05-17T00:00:00",
        3,
    )


def _entry(fresh: Wire, lesson: int, person: int) -> dict[str, Any] | None:
    own = [e for e in fresh.get(f"lessons/{lesson}/log-entries") if e["person"] == person]
    return own[0] if own else None


def test_attendance_comes_changes_and_goes(fresh: Wire, mark: dict[str, Any]) -> None:
    school, lesson, person = fresh.served.school, mark["lesson"], mark["person"]
    edits.change_attendance(school, lesson, person, None)
    counts = truth(school, 2025)
    edits.change_attendance(school, lesson, person, "Late", "проспал")
    entry = _entry(fresh, lesson, person)
    assert entry is not None
    assert (entry["status"], entry["comment"]) == ("Late", "проспал")
    assert truth(school, 2025)["attendance"] == counts["attendance"] + 1
    edits.advance_clock(school)
    edits.change_attendance(school, lesson, person, "Ill")
    changed = _entry(fresh, lesson, person)
    assert changed == entry | {"status": "Ill", "comment": None}
    edits.change_attendance(school, lesson, person, None)
    assert _entry(fresh, lesson, person) is None


def test_homework_is_given_changed_and_taken_back_with_its_files(fresh: Wire, mark: dict[str, Any]) -> None:
    school = fresh.served.school
    counts = truth(school, 2025)
    work = edits.add_homework(school, mark["lesson"], "Прочитать § 7", files=2)
    shown = next(w for w in fresh.get(f"lessons/{mark['lesson']}")["works"] if w["id"] == work)
    assert (shown["type"], shown["text"], len(shown["files"])) == ("Homework", "Прочитать § 7", 2)
    assert truth(school, 2025) == counts | {
        "homework": counts["homework"] + 1,
        "works": counts["works"] + 1,
    }
    files = fresh.get("users/me/school/homeworks", homeworkId=[work])["files"]
    assert all(fresh.http.get(file["downloadUrl"]).is_success for file in files)
    edits.change_homework(school, work, "Прочитать § 8")
    edits.remove_file(school, work, files[0]["id"])
    added = edits.add_file(school, work)
    after = fresh.get("users/me/school/homeworks", homeworkId=[work])
    assert after["works"][0]["text"] == "Прочитать § 8"
    assert [file["id"] for file in after["files"]] == [files[1]["id"], added]
    assert fresh.http.get(files[0]["downloadUrl"]).status_code == 404
    edits.remove_work(school, work)
    assert fresh.http.get(f"works/{work}").status_code == 404
    assert truth(school, 2025) == counts
    with pytest.raises(KeyError):
        edits.change_homework(school, work, "")
    with pytest.raises(KeyError):
        edits.remove_file(school, mark["work"], added)


def test_a_final_mark_is_changed_and_set(fresh: Wire, group: int) -> None:
    school = fresh.served.school
    rows = fresh.get(f"edu-groups/{group}/final-marks")
    row = next(r for r in rows if r["per-subject-final-marks"])
    cell = row["per-subject-final-marks"][0]
    value = "2" if cell["final-mark"]["value"] != "2" else "3"
    changed = edits.change_final_mark(school, group, cell["subject"], row["person"], value, period=0)
    assert changed == cell["final-mark"]["id"]
    assert fresh.get(f"marks/{changed}") == cell["final-mark"] | {
        "value": value,
        "textValue": value,
        "mood": "Bad" if value == "2" else "Average",
    }
    counts = truth(school, 2025)
    early = edits.change_final_mark(school, group, cell["subject"], row["person"], "5")  # of the year
    assert truth(school, 2025)["final_marks"] == counts["final_marks"] + 1
    assert str(early) in true_records(school, 2025)["final_marks"]
    with pytest.raises(KeyError):
        edits.change_final_mark(school, group, 17, row["person"], "5")


def test_a_final_mark_of_a_past_year_is_corrected(fresh: Wire) -> None:
    school = fresh.served.school
    for old in fresh.groups(year=2024):
        for row in fresh.get(f"edu-groups/{old['id']}/final-marks"):
            years = [c for c in row["per-subject-final-marks"] if row["reportingPeriod"] is None]
            kinds = {
                w["id"]: w["type"] for w in fresh.post("works/many", [c["final-mark"]["work"] for c in years])
            }
            cell = next((c for c in years if kinds[c["final-mark"]["work"]] == "PeriodMark"), None)
            if cell is not None:
                ident = edits.change_final_mark(school, old["id"], cell["subject"], row["person"], "5-")
                assert true_records(school, 2024)["final_marks"][str(ident)]["value"] == "5-"
                assert ident == cell["final-mark"]["id"]
                return
    pytest.fail("nobody has a mark of the past year")


def test_a_pupil_moves_to_another_class(two_parallel: Wire) -> None:
    fresh = two_parallel
    school = fresh.served.school
    old, new = (g["id"] for g in fresh.groups() if g["parallel"] == 11)
    person = fresh.get(f"edu-groups/{old}/persons")[0]["id"]
    counts = truth(school, 2025)
    edits.transfer_pupil(school, person, old, new)
    assert person not in {p["id"] for p in fresh.get(f"edu-groups/{old}/persons")}
    assert person in {p["id"] for p in fresh.get(f"edu-groups/{old}/persons?includeArchive=true")}
    assert person in {p["id"] for p in fresh.get(f"edu-groups/{new}/persons")}
    groups = fresh.get(f"persons/{person}/edu-groups")
    assert {g["id"] for g in groups if g["type"] == "Group"} == {new}
    assert {tuple(g["parentIds"]) for g in groups if g["type"] == "Subgroup"} == {(new,)}
    after = truth(school, 2025)
    assert after == counts | {"memberships": counts["memberships"] + len(groups)}
    edits.advance_clock(school, 60)
    marks = fresh.get(f"persons/{person}/edu-groups/{old}/marks/2026-03-21/2026-05-19")
    assert marks == []
    everyone = fresh.get(f"edu-groups/{old}/marks/2026-03-21/2026-05-19")
    assert everyone
    assert person not in {m["person"] for m in everyone}


def test_a_pupil_cannot_move_to_a_class_of_another_year(fresh: Wire, group: int) -> None:
    person = fresh.get(f"edu-groups/{group}/persons")[0]["id"]
    other = fresh.groups(year=2024)[0]["id"]
    for target in (other, group):
        with pytest.raises(KeyError):
            edits.transfer_pupil(fresh.served.school, person, group, target)


def test_the_next_night_brings_what_was_written_meanwhile(fresh: Wire) -> None:
    school = fresh.served.school
    before, now = truth(school, 2025), school.now
    edits.advance_clock(school)
    assert school.now == now + timedelta(days=1)
    edits.advance_clock(school, 20)
    after = truth(school, 2025)
    assert after["lessons"] == before["lessons"]
    for name in ("works", "marks", "attendance", "homework"):
        assert after[name] > before[name]
    edits.set_clock(school, datetime(2026, 3, 20, 15))  # noqa: DTZ001 - school time
    assert truth(school, 2025) == before


@pytest.mark.parametrize("wrong", [17, 2_430_000_000_000_000_001])
def test_edits_of_what_is_not_there_are_refused(fresh: Wire, mark: dict[str, Any], wrong: int) -> None:
    school = fresh.served.school
    for edit in (
        lambda: edits.add_late_mark(school, wrong, mark["person"], "5"),
        lambda: edits.add_late_mark(school, mark["lesson"], wrong, "5"),
        lambda: edits.change_attendance(school, mark["lesson"], wrong, "Ill"),
        lambda: edits.add_homework(school, wrong, "§ 1"),
        lambda: edits.add_file(school, wrong),
        lambda: edits.remove_work(school, wrong),
        lambda: edits.transfer_pupil(school, mark["person"], wrong, wrong),
    ):
        with pytest.raises(KeyError):
            edit()
