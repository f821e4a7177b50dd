"""The report card of a pupil (FORMS §10)."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from archive_store.export.forms import FORMS, Asked
from archive_store.render.report import Report
from archive_store.schema import FINAL_MARK
from invented_class import InventedClass


@pytest.fixture
def invented(connection: sa.Connection) -> InventedClass:
    return InventedClass(connection)


def _cards(invented: InventedClass, person_id: int | None = None) -> tuple[Report, ...]:
    at = invented.write()
    group = None if person_id is not None else invented.edu_group
    made = FORMS["report-card"].make(Asked(invented.connection, at, 2025, group=group, person_id=person_id))
    return made if isinstance(made, tuple) else (made,)  # type: ignore[return-value]


def _rows(card: Report) -> dict[object, tuple[object, ...]]:
    return {row.values[0]: row.values[1:] for row in card.tables[0].rows}


def test_marks_are_spelled_out_by_period(invented: InventedClass) -> None:
    quarters, anna = invented.quarters(), invented.pupil("Агапова", "Анна", "Ильинична")
    for subject, values in (("Математика", "5432"), ("Физика", ("н/а", "осв", "зач", "4-"))):
        subject_id = invented.subject(subject)
        for period, value in zip(quarters, values, strict=True):
            invented.final(subject_id, anna, value, period)
        invented.final(subject_id, anna, "4")
    (card,) = _cards(invented, anna)
    assert [column.title for column in card.tables[0].columns] == [
        "Subject", "1 четверть", "2 четверть", "3 четверть", "4 четверть", "Year",
    ]  # fmt: skip
    assert _rows(card) == {
        "Математика": ("5 (exc.)", "4 (good)", "3 (satisf.)", "2 (unsat.)", "4 (good)"),
        "Физика": ("н/а", "осв", "зач", "4- (good)", "4 (good)"),
    }
    assert ("Pupil", "Агапова Анна Ильинична") in card.facts


def test_a_five_of_ten_points_is_not_called_excellent(invented: InventedClass) -> None:
    (first, *_), anna = invented.quarters(), invented.pupil("Агапова", "Анна")
    maths = invented.subject("Математика")
    invented.final(maths, anna, "5", first)
    finals = invented.records[FINAL_MARK]
    finals[0] = finals[0]._replace(type="Mark10")
    (card,) = _cards(invented, anna)
    assert _rows(card)["Математика"][0] == "5"


def test_a_class_has_a_card_for_each_pupil_with_his_own_subjects(invented: InventedClass) -> None:
    (first, *_), maths, french = (
        invented.quarters(),
        invented.subject("Математика"),
        invented.subject("Французский"),
    )
    anna, boris = invented.pupil("Агапова", "Анна"), invented.pupil("Бекетов", "Борис")
    group = invented.subgroup("7Б фр.")
    invented.member(group, anna)
    invented.lesson(french, "2025-09-02", group=group)
    invented.final(french, anna, "5", first, group=group)
    for pupil in (anna, boris):
        invented.final(maths, pupil, "4", first)
    cards = _cards(invented)
    assert [card.about for card in cards] == ["Агапова Анна", "Бекетов Борис"]
    assert [set(_rows(card)) for card in cards] == [{"Математика", "Французский"}, {"Математика"}]


def test_a_class_without_pupils_and_one_without_marks_say_so(invented: InventedClass) -> None:
    (card,) = _cards(invented)
    assert card.tables[0].when_empty == "The class has no pupils."


def test_a_first_grade_is_taught_without_marks(connection: sa.Connection) -> None:
    invented = InventedClass(connection, "1А", parallel=1)
    invented.quarters()
    invented.lesson(invented.subject("Математика"), "2025-09-02")
    anna = invented.pupil("Агапова", "Анна")
    (card,) = _cards(invented, anna)
    assert card.tables[0].rows == ()
    assert "without marks" in card.tables[0].when_empty
