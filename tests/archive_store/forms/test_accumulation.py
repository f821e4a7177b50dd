"""The accumulation of marks: FORMS §12, with its hand example."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st

from archive_store.forms import accumulation
from archive_store.forms.accumulation import Accumulation
from archive_store.forms.averages import written
from archive_store.forms.class_record import load
from archive_store.forms.counts import per_cent
from archive_store.forms.rules import Rules
from archive_store.forms.signs import STANDARD
from archive_store.forms.span import Span, within
from archive_store.forms.stays import Stay, dated, was_there
from archive_store.schema import MEMBERSHIP
from invented_class import InventedClass


@pytest.fixture
def invented(connection: sa.Connection) -> InventedClass:
    return InventedClass(connection)


def _form(invented: InventedClass, span: Span | None = None) -> Accumulation:
    record = load(invented.connection, invented.at(), invented.edu_group)
    return accumulation.build(within(record, span) if span else record, Rules().fewest_marks)


def test_the_hand_example(invented: InventedClass) -> None:
    """25 pupils, two lessons a week, at least 5 marks: 21 have them, 180 marks in all."""
    invented.period("1 четверть", "2025-09-01", "2025-10-26")
    maths = invented.subject("Математика")
    lessons = [
        invented.lesson(maths, f"2025-{month:02}-{day:02}", number=number)
        for month, day in ((9, 1), (9, 8), (9, 15), (9, 22), (9, 29), (10, 6), (10, 13), (10, 20))
        for number in (1, 2)
    ]
    pupils = [invented.pupil(f"Агапов{number:02}", "Иван") for number in range(25)]
    counts = [4] * 4 + [8] * 20 + [4]  # four and one have too few; 180 in all
    counts[-1] = 180 - sum(counts[:-1])
    assert (counts[-1], sum(count >= 5 for count in counts)) == (4, 20)
    counts[0], counts[1] = 5, 3  # 21 have five or more
    for pupil, count in zip(pupils, counts, strict=True):
        for lesson in lessons[:count]:
            invented.mark(lesson, pupil, "4")
    invented.write()
    (row,) = _form(invented).rows
    assert (row.lessons, row.weekly, row.fewest, row.pupils, row.marks) == (16, 2, 5, 25, 180)
    shares = per_cent(row.enough, row.pupils), row.per_pupil, per_cent(row.marked, row.lessons)
    assert [written(one, 2) for one in shares if one] == ["84,00", "7,20", "50,00"]
    assert [(pupil.name, marks) for pupil, marks in row.short][:1] == [("Агапов01 Иван", 3)]


def test_double_marks_passes_and_words(invented: InventedClass) -> None:
    maths, anna = invented.subject("Математика"), invented.pupil("Агапова", "Анна")
    for day, value in enumerate(("5/4", "зач", "незач", "н/а", "осв", ".", "???"), start=1):
        invented.mark(invented.lesson(maths, f"2025-09-{day:02}"), anna, value)
    invented.write()
    form = _form(invented)
    (row,) = form.rows
    assert (row.marks, row.marked, row.period) == (4, 3, None)
    assert form.unknown == (("???", 1),)


def test_each_subgroup_has_its_own_pupils(invented: InventedClass) -> None:
    english = invented.subject("Английский язык")
    first, second = invented.subgroup("7Б англ. 1"), invented.subgroup("7Б англ. 2")
    anna = invented.pupil("Агапова", "Анна", groups=(invented.class_id, first))
    invented.pupil("Бекетов", "Борис", groups=(invented.class_id, second))
    for group in (first, second):
        lesson = invented.lesson(english, "2025-09-01", group=group)
    invented.lesson(english, "2025-09-02", group=first)
    invented.mark(lesson, anna, "5")  # a guest in the other subgroup
    invented.write()
    rows = {one.group: (one.pupils, one.marks, one.lessons) for one in _form(invented).rows}
    assert rows == {"7Б англ. 1": (1, 0, 2), "7Б англ. 2": (2, 1, 1)}


def test_who_left_before_the_end_of_the_period_is_not_counted(invented: InventedClass) -> None:
    invented.quarters()
    maths = invented.subject("Математика")
    invented.pupil("Агапова", "Анна")
    invented.pupil("Яшин", "Юрий", status="Archive")
    for day in ("2025-09-01", "2025-11-10"):
        invented.lesson(maths, day)
    invented.write("2025-09-05T22:00:00Z")
    invented.withdraw_all(MEMBERSHIP, ended_at="2025-11-10T22:00:00Z")
    invented.records[MEMBERSHIP] = []
    invented.write("2025-12-30T22:00:00Z")
    assert [one.pupils for one in _form(invented).rows] == [1, 0]


def test_everybody_in_the_platforms_archive_was_there() -> None:
    gone = Stay(has_left=True)
    assert was_there(dated({(1, 10): (gone,), (1, 11): (gone,)}, {}), 1, 10, "2025-10-26")
    assert not was_there(dated({(1, 10): (gone,), (1, 11): (Stay(),)}, {}), 1, 10, "2025-10-26")


def test_a_first_grade_has_no_rows(connection: sa.Connection) -> None:
    first = InventedClass(connection, "1А", parallel=1)
    first.lesson(first.subject("Окружающий мир"), "2025-09-01")
    first.write()
    form = _form(first)
    assert (form.rows, form.is_marked) == ((), False)


def test_a_span_without_a_whole_period_is_one_row(invented: InventedClass) -> None:
    invented.quarters()
    maths, anna = invented.subject("Математика"), invented.pupil("Агапова", "Анна")
    for day in ("2025-09-01", "2025-09-02", "2025-11-10"):
        invented.mark(invented.lesson(maths, day), anna, "5")
    invented.write()
    (row,) = _form(invented, Span("2025-09-02", "2025-09-30")).rows
    assert (row.period, row.lessons, row.marks) == (None, 1, 1)


@given(values=st.lists(st.sampled_from(["5", "4/3", "н/а", "5 4 3", "осв", "3н"]), max_size=6))
def test_a_cell_has_as_many_marks_as_its_parts(values: list[str]) -> None:
    marks = {"5": 1, "4/3": 2, "н/а": 0, "5 4 3": 3, "осв": 0, "3н": 1}
    of = [accumulation.marks_in(_mark(value), STANDARD) for value in values]
    assert sum(of) == sum(marks[value] for value in values)


def _mark(value: str) -> accumulation.Mark:
    return accumulation.Mark(
        1, 1, 1, 1, 1, 1, "2025-09-01", value, value, "Mark5", None, None, None, None, None, None, None
    )
