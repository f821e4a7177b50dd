"""Answers as the platform sends them: exact ids, missing fields, unknown fields, wrong shapes."""

from __future__ import annotations

import traceback

import pytest

from connector.api import models as wire
from connector.api.errors import WrongShape
from connector.api.parsing import parse, parse_what_can_be


def test_ids_beyond_2_to_the_53_are_exact() -> None:
    body = b'[{"id": 2430000000000000001, "value": "5", "person": 1, "work": 2420000000000000003}]'
    (mark,) = parse(list[wire.Mark], body, "marks")
    assert (mark.id, mark.work) == (2_430_000_000_000_000_001, 2_420_000_000_000_000_003)


@pytest.mark.parametrize(
    "bad", ["2.43e18", "2430000000000000001.0", '"2430000000000000001"', "null", "99999999999999999999"]
)
def test_an_id_that_is_no_integer_is_refused(bad: str) -> None:
    with pytest.raises(WrongShape) as caught:
        parse(wire.Subject, f'{{"id": {bad}, "name": "x"}}'.encode(), "subjects")
    assert caught.value.where == "id"


def test_with_narrow_rights_only_the_short_name_is_there() -> None:
    person = parse(wire.Person, '{"id": 1, "shortName": "Иван П", "sex": "Male"}'.encode(), "persons")
    assert (person.short_name, person.last_name) == ("Иван П", None)


def test_a_field_that_is_new_is_kept() -> None:
    subject = parse(wire.Subject, b'{"id": 1, "name": "x", "halfYear": true}', "subjects")
    assert subject.model_extra == {"halfYear": True}


def test_pascal_case_where_the_platform_writes_it() -> None:
    body = '{"Id": 5, "IdStr": "5", "LastName": "Ковалёва", "NameTeacherPosition": "Учитель"}'.encode()
    teacher = parse(wire.Teacher, body, "teachers")
    assert (teacher.id, teacher.last_name, teacher.name_teacher_position) == (5, "Ковалёва", "Учитель")


@pytest.mark.parametrize("body", [b"", b"[", b'{"id": 1}', b'[{"id": 1, "name": 5}]', b"[null]"])
def test_a_wrong_shape_is_told_with_its_call_and_place(body: bytes) -> None:
    with pytest.raises(WrongShape) as caught:
        parse(list[wire.Subject], body, "schools/1/subjects")
    assert caught.value.call == "schools/1/subjects"


def test_the_error_does_not_repeat_what_children_wrote() -> None:
    surname = "Агапов"
    body = f'{{"id": "{surname}", "lastName": "{surname}"}}'.encode()
    with pytest.raises(WrongShape) as caught:
        parse(wire.Person, body, "persons/1")
    assert surname not in "".join(traceback.format_exception(caught.value)).replace('"Агапов"', "")


def test_ids_that_come_as_texts_alone_are_taken_from_them() -> None:
    ids = b'"id_str": "2430000000000000001", "person_str": "1", "work_str": "2", "lesson_str": null'
    body = b'[{"value": "5", ' + ids + b"}]"
    (mark,) = parse(list[wire.Mark], body, "marks")
    assert (mark.id, mark.person, mark.work, mark.lesson) == (2_430_000_000_000_000_001, 1, 2, None)


def test_a_row_that_cannot_be_read_leaves_the_others_and_tells_its_place() -> None:
    body = b'[{"id": 1, "name": "x"}, {"name": "y"}, {"id": 3, "name": "z"}]'
    subjects, wrong = parse_what_can_be(list[wire.Subject], body, "subjects")
    assert [one.id for one in subjects] == [1, 3]
    assert wrong is not None
    assert wrong.where == "1.id"


def test_an_answer_without_a_readable_row_is_refused() -> None:
    with pytest.raises(WrongShape):
        parse_what_can_be(list[wire.Subject], b'[{"name": "y"}]', "subjects")
