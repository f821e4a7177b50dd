"""From the platform's words to the archive's, field by field where it bites."""

from __future__ import annotations

import json

import pytest

from archive_store.records import Lesson
from connector.api import models as wire
from connector.api.parsing import parse
from connector.sync import mapping
from connector.sync.moments import MomentReader

LESSON = Lesson(2_410_000_000_000_000_001, 7, 63, "2026-02-10", 1, "Topic", None, "[]", None, None)


def _work(**fields: object) -> wire.Work:
    return parse(wire.Work, json.dumps({"id": 1, "type": "Homework", **fields}).encode(), "works/1")


@pytest.mark.parametrize(
    ("period_id", "work", "kind"),
    [
        (23, {"type": "PeriodMark", "periodType": "Quarter"}, "period"),
        (None, {"type": "PeriodMark", "periodType": "Year"}, "year"),
        (None, {"type": "Exam"}, "exam"),
        (None, {"type": "PeriodFinalMark"}, "final"),
        (None, {"type": "SomethingNew"}, "unknown"),
        (23, None, "period"),
        (None, None, "unknown"),
    ],
)
def test_the_work_behind_a_final_mark_tells_what_it_is_for(
    period_id: int | None, work: dict[str, str] | None, kind: str
) -> None:
    behind = _work(**work) if work is not None else None
    assert mapping.final_kind(period_id, behind) == kind


def test_a_work_of_a_lesson_is_filed_under_the_lesson_whatever_it_says_itself() -> None:
    model = _work(lesson=5, eduGroup=6, subjectId=64, files=[1_700_000_001], targetDate="2026-02-11T00:00:00")
    work = mapping.work(model, MomentReader(), LESSON)
    assert (work.lesson_id, work.group_id, work.subject_id, work.day) == (
        LESSON.lesson_id,
        7,
        63,
        "2026-02-10",
    )
    assert (work.files, work.target_day) == ('["1700000001"]', "2026-02-11")


def test_twins_of_ids_are_not_news_and_unknown_fields_are_kept() -> None:
    body = {"id": 1, "id_str": "1", "name": "x", "halfYear": False, "espSubjectName": None}
    subject = mapping.subject(parse(wire.Subject, json.dumps(body).encode(), "subjects"))
    assert subject.extra == '{"halfYear":false}'


def test_an_unknown_field_of_any_size_is_kept() -> None:
    body = {"id": 1, "name": "x", "huge": 2**70, "b": "я"}
    subject = mapping.subject(parse(wire.Subject, json.dumps(body).encode(), "subjects"))
    assert subject.extra == f'{{"b":"я","huge":{2**70}}}'


def test_of_the_staff_nothing_but_names_position_and_subjects_is_kept() -> None:
    body = {"Id": 5, "IdStr": "5", "LastName": "Ковалёва", "Email": "a@b.example", "DateBirth": "1980-01-01"}
    teacher = mapping.teacher(parse(wire.Teacher, json.dumps(body).encode(), "teachers"))
    assert teacher.extra is None
    assert "a@b.example" not in repr(teacher)


def test_a_mark_keeps_the_text_that_the_platform_sent() -> None:
    body = {"id": 9, "value": "ОСВ", "textValue": "ОСВ", "person": 1, "work": 2, "lesson": 3,
            "date": "2026-02-10T08:41:12.407", "use_avg_calc": False}  # fmt: skip
    mark = mapping.mark(parse(wire.Mark, json.dumps(body).encode(), "marks"), MomentReader(), LESSON)
    assert (mark.value, mark.in_average) == ("ОСВ", False)
    assert (mark.set_at, mark.set_at_sent) == ("2026-02-10T08:41:12.407Z", "2026-02-10T08:41:12.407")
