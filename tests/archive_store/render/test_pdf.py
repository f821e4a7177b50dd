"""The PDF shows all that the form holds: none missing, none cut, none in the wrong cell."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest
import sqlalchemy as sa

from archive_store.forms import class_journal
from archive_store.forms.class_journal import ClassJournal
from archive_store.forms.summary_sheet import SummarySheet
from archive_store.render import pdf, typesetting
from archive_store.render.glyphs import showable
from archive_store.render.source import Source
from archive_store.render.typesetting import NotSet, set_pdf
from invented_class import InventedClass
from journal_cells import cells_that_differ
from reading import Word, needs_poppler, pdf_bookmarks, pdf_facts, pdf_fonts, pdf_text, pdf_words, squeezed

pytestmark = needs_poppler


def _class_of(connection: sa.Connection, pupils: int) -> InventedClass:
    """A class with marks that tell by themselves where they belong."""
    invented = InventedClass(connection)
    invented.quarters()
    people = [invented.pupil(f"Фамилия{number:02}", "Анна") for number in range(pupils)]
    for name in ("Алгебра", "Биология"):
        subject = invented.subject(name)
        for day in range(1, 17):
            lesson = invented.lesson(
                subject, f"2025-09-{day:02}", topic=f"Тема {name} {day}", homework=f"№ {day}"
            )
            for index, person in enumerate(people):
                if (index + day) % 4 == 0:
                    invented.mark(lesson, person, f"{(index * day) % 5 + 1}{'-+'[day % 2]}")
                elif (index + day) % 9 == 1:
                    invented.attendance(lesson, person, ("Absent", "Ill", "Pass", "Late")[index % 4])
    return invented


def _journal_of(invented: InventedClass) -> ClassJournal:
    return class_journal.build(invented.connection, invented.write(), invented.edu_group)


def _grid(words: list[Word], days: int, pupils: int) -> list[list[str]]:
    """The cells of a left page, read by where the words stand: days give columns, numbers give rows."""
    heads = [word for word in words if word.y < 110 and word.text.isdigit() and len(word.text) == 2]
    xs = sorted(word.x for word in heads)[:days]
    edge = min(word.x for word in words if word.text == "№") + 6
    rows = sorted(word.y for word in words if word.x < edge and word.text.isdigit())
    assert (len(xs), len(rows)) == (days, pupils)
    cells = [["" for _ in xs] for _ in rows]
    for word in words:
        row = min(range(pupils), key=lambda index: abs(rows[index] - word.y))
        column = min(range(days), key=lambda index: abs(xs[index] - word.x))
        if abs(rows[row] - word.y) < 5 and abs(xs[column] - word.x) < 8:
            cells[row][column] += word.text
    return cells


@pytest.mark.parametrize("pupils", [1, 2, 30, 45])
def test_every_cell_of_the_left_pages_holds_what_the_form_holds(
    connection: sa.Connection, source: Source, tmp_path: Path, pupils: int
) -> None:
    journal = _journal_of(_class_of(connection, pupils))
    pages = pdf_words(pdf.journal(journal, source), tmp_path)
    spreads = [spread for section in journal.sections for spread in section.spreads]
    for place, spread in enumerate(spreads):
        words = pages[3 + 2 * place]
        expected = [[squeezed(cell.text) for cell in row] for row in spread.cells]
        assert _grid(words, len(spread.lessons), pupils) == expected


def test_the_awkward_class_stands_cell_by_cell(awkward: ClassJournal, source: Source, tmp_path: Path) -> None:
    compared, differ = cells_that_differ(awkward, pdf.journal(awkward, source), tmp_path)
    assert compared == 18 * len(awkward.roster)
    assert differ == []


def test_every_name_topic_and_homework_is_there_in_full(
    awkward: ClassJournal, source: Source, tmp_path: Path
) -> None:
    text = squeezed(pdf_text(pdf.journal(awkward, source), tmp_path))
    for section in awkward.sections:
        assert squeezed(section.title) in text
        assert all(squeezed(showable(pupil.name)) in text for pupil in section.pupils)
        for lesson in section.lessons:
            words = showable(lesson.topic).split() if len(lesson.topic) > 1_000 else [lesson.topic]
            assert all(squeezed(showable(word)) in text for word in words)
            assert squeezed(lesson.homework) in text
    assert all(squeezed(showable(line.pupil.full_name)) in text for line in awkward.roster)


def test_every_mark_is_there_however_long_or_many(
    awkward: ClassJournal, source: Source, tmp_path: Path
) -> None:
    text = squeezed(pdf_text(pdf.journal(awkward, source), tmp_path))
    cells = [
        cell
        for section in awkward.sections
        for spread in section.spreads
        for rows in (spread.cells, spread.final_cells)
        for row in rows
        for cell in row
    ]
    assert any(len(cell.marks) == 8 for cell in cells)
    assert all(squeezed(cell.text) in text for cell in cells)


def test_signs_without_a_glyph_are_spelled_out(awkward: ClassJournal, source: Source, tmp_path: Path) -> None:
    text = pdf_text(pdf.journal(awkward, source), tmp_path)
    for sign in ("[U+1F9FF]", "[U+F0B7]", "[U+0007]"):
        assert sign in text


def test_substitutes_cancelled_lessons_and_works_are_noted(
    awkward: ClassJournal, source: Source, tmp_path: Path
) -> None:
    text = squeezed(pdf_text(pdf.journal(awkward, source), tmp_path))
    for note in ("subst.ОрловП.И.", "cancelled", "КР×3", "left"):
        assert note in text


def test_a_spread_begins_on_an_even_page(awkward: ClassJournal, source: Source, tmp_path: Path) -> None:
    pages = pdf_words(pdf.journal(awkward, source), tmp_path)
    left = [
        number for number, words in enumerate(pages, start=1) if any("given" in word.text for word in words)
    ]
    assert [number for number in left if number > 3] == [4, 6]


def test_a_left_page_that_runs_over_loses_nothing_and_the_right_page_stays_on_the_right(
    invented: InventedClass, source: Source, tmp_path: Path
) -> None:
    lesson = invented.lesson(invented.subject("Алгебра"), "2025-09-01", topic="Справа")
    for number in range(45):
        pupil = invented.pupil(f"Фамилия{number:02}", "Анна")
        for value in "54325432":
            invented.mark(lesson, pupil, value)
    pages = pdf_words(pdf.journal(_journal_of(invented), source), tmp_path)
    names = [number for number, page in enumerate(pages, 1) if any("Фамилия" in one.text for one in page)]
    right = [number for number, page in enumerate(pages, 1) if any(one.text == "Справа" for one in page)]
    assert (names, right) == ([3, 4, 5, 6], [7])
    marks = "".join(one.text for page in pages[3:6] for one in page).count("5/4/")
    assert marks == 90


def test_every_page_names_its_source_and_number(
    awkward: ClassJournal, awkward_sheet: SummarySheet, source: Source, tmp_path: Path
) -> None:
    for document in (pdf.journal(awkward, source), pdf.summary_sheet(awkward_sheet, source)):
        pages = pdf_text(document, tmp_path).split("\f")[:-1]
        for number, page in enumerate(pages, start=1):
            assert squeezed(source.line) in squeezed(page)
            assert f"page {number} of {len(pages)}" in page


def test_the_title_names_school_class_and_year(awkward: ClassJournal, source: Source, tmp_path: Path) -> None:
    title = pdf_text(pdf.journal(awkward, source), tmp_path, "-l", "1")
    for text in (
        "МБОУ «Школа № 901» (вымышленная)",
        "class 7Б",
        "academic year 2025/26",
        "8f3c 0123 4567 89ab",
    ):
        assert text in title


def test_the_summary_sheet_holds_every_mark_and_name(
    awkward_sheet: SummarySheet, source: Source, tmp_path: Path
) -> None:
    text = squeezed(pdf_text(pdf.summary_sheet(awkward_sheet, source), tmp_path))
    lines = [line for row in awkward_sheet.rows for line in row.cells]
    for row in awkward_sheet.rows:
        assert squeezed(showable(row.pupil.full_name)) in text
    assert text.count("∅") == awkward_sheet.missing + 1  # and in the note below
    assert all(squeezed(cell.text) in text for line in lines for cell in line)


def test_all_fonts_are_embedded_and_are_ours(
    awkward: ClassJournal, awkward_sheet: SummarySheet, source: Source, tmp_path: Path
) -> None:
    for document in (pdf.journal(awkward, source), pdf.summary_sheet(awkward_sheet, source)):
        fonts = pdf_fonts(document, tmp_path)
        assert fonts
        for name, *columns in fonts:
            assert name.split("+")[1].startswith(("PTSans", "PTSerif", "DejaVu"))
            assert columns[-5:-2] == ["yes", "yes", "yes"]  # embedded, subset, with Unicode


def test_the_document_is_pdf_a_dated_when_it_was_made(
    awkward: ClassJournal, source: Source, tmp_path: Path
) -> None:
    document = pdf.journal(awkward, source)
    assert b"<pdfaid:part>2</pdfaid:part>" in document
    assert b"<pdfaid:conformance>U</pdfaid:conformance>" in document
    facts = pdf_facts(document, tmp_path)
    assert "2026" in facts["CreationDate"]
    assert facts["Title"] == "Class journal class 7Б"
    assert facts["Page size"].endswith("(A4)")


def test_the_same_form_gives_the_same_bytes(
    awkward: ClassJournal, awkward_sheet: SummarySheet, source: Source
) -> None:
    assert pdf.journal(awkward, source) == pdf.journal(awkward, source)
    assert pdf.summary_sheet(awkward_sheet, source) == pdf.summary_sheet(awkward_sheet, source)


def test_another_time_gives_another_document(awkward_sheet: SummarySheet, source: Source) -> None:
    later = dataclasses.replace(source, made_at=source.made_at.replace(hour=10))
    assert pdf.summary_sheet(awkward_sheet, source) != pdf.summary_sheet(awkward_sheet, later)


def test_a_class_without_anything_has_a_title_and_a_closing_record(
    invented: InventedClass, source: Source, tmp_path: Path
) -> None:
    text = pdf_text(pdf.journal(_journal_of(invented), source), tmp_path)
    assert "Class journal" in text
    assert "This journal holds 4 pages" in " ".join(text.split())


def test_a_subject_without_pupils_has_its_lessons(
    invented: InventedClass, source: Source, tmp_path: Path
) -> None:
    invented.lesson(invented.subject("Кружок"), "2025-09-01", topic="Вводное занятие")
    text = pdf_text(pdf.journal(_journal_of(invented), source), tmp_path)
    assert "Вводное занятие" in text


def test_sections_are_bookmarks_and_the_contents_name_their_pages(
    awkward: ClassJournal, source: Source, tmp_path: Path
) -> None:
    document = pdf.journal(awkward, source)
    bookmarks = pdf_bookmarks(document, tmp_path)
    assert bookmarks == {"Pupils of the class": 3, "Разговоры о важном": 4, "Физика": 6, "Closing record": 9}
    contents = pdf_words(document, tmp_path)[1]
    for title, page in bookmarks.items():
        line = next(word.y for word in contents if word.text == title.split()[0])
        in_line = [word for word in contents if abs(word.y - line) < 2]
        assert max(in_line, key=lambda word: word.x).text == str(page)


def test_a_warning_of_the_typesetter_is_an_error(
    source: Source, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "warns.typ").write_text('#set text(font: "No Such Font", fallback: false)\nx', "utf-8")
    monkeypatch.setattr(typesetting, "_TEMPLATES", tmp_path)
    with pytest.raises(NotSet, match="unknown font family"):
        set_pdf("warns.typ", {}, source.made_at)


def test_a_fault_of_a_template_is_an_error(source: Source) -> None:
    with pytest.raises(NotSet, match=r"journal\.typ"):
        set_pdf("journal.typ", {}, source.made_at)
