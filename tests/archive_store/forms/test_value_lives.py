"""The life of each value of a class: every value that stood, and when it was noticed."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import sqlalchemy as sa

from archive_store import schema
from archive_store.asof import AsOf
from archive_store.forms.class_record import load
from archive_store.forms.periods import FinalKind
from archive_store.forms.value_lives import ClassLives, ValueLife, load_lives
from archive_store.history import Absence
from archive_store.history_of import lives
from archive_store.schema import MARK
from invented_class import InventedClass
from viewer_school import FIRST, SECOND, THIRD, ViewerSchool, fill


@pytest.fixture
def school(store: sa.Engine) -> Iterator[ViewerSchool]:
    """The school of the viewer, on each database."""
    with store.connect() as connection:
        yield fill(connection)


def _lives(school: ViewerSchool, at: AsOf | None = None) -> ClassLives:
    at = at or school.at
    group = next(one for one in school.groups if one.name == "7Б")
    return load_lives(school.connection, at, load(school.connection, at, group))


def _told(life: ValueLife) -> list[tuple[str, str, str | None]]:
    return [(event.what, event.at, event.value) for event in life.events]


def test_every_value_that_ever_stood_in_a_cell_is_told(school: ViewerSchool) -> None:
    found = _lives(school)
    corrected, withdrawn, absence = school.corrected, school.withdrawn, school.absence
    (mark,) = found.cells[corrected.lesson_id or 0, corrected.person_id]
    assert _told(mark) == [("first", FIRST, "3"), ("changed", SECOND, "4")]
    assert (mark.kind, mark.record_id, mark.set_at) == (
        "mark",
        str(corrected.mark_id),
        "2025-09-25T08:00:00Z",
    )
    assert mark.is_corrected
    (gone,) = found.cells[withdrawn.lesson_id or 0, withdrawn.person_id]
    assert _told(gone) == [("first", FIRST, "2"), ("withdrawn", SECOND, None)]
    assert gone.is_corrected
    (letter,) = found.cells[absence.lesson_id, absence.person_id]
    assert _told(letter) == [("first", FIRST, "Н"), ("changed", THIRD, "Б")]
    assert letter.note == "справка позже"
    (final,) = (
        lives
        for (subject, column, person), lives in found.finals.items()
        if (subject, column.kind, person) == (school.final.subject_id, FinalKind.PERIOD, school.anna)
    )
    assert _told(final[0]) == [("first", FIRST, "4"), ("changed", THIRD, "5")]


def test_the_class_has_a_life_for_each_mark_and_no_other(school: ViewerSchool) -> None:
    found = _lives(school)
    marks = {one.record_id for lives in found.cells.values() for one in lives if one.kind == "mark"}
    of_class = [one.key for one in lives(school.connection, MARK, school.at)]
    other = {one.group_id for one in school.groups if one.name == "7А"}
    in_other = [one for one in lives(school.connection, MARK, school.at) if one.last_record.group_id in other]
    assert len(marks) == len(of_class) - len(in_other) > 200


def test_as_of_a_run_nothing_later_is_known(school: ViewerSchool) -> None:
    (mark,) = _lives(school, AsOf(school.at.school_id, 1)).cells[
        school.corrected.lesson_id or 0, school.corrected.person_id
    ]
    assert _told(mark) == [("first", FIRST, "3")]
    assert not mark.is_corrected


def test_a_mark_that_was_moved_stands_in_both_places(connection: sa.Connection) -> None:
    invented = InventedClass(connection)
    maths, anna = invented.subject("Математика"), invented.pupil("Агапова", "Анна")
    one, two = (invented.lesson(maths, day) for day in ("2025-09-01", "2025-09-02"))
    mark = invented.mark(one, anna, "5")
    invented.write(FIRST)
    invented.replace(schema.MARK, mark, mark._replace(lesson_id=two.lesson_id, day=two.day))
    at = invented.write(SECOND, Absence.WITHDRAWN)
    found = load_lives(invented.connection, at, load(invented.connection, at, invented.edu_group))
    assert found.cells[one.lesson_id, anna] == found.cells[two.lesson_id, anna]
    (life,) = found.cells[two.lesson_id, anna]
    assert [(event.at, event.day) for event in life.events] == [(FIRST, "2025-09-01"), (SECOND, "2025-09-02")]
    assert life.is_corrected
