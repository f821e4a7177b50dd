"""The workbooks hold what the forms hold, read back cell by cell by two other programs."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from io import BytesIO
from typing import Any

import openpyxl
import pytest
from openpyxl.workbook import Workbook
from python_calamine import CalamineWorkbook

from archive_store.forms import class_journal
from archive_store.forms.class_journal import ClassJournal
from archive_store.forms.spread import Section
from archive_store.forms.summary_sheet import SummarySheet
from archive_store.render import xlsx
from archive_store.render.source import Source
from invented_class import InventedClass

FIRST_PUPIL, FIRST_LESSON, NAMED = 6, 3, 3  # rows counted from 1; columns before the first lesson


def _opened(content: bytes) -> Workbook:
    return openpyxl.load_workbook(BytesIO(content))


def _as_cell(text: str) -> str | int | None:
    return int(text) if text.isascii() and text.isdigit() else text or None


def _expected_rows(section: Section) -> list[list[str | int | None]]:
    rows: list[list[str | int | None]] = [[] for _ in section.pupils]
    for spread in section.spreads:
        for row, cells, finals in zip(rows, spread.cells, spread.final_cells, strict=True):
            row.extend(_as_cell(cell.text) for cell in (*cells, *finals))
    return rows


def test_each_section_has_a_sheet_of_marks_and_one_of_lessons(awkward: ClassJournal, source: Source) -> None:
    names = _opened(xlsx.journal(awkward, source)).sheetnames
    assert names == [
        "Contents",
        "Разговоры о важном",
        "Разговоры о важном, lessons",
        "Физика",
        "Физика, lessons",
    ]


def test_marks_stand_cell_by_cell(awkward: ClassJournal, source: Source) -> None:
    book = _opened(xlsx.journal(awkward, source))
    for section, name in zip(awkward.sections, book.sheetnames[1::2], strict=True):
        sheet = book[name]
        rows = list(sheet.iter_rows(min_row=FIRST_PUPIL, max_row=FIRST_PUPIL + len(section.pupils) - 1))
        assert [[cell.value for cell in row[NAMED:]] for row in rows] == _expected_rows(section)
        assert [row[1].value for row in rows] == [pupil.name for pupil in section.pupils]
        days = [cell.value for cell in sheet[4][NAMED:] if isinstance(cell.value, dt.datetime)]
        assert [day.date() for day in days] == [lesson.day for lesson in section.lessons]


def test_lessons_stand_row_by_row(awkward: ClassJournal, source: Source) -> None:
    book = _opened(xlsx.journal(awkward, source))
    for section, name in zip(awkward.sections, book.sheetnames[2::2], strict=True):
        rows = list(_joined(book[name].iter_rows(min_row=FIRST_LESSON, values_only=True)))
        assert [row[:5] for row in rows] == [
            (
                dt.datetime.combine(lesson.day, dt.time()),
                lesson.number,
                lesson.hours,
                _stored(lesson.topic) or None,
                lesson.homework or None,
            )
            for lesson in section.lessons
        ]


def _joined(rows: Iterable[tuple[Any, ...]]) -> Iterator[tuple[Any, ...]]:
    """Rows of lessons, with what goes on below of texts that are too high for one row."""
    lesson: list[Any] = []
    for day, *rest in rows:
        if day is not None:
            if lesson:
                yield tuple(lesson)
            lesson = [day, *rest]
        else:
            lesson[3:5] = [
                (one or "") + (more or "") or None for one, more in zip(lesson[3:5], rest[2:4], strict=True)
            ]
    if lesson:
        yield tuple(lesson)


def _stored(text: str) -> str:
    """A text as the format keeps it: XML has one line end, and writes control characters by number."""
    return text.replace("\r", "_x000D_").replace("\x07", "_x0007_")


def test_another_reader_finds_the_same_marks(awkward: ClassJournal, source: Source) -> None:
    book = CalamineWorkbook.from_filelike(BytesIO(xlsx.journal(awkward, source)))
    for section, name in zip(awkward.sections, book.sheet_names[1::2], strict=True):
        rows = book.get_sheet_by_name(name).to_python()[FIRST_PUPIL - 1 :]
        assert [[value or None for value in row[NAMED:]] for row in rows] == _expected_rows(section)


def test_nothing_is_a_formula_or_leads_outside(
    awkward: ClassJournal, awkward_sheet: SummarySheet, source: Source
) -> None:
    for content in (xlsx.journal(awkward, source), xlsx.summary_sheet(awkward_sheet, source)):
        book = _opened(content)
        cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
        assert not [cell for cell in cells if cell.data_type == "f"]
        assert not [cell for cell in cells if cell.hyperlink and cell.hyperlink.target]
    lessons = _opened(xlsx.journal(awkward, source))["Физика, lessons"]
    assert lessons["D3"].value == "=СУММ(A1:A10)"


def test_sheets_are_ready_for_print(awkward: ClassJournal, source: Source) -> None:
    grids = {section.title for section in awkward.sections}
    for sheet in _opened(xlsx.journal(awkward, source)):
        assert sheet.page_setup.paperSize == 9
        assert sheet.sheet_properties.pageSetUpPr is not None
        assert sheet.sheet_properties.pageSetUpPr.fitToPage
        # One page wide and as many high as it takes; the grid of marks the other way round.
        pages = (sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight)
        assert pages == ((0, None) if sheet.title in grids else (None, 0))
        assert sheet.freeze_panes is not None
        assert sheet.print_title_rows
        assert sheet.print_area
        assert source.line in str(sheet.oddFooter.left.text)


def test_the_summary_sheet_stands_cell_by_cell(awkward_sheet: SummarySheet, source: Source) -> None:
    sheet = _opened(xlsx.summary_sheet(awkward_sheet, source)).worksheets[0]
    expected: list[list[Any]] = [
        [row.pupil.number, row.pupil.full_name, line.name, *(_as_cell(cell.text) for cell in cells)]
        for row in awkward_sheet.rows
        for line, cells in zip(awkward_sheet.lines, row.cells, strict=True)
    ]
    width = 3 + len(awkward_sheet.subjects)
    rows = sheet.iter_rows(min_row=3, max_row=2 + len(expected), max_col=width, values_only=True)
    assert [list(row) for row in rows] == expected


def test_the_same_form_gives_the_same_bytes(
    awkward: ClassJournal, awkward_sheet: SummarySheet, source: Source
) -> None:
    assert xlsx.journal(awkward, source) == xlsx.journal(awkward, source)
    assert xlsx.summary_sheet(awkward_sheet, source) == xlsx.summary_sheet(awkward_sheet, source)


@pytest.mark.parametrize("name", ["ИЗО: [рисунок] / лепка?*\\", "'кавычки'", "Д" * 60, "[]"])
def test_any_name_of_a_subject_gives_a_sheet(invented: InventedClass, source: Source, name: str) -> None:
    for subject in (invented.subject(name), invented.subject(name)):  # two of the same name
        invented.lesson(subject, "2025-09-01")
    journal = class_journal.build(invented.connection, invented.write(), invented.edu_group)
    book = _opened(xlsx.journal(journal, source))
    assert len(set(book.sheetnames)) == 5
    assert [sheet["A1"].value for sheet in book.worksheets[1::2]] == [name, name]


def test_a_topic_longer_than_a_cell_goes_on_in_the_next_row(invented: InventedClass, source: Source) -> None:
    topic = "тема " * 10_000
    invented.lesson(invented.subject("История"), "2025-09-01", topic=topic)
    journal = class_journal.build(invented.connection, invented.write(), invented.edu_group)
    sheet = _opened(xlsx.journal(journal, source))["История, lessons"]
    assert "".join(str(row[3].value or "") for row in sheet.iter_rows(min_row=FIRST_LESSON)) == topic
