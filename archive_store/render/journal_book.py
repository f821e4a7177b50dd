"""The class journal as a workbook: a sheet of contents, and per section one of marks, one of lessons.

A section has two sheets as a spread has two pages: a day is a column on one and a row on the other.
"""

from __future__ import annotations

from itertools import zip_longest
from typing import Final

from archive_store.forms.class_journal import ClassJournal
from archive_store.forms.spread import OUTSIDE_SIGN, Cell, LessonLine, Section
from archive_store.render import wording
from archive_store.render.printed_signs import added, letters
from archive_store.render.source import Source
from archive_store.render.workbook import Sheet, Workbook, cell_parts, fit_row, fit_upright, lay_out
from archive_store.texts import _

_PERIOD, _DAY, _WORKS, _FIRST_PUPIL = 2, 3, 4, 5  # rows of a sheet of marks
_NAMED_COLUMNS: Final = 3
_FIRST_LESSON: Final = 2  # row of a sheet of lessons
_LESSON_WIDTHS: Final = (12, 8, 5, 60, 60, 26)
_DAY_WIDTH: Final = 6
_SUBJECT_IN_NAME: Final = 22  # characters of the section's title in the name of its sheets


def journal(form: ClassJournal, source: Source) -> bytes:
    """The class journal."""
    book = Workbook(wording.heading(_("Class journal"), form), source)
    contents = book.sheet(_("Contents"), portrait=True)
    links = [_section(book, section) for section in form.sections]
    _contents(book, contents, form, source, links)
    return book.finish()


def _contents(
    book: Workbook, sheet: Sheet, form: ClassJournal, source: Source, links: list[tuple[str, str]]
) -> None:
    book.text(sheet, 0, 0, wording.heading(_("Class journal"), form), "title")
    book.text(sheet, 1, 0, form.school or source.school_name)
    book.text(sheet, 2, 0, _("Class teacher"), "faint")
    book.text(sheet, 2, 2, ", ".join(form.class_teachers))
    book.text(sheet, 3, 0, source.line, "faint")
    if form.former_names:
        earlier = _("Earlier name of the class")
        book.text(sheet, 4, 0, f"{earlier}: {wording.former_names(form.former_names)}", "faint")
    names = [_("№"), _("Subject"), _("Teacher"), _("Lessons"), _("Marks"), _("Absences and late arrivals")]
    for column, name in enumerate(names):
        book.text(sheet, 5, column, name, "head")
    row = 5
    for number, (section, (marks, lessons)) in enumerate(zip(form.sections, links, strict=True), start=1):
        row += 1
        sheet.write_number(row, 0, number, book.format("plain"))
        sheet.write_url(row, 1, marks, string=section.title)
        book.text(sheet, row, 2, ", ".join(section.teachers))
        counts = (len(section.lessons), section.mark_count, section.absence_count)
        for column, count in enumerate(counts, start=3):
            sheet.write_number(row, column, count, book.format("plain"))
        sheet.write_url(row, 6, lessons, string=_("lessons"))
    row = _legend(book, sheet, form, row + 2)
    lay_out(sheet, [5, 44, 40, 10, 10, 14, 10], head_rows=6, head_columns=0, last_row=row)


def _legend(book: Workbook, sheet: Sheet, form: ClassJournal, row: int) -> int:
    """The signs of attendance, and values of no known meaning; returns the last row."""
    lines = [*letters(form.signs), (OUTSIDE_SIGN, _(wording.OUTSIDE_MEANING)), *added(form.signs)]
    unknown = _("meaning not known to the archive; {count} times")
    lines.extend((value, unknown.format(count=count)) for value, count in form.unknown)
    for offset, (sign, meaning) in enumerate(lines):
        book.text(sheet, row + offset, 0, sign)
        book.text(sheet, row + offset, 1, meaning)
    return row + len(lines) - 1


def _section(book: Workbook, section: Section) -> tuple[str, str]:
    """Write both sheets of a section; returns the links to them."""
    name = section.title[:_SUBJECT_IN_NAME]
    marks, lessons = book.sheet(name), book.sheet(_("{subject}, lessons").format(subject=name))
    _marks(book, marks, section)
    _lessons(book, lessons, section)
    return _link(marks), _link(lessons)


def _link(sheet: Sheet) -> str:
    name = sheet.get_name().replace("'", "''")
    return f"internal:'{name}'!A1"


def _marks(book: Workbook, sheet: Sheet, section: Section) -> None:
    book.text(sheet, 0, 0, section.title, "title")
    book.text(sheet, 1, 0, ", ".join(section.teachers))
    for column, name in enumerate([_("№"), _("Surname, given name"), _("Note")]):
        book.tall(sheet, _PERIOD, _WORKS, column, name, "head")
    for row, pupil in enumerate(section.pupils, start=_FIRST_PUPIL):
        sheet.write_number(row, 0, pupil.number, book.format("plain"))
        book.text(sheet, row, 1, pupil.name)
        book.text(sheet, row, 2, wording.pupil_note(pupil), "faint")
    column = _NAMED_COLUMNS
    for spread in section.spreads:
        period = wording.period_name(spread)
        for index, lesson in enumerate(spread.lessons):
            _lesson_head(book, sheet, column, lesson, period)
            _column(book, sheet, column, [row[index] for row in spread.cells], "mark")
            column += 1
        for index, final in enumerate(spread.finals):
            book.tall(sheet, _PERIOD, _WORKS, column, final.name, "upright")
            _column(book, sheet, column, [row[index] for row in spread.final_cells], "final")
            column += 1
    heads = {wording.period_name(spread) for spread in section.spreads}
    heads |= {final.name for spread in section.spreads for final in spread.finals}
    fit_upright(sheet, _PERIOD, heads)
    fit_row(sheet, _WORKS, [(_works(lesson), _DAY_WIDTH) for lesson in section.lessons])
    widths = [5, 30, 13, *[_DAY_WIDTH] * (column - _NAMED_COLUMNS)]
    last_row = _FIRST_PUPIL + len(section.pupils)
    lay_out(sheet, widths, head_rows=_FIRST_PUPIL, head_columns=2, last_row=last_row, pages_wide=True)


def _lesson_head(book: Workbook, sheet: Sheet, column: int, lesson: LessonLine, period: str) -> None:
    book.text(sheet, _PERIOD, column, period, "upright")
    sheet.write_datetime(_DAY, column, lesson.day, book.format("day"))
    book.text(sheet, _WORKS, column, _works(lesson), "small")


def _works(lesson: LessonLine) -> str:
    return "\n".join(wording.work(note) for note in lesson.works)


def _column(book: Workbook, sheet: Sheet, column: int, cells: list[Cell], style: str) -> None:
    for row, cell in enumerate(cells, start=_FIRST_PUPIL):
        book.mark(sheet, row, column, cell.text, "outside" if cell.is_outside else style)


def _lessons(book: Workbook, sheet: Sheet, section: Section) -> None:
    book.text(sheet, 0, 0, _("{subject}, lessons").format(subject=section.title), "title")
    names = [_("Date"), _("Lesson"), _("h"), _("Topic of the lesson"), _("Homework set"), _("Note")]
    for column, name in enumerate(names):
        book.text(sheet, _FIRST_LESSON - 1, column, name, "head")
    row = _FIRST_LESSON
    for lesson in section.lessons:
        sheet.write_datetime(row, 0, lesson.day, book.format("date"))
        if lesson.number is not None:
            sheet.write_number(row, 1, lesson.number, book.format("plain"))
        sheet.write_number(row, 2, lesson.hours, book.format("plain"))
        said = (lesson.topic, lesson.homework, wording.lesson_note(lesson))
        widths = _LESSON_WIDTHS[3:]
        parts = (cell_parts(text, width) for text, width in zip(said, widths, strict=True))
        for texts in list(zip_longest(*parts, fillvalue="")) or [("", "", "")]:
            for column, text in enumerate(texts, start=3):
                book.text(sheet, row, column, text, "wrapped")
            fit_row(sheet, row, zip(texts, widths, strict=True))
            row += 1
    last_row = max(row - 1, _FIRST_LESSON)
    sheet.autofilter(_FIRST_LESSON - 1, 0, last_row, len(names) - 1)
    lay_out(sheet, _LESSON_WIDTHS, head_rows=_FIRST_LESSON, head_columns=1, last_row=last_row)
