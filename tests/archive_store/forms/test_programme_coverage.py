"""Programme coverage: FORMS §11, with its hand example."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest
import sqlalchemy as sa

from archive_store.forms import programme_coverage
from archive_store.forms.averages import written
from archive_store.forms.class_record import load
from archive_store.forms.programme_coverage import ProgrammeCoverage
from archive_store.forms.rules import Rules
from archive_store.forms.span import Span
from archive_store.imports.errors import Problem, TableWrong
from archive_store.imports.known import known_names
from archive_store.imports.plan import ProgrammePlan, read_plan
from invented_class import InventedClass

FIRST_QUARTER = Span("2025-09-01", "2025-10-26")


@pytest.fixture
def invented(connection: sa.Connection) -> InventedClass:
    return InventedClass(connection)


def _plan(invented: InventedClass, folder: Path, text: str) -> ProgrammePlan:
    path = folder / "plan.csv"
    path.write_text(text, encoding="utf-8-sig")
    return read_plan(path, known_names(invented.connection, invented.at(), 2025))


def _form(
    invented: InventedClass, plan: ProgrammePlan | None = None, span: Span | None = None
) -> ProgrammeCoverage:
    record = load(invented.connection, invented.at(), invented.edu_group)
    return programme_coverage.build(record, span, plan, Rules().control_works)


def test_the_hand_example(invented: InventedClass, tmp_path: Path) -> None:
    """34 hours planned, 34 lessons held, one of them without a topic."""
    maths = invented.subject("Математика")
    for number in range(34):
        day = f"2025-{9 + number // 28:02}-{number % 28 + 1:02}"
        invented.lesson(maths, day, topic="Дроби" if number else None)
    invented.write()
    plan = _plan(invented, tmp_path, "Предмет;Класс;Часов в год\nматематика;7б;34\n")
    (row,) = _form(invented, plan).rows
    assert (row.given, row.behind, row.without_topic) == (33, 1, 1)
    assert row.share is not None
    assert written(row.share, 2) == "97,06"


def test_without_a_plan_nothing_is_computed_from_it(invented: InventedClass) -> None:
    invented.lesson(invented.subject("Математика"), "2025-09-01", topic="Дроби")
    invented.write()
    (row,) = _form(invented).rows
    assert (row.planned, row.share, row.behind, row.controls_planned) == (None, None, None, None)
    assert row.given == 1


def test_a_subgroup_has_its_own_plan_or_that_of_the_subject(invented: InventedClass, tmp_path: Path) -> None:
    english = invented.subject("Английский язык")
    for name in ("7Б англ. 1", "7Б англ. 2"):
        invented.lesson(english, "2025-09-01", group=invented.subgroup(name), topic="My town")
    invented.write()
    text = "Класс;Предмет;Подгруппа;Часов\n7Б;Английский язык;;102\n7Б;Английский язык;7Б Англ.1;68\n"
    rows = _form(invented, _plan(invented, tmp_path, text)).rows
    assert [(one.group, one.planned) for one in rows] == [("7Б англ. 1", 68), ("7Б англ. 2", 102)]


def test_what_is_planned_and_was_never_taught_has_a_row(invented: InventedClass, tmp_path: Path) -> None:
    invented.subject("Музыка")
    invented.write()
    (row,) = _form(invented, _plan(invented, tmp_path, "Класс;Предмет;Часов\n7Б;Музыка;34\n")).rows
    assert (row.subject, row.planned, row.given, row.behind, row.share) == ("Музыка", 34, 0, 34, 0)


def test_a_span_of_periods_has_their_plan_and_other_days_have_none(
    invented: InventedClass, tmp_path: Path
) -> None:
    invented.quarters()
    maths = invented.subject("Математика")
    for day in ("2025-09-01", "2025-11-10"):
        invented.lesson(maths, day, topic="Дроби")
    invented.write()
    text = "Класс;Предмет;I четверть;Часов: 2 четверть;Контрольных: 1 четверть\n7Б;Математика;16,5;16;2\n"
    plan = _plan(invented, tmp_path, text)
    (row,) = _form(invented, plan, FIRST_QUARTER).rows
    assert (row.planned, row.given, row.controls_planned) == (Fraction(33, 2), 1, 2)
    (row,) = _form(invented, plan, Span("2025-09-01", "2025-12-31")).rows
    assert (row.planned, row.given) == (Fraction(65, 2), 2)
    partly = _form(invented, plan, Span("2025-09-15", "2025-12-31"))
    assert (partly.rows[0].planned, partly.is_whole) == (None, False)
    (row,) = _form(invented, plan).rows  # the plan does not tell the other quarters, nor the year
    assert row.planned is None


def test_control_works_are_those_of_the_schools_types(invented: InventedClass) -> None:
    maths = invented.subject("Математика")
    test, other = invented.work_type("Контрольная работа", "КР", 3), invented.work_type("Диктант", "Д", 2)
    for day, kind in (("2025-09-01", test), ("2025-09-02", other), ("2025-09-03", test)):
        invented.lesson(maths, day, topic="Дроби", work_type=kind)
    invented.lesson(maths, "2025-09-04", status="Cancelled", work_type=test)
    invented.write()
    form = _form(invented)
    assert (form.rows[0].controls_held, form.controls) == (2, ("Контрольная работа",))


def test_everything_that_is_wrong_with_a_plan_is_told_by_its_row(
    invented: InventedClass, tmp_path: Path
) -> None:
    invented.subject("Математика")
    invented.write()
    text = (
        "Класс;Предмет;Подгруппа;Часов\n7Б;Математика;;34\n9Я;Математика;;34\n7Б;Матиматика;;34\n"
        "7Б;Математика;;68\n7Б;Математика;англ. 3;68\n;;;68\n"
    )
    with pytest.raises(TableWrong) as caught:
        _plan(invented, tmp_path, text)
    found = [(one.row, one.column, one.value, one.problem) for one in caught.value.cells]
    assert found == [
        (3, "Класс", "9Я", Problem.UNKNOWN_CLASS),
        (4, "Предмет", "Матиматика", Problem.UNKNOWN_SUBJECT),
        (5, "Предмет", "Математика", Problem.TWICE),
        (6, "Подгруппа", "англ. 3", Problem.UNKNOWN_SUBGROUP),
        (7, "Класс", "", Problem.EMPTY),
        (7, "Предмет", "", Problem.EMPTY),
    ]
    assert caught.value.cells[2].known == ("2",)
