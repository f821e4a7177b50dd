"""The pupil's record card: year marks of all years kept (FORMS §7)."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from archive_store.errors import NotInYear
from archive_store.export.forms import FORMS, Asked
from archive_store.render.report import Report
from archive_store.schema import EDU_GROUP, MEMBERSHIP, REPORTING_PERIOD
from invented_class import InventedClass


@pytest.fixture
def invented(connection: sa.Connection) -> InventedClass:
    return InventedClass(connection)


def _card(invented: InventedClass, person_id: int, year: int = 2026) -> Report:
    made = FORMS["record-card"].make(Asked(invented.connection, invented.at(), year, person_id=person_id))
    assert isinstance(made, Report)
    return made


def _next_class(invented: InventedClass, name: str, grade: int, person_id: int) -> int:
    """A class of the year after."""
    group_id = invented.group(name, parallel=grade)
    groups = invented.records[EDU_GROUP]
    groups[-1] = groups[-1]._replace(study_year=2026)
    invented.member(group_id, person_id)
    return group_id


def test_years_stand_side_by_side_and_those_not_kept_are_named(invented: InventedClass) -> None:
    anna, maths, art = (
        invented.pupil("Агапова", "Анна"),
        invented.subject("Математика"),
        invented.subject("ИЗО"),
    )
    invented.quarters()
    later = _next_class(invented, "8Б", 8, anna)
    algebra = invented.subject("Алгебра")
    invented.final(maths, anna, "4")
    invented.final(maths, anna, "5", kind="exam")
    invented.final(maths, anna, "5", kind="final")
    invented.final(art, anna, "зач")
    invented.final(algebra, anna, "3", group=later)
    invented.write("2027-08-31T00:00:00Z")
    marks, years = _card(invented, anna).tables
    heads = [f"{one.group}: {one.title}" if one.group else one.title for one in marks.columns]
    assert heads == [
        "Subject", "grades 1–6",
        "7Б, 2025/26: year", "7Б, 2025/26: exam", "7Б, 2025/26: final", "8Б, 2026/27: year",
    ]  # fmt: skip
    gap = "not in the archive"
    assert [row.values for row in marks.rows] == [
        ("Алгебра", gap, None, None, None, "3"),
        ("ИЗО", gap, "зач", "—", "—", None),
        ("Математика", gap, "4", "5", "5", None),
    ]
    assert [row.values[:3] for row in years.rows] == [
        ("", "grades 1–6", gap), ("2025/2026", "7Б", None), ("2026/2027", "8Б", None),
    ]  # fmt: skip


def test_absences_of_both_classes_of_a_year_add_up(invented: InventedClass) -> None:
    invented.quarters()
    other, maths = invented.group("7А"), invented.subject("Математика")
    anna = invented.pupil("Агапова", "Анна", groups=(other, invented.class_id))
    invented.records[MEMBERSHIP][0] = invented.records[MEMBERSHIP][0]._replace(status="Archive")
    invented.attendance(invented.lesson(maths, "2025-09-02", group=other), anna, "Ill")
    lessons = [invented.lesson(maths, "2025-12-02", number=number) for number in (1, 2)]
    invented.attendance(lessons[0], anna, "Absent")
    invented.write()
    _marks, years = _card(invented, anna).tables
    assert years.rows[-1].values[:6] == ("2025/2026", "7Б", 1, 1, 2, 1)


def test_only_the_years_to_the_one_asked_for(invented: InventedClass) -> None:
    anna = invented.pupil("Агапова", "Анна")
    _next_class(invented, "8Б", 8, anna)
    invented.write()
    years = _card(invented, anna, 2025).tables[1]
    assert [row.values[0] for row in years.rows] == ["", "2025/2026"]
    with pytest.raises(NotInYear):
        _card(invented, anna, 2024)


def test_who_is_gone_has_the_card_as_last_known(invented: InventedClass) -> None:
    anna, maths = invented.pupil("Агапова", "Анна"), invented.subject("Математика")
    invented.quarters()
    invented.final(maths, anna, "4")
    invented.write()
    invented.withdraw_all(
        *(one for one in invented.records if one is not REPORTING_PERIOD and one is not EDU_GROUP)
    )
    card = _card(invented, anna)
    assert [row.values for row in card.tables[0].rows] == [("Математика", "not in the archive", "4")]
    assert dict(card.facts)["Left"].startswith("the platform has not shown the pupil since 31.08.2026")


def test_a_year_that_goes_on_is_said_to(invented: InventedClass) -> None:
    anna, maths = invented.pupil("Агапова", "Анна"), invented.subject("Математика")
    first, *_ = invented.quarters()
    invented.final(maths, anna, "4", first)
    invented.lesson(maths, "2025-11-10")
    invented.write("2025-11-20T00:00:00Z")
    marks = _card(invented, anna).tables[0]
    assert [row.values[-1] for row in marks.rows] == [""]
    assert "The year has not ended: 2025/2026." in marks.notes
