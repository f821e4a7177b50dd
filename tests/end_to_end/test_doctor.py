"""The doctor finds out how a platform behaves, whichever way it is, by a few harmless reads."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from connector.api.client import Client
from connector.sandbox.parameters import SchoolParameters
from connector.sandbox.school import School
from connector.sandbox.serve import running
from connector.sandbox.variant import PlatformVariant
from connector.sync import probing
from connector.sync.examination import Answer, Examination

TOKEN = "token-of-nobody"
NOW = datetime(2026, 3, 18, 20, 0, tzinfo=UTC)


def examined(**variant: Any) -> tuple[dict[str, Answer], dict[str, str], int]:
    """The answers by question, what is to be remembered, and how many calls it took."""
    school = School(
        SchoolParameters(pupils=60, seed=7, now=NOW, years=(2024, 2025), variant=PlatformVariant(**variant))
    )
    with running(school, TOKEN) as served, Client(served.url, TOKEN) as client:
        zone = ZoneInfo("Europe/Moscow")
        exam = Examination(client, school.ids.school(), date(2026, 3, 18), zone, now=lambda: NOW)
        answers = {one.question: one.answer for one in probing.findings(exam)}
        return answers, exam.traits, served.requests.total


def test_a_platform_as_live_clients_saw_it() -> None:
    answers, traits, calls = examined()
    assert {name for name, answer in answers.items() if answer is not Answer.YES} == {
        "messages",
        "thematic_marks",
        "criteria_marks",
    }
    assert traits == {
        "subgroups": "together",
        "year_marks": "together",
        "thematic_marks": "empty",
        "criteria_marks": "not offered",
    }
    assert calls < 60


@pytest.mark.parametrize(
    ("variant", "question", "answer"),
    [
        ({"role": "parent"}, "owner", Answer.OTHERWISE),
        ({"class_list_closed": True}, "class_list", Answer.REFUSED),
        ({"class_list_current_only": True}, "past_years", Answer.OTHERWISE),
        ({"old_years_closed": "forbidden"}, "past_marks", Answer.REFUSED),
        ({"range_end_exclusive": True}, "range_end", Answer.OTHERWISE),
        ({"max_range_days": 40}, "long_ranges", Answer.OTHERWISE),
        ({"max_batch": 10}, "batches", Answer.OTHERWISE),
        ({"lists_subgroup_records": False}, "subgroups", Answer.OTHERWISE),
        ({"attendance_needs_subject": True}, "attendance", Answer.REFUSED),
        ({"attendance_by_group_closed": True}, "attendance", Answer.REFUSED),
        ({"moments_local": True}, "moments", Answer.OTHERWISE),
        ({"finals_closed": True}, "final_marks", Answer.REFUSED),
        ({"finals_of_periods_only": True}, "final_marks", Answer.OTHERWISE),
    ],
    ids=lambda value: "-".join(value) if isinstance(value, dict) else "",
)
def test_what_is_otherwise_is_found(variant: dict[str, Any], question: str, answer: Answer) -> None:
    answers, _, _ = examined(**variant)
    assert answers[question] is answer
    assert len(answers) == 16


def test_year_marks_that_the_class_leaves_out_are_remembered_for_the_runs() -> None:
    _, traits, _ = examined(finals_of_periods_only=True)
    assert traits["year_marks"] == "apart"


def test_marks_that_few_schools_have_are_found() -> None:
    answers, traits, _ = examined(thematic_marks=True, criteria_journal=True)
    assert answers["thematic_marks"] is answers["criteria_marks"] is Answer.YES
    assert traits["thematic_marks"] == traits["criteria_marks"] == "received"


def test_limits_that_were_found_are_remembered_for_the_runs() -> None:
    _, traits, _ = examined(max_range_days=40, max_batch=10, lists_subgroup_records=False)
    assert traits["subgroups"] == "apart"
    assert 20 <= int(traits["limit:edu-groups/{}/marks/{}/{}"]) <= 40
    assert 5 <= int(traits["limit:works/many"]) <= 10
