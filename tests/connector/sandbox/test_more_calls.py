"""Averages, tasks, memberships, the feed, special marks and downloads: shaped and computed as the API's."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest

from connector.sandbox.content.work_types import WORK_KINDS

Wire = Any
Shape = Callable[[str, object], None]
TO_DATE = "2025-09-01/2026-03-20"


@pytest.fixture
def variant(small: Wire) -> Iterator[Callable[..., None]]:
    school = small.served.school

    def change(**fields: object) -> None:
        school.variant = replace(school.variant, **fields)

    yield change
    school.variant = school.parameters.start_variant()


@pytest.fixture(scope="module")
def group(small: Wire) -> int:
    return next(g["id"] for g in small.groups() if g["name"] == "9А")


@pytest.fixture(scope="module")
def homework(small: Wire, group: int) -> dict[str, Any]:
    lessons = small.get(f"edu-groups/{group}/lessons/2026-02-02/2026-02-20")
    return next(w for le in lessons for w in le["works"] if w["type"] == "Homework")


def _digits(small: Wire, marks: list[dict[str, Any]], person: int) -> list[tuple[int, int, int]]:
    """Return (subject, digit, weight) of a pupil's marks that count."""
    works = {w["id"]: w for w in small.post("works/many", [m["work"] for m in marks])}
    weights = {t["id"]: t["weight"] for t in small.get(f"work-types/{small.school()}")}
    return [
        (works[m["work"]]["subjectId"], int(m["value"][0]), weights[m["workType"]])
        for m in marks
        if m["person"] == person and m["type"] == "Mark5"
    ]


def test_a_periods_averages_are_those_of_its_marks(small: Wire, group: int, shape: Shape) -> None:
    period = small.get(f"edu-groups/{group}/reporting-periods")[1]
    first, last = period["start"][:10], period["finish"][:10]
    rows = small.get(f"edu-groups/{group}/reporting-periods/{period['id']}/avg-marks/{last}")
    for row in rows:
        shape("GroupAverageMark", row)
        assert (row["group"], row["reportingPeriod"]) == (group, period["id"])
    marks = small.get(f"edu-groups/{group}/marks/{first}/{last}")
    row = rows[0]
    digits = _digits(small, marks, row["person"])
    for cell in row["per-subject-averages"]:
        own = [digit for subject, digit, _ in digits if subject == cell["subject"]]
        assert float(cell["avg-mark-value"].replace(",", ".")) == pytest.approx(
            sum(own) / len(own), abs=0.0051
        )
    mean = small.get(f"persons/{row['person']}/reporting-periods/{period['id']}/avg-mark")
    plain = sum(digit for _, digit, _ in digits) / len(digits)
    assert float(mean.replace(",", ".")) == pytest.approx(plain, abs=0.0051)
    cell = row["per-subject-averages"][0]
    path = f"persons/{row['person']}/reporting-periods/{period['id']}/subjects/{cell['subject']}/avg-mark"
    assert small.get(path) == cell["avg-mark-value"]


def test_a_periods_averages_end_with_the_day_asked(small: Wire, group: int) -> None:
    period = small.get(f"edu-groups/{group}/reporting-periods")[1]
    path = f"edu-groups/{group}/reporting-periods/{period['id']}/avg-marks/"
    early, late = small.get(path + "2025-11-14"), small.get(path + period["finish"][:10])
    dated = small.get(f"edu-groups/{group}/avg-marks/{period['start'][:10]}/2025-11-14")
    cells = {row["person"]: row["per-subject-averages"] for row in early}
    assert cells == {row["person"]: row["per-subject-averages"] for row in dated}
    assert early != late


def test_weighted_averages_weigh_by_work_type(small: Wire, group: int) -> None:
    marks = small.get(f"edu-groups/{group}/marks/{TO_DATE}")
    answer = small.get(f"edu-groups/{group}/wa-marks/{TO_DATE}")
    assert {kind.weight for kind in WORK_KINDS} == {1, 2, 3}
    person = answer["subjectMarks"][0]["marks"][0]["person"]
    digits = _digits(small, marks, person)
    checked, differing = 0, 0
    for column in answer["subjectMarks"]:
        own = [(digit, weight) for subject, digit, weight in digits if subject == column["subject"]]
        shown = [cell["value"] for cell in column["marks"] if cell["person"] == person]
        if shown:
            mean = sum(d * w for d, w in own) / sum(w for _, w in own)
            assert shown == [pytest.approx(mean, abs=0.0051)]
            checked += 1
            differing += abs(mean - sum(d for d, _ in own) / len(own)) > 0.01
    assert checked > 5
    assert differing > 0


def test_a_period_of_other_classes_is_unknown(small: Wire, group: int) -> None:
    senior = next(g["id"] for g in small.groups() if g["parallel"] == 11)
    other = small.get(f"edu-groups/{senior}/reporting-periods")[0]["id"]
    answer = small.http.get(f"edu-groups/{group}/reporting-periods/{other}/avg-marks/2026-03-01")
    assert (answer.status_code, answer.json()["type"]) == (404, "parameterInvalid")


def test_homework_is_given_to_everyone_in_the_group(
    small: Wire, homework: dict[str, Any], shape: Shape
) -> None:
    tasks = small.get(f"works/{homework['id']}/tasks")
    for task in tasks:
        shape("Task", task)
        assert task["work"] == homework["id"]
    present = {p["id"] for p in small.get(f"edu-groups/{homework['eduGroup']}/persons?includeArchive=true")}
    assert {t["person"] for t in tasks} <= present
    assert len({t["id"] for t in tasks}) == len(tasks) > 1
    person = tasks[1]["person"]
    assert small.get(f"works/{homework['id']}/tasks", persons=[person]) == [tasks[1]]
    assert small.get(f"tasks/{tasks[1]['id']}") == tasks[1]
    of_lesson = small.get(f"lessons/{homework['lesson']}/tasks")
    assert of_lesson == tasks == small.get("tasks", lessons=[homework["lesson"], 5])


def test_a_pupils_tasks_come_in_pages(small: Wire, homework: dict[str, Any]) -> None:
    person = small.get(f"works/{homework['id']}/tasks")[0]["person"]
    path = f"persons/{person}/tasks?subject={homework['subjectId']}&from=2025-09-01&to=2026-03-20"
    whole = small.get(path + "&pageSize=500")
    pages = [small.get(f"{path}&pageNumber={number}&pageSize=7") for number in range(1, 30)]
    assert [t for page in pages for t in page] == whole
    assert len(whole) > 7
    assert {t["status"] for t in whole} == {"New", "Completed"}
    assert {t["status"] for t in small.get(f"tasks/{person}/undone")} == {"New"}
    assert small.http.get(path + "&pageSize=0").is_success  # nought: the usual size
    assert small.http.get(path + "&pageSize=501").status_code == 400
    assert small.http.get(f"persons/{person}/tasks?from=2025-09-01&to=2026-03-20").status_code == 400


def test_memberships_tell_a_pupils_groups_and_a_teachers_subjects(
    small: Wire, group: int, shape: Shape
) -> None:
    pupil = small.get(f"edu-groups/{group}/persons")[0]["id"]
    answer = small.get(f"persons/{pupil}/school-memberships")
    shape("SchoolMemberships", answer)
    groups = {m["eduGroup"]["id"] for m in answer["schools"][0]["eduGroupMemberships"]}
    assert groups == {g["id"] for g in small.get(f"persons/{pupil}/edu-groups")}
    teacher = small.get(f"edu-groups/{group}/classteacher")
    answer = small.get(f"users/{teacher['userId']}/school-memberships")
    shape("SchoolMemberships", answer)
    assert answer["schools"][0]["subjects"]
    shape("SchoolMemberships", small.get("users/me/school-memberships"))


def test_the_schools_passport_counts_its_classes(small: Wire) -> None:
    passport = small.get(f"schools/{small.school()}/parameters")
    stages = [passport[f"{stage}StageGroupsCount"] for stage in ("first", "second", "third")]
    assert sum(stages) == len(small.groups())
    assert passport["actualOccupancy"] == sum(
        len(small.get(f"edu-groups/{g['id']}/persons")) for g in small.groups()
    )
    assert passport["schoolId_str"] == str(passport["schoolId"])
    assert "highest\u0421ategoryTeachersCount" in passport


def test_the_feed_shows_a_parent_their_childs_days(small: Wire, variant: Any, shape: Shape) -> None:
    assert small.get("users/me/feed?date=2026-03-13") == {"days": []}
    variant(role="parent")
    feed = small.get("users/me/feed?date=2026-03-13&limit=14")
    shape("UserFeed", feed)
    assert [day["date"][:10] for day in feed["days"]][:2] == ["2026-03-13", "2026-03-12"]
    assert len(feed["days"]) == 14
    child = small.get("users/me/context")["children"][0]["personId"]
    marks = {m["mark"]["id"] for d in feed["days"] for c in d["summary"]["marksCards"] for m in c["marks"]}
    path = f"persons/{child}/schools/{small.school()}/marks/2026-02-28/2026-03-13"
    assert marks == {m["id"] for m in small.get(path)} != set()
    assert small.http.get("users/me/feed?date=2026-03-13&childPersonId=17").status_code == 403


def test_thematic_marks_exist_where_the_school_sets_them(
    small: Wire, group: int, variant: Any, shape: Shape
) -> None:
    averages = small.get(f"edu-groups/{group}/avg-marks/2025-09-01/2025-10-24")
    subject = averages[0]["per-subject-averages"][0]["subject"]
    path = f"edu-groups/{group}/subjects/{subject}/thematic-marks"
    assert small.get(path) == []
    variant(thematic_marks=True)
    marks = small.get(path)
    for mark in marks:
        shape("Mark", mark)
    assert len({m["id"] for m in marks}) == len(marks) > 1
    lesson_marks = {m["id"] for m in small.get(f"edu-groups/{group}/marks/{TO_DATE}")}
    assert lesson_marks.isdisjoint(m["id"] for m in marks)


def test_the_criteria_journal_exists_where_the_school_keeps_one(
    small: Wire, group: int, variant: Any, shape: Shape
) -> None:
    period = small.get(f"edu-groups/{group}/reporting-periods")[0]["id"]
    path = f"edu-group/{group}/period/{period}/criteria-marks"
    answer = small.http.get(path)
    assert (answer.status_code, answer.json()["type"]) == (404, "apiResourceUnavailable")
    variant(criteria_journal=True)
    columns = small.get(path)
    for column in columns:
        shape("SubjectCriteriaMarks", column)
    assert columns == small.get(path)
    ids = [m["id"] for c in columns for p in c["personmarks"] for m in p["criteriamarks"]]
    assert len(set(ids)) == len(ids) > 10
    assert small.get(f"edu-groups/{group}")["journaltype"] == "Criteria"


def test_marks_by_the_day_they_were_set_include_late_ones(small: Wire, group: int) -> None:
    marks = small.get(f"edu-groups/{group}/marks/{TO_DATE}")
    lessons = {le["id"]: le for le in small.get(f"edu-groups/{group}/lessons/{TO_DATE}")}
    noon = [m for m in marks if "06:00" < m["date"][11:16] < "18:00"]  # the same day in both zones
    late = next(m for m in noon if m["date"][:10] > lessons[m["lesson"]]["date"][:10])
    assert late in small.get(f"persons/{late['person']}/marks/{late['date'][:10]}")
    assert late not in small.get(f"persons/{late['person']}/marks/{lessons[late['lesson']]['date'][:10]}")


def test_two_marks_on_one_work_and_comments_on_attendance_occur(small: Wire) -> None:
    groups = [g["id"] for year in (2024, 2025) for g in small.groups(year=year)]
    marks = [m for g in groups for m in small.get(f"edu-groups/{g}/marks/2024-09-01/2026-03-20")]
    pairs = Counter((m["work"], m["person"]) for m in {m["id"]: m for m in marks}.values())
    assert max(pairs.values()) == 2
    path = "lesson-log-entries/group/{}?from=2024-09-01&to=2026-03-20"
    entries = [e for g in groups for e in small.get(path.format(g))]
    assert any(e["comment"] for e in entries)


def _files(small: Wire) -> list[dict[str, Any]]:
    lessons = [le for g in small.groups() for le in small.get(f"edu-groups/{g['id']}/lessons/{TO_DATE}")]
    works = sorted({w["id"] for le in lessons for w in le["works"] if w["files"]})
    found = small.get("users/me/school/homeworks", homeworkId=works)["files"]
    return sorted(found, key=lambda file: file["id"])


def test_downloads_have_the_size_and_type_they_say(small: Wire) -> None:
    for file in _files(small)[:12]:
        answer = small.http.get(file["downloadUrl"])
        assert int(answer.headers["content-length"]) == len(answer.content) == file["size"]
        expected = {"pdf": "application/pdf", "png": "image/png"}.get(file["type"].lower())
        assert expected in (None, answer.headers["content-type"])
        assert answer.headers["content-type"] != "application/json"


def test_a_file_may_be_huge_and_another_missing(small: Wire, variant: Any) -> None:
    variant(huge_file_bytes=3_000_001, missing_file=True)
    huge, missing = _files(small)[:2]
    assert huge["size"] == 3_000_001
    answer = small.http.get(huge["downloadUrl"])
    assert (len(answer.content), answer.headers["content-length"]) == (3_000_001, "3000001")
    answer = small.http.get(missing["downloadUrl"])
    assert (answer.status_code, answer.json()["type"]) == (404, "parameterInvalid")
    variant(files_closed=True)
    assert small.http.get(huge["downloadUrl"]).status_code == 403
