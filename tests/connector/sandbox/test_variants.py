"""What the platform's documentation leaves open can be made to be either way, by option and at run time."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest
from httpx import Client as Http
from httpx import Response

from connector.sandbox import PlatformVariant, SchoolParameters, running_process
from connector.sandbox.switches import BadSwitchValue, UnknownSwitch, checked_switches, read_switches

Wire = Any
MARCH = "2026-03-02/2026-03-20"


@pytest.fixture
def variant(small: Wire) -> Iterator[Callable[..., None]]:
    """Change the small school's platform for one test."""
    school = small.served.school

    def change(**fields: object) -> None:
        school.variant = replace(school.variant, **fields)

    yield change
    school.variant = school.parameters.start_variant()


@pytest.fixture
def group(small: Wire) -> int:
    return next(g["id"] for g in small.groups() if g["name"] == "9А")


def refused(answer: Response) -> tuple[int, str]:
    return answer.status_code, answer.json()["type"]


def test_a_longer_range_than_allowed_is_refused(small: Wire, group: int, variant: Any) -> None:
    variant(max_range_days=14)
    path = f"edu-groups/{group}/lessons/2026-03-02/"
    assert small.get(path + "2026-03-16")
    assert refused(small.http.get(path + "2026-03-17")) == (400, "parameterInvalid")
    attendance = f"lesson-log-entries/group/{group}?from=2026-03-02&to="
    assert small.http.get(attendance + "2026-03-16").is_success
    assert refused(small.http.get(attendance + "2026-03-17")) == (400, "parameterInvalid")


def test_the_end_of_a_range_becomes_exclusive(small: Wire, group: int, variant: Any) -> None:
    path = f"edu-groups/{group}/lessons/2026-03-03/2026-03-04"
    inclusive = {le["date"][:10] for le in small.get(path)}
    variant(range_end_exclusive=True)
    assert (inclusive, {le["date"][:10] for le in small.get(path)}) == (
        {"2026-03-03", "2026-03-04"},
        {"2026-03-03"},
    )


def test_a_longer_batch_than_allowed_is_refused(small: Wire, group: int, variant: Any) -> None:
    ids = [le["id"] for le in small.get(f"edu-groups/{group}/lessons/{MARCH}")][:4]
    variant(max_batch=3, max_query_batch=2)
    assert len(small.post("lessons/many", ids[:3])) == 3
    assert refused(small.http.post("lessons/many", json=ids)) == (400, "parameterInvalid")
    assert small.http.get("lesson-log-entries", params={"lessons": ids[:2]}).is_success
    answer = small.http.get("lesson-log-entries", params={"lessons": ids[:3]})
    assert refused(answer) == (400, "parameterInvalid")


def test_attendance_of_a_class_may_need_a_subject(small: Wire, group: int, variant: Any) -> None:
    path = f"lesson-log-entries/group/{group}?from=2025-09-01&to=2026-03-20"
    everything = {(e["lesson"], e["person"]) for e in small.get(path)}
    variant(attendance_needs_subject=True)
    assert refused(small.http.get(path)) == (400, "parameterInvalid")
    subjects = [s["id"] for s in small.get(f"edu-groups/{group}/subjects")]
    by_subject = [e for s in subjects for e in small.get(f"{path}&subject={s}")]
    assert {(e["lesson"], e["person"]) for e in by_subject} == everything != set()


def test_closed_class_calls_leave_the_calls_by_lesson_and_pupil(
    small: Wire, group: int, variant: Any
) -> None:
    marks = small.get(f"edu-groups/{group}/marks/{MARCH}")
    entries = small.get(f"lesson-log-entries/group/{group}?from=2026-03-02&to=2026-03-20")
    lessons = [le["id"] for le in small.get(f"edu-groups/{group}/lessons/{MARCH}")]
    variant(marks_by_group_closed=True, attendance_by_group_closed=True)
    answer = small.http.get(f"edu-groups/{group}/marks/{MARCH}")
    assert refused(answer) == (403, "authorizationSystemForbidden")
    answer = small.http.get(f"lesson-log-entries/group/{group}?from=2026-03-02&to=2026-03-20")
    assert refused(answer) == (404, "apiMethodNotSupported")
    assert small.post("lessons/many/marks", lessons) == marks
    assert [m for le in lessons for m in small.get(f"lessons/{le}/marks")] == marks
    person = marks[0]["person"]
    own = small.get(f"persons/{person}/schools/{small.school()}/marks/{MARCH}")
    assert marks[0] in own
    assert small.get("lesson-log-entries", lessons=lessons) == entries
    assert [e for le in lessons for e in small.get(f"lessons/{le}/log-entries")] == entries


def test_where_the_class_list_is_closed_the_teachers_lead_to_the_classes(small: Wire, variant: Any) -> None:
    every = {g["id"] for kind in ("Group", "Subgroup") for g in small.groups(kind=kind)}
    school = small.school()
    variant(class_list_closed=True)
    answer = small.http.get(f"schools/{school}/edu-groups")
    assert refused(answer) == (403, "authorizationSystemForbidden")
    found: set[int] = set()
    for teacher in small.get(f"schools/{school}/teachers"):
        person = teacher["Id"]
        found |= {g["id"] for g in small.get(f"persons/{person}/schools/{school}/edu-groups/teacher")}
        found |= {g["id"] for g in small.get(f"persons/{person}/edu-groups")}
    seen = [small.get(f"edu-groups/{ident}") for ident in found]
    found |= {parent for g in seen for parent in g["parentIds"] or ()}
    assert found == every


def test_class_calls_may_leave_out_their_subgroups(small: Wire, group: int, variant: Any) -> None:
    whole = {le["id"] for le in small.get(f"edu-groups/{group}/lessons/{MARCH}")}
    variant(lists_subgroup_records=False)
    own = small.get(f"edu-groups/{group}/lessons/{MARCH}")
    assert {le["group"] for le in own} == {group}
    subgroups = [g["id"] for g in small.groups(kind="Subgroup") if group in g["parentIds"]]
    rest = {le["id"] for g in subgroups for le in small.get(f"edu-groups/{g}/lessons/{MARCH}")}
    assert rest
    assert {le["id"] for le in own} | rest == whole
    lessons = {m["lesson"] for m in small.get(f"edu-groups/{group}/marks/{MARCH}")}
    assert lessons <= {le["id"] for le in own}
    entries = small.get(f"lesson-log-entries/group/{group}?from=2025-09-01&to=2026-03-20")
    assert entries
    groups = {le["group"] for le in small.post("lessons/many", list({e["lesson"] for e in entries}))}
    assert groups == {group}


def test_lists_and_objects_change_places(small: Wire, group: int, variant: Any) -> None:
    school = small.school()
    person = small.get(f"lesson-log-entries/group/{group}?from=2025-09-01&to=2026-03-20")[0]["person"]
    log = f"persons/{person}/lesson-log-entries?startDate=2025-09-01&endDate=2026-03-20"
    bells, own_bells = small.get(f"schools/{school}/timetables"), small.get(f"edu-groups/{group}/timetables")
    entries = small.get(log)["logEntries"]
    variant(timetables_as_list=False, group_timetables_as_list=True, person_log_entries_as_list=True)
    assert [small.get(f"schools/{school}/timetables")] == bells
    assert small.get(f"edu-groups/{group}/timetables") == [own_bells]
    assert small.get(log) == entries != []


def test_moments_may_be_local(small: Wire, group: int, variant: Any) -> None:
    path = f"edu-groups/{group}/marks/2026-03-02/2026-03-06"
    utc = small.get(path)[0]["date"]
    variant(moments_local=True)
    local = small.get(path)[0]["date"]
    hours = (int(local[11:13]) - int(utc[11:13])) % 24
    assert (hours, local[13:]) == (3, utc[13:])


def test_sent_dates_may_end_in_z(small: Wire, group: int, variant: Any) -> None:
    variant(sent_date_in_utc=True)
    works = [w for le in small.get(f"edu-groups/{group}/lessons/{MARCH}") for w in le["works"]]
    assert {w["sentDate"][-1] for w in works} == {"Z"}


def test_final_marks_of_a_class_may_be_closed(small: Wire, group: int, variant: Any) -> None:
    rows = small.get(f"edu-groups/{group}/final-marks")
    row = next(r for r in rows if r["per-subject-final-marks"])
    variant(finals_closed=True)
    answer = small.http.get(f"edu-groups/{group}/final-marks")
    assert refused(answer) == (403, "authorizationSystemForbidden")
    own = small.get(f"persons/{row['person']}/edu-groups/{group}/allfinalmarks")["marks"]
    assert row["per-subject-final-marks"][0]["final-mark"] in own


PAST_CALLS = [
    "edu-groups/{g}/lessons/2025-03-03/2025-03-10",
    "edu-groups/{g}/marks/2025-03-03/2025-03-10",
    "edu-groups/{g}/avg-marks/2025-03-03/2025-03-10",
    "edu-groups/{g}/final-marks",
    "edu-groups/{g}/persons?includeArchive=true",
    "lesson-log-entries/group/{g}?from=2025-01-09&to=2025-03-20",
]


@pytest.mark.parametrize("path", PAST_CALLS)
def test_past_years_may_be_closed_or_empty(small: Wire, variant: Any, path: str) -> None:
    old = next(g["id"] for g in small.groups(year=2024) if g["parallel"] == 8)
    assert small.get(path.format(g=old))
    variant(old_years_closed="forbidden")
    assert refused(small.http.get(path.format(g=old))) == (403, "authorizationSystemForbidden")
    variant(old_years_closed="empty")
    assert small.get(path.format(g=old)) == []
    assert small.get(f"edu-groups/{old}")["studyyear"] == 2024


def test_rosters_by_batch_follow_the_closing_of_past_years(small: Wire, variant: Any) -> None:
    old = small.groups(year=2024)[0]["id"]
    variant(old_years_closed="empty")
    assert [row["students"] for row in small.post("edu-groups/students", [old])] == [[]]
    variant(old_years_closed="forbidden")
    answer = small.http.post("edu-groups/students", json=[old])
    assert refused(answer) == (403, "authorizationSystemForbidden")


def test_the_class_list_may_show_the_current_year_alone(small: Wire, variant: Any) -> None:
    assert {g["studyyear"] for g in small.get(f"schools/{small.school()}/edu-groups")} == {2024, 2025}
    variant(class_list_current_only=True)
    assert {g["studyyear"] for g in small.get(f"schools/{small.school()}/edu-groups")} == {2025}


def test_include_archive_may_have_no_effect(small: Wire, variant: Any) -> None:
    paths = [f"edu-groups/{g['id']}/persons" for g in small.groups()]
    present = [small.get(path) for path in paths]
    assert [small.get(path + "?includeArchive=true") for path in paths] != present
    variant(archive_never_shown=True)
    assert [small.get(path + "?includeArchive=true") for path in paths] == present


@pytest.mark.parametrize(
    ("role", "roles"),
    [
        ("administrator", ["EduStaff", "EduSchoolAdministrator"]),
        ("teacher", ["EduStaff"]),
        ("parent", ["EduParent"]),
    ],
)
def test_the_owner_of_the_token_has_a_role(
    small: Wire, variant: Any, shape: Callable[[str, object], None], role: str, roles: list[str]
) -> None:
    variant(role=role)
    context, me = small.get("users/me/context"), small.get("users/me")
    shape("UserContext", context)
    assert context["roles"] == roles == small.get("users/me/roles") == me["roles"]
    assert context["personId"] == me["personId"]
    assert small.get(f"users/{context['userId']}") == me
    assert small.get(f"persons/{context['personId']}")["firstName"] == context["firstName"]
    assert bool(small.get("users/me/edu-groups")) == (role != "administrator")


def test_a_parent_has_a_child_in_a_class(small: Wire, variant: Any) -> None:
    variant(role="parent")
    context = small.get("users/me/context")
    (child,) = context["children"]
    (own,) = context["eduGroups"]
    assert child["groupIds"] == [own["id"]] == context["schools"][0]["groupIds"]
    assert child["personId"] in {p["id"] for p in small.get(f"edu-groups/{own['id']}/persons")}


def test_a_process_takes_its_variant_along() -> None:
    variant = PlatformVariant(class_list_closed=True, max_batch=2, role="teacher")
    parameters = SchoolParameters(pupils=12, years=(2025,), variant=variant)
    headers = {"Access-Token": "t"}
    with (
        running_process(parameters, "t") as served,
        Http(base_url=served.url, headers=headers, trust_env=False) as http,
    ):
        school = http.get("users/me/schools").json()[0]
        assert http.get(f"schools/{school}/edu-groups").status_code == 403
        assert http.post("lessons/many", json=[1, 2, 3]).status_code == 400
        assert http.get("users/me/roles").json() == ["EduStaff"]


def test_switches_are_read_by_the_types_of_their_fields() -> None:
    texts = ["max_batch=20", "class_list_closed", "moments_local=off", "role=teacher"]
    assert read_switches(PlatformVariant, texts) == {
        "max_batch": 20,
        "class_list_closed": True,
        "moments_local": False,
        "role": "teacher",
    }
    assert PlatformVariant(max_batch=20, role="teacher").as_switches() == ["max_batch=20", "role=teacher"]


@pytest.mark.parametrize("text", ["max_batch=many", "class_list_closed=perhaps"])
def test_a_switch_with_a_wrong_value_is_named(text: str) -> None:
    with pytest.raises(BadSwitchValue, match=text.partition("=")[0]):
        read_switches(PlatformVariant, [text])
    with pytest.raises(BadSwitchValue):
        checked_switches(PlatformVariant, {text.partition("=")[0]: "x"})


def test_an_unknown_switch_is_named_with_those_there_are() -> None:
    with pytest.raises(UnknownSwitch, match="class_list_closed"):
        read_switches(PlatformVariant, ["class_list_shut"])


@pytest.mark.parametrize("wrong", [{"role": "janitor"}, {"old_years_closed": "maybe"}, {"max_batch": -1}])
def test_a_variant_cannot_be_nonsense(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"."):
        PlatformVariant(**wrong)
