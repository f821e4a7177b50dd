"""Final marks that were sealed and no longer stand: both values, and why (FORMS §3, REGULATION §6.3)."""

from __future__ import annotations

from pathlib import Path

import pytest
import sqlalchemy as sa

from archive_store.forms import summary_sheet
from archive_store.forms.replaced_finals import Replacement, SealedAnew
from archive_store.forms.summary_sheet import SummarySheet
from archive_store.render import pdf
from archive_store.render.source import Source
from archive_store.render.summary_data import notes
from archive_store.schema import CLOSING, FINAL_MARK
from invented_class import SCHOOL, InventedClass
from reading import needs_poppler, pdf_text


@pytest.fixture
def invented(connection: sa.Connection) -> InventedClass:
    """A class of two: Anna has a «2» of the year in mathematics, Boris a «4»."""
    invented = InventedClass(connection)
    invented.quarters()
    maths = invented.subject("Математика")
    for name, mark in (("Агапова", "2"), ("Бекетов", "4")):
        invented.final(maths, invented.pupil(name, "Имя"), mark)
    invented.write("2026-06-10T00:00:00Z")
    return invented


def _close(invented: InventedClass, edition: int, day: str, reason: str = "", order: str = "") -> None:
    run_id = invented.connection.execute(sa.text("SELECT max(run_id) FROM run")).scalar_one()
    stage = "amendment" if edition > 1 else "final"
    row = (SCHOOL, 2025, edition, stage, f"{day}T09:00:00Z", run_id, "test", reason, order, "{}", "[]")
    invented.connection.execute(CLOSING.insert().values(row))


def _change(invented: InventedClass, value: str, day: str, *, person: int = 0) -> None:
    known = invented.records[FINAL_MARK]
    known[person] = known[person]._replace(value=value, text_value=value)
    invented.write(f"{day}T02:00:00Z")


def _sheet(invented: InventedClass, run_id: int | None = None) -> SummarySheet:
    return summary_sheet.build(invented.connection, invented.at(run_id), invented.edu_group)


def _year(sheet: SummarySheet) -> list[str]:
    return [row.cells[-1][0].text for row in sheet.rows]


def test_a_cleared_debt_shows_both_marks_with_its_order(invented: InventedClass) -> None:
    _close(invented, 1, "2026-06-11")
    _change(invented, "3", "2026-10-16")
    reason, order = "ликвидация академической задолженности", "протокол № 2 от 15.10.2026"
    _close(invented, 2, "2026-10-20", reason, order)
    sheet = _sheet(invented)
    assert _year(sheet) == ["2→3¹", "4"]
    assert sheet.footnotes == (Replacement("2026-10-16", SealedAnew(2, reason, order, "2026-10-20")),)
    assert notes(sheet)[2] == f"1) {reason}, {order}; seen on 16.10.2026, edition 2 of 20.10.2026"
    assert (sheet.mark_count, sheet.missing) == (2, 0)


def test_before_a_new_edition_the_note_says_that_there_is_none(invented: InventedClass) -> None:
    _close(invented, 1, "2026-06-11")
    _change(invented, "3", "2026-10-16")
    sheet = _sheet(invented)
    assert _year(sheet) == ["2→3¹", "4"]
    assert "in no edition of the year yet" in notes(sheet)[2]


@needs_poppler
def test_the_paper_shows_both_marks_and_the_note(
    invented: InventedClass, source: Source, tmp_path: Path
) -> None:
    _close(invented, 1, "2026-06-11")
    _change(invented, "3", "2026-10-16")
    _close(invented, 2, "2026-10-20", "ликвидация академической задолженности")
    shown = pdf_text(pdf.summary_sheet(_sheet(invented), source), tmp_path)
    assert "2→3¹" in shown
    assert "1) ликвидация академической задолженности; seen on 16.10.2026" in shown


def test_each_reason_has_its_number(invented: InventedClass) -> None:
    _close(invented, 1, "2026-06-11")
    _change(invented, "3", "2026-10-16")
    _close(invented, 2, "2026-10-20", "задолженность")
    _change(invented, "5", "2026-11-02", person=1)
    _close(invented, 3, "2026-11-05", "ошибка")
    assert _year(_sheet(invented)) == ["2→3¹", "4→5²"]


def test_as_of_before_the_change_the_sealed_mark_stands_alone(invented: InventedClass) -> None:
    _close(invented, 1, "2026-06-11")
    _change(invented, "3", "2026-10-16")
    assert _year(_sheet(invented, 1)) == ["2", "4"]


def test_a_mark_withdrawn_after_the_closing_shows_what_it_was(invented: InventedClass) -> None:
    _close(invented, 1, "2026-06-11")
    invented.withdraw_all(FINAL_MARK, ended_at="2026-10-16T02:00:00Z")
    assert _year(_sheet(invented)) == ["2→—¹", "4→—¹"]


def test_without_a_closing_and_before_it_a_change_is_no_news(invented: InventedClass) -> None:
    _change(invented, "3", "2026-06-12")
    assert _year(_sheet(invented)) == ["3", "4"]
    _close(invented, 1, "2026-06-13")
    assert _sheet(invented).footnotes == ()


def test_a_mark_changed_and_changed_back_is_as_sealed(invented: InventedClass) -> None:
    _close(invented, 1, "2026-06-11")
    _change(invented, "3", "2026-10-16")
    _change(invented, "2", "2026-10-17")
    assert _year(_sheet(invented)) == ["2", "4"]
