"""A class journal as the viewer's files of data hold it: its sections, their lessons and cells."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from archive_store.forms.class_journal import ClassJournal
from archive_store.forms.people import Pupil
from archive_store.forms.spread import Cell, LessonLine, Section, Spread
from archive_store.forms.value_lives import ClassLives
from archive_store.render.viewer.keys import cell_key, column_key, final_key
from archive_store.render.viewer.lives_data import Data
from archive_store.render.wording import lesson_note, period_name, pupil_note, work


def class_data(journal: ClassJournal, lives: ClassLives) -> Data:
    """What the viewer knows of a class before a journal is opened."""
    return {
        "name": journal.class_name,
        "teachers": journal.class_teachers,
        "withoutMarks": journal.without_marks,
        "unknown": journal.unknown,
        "roster": [
            [*_pupil(line.pupil), line.pupil.full_name, ", ".join(line.subgroups)] for line in journal.roster
        ],
        "sections": [_section_line(section, lives) for section in journal.sections],
    }


def lessons_data(journal: ClassJournal) -> list[list[list[Any]]]:
    """The lessons of each section, in the order of its columns."""
    return [[_lesson(one) for one in section.lessons] for section in journal.sections]


def section_data(section: Section, lives: ClassLives) -> Data:
    """The cells of a section: a spread as on paper after the other."""
    return {
        "pupils": [_pupil(pupil) for pupil in section.pupils],
        "spreads": [_spread(spread) for spread in section.spreads],
        "corrected": corrected_cells(section, lives),
    }


def corrected_cells(section: Section, lives: ClassLives) -> list[str]:
    """The keys of the cells and final marks of a section in which another value stood once."""
    people = [pupil.person_id for pupil in section.pupils]
    columns = {column for spread in section.spreads for column in spread.finals}
    cells = [
        cell_key(lesson.lesson_id, person)
        for lesson in section.lessons
        for person in people
        if _is_corrected(lives.cells.get((lesson.lesson_id, person), ()))
    ]
    subject = section.subject_id
    finals = [
        final_key(subject, column, person)
        for column in columns
        for person in people
        if subject is not None and _is_corrected(lives.finals.get((subject, column, person), ()))
    ]
    return cells + sorted(finals)


def _section_line(section: Section, lives: ClassLives) -> Data:
    return {
        "title": section.title,
        "subject": section.subject,
        "subjectId": None if section.subject_id is None else str(section.subject_id),
        "teachers": section.teachers,
        "pupils": [str(pupil.person_id) for pupil in section.pupils],
        "lessons": len(section.lessons),
        "hours": sum(lesson.hours for lesson in section.lessons),
        "marks": section.mark_count,
        "absences": section.absence_count,
        "finals": section.final_count,
        "corrected": len(corrected_cells(section, lives)),
    }


def _is_corrected(found: Iterable[Any]) -> bool:
    return any(life.is_corrected for life in found)


def _pupil(pupil: Pupil) -> list[Any]:
    return [str(pupil.person_id), pupil.number, pupil.name, pupil_note(pupil)]


def _lesson(lesson: LessonLine) -> list[Any]:
    works = " ".join(work(note) for note in lesson.works)
    texts = [lesson.topic, lesson.homework, works, lesson_note(lesson)]
    return [str(lesson.lesson_id), lesson.day.isoformat(), lesson.number, lesson.hours, *texts]


def _spread(spread: Spread) -> Data:
    return {
        "period": period_name(spread),
        "lessons": len(spread.lessons),
        "finals": [[column_key(column), column.name] for column in spread.finals],
        "cells": [[_cell(cell) for cell in row] for row in spread.cells],
        "finalCells": [[_cell(cell) for cell in row] for row in spread.final_cells],
    }


def _cell(cell: Cell) -> str | list[str] | None:
    """The marks of a cell; with letters of attendance a list, of the marks and each letter.

    None where nothing can stand: the pupil was not in the group that day.
    """
    if cell.is_outside:
        return None
    marks = "/".join(cell.marks)
    return [marks, *cell.letters] if cell.letters else marks
