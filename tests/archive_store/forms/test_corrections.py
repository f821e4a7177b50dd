"""The form «Исправления»: FORMS §12. The list itself is tested with the history of records."""

from __future__ import annotations

from zoneinfo import ZoneInfo

import pytest
import sqlalchemy as sa

from archive_store.forms.corrections import CorrectionsForm, corrections_form
from archive_store.forms.span import Span
from archive_store.render.report import Report, Table
from archive_store.render.reports import corrections as words
from archive_store.schema import ATTENDANCE, FINAL_MARK, LESSON, MARK
from invented_class import InventedClass

MOSCOW = ZoneInfo("Europe/Moscow")


@pytest.fixture
def corrected(connection: sa.Connection) -> InventedClass:
    """Two marks of September raised in November, and an absence that became an illness three days after."""
    invented = InventedClass(connection)
    invented.quarters()
    maths, anna = invented.subject("Математика"), invented.pupil("Агапова", "Анна")
    small = invented.subgroup("7Б мат. 1")
    for day, group in (("2025-09-10", invented.class_id), ("2025-09-24", small)):
        lesson = invented.lesson(maths, day, group=group)
        invented.mark(lesson, anna, "3")
    invented.attendance(lesson, anna, "Absent")
    invented.write("2025-09-24T20:00:00Z")
    entry = invented.records[ATTENDANCE][0]
    invented.records[ATTENDANCE] = [entry._replace(status="Ill")]
    invented.write("2025-09-27T20:00:00Z")
    invented.records[MARK] = [one._replace(value="4") for one in invented.records[MARK]]
    invented.write("2025-11-06T20:00:00Z")
    return invented


def _form(invented: InventedClass, span: Span | None = None, late: int = 7) -> CorrectionsForm:
    return corrections_form(invented.connection, invented.at(), invented.edu_group, MOSCOW, span, late)


def _table(report: Report, name: str) -> Table:
    return next(one for one in report.tables if one.name == name)


def test_the_class_and_its_subgroups_with_their_flags(corrected: InventedClass) -> None:
    rows = [(one.kind, one.was, one.now, one.days_after, one.flags) for one in _form(corrected).rows]
    late = ("upward", "after-period", "after-7-days")
    assert rows == [
        ("attendance", "Absent", "Ill", 3, ()),
        ("mark", "3", "4", 57, late),
        ("mark", "3", "4", 43, late),
    ]


def test_a_span_takes_the_lessons_of_its_days(corrected: InventedClass) -> None:
    found = _form(corrected, Span("2025-09-20", "2025-09-30")).rows
    assert [(one.kind, one.day) for one in found] == [("attendance", "2025-09-24"), ("mark", "2025-09-24")]


def test_what_is_late_is_the_schools_rule(corrected: InventedClass) -> None:
    assert _form(corrected, late=50).flagged["after-7-days"] == 1
    assert _form(corrected, late=2).flagged["after-7-days"] == 3


def test_the_report_counts_what_it_lists_and_tells_moments_in_the_schools_zone(
    corrected: InventedClass,
) -> None:
    form = _form(corrected)
    report = words.report(form, None)
    *kinds, total = _table(report, "counts").rows
    assert sum(int(str(row.values[1])) for row in kinds) == total.values[1] == len(form.rows)
    first, second, _third = _table(report, "corrections").rows
    assert first.values[0] == "27.09.2025 23:00"
    assert first.values[5:9] == ("Н", "Б", "24.09.2025 23:00", "24.09.2025 23:00")
    assert second.values[5:7] == ("3", "4")
    assert any("does not say who" in note for note in report.notes)


def test_a_mark_of_the_year_is_listed_too_and_each_final_mark_says_of_which_period(
    connection: sa.Connection,
) -> None:
    """A mark of the year has no day of its own: it counts from the end of the last period."""
    invented = InventedClass(connection)
    first, *_others = invented.quarters()
    maths, anna = invented.subject("Математика"), invented.pupil("Агапова", "Анна")
    for period, kind in ((first, "period"), (None, "year"), (None, "exam")):
        invented.final(maths, anna, "3", period, kind=kind)
    invented.write("2026-05-25T20:00:00Z")
    invented.records[FINAL_MARK] = [one._replace(value="4") for one in invented.records[FINAL_MARK]]
    invented.write("2026-06-05T20:00:00Z")
    form = _form(invented)
    late = ("upward", "after-period", "after-7-days")
    assert {(one.period, one.days_after, one.flags) for one in form.rows} == {
        ("1 четверть", 222, late),
        ("year", 10, late),
        ("exam", 10, late),
    }
    rows = _table(words.report(form, None), "corrections").rows
    assert {row.values[1] for row in rows} == {
        "final mark, 1 четверть", "final mark, Year", "final mark, Exam",
    }  # fmt: skip


def test_a_lesson_that_was_given_as_usual_was_not_corrected(connection: sa.Connection) -> None:
    """The platform's own step from one usual status to another says nothing new of the lesson."""
    invented = InventedClass(connection)
    lesson = invented.lesson(invented.subject("Математика"), "2025-09-10", status="Created")
    for status in ("InWork", "Closed", "Cancelled"):
        invented.write("2025-09-10T20:00:00Z")
        invented.records[LESSON] = [lesson._replace(status=status)]
    invented.write("2025-09-11T20:00:00Z")
    assert [(one.was, one.now) for one in _form(invented).rows] == [("Closed", "Cancelled")]


def test_a_class_that_was_never_corrected_says_so(connection: sa.Connection) -> None:
    invented = InventedClass(connection)
    invented.write()
    table = _table(words.report(_form(invented), None), "corrections")
    assert (table.rows, table.when_empty) == ((), "Nothing was corrected.")
