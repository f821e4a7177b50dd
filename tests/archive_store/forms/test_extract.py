"""The extract from the class journal for another school (FORMS §9), also of a pupil who is gone."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
import sqlalchemy as sa

from archive_store.export.forms import FORMS, Asked
from archive_store.forms.averages import written
from archive_store.forms.span import Span
from archive_store.render.report import Report
from archive_store.schema import ATTENDANCE, FINAL_MARK, MARK, MEMBERSHIP, PERSON
from invented_class import InventedClass


@pytest.fixture
def invented(connection: sa.Connection) -> InventedClass:
    return InventedClass(connection)


def _extract(invented: InventedClass, person_id: int, span: Span | None = None) -> Report:
    asked = Asked(invented.connection, invented.at(), 2025, span=span, person_id=person_id)
    made = FORMS["extract"].make(asked)
    assert isinstance(made, Report)
    return made


def _mark(invented: InventedClass, lesson: Any, person_id: int, value: str, work_type: int) -> None:
    """A mark for a work of a type."""
    invented.mark(lesson, person_id, value)
    marks = invented.records[MARK]
    marks[-1] = marks[-1]._replace(work_type_id=work_type)


def _values(table: Any) -> list[tuple[object, ...]]:
    return [row.values for row in table.rows]


@pytest.fixture
def anna(invented: InventedClass) -> int:
    """A pupil with marks of two quarters, absences and a final mark."""
    first, *_ = invented.quarters()
    anna, maths = invented.pupil("Агапова", "Анна", "Ильинична"), invented.subject("Математика")
    types = [
        invented.work_type(*one)
        for one in (("ДЗ", "ДЗ", 1), ("Проверочная", "ПР", 3), ("Контрольная", "КР", 5))
    ]
    for day, value, kind in zip(("2025-09-02", "2025-09-03", "2025-09-04"), "543", types, strict=True):
        _mark(invented, invented.lesson(maths, day, topic=f"Тема {day}"), anna, value, kind)
    double = invented.work_type("Самостоятельная", "СР", 2)
    _mark(invented, invented.lesson(maths, "2025-11-10"), anna, "5/4", double)
    invented.attendance(invented.lesson(maths, "2025-11-11", topic="Углы"), anna, "Ill")
    invented.final(maths, anna, "4", first)
    return anna


def test_the_four_tables(invented: InventedClass, anna: int) -> None:
    invented.write("2025-11-20T00:00:00Z")
    finals, marks, attendance, programme = _extract(invented, anna).tables
    assert _values(finals) == [("Математика", "4 (good)")]
    assert [one.title for one in finals.columns] == ["Subject", "1 четверть"]
    first, second = _values(marks)
    nbsp = "\N{NO-BREAK SPACE}"
    assert first[:2] == ("1 четверть", "Математика")
    assert (
        str(first[2]).replace(nbsp, " ") == "02.09: 5 (ДЗ); 03.09: 4 (ПР, weight 3); 04.09: 3 (КР, weight 5)"
    )
    assert first[5] == 0
    assert second[0] == "2 четверть"
    assert str(second[2]).replace(nbsp, " ") == "10.11: 5/4 (СР, weight 2)"
    assert second[5] == 1
    assert [row[:4] for row in _values(attendance)] == [
        ("1 четверть", 3, 0, 0), ("2 четверть", 2, 1, 1), ("In all", 5, 1, 1),
    ]  # fmt: skip
    assert _values(programme) == [("Математика", 5, 4, date(2025, 11, 11), "Углы")]


def test_the_averages_are_those_of_the_hand_example(invented: InventedClass, anna: int) -> None:
    """FORMS §12: 4,00 and 3,56."""
    invented.write("2025-11-20T00:00:00Z")
    first = _values(_extract(invented, anna).tables[1])[0]
    assert [written(one, 2) for one in first[3:5]] == ["4,00", "3,56"]  # type: ignore[arg-type]


def test_whom_the_platform_no_longer_shows_has_the_same_extract(invented: InventedClass, anna: int) -> None:
    invented.write("2025-11-20T00:00:00Z")
    before = _extract(invented, anna)
    invented.withdraw_all(MEMBERSHIP, MARK, ATTENDANCE, FINAL_MARK, PERSON, ended_at="2025-11-21T00:00:00Z")
    after = _extract(invented, anna)
    assert [_values(one) for one in after.tables] == [_values(one) for one in before.tables]
    facts = dict(after.facts)
    assert facts["Pupil"] == "Агапова Анна Ильинична"
    assert facts["In the class"] == "from the beginning of the year to 21.11.2025"
    assert "has not shown the pupil since 21.11.2025" in facts["Left"]


def test_who_left_on_an_unknown_day_is_told_to_his_last_trace(invented: InventedClass, anna: int) -> None:
    invented.records[MEMBERSHIP][0] = invented.records[MEMBERSHIP][0]._replace(status="Archive")
    invented.lesson(invented.records[MARK][0].subject_id, "2026-02-02", topic="Позже")
    invented.write("2026-05-30T00:00:00Z")
    extract = _extract(invented, anna)
    assert dict(extract.facts)["Record to"].startswith("11.11.2025, the last mark or absence")
    assert _values(extract.tables[3])[0][-1] == "Углы"


def test_a_span_ends_the_extract(invented: InventedClass, anna: int) -> None:
    invented.write("2025-11-20T00:00:00Z")
    finals, marks, attendance, programme = _extract(invented, anna, Span("2025-09-01", "2025-09-03")).tables
    assert finals.rows == ()
    assert len(marks.rows) == 1
    assert _values(attendance)[-1][1] == 2
    assert _values(programme)[0][1] == 2


def test_marks_of_the_class_before_come_with_the_pupil(invented: InventedClass) -> None:
    invented.quarters()
    other, maths = invented.group("7А"), invented.subject("Математика")
    anna = invented.pupil("Агапова", "Анна", groups=(other, invented.class_id))
    invented.records[MEMBERSHIP][0] = invented.records[MEMBERSHIP][0]._replace(status="Archive")
    invented.mark(invented.lesson(maths, "2025-09-02", group=other), anna, "5")
    invented.mark(invented.lesson(maths, "2025-09-20"), anna, "4")
    invented.write("2025-09-30T00:00:00Z")
    (line,) = _values(_extract(invented, anna).tables[1])
    assert line[2] == "02.09:\N{NO-BREAK SPACE}5;\N{NO-BREAK SPACE}20.09:\N{NO-BREAK SPACE}4".replace(
        ";\N{NO-BREAK SPACE}", "; "
    )


def test_a_pupil_without_marks_has_an_extract_that_says_so(invented: InventedClass) -> None:
    anna = invented.pupil("Агапова", "Анна")
    invented.write()
    finals, marks, _attendance, programme = _extract(invented, anna).tables
    assert [bool(one.rows) for one in (finals, marks, programme)] == [False] * 3
    assert marks.when_empty == "There are no current marks."
