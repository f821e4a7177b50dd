"""In which classes a pupil was, and as of when their record knows him."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from archive_store.errors import NotInYear
from archive_store.forms.class_record import load
from archive_store.forms.moves import with_finals_of_moved
from archive_store.forms.places import place_in, places
from archive_store.schema import MARK, MEMBERSHIP, REPORTING_PERIOD
from invented_class import InventedClass


@pytest.fixture
def invented(connection: sa.Connection) -> InventedClass:
    return InventedClass(connection)


def test_who_is_in_a_class_is_read_as_the_record_stands(invented: InventedClass) -> None:
    anna = invented.pupil("Агапова", "Анна")
    at = invented.write()
    (place,) = places(invented.connection, at, anna)
    assert (place.group.name, place.study_year, place.at, place.gone_on, place.has_left) == (
        "7Б", 2025, at, None, False,
    )  # fmt: skip


def test_whom_the_platform_no_longer_shows_is_read_as_of_the_last_run_that_found_him(
    invented: InventedClass,
) -> None:
    anna, maths = invented.pupil("Агапова", "Анна"), invented.subject("Математика")
    invented.mark(invented.lesson(maths, "2025-09-02"), anna, "5")
    at = invented.write()
    invented.withdraw_all(MEMBERSHIP, MARK, ended_at="2026-01-15T22:00:00Z")
    place = place_in(invented.connection, at, anna, 2025)
    assert (place.gone_on, place.has_left) == ("2026-01-15", True)
    assert [one.value for one in load(invented.connection, place.at, place.group).marks] == ["5"]
    assert load(invented.connection, at, place.group).marks == []


def test_who_is_shown_as_left_is_read_as_of_before_only_if_marks_went_with_him(
    invented: InventedClass,
) -> None:
    anna, maths = invented.pupil("Агапова", "Анна"), invented.subject("Математика")
    invented.mark(invented.lesson(maths, "2025-09-02"), anna, "5")
    invented.write("2025-09-05T22:00:00Z")
    invented.records[MEMBERSHIP] = []
    invented.member(invented.class_id, anna, "Archive")
    at = invented.write("2025-10-05T22:00:00Z")
    assert place_in(invented.connection, at, anna, 2025).at == at
    invented.withdraw_all(MARK)
    place = place_in(invented.connection, at, anna, 2025)
    assert [one.value for one in load(invented.connection, place.at, place.group).marks] == ["5"]


def test_of_two_classes_of_a_year_the_last_counts(invented: InventedClass) -> None:
    other = invented.group("7А")
    anna = invented.pupil("Агапова", "Анна", groups=(other, invented.class_id))
    invented.records[MEMBERSHIP][0] = invented.records[MEMBERSHIP][0]._replace(status="Archive")
    at = invented.write()
    assert [one.group.name for one in places(invented.connection, at, anna)] == ["7А", "7Б"]
    assert place_in(invented.connection, at, anna, 2025).group.name == "7Б"


def test_a_year_without_the_pupil_is_an_error_that_names_the_others(invented: InventedClass) -> None:
    anna = invented.pupil("Агапова", "Анна")
    at = invented.write()
    with pytest.raises(NotInYear) as raised:
        place_in(invented.connection, at, anna, 2020)
    assert (raised.value.pupil, raised.value.known) == ("Агапова Анна", [(2025, "7Б")])


def test_final_marks_of_the_class_before_come_with_the_pupil(invented: InventedClass) -> None:
    first, *_ = invented.quarters()
    other, maths = invented.group("7А"), invented.subject("Математика")
    anna = invented.pupil("Агапова", "Анна", groups=(other, invented.class_id))
    theirs = 77
    period = next(one for one in invented.records[REPORTING_PERIOD] if one.period_id == first)
    invented.records[REPORTING_PERIOD].append(period._replace(group_id=other, period_id=theirs))
    invented.final(maths, anna, "4", theirs, group=other)
    at = invented.write()
    record = load(invented.connection, at, invented.edu_group)
    (final,) = with_finals_of_moved(invented.connection, at, record, [anna]).finals
    assert (final.value, final.period_id, final.group_id) == ("4", first, invented.class_id)
    assert record.finals == []
