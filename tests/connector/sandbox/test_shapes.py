"""Every answer has the API's shape: keys, types, text twins, and none where there are none."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.connector.sandbox.conftest import Client

FEBRUARY = "2026-02-01/2026-02-28"
DAYS = {"startDate": "2026-02-02", "endDate": "2026-02-15"}


@pytest.fixture(scope="module")
def names(small: Client) -> dict[str, int]:
    """Ids to put into the paths below, of a class with much in it."""
    school = small.school()
    group = next(g for g in small.groups() if g["name"] == "9А")["id"]
    sub = next(g for g in small.groups(kind="Subgroup") if g["parentIds"] == [group])["id"]
    lessons = small.get(f"edu-groups/{group}/lessons/{FEBRUARY}")
    rows = small.get(f"edu-groups/{group}/final-marks")
    judged = {row["person"] for row in rows if row["per-subject-final-marks"]}
    present = {person["id"] for person in small.get(f"edu-groups/{group}/persons")} & judged
    marks = small.get(f"edu-groups/{group}/marks/{FEBRUARY}")
    marks = [mark for mark in marks if mark["person"] in present]
    entries = small.get(f"lesson-log-entries/group/{group}", **{"from": "2025-09-01", "to": "2026-03-20"})
    me = small.get("users/me")
    return {
        "s": school,
        "g": group,
        "sub": sub,
        "l": marks[0]["lesson"],
        "w": marks[0]["work"],
        "m": marks[0]["id"],
        "p": marks[0]["person"],
        "ill": entries[0]["person"],
        "ill_l": entries[0]["lesson"],
        "subject": lessons[0]["subject"]["id"],
        "t": lessons[0]["teachers"][0],
        "u": me["id"],
    }


LISTS = [
    ("schools/person-schools", "PersonSchool"),
    ("schools", "School"),
    ("schools/{s}/membership", "Person"),
    ("schools/{s}/membership?schoolMembershipType=Admins", "Person"),
    ("schools/{s}/edu-groups", "EduGroup"),
    ("edu-groups/{g}/parallel", "EduGroup"),
    ("persons/{p}/edu-groups", "EduGroup"),
    ("persons/{p}/edu-groups/all", "EduGroup"),
    ("persons/{p}/schools/{s}/edu-groups", "EduGroup"),
    ("persons/{t}/schools/{s}/edu-groups/teacher", "EduGroup"),
    ("edu-groups/{g}/persons?includeArchive=true", "Person"),
    ("edu-groups/{g}/students", "Person"),
    ("schools/{s}/teachers", "Teacher"),
    ("edu-groups/{g}/teachers", "Person"),
    ("schools/{s}/subjects", "Subject"),
    ("edu-groups/{g}/subjects", "Subject"),
    ("edu-groups/{sub}/subjects", "Subject"),
    ("edu-groups/{g}/reporting-periods", "ReportingPeriod"),
    ("schools/{s}/timetables", "Timetable"),
    ("work-types/{s}", "WorkType"),
    ("edu-groups/{g}/lessons/" + FEBRUARY, "Lesson"),
    ("edu-groups/{sub}/lessons/" + FEBRUARY, "Lesson"),
    ("edu-groups/{g}/subjects/{subject}/lessons/" + FEBRUARY, "Lesson"),
    ("lessons/{l}/works", "Work"),
    ("works?lesson={l}", "Work"),
    ("edu-groups/{g}/marks/" + FEBRUARY, "Mark"),
    ("edu-groups/{g}/subjects/{subject}/marks/" + FEBRUARY, "Mark"),
    ("lessons/{l}/marks", "Mark"),
    ("works/{w}/marks", "Mark"),
    ("persons/{p}/schools/{s}/marks/" + FEBRUARY, "Mark"),
    ("persons/{p}/edu-groups/{g}/marks/" + FEBRUARY, "Mark"),
    ("lesson-log-entries/group/{g}?from=2025-09-01&to=2026-03-20", "LessonLogEntry"),
    ("lesson-log-entries?lessons={ill_l}&lessons={l}", "LessonLogEntry"),
    ("lessons/{ill_l}/log-entries", "LessonLogEntry"),
    ("edu-groups/{g}/final-marks", "PersonFinalMarks"),
    ("edu-groups/{g}/subjects/{subject}/final-marks", "Mark"),
    ("persons/{p}/edu-groups/{g}/final-marks", "SubjectFinalMark"),
    ("edu-groups/{g}/avg-marks/" + FEBRUARY, "GroupAverageMarkByDates"),
]
OBJECTS = [
    ("users/me/context", "UserContext"),
    ("users/me", "User"),
    ("users/{u}", "User"),
    ("persons/{p}", "Person"),
    ("schools/{s}", "School"),
    ("edu-groups/{g}", "EduGroup"),
    ("edu-groups/{g}/classteacher", "Person"),
    ("edu-groups/{sub}/classteacher", "Person"),
    ("edu-groups/{g}/reporting-period-group", "ReportingPeriodGroup"),
    ("edu-groups/{g}/timetables", "Timetable"),
    ("lessons/{l}", "Lesson"),
    ("works/{w}", "Work"),
    ("marks/{m}", "Mark"),
    ("lesson-log-entries/lesson/{ill_l}/person/{ill}", "LessonLogEntry"),
    ("persons/{ill}/lesson-log-entries?startDate=2025-09-01&endDate=2026-03-20", "PersonLessonLog"),
    ("persons/{p}/edu-groups/{g}/allfinalmarks", "AllFinalMarks"),
    ("edu-groups/{g}/wa-marks/" + FEBRUARY, "WeightedAverageMarks"),
    ("persons/{p}/school/{s}/homeworks?startDate=2025-09-01&endDate=2026-03-20", "Homeworks"),
    ("persons/{p}/groups/{g}/schedules?startDate=2026-02-02&endDate=2026-02-15", "Schedule"),
]
BATCHES = [
    ("edu-groups", "g", "EduGroup"),
    ("edu-groups/students", "g", "GroupWithStudents"),
    ("users/many", "u", "User"),
    ("lessons/many", "l", "Lesson"),
    ("works/many", "w", "Work"),
    ("lessons/many/marks", "l", "Mark"),
    ("lessons/marks", "l", "Mark"),
]


@pytest.mark.parametrize(("path", "model"), LISTS)
def test_list_answers(
    small: Client, names: dict[str, int], shape: Callable[[str, object], None], path: str, model: str
) -> None:
    answer = small.get(path.format(**names))
    assert isinstance(answer, list)
    assert answer
    for item in answer:
        shape(model, item)


@pytest.mark.parametrize(("path", "model"), OBJECTS)
def test_object_answers(
    small: Client, names: dict[str, int], shape: Callable[[str, object], None], path: str, model: str
) -> None:
    shape(model, small.get(path.format(**names)))


@pytest.mark.parametrize(("path", "name", "model"), BATCHES)
def test_batches_take_a_bare_list_of_ids_and_leave_out_unknown_ones(
    small: Client,
    names: dict[str, int],
    shape: Callable[[str, object], None],
    path: str,
    name: str,
    model: str,
) -> None:
    answer = small.post(path, [names[name], 1])
    assert answer
    assert answer == small.post(path, [names[name]])
    for item in answer:
        shape(model, item)


def test_lists_of_plain_values(small: Client) -> None:
    school = small.school()
    assert small.get("users/me/schools") == [school] == small.get("users/me/organizations")
    assert small.get("users/me/edu-groups") == []
    assert small.get("users/me/roles") == ["EduStaff", "EduSchoolAdministrator"]
    assert small.get("lesson-log-entries/statuses") == ["Attend", "Absent", "Ill", "Late", "Pass"]
    values = small.get("marks/values")
    assert values["mark5"][:3] == ["1-", "1", "1+"]
    assert values["mark5"] == small.get("marks/values/type/Mark5")


def test_homework_gives_the_files_and_the_server_gives_their_bytes(
    small: Client, shape: Callable[[str, object], None]
) -> None:
    works = [
        work
        for group in small.groups()
        for lesson in small.get(f"edu-groups/{group['id']}/lessons/2025-09-01/2026-03-20")
        for work in lesson["works"]
        if work["files"]
    ]
    assert {work["type"] for work in works} == {"Homework"}
    answer = small.get("users/me/school/homeworks", homeworkId=[works[0]["id"], works[1]["id"]])
    shape("Homeworks", answer)
    assert [work["id"] for work in answer["works"]] == [works[0]["id"], works[1]["id"]]
    assert {f["id"] for f in answer["files"]} == {*works[0]["files"], *works[1]["files"]}
    for file in answer["files"]:
        assert file["downloadUrl"].startswith(small.served.url.removesuffix("/v2/"))
        assert len(small.http.get(file["downloadUrl"]).content) == file["size"]


def test_both_version_prefixes_serve_the_same(small: Client) -> None:
    other = small.served.url.replace("/v2/", "/v2.0/")
    assert small.http.get(other + "users/me").content == small.http.get("users/me").content


def test_short_names_hide_pupils_full_names_only(shape: Callable[[str, object], None]) -> None:
    from connector.sandbox import School, SchoolParameters
    from connector.sandbox.wire.people import person_json

    school = School(SchoolParameters(pupils=12, short_names=True))
    shape("Person", person_json(school, 0))
    shape("ShortPerson", person_json(school, len(school.staff)))
