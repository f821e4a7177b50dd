"""A client of the platform that other people wrote finds in the sandbox what it expects."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from datetime import datetime
from typing import Any

import pytest

from connector.sandbox.parameters import SchoolParameters
from connector.sandbox.school import School
from connector.sandbox.serve import running

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    from pydnevnikruapi.dnevnik.dnevnik import DiaryAPI
    from pydnevnikruapi.dnevnik.exceptions import DiaryError

NOW = datetime(2026, 3, 18, 20, 0)  # noqa: DTZ001 - school time


@pytest.fixture(scope="module")
def api() -> Iterator[Any]:
    """The client, signed in to a served school."""
    parameters = SchoolParameters(pupils=24, seed=5, now=NOW, years=(2025,))
    with running(School(parameters), "token") as school, DiaryAPI(token="token") as client:
        client.host = school.url
        yield client


@pytest.fixture(scope="module")
def group(api: Any) -> dict[str, Any]:
    """The highest class of the school."""
    school_id = api.get_context()["schools"][0]["id"]
    classes = [one for one in api.get_school_groups(school_id) if not one["parentIds"]]
    return max(classes, key=lambda one: one["parallel"])


def test_it_walks_from_the_context_to_the_pupils_of_a_class(api: Any, group: dict[str, Any]) -> None:
    assert api.get_roles() == api.get_context()["roles"]
    assert api.get_group_info(group["id"])["name"] == group["name"]
    pupils = api.get_groups_pupils(group["id"])
    assert pupils
    person = api.get_person_info(pupils[0]["id"])
    assert person["id_str"] == str(pupils[0]["id"])
    assert group["id"] in {one["id"] for one in api.get_person_groups(pupils[0]["id"])}


def test_it_reads_lessons_works_and_marks_of_a_class(api: Any, group: dict[str, Any]) -> None:
    start, end = "2026-02-02T00:00:00", "2026-02-13T00:00:00"
    lessons = api.get_group_lessons_info(group["id"], start, end)
    assert lessons
    assert api.get_lesson_info(lessons[0]["id"]) == lessons[0]
    assert [one["id"] for one in api.get_lesson_works(lessons[0]["id"])] == [
        one["id"] for one in lessons[0]["works"]
    ]
    marks = api.get_group_marks_period(group["id"], start, end)
    assert {one["lesson"] for one in marks} <= {one["id"] for one in lessons}
    assert api.get_mark_by_id(marks[0]["id"]) == marks[0]
    assert marks[0] in api.get_marks_by_work(marks[0]["work"])
    assert marks[0] in api.get_marks_by_lesson(marks[0]["lesson"])


def test_it_reads_finals_attendance_and_what_they_refer_to(api: Any, group: dict[str, Any]) -> None:
    school_id = api.get_context()["schools"][0]["id"]
    (pupil, *_) = api.get_groups_pupils(group["id"])
    finals = api.get_person_group_marks_final(pupil["id"], group["id"])
    assert {one["work"] for one in finals["marks"]} <= {one["id"] for one in finals["works"]}
    assert set(api.get_lesson_log_statuses()) == {"Attend", "Absent", "Ill", "Late", "Pass"}
    assert "5-" in api.get_marks_values_by_type("mark5")
    assert {one["kind"] for one in api.get_work_types(school_id)} >= {"Homework", "Exam"}
    assert api.get_school_subjects(school_id)
    assert api.get_school_teachers(school_id)[0]["LastName"]
    assert api.get_group_subjects(group["id"])


def test_it_is_told_of_an_unknown_id_as_the_platform_tells_it(api: Any) -> None:
    with pytest.raises(DiaryError):
        api.get_group_info(1)


def test_it_is_told_of_maintenance_as_the_platform_tells_it() -> None:
    with running(School(SchoolParameters(pupils=12, now=NOW, years=(2025,))), "token") as school:
        school.faults.html_pages = 1
        with DiaryAPI(token="token") as client:
            client.host = school.url
            with pytest.raises(DiaryError):
                client.get_context()
