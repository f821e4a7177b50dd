"""Every fault of the platform can be made to happen over real HTTP, as often and where a test asks."""

from __future__ import annotations

import json
import time
from collections import Counter
from email.utils import parsedate_to_datetime
from typing import Any

import httpx
import pytest

from connector.sandbox import Faults
from connector.sandbox.faults import ALWAYS, CHAOS, FAILURES
from connector.sandbox.mutations import ABSURD, MUTATIONS, NEW_FIELD, UNHEARD, VOLATILE_FIELD
from connector.sandbox.switches import BadSwitchValue, UnknownSwitch

Wire = Any
DAYS = "2026-03-02/2026-03-06"


@pytest.fixture
def group(fresh: Wire) -> int:
    return next(g["id"] for g in fresh.groups() if g["name"] == "9А")


@pytest.fixture
def path(fresh: Wire, group: int) -> str:
    """The lessons of a class, and a count of requests that begins with them."""
    fresh.served.requests.clear()
    return f"edu-groups/{group}/lessons/{DAYS}"


def test_an_error_body_may_come_with_status_200(fresh: Wire) -> None:
    fresh.served.faults.error_bodies = 1
    answer = fresh.http.get("users/me")
    assert (answer.status_code, set(answer.json())) == (200, {"type", "description"})
    assert answer.json()["type"] == "apiServerError"
    assert "personId" in fresh.get("users/me")


@pytest.mark.parametrize(
    ("kind", "status"),
    [("authorizationOutOfScope", 403), ("apiUnknownError", 500), ("apiHttpsRequired", 400)],
)
def test_any_type_of_error_may_come(fresh: Wire, kind: str, status: int) -> None:
    fresh.served.faults.change({"error_bodies": 1, "error_type": kind, "error_status": status})
    answer = fresh.http.get("users/me")
    assert (answer.status_code, answer.json()["type"]) == (status, kind)


@pytest.mark.parametrize("status", [503, 550, 502, 200])
def test_a_page_may_come_with_any_status(fresh: Wire, status: int) -> None:
    fresh.served.faults.change({"html_pages": 1, "html_status": status})
    answer = fresh.http.get("users/me")
    assert (answer.status_code, answer.headers["content-type"]) == (status, "text/html")
    assert "error__description" in answer.text


@pytest.mark.parametrize("status", [429, 433])
@pytest.mark.parametrize("wait", [None, 0, 7])
def test_throttling_tells_seconds_or_nothing(fresh: Wire, status: int, wait: int | None) -> None:
    fresh.served.faults.change({"throttled": 1, "throttle_status": status, "retry_after": wait})
    answer = fresh.http.get("users/me")
    assert (answer.status_code, answer.json()["type"]) == (status, "apiRequestLimit")
    assert answer.headers.get("retry-after") == (None if wait is None else str(wait))


def test_throttling_may_tell_a_date(fresh: Wire) -> None:
    fresh.served.faults.change({"throttled": 1, "retry_after": 30, "retry_after_date": True})
    before = time.time()
    told = parsedate_to_datetime(fresh.http.get("users/me").headers["retry-after"]).timestamp()
    assert before + 28 <= told <= time.time() + 31


def test_a_connection_may_be_reset_amid_the_answer(fresh: Wire, path: str) -> None:
    fresh.served.faults.resets = 1
    with pytest.raises((httpx.ReadError, httpx.RemoteProtocolError)):
        fresh.http.get(path)
    assert fresh.get(path)


def test_json_may_be_cut_with_the_length_of_what_is_left(fresh: Wire, path: str) -> None:
    whole = fresh.http.get(path).content
    fresh.served.faults.truncated = 1
    answer = fresh.http.get(path)
    assert answer.status_code == 200
    assert int(answer.headers["content-length"]) == len(answer.content) == len(whole) // 2
    with pytest.raises(json.JSONDecodeError):
        answer.json()
    assert fresh.http.get(path).content == whole


def test_a_fault_may_last(fresh: Wire) -> None:
    fresh.served.faults.server_errors = ALWAYS
    assert {fresh.http.get("users/me").status_code for _ in range(5)} == {500}
    fresh.served.faults.server_errors = 0
    assert fresh.get("users/me")


def test_one_class_may_fail_whatever_path_the_other_faults_have(fresh: Wire, group: int) -> None:
    other = next(g["id"] for g in fresh.groups() if g["id"] != group)
    fresh.served.faults.change({"failing": str(group), "path": "/nowhere/"})
    for call in (
        f"edu-groups/{group}/lessons/{DAYS}",
        f"lesson-log-entries/group/{group}",
        f"edu-groups/{group}",
    ):
        assert fresh.http.get(call).status_code == 500
    assert fresh.get(f"edu-groups/{other}/lessons/{DAYS}")


def test_more_calls_a_second_than_allowed_are_refused(fresh: Wire) -> None:
    fresh.served.faults.calls_per_second = 0.01  # one in a hundred seconds
    answers = [fresh.http.get("users/me") for _ in range(3)]
    assert [answer.status_code for answer in answers] == [200, 429, 429]
    assert answers[1].headers["retry-after"] == "1"


def test_the_window_of_calls_slides(monkeypatch: pytest.MonkeyPatch) -> None:
    now = [100.0]
    monkeypatch.setattr(time, "monotonic", lambda: now[0])
    faults = Faults(calls_per_second=2)
    seen = []
    for moment in (100.0, 100.6, 100.7, 101.0, 101.5, 101.6, 101.7):
        now[0] = moment
        seen.append(faults.failure())
    assert seen == [None, None, "throttled", None, "throttled", None, "throttled"]


def test_latency_may_vary() -> None:
    faults = Faults(latency=0.5, latency_spread=0.2)
    delays = {faults.delay() for _ in range(50)}
    assert len(delays) > 40
    assert all(0.5 <= delay <= 0.7 for delay in delays)


def test_chaos_strikes_by_its_probability_and_repeats_with_its_seed() -> None:
    def drawn(seed: int) -> list[str | None]:
        faults = Faults(chaos=0.3, chaos_seed=seed)
        return [faults.failure() for _ in range(2000)]

    assert drawn(7) == drawn(7) != drawn(8)
    counts = Counter(drawn(7))
    assert set(counts) == {None, *CHAOS}
    assert 0.25 < 1 - counts[None] / 2000 < 0.35


def test_under_chaos_some_requests_fail_and_others_are_right(fresh: Wire, path: str) -> None:
    right = fresh.get(path)
    fresh.served.requests.clear()
    fresh.served.faults.change({"chaos": 0.5, "retry_after": None})
    good = 0
    for _ in range(60):
        try:
            answer = fresh.http.get(path)
            good += answer.status_code == 200 and answer.json() == right
        except (httpx.TransportError, json.JSONDecodeError):
            continue
    struck = fresh.served.requests.by_fault
    assert good == 60 - sum(struck.values())
    assert set(struck) == set(CHAOS)


def test_faults_strike_downloads_too(fresh: Wire) -> None:
    lessons = [
        le for g in fresh.groups() for le in fresh.get(f"edu-groups/{g['id']}/lessons/2025-09-01/2026-03-20")
    ]
    works = [w["id"] for le in lessons for w in le["works"] if w["files"]]
    file = fresh.get("users/me/school/homeworks", homeworkId=works[:1])["files"][0]
    whole = fresh.http.get(file["downloadUrl"]).content
    fresh.served.faults.change({"path": "/files/", "truncated": 1, "throttled": 1})
    assert fresh.http.get(file["downloadUrl"]).status_code == 429
    assert len(fresh.http.get(file["downloadUrl"]).content) == len(whole) // 2
    assert fresh.http.get(file["downloadUrl"]).content == whole


def _spoiled(fresh: Wire, path: str, name: str) -> tuple[Any, Any]:
    """Ask once well and once with a fault, and see that the fault is used up and counted."""
    good = fresh.get(path)
    setattr(fresh.served.faults, name, 1)
    bad = fresh.get(path)
    assert getattr(fresh.served.faults, name) == 0
    assert fresh.served.requests.by_fault == {name: 1}
    assert bad != good
    assert fresh.get(path) == good
    return good, bad


@pytest.mark.parametrize("name", list(MUTATIONS))
def test_a_mutation_is_used_up_by_the_answer_it_changes(fresh: Wire, path: str, name: str) -> None:
    _spoiled(fresh, path, name)


def test_rows_may_come_twice(fresh: Wire, path: str) -> None:
    good, bad = _spoiled(fresh, path, "duplicate_rows")
    assert max(Counter(row["id"] for row in bad).values()) == 3
    assert {row["id"] for row in bad} == {row["id"] for row in good}
    assert len(bad) > len(good) * 1.3


@pytest.mark.parametrize(
    ("call", "field"),
    [
        ("edu-groups/{}/marks/2025-09-01/2026-03-20", "type"),
        ("lesson-log-entries/group/{}?from=2025-09-01&to=2026-03-20", "status"),
        ("edu-groups/{}/marks/2025-09-01/2026-03-20", "mood"),
    ],
)
def test_enumerations_may_hold_what_nobody_heard_of(fresh: Wire, group: int, call: str, field: str) -> None:
    fresh.served.requests.clear()
    _, bad = _spoiled(fresh, call.format(group), "unknown_enums")
    values = [row[field] for row in bad]
    assert values[0] == UNHEARD
    assert UNHEARD not in values[1:3]


def test_works_inside_lessons_may_have_an_unheard_of_type(fresh: Wire, path: str) -> None:
    _, bad = _spoiled(fresh, path, "unknown_enums")
    assert bad[0]["works"][0]["type"] == UNHEARD


def test_new_fields_may_come_at_every_depth(fresh: Wire, path: str) -> None:
    _, bad = _spoiled(fresh, path, "new_fields")
    for row in bad:
        assert {NEW_FIELD} <= row.keys() & row["subject"].keys() & row["works"][0].keys()


def test_optional_fields_may_be_missing(fresh: Wire, group: int) -> None:
    fresh.served.requests.clear()
    good, bad = _spoiled(fresh, f"edu-groups/{group}/marks/{DAYS}", "missing_optional")
    assert good[0].keys() - bad[0].keys() == {"textValue", "mood", "use_avg_calc"}


def test_one_row_may_lack_its_id(fresh: Wire, group: int) -> None:
    fresh.served.requests.clear()
    good, bad = _spoiled(fresh, f"edu-groups/{group}/marks/{DAYS}", "missing_required")
    lacking = [place for place, row in enumerate(bad) if "id" not in row and "id_str" not in row]
    assert lacking == [len(good) // 2]


def test_an_attendance_entry_may_lack_its_person(fresh: Wire, group: int) -> None:
    fresh.served.requests.clear()
    call = f"lesson-log-entries/group/{group}?from=2025-09-01&to=2026-03-20"
    _, bad = _spoiled(fresh, call, "missing_required")
    assert [("person" in row, "person_str" in row) for row in bad].count((False, False)) == 1


def test_ids_may_come_as_text_only(fresh: Wire, path: str) -> None:
    good, bad = _spoiled(fresh, path, "ids_as_text_only")
    assert good[0].keys() - bad[0].keys() == {"id", "teachers"}
    assert bad[0]["id_str"] == str(good[0]["id"])
    assert "id" not in bad[0]["works"][0]


def test_lists_and_texts_may_be_null(fresh: Wire, path: str) -> None:
    _, bad = _spoiled(fresh, path, "nulls")
    assert (bad[0]["works"], bad[0]["teachers"], bad[0]["title"]) == (None, None, None)
    assert bad[1]["works"]


def test_a_list_may_be_empty_for_a_while(fresh: Wire, path: str) -> None:
    fresh.served.faults.empty_lists = 2
    assert fresh.get("users/me")["personId"]  # no list: it does not count
    assert [fresh.get(path), fresh.get(path)] == [[], []]
    assert fresh.get(path)


def test_half_of_a_list_may_come(fresh: Wire, path: str) -> None:
    good, bad = _spoiled(fresh, path, "half_lists")
    assert bad == good[: len(good) // 2]


def test_dates_may_be_absurd(fresh: Wire, group: int) -> None:
    fresh.served.requests.clear()
    _, bad = _spoiled(fresh, f"edu-groups/{group}/lessons/2025-09-01/2026-03-20", "absurd_dates")
    assert {row["date"] for row in bad[::3]} == set(ABSURD)
    assert {"0001-01-01T00:00:00", "9999-12-31T23:59:59.999", "31.12.2025"} <= set(ABSURD)
    assert bad[1]["date"] not in ABSURD


def test_lists_may_come_in_another_order_each_time(fresh: Wire, group: int) -> None:
    call = f"edu-groups/{group}/lessons/2025-09-01/2026-03-20"
    good = fresh.get(call)
    fresh.served.faults.shuffled = ALWAYS
    one, other = fresh.get(call), fresh.get(call)
    assert one != other
    assert {row["id"] for row in one} == {row["id"] for row in good}
    assert len(one) == len(good)


def test_a_field_may_differ_in_every_answer(fresh: Wire, path: str) -> None:
    good = fresh.get(path)
    fresh.served.faults.volatile_field = ALWAYS
    one, other = fresh.get(path), fresh.get(path)
    assert [row.pop(VOLATILE_FIELD) for row in one] != [row.pop(VOLATILE_FIELD) for row in other]
    assert one == other == good


def test_mutations_join_and_leave_errors_alone(fresh: Wire, path: str) -> None:
    good = fresh.get(path)
    fresh.served.faults.change({"half_lists": 1, "ids_as_text_only": 1, "volatile_field": 1})
    bad = fresh.get(path)
    assert (len(bad), "id" in bad[0], VOLATILE_FIELD in bad[0]) == (len(good) // 2, False, True)
    fresh.served.faults.volatile_field = 1
    assert set(fresh.http.get("lessons/5").json()) == {"type", "description"}
    assert fresh.served.faults.volatile_field == 1


def test_answers_are_counted_by_status_and_fault(fresh: Wire) -> None:
    fresh.served.requests.clear()
    fresh.served.faults.change({"throttled": 2, "broken": 1})
    for _ in range(4):
        try:
            fresh.http.get("users/me")
        except httpx.RemoteProtocolError:
            continue
    assert fresh.served.requests.by_status == {200: 2, 429: 2}
    assert fresh.served.requests.by_fault == {"throttled": 2, "broken": 1}


def test_every_failure_and_mutation_is_a_field_that_starts_at_nought() -> None:
    assert {getattr(Faults(), name) for name in (*FAILURES, *MUTATIONS)} == {0}


def test_faults_are_changed_by_name_all_or_none() -> None:
    faults = Faults()
    faults.change({"throttled": 3, "chaos": 1, "retry_after": None, "chaos_kinds": ["broken"]})
    assert (faults.throttled, faults.chaos, faults.retry_after) == (3, 1.0, None)
    assert faults.failure() == "throttled"
    for wrong, error in (
        ({"throttled": 9, "thrott": 1}, UnknownSwitch),
        ({"throttled": "9"}, BadSwitchValue),
        ({"throttled": 9, "chaos_kinds": ["earthquake"]}, BadSwitchValue),
        ({"_served": []}, UnknownSwitch),
    ):
        with pytest.raises(error):
            faults.change(wrong)
    assert faults.throttled == 2
    faults.clear()
    assert faults == Faults()
