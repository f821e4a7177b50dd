"""Final marks against current ones: FORMS §12, with the numbers of its hand example of averages."""

from __future__ import annotations

from fractions import Fraction

import pytest
import sqlalchemy as sa

from archive_store.forms import final_against_current
from archive_store.forms.averages import written
from archive_store.forms.class_record import load
from archive_store.forms.final_against_current import Counted, FinalAgainstCurrent
from archive_store.forms.span import Span
from archive_store.schema import MARK
from invented_class import InventedClass

ONE = Fraction(1)


@pytest.fixture
def invented(connection: sa.Connection) -> InventedClass:
    return InventedClass(connection)


def _form(
    invented: InventedClass, span: Span | None = None, differs_from: Fraction = ONE
) -> FinalAgainstCurrent:
    record = load(invented.connection, invented.at(), invented.edu_group)
    return final_against_current.build(record, differs_from, span)


def _mark(invented: InventedClass, subject: int, pupil: int, day: str, value: str, weight: int = 1) -> None:
    kind = invented.work_type(f"Работа с весом {weight}", "Р", weight)
    invented.mark(invented.lesson(subject, day), pupil, value)
    invented.records[MARK][-1] = invented.records[MARK][-1]._replace(work_type_id=kind)


def test_the_hand_example(invented: InventedClass) -> None:
    """5 (weight 1), 4 (3), 3 (5): 3,56 on average, 4,00 without weights; 5 is 1,44 above."""
    first, *_later = invented.quarters()
    maths, anna = invented.subject("Математика"), invented.pupil("Агапова", "Анна")
    for day, (value, weight) in enumerate((("5", 1), ("4", 3), ("3", 5)), start=1):
        _mark(invented, maths, anna, f"2025-09-{day:02}", value, weight)
    _mark(invented, maths, anna, "2025-11-10", "2")  # of the next period
    invented.final(maths, anna, "5", first)
    invented.write()
    form = _form(invented)
    (one,) = form.apart
    values = one.average, one.simple, one.apart
    assert [written(value, 2) for value in values if value is not None] == ["3,56", "4,00", "1,44"]
    assert (one.final, one.marks, one.column.name) == (5, 3, "1 четверть")
    assert [counted for _column, _subject, counted in form.counts] == [Counted(compared=1, above=1)]


def test_a_double_mark_counts_as_two(invented: InventedClass) -> None:
    first, *_later = invented.quarters()
    maths, anna = invented.subject("Математика"), invented.pupil("Агапова", "Анна")
    for day, (value, weight) in enumerate((("5", 1), ("4", 3), ("3", 5), ("5/4", 2)), start=1):
        _mark(invented, maths, anna, f"2025-09-{day:02}", value, weight)
    invented.final(maths, anna, "2", first)
    invented.write()
    (one,) = _form(invented).apart
    assert (one.average, one.simple) == (Fraction(50, 13), Fraction(21, 5))
    assert one.apart == 2 - Fraction(50, 13)


def test_the_distance_itself_is_pointed_out_and_less_is_not(invented: InventedClass) -> None:
    first, *_later = invented.quarters()
    maths, anna = invented.subject("Математика"), invented.pupil("Агапова", "Анна")
    _mark(invented, maths, anna, "2025-09-01", "4")
    invented.final(maths, anna, "5", first)
    invented.write()
    assert len(_form(invented).apart) == 1
    assert _form(invented, differs_from=Fraction(101, 100)).apart == ()


def test_marks_in_words_and_marks_with_nothing_behind_are_counted_apart(invented: InventedClass) -> None:
    first, *_later = invented.quarters()
    maths = invented.subject("Математика")
    anna, boris = invented.pupil("Агапова", "Анна"), invented.pupil("Бекетов", "Борис")
    invented.final(maths, anna, "4", first)
    invented.final(maths, boris, "н/а", first)
    invented.write()
    form = _form(invented)
    assert [counted for _column, _subject, counted in form.counts] == [Counted(alone=1, others=1)]
    assert [one.pupil.name for one in form.alone] == ["Агапова Анна"]


def test_the_year_is_held_against_its_periods(invented: InventedClass) -> None:
    quarters = invented.quarters()
    maths, anna = invented.subject("Математика"), invented.pupil("Агапова", "Анна")
    for quarter, value in zip(quarters, "4443", strict=True):
        invented.final(maths, anna, value, quarter)
    invented.final(maths, anna, "5")
    invented.write()
    form = _form(invented)
    (one,) = form.apart
    assert (one.column.name, one.average, one.final) == ("Year", Fraction(15, 4), 5)


def test_a_span_takes_whole_periods_with_all_their_marks(invented: InventedClass) -> None:
    first, second, *_later = invented.quarters()
    maths, anna = invented.subject("Математика"), invented.pupil("Агапова", "Анна")
    _mark(invented, maths, anna, "2025-09-01", "2")
    _mark(invented, maths, anna, "2025-11-10", "2")
    for quarter in (first, second):
        invented.final(maths, anna, "5", quarter)
    invented.final(maths, anna, "5")
    invented.write()
    form = _form(invented, Span("2025-10-01", "2025-12-31"))
    assert [one.column.name for one in form.apart] == ["2 четверть"]
    assert form.alone == ()
