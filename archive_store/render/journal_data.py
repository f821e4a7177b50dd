"""The class journal as its template takes it: texts that fit, and the words around them."""

from __future__ import annotations

from itertools import groupby
from typing import Any, Final

from archive_store.forms.class_journal import ClassJournal
from archive_store.forms.spread import OUTSIDE_SIGN, Cell, LessonLine, Section, Spread
from archive_store.render import wording
from archive_store.render.fitting import Fitted, breakable, cell
from archive_store.render.glyphs import showable
from archive_store.render.look import Look
from archive_store.render.printed_signs import added, letters
from archive_store.render.source import Source
from archive_store.render.title import common_words, title
from archive_store.render.wording import OUTSIDE_MEANING
from archive_store.texts import _

_SHORT_TITLE: Final = 3  # lessons that a month needs for its whole name above them


def journal_data(form: ClassJournal, source: Source) -> dict[str, Any]:
    """Everything that ``journal.typ`` prints."""
    return {
        "words": common_words(source.look) | _journal_words(source.look),
        "school": showable(source.school_name),
        "source": showable(source.line),
        "title": title(form, source, _("Class journal")),
        "provenance": _provenance(form, source),
        "legend": _legend(form),
        "unknown": [f"«{showable(value)}» ({count})" for value, count in form.unknown],
        "pupils": [
            [
                str(line.pupil.number),
                showable(line.pupil.full_name),
                showable(", ".join(line.subgroups)),
                showable(wording.pupil_note(line.pupil)),
            ]
            for line in form.roster
        ],
        "sections": [_section(section) for section in form.sections if section.spreads],
    }


def _provenance(form: ClassJournal, source: Source) -> list[tuple[str, str]]:
    sections = form.sections
    return [
        *source.facts(),
        *_earlier_names(form),
        (_("Number of pupils"), str(len(form.roster))),
        (_("Lessons"), str(sum(len(section.lessons) for section in sections))),
        (_("Marks of lessons"), str(sum(section.mark_count for section in sections))),
        (_("Period, year, exam and final marks"), str(sum(section.final_count for section in sections))),
        (_("Absences and late arrivals"), str(sum(section.absence_count for section in sections))),
    ]


def _earlier_names(form: ClassJournal) -> list[tuple[str, str]]:
    names = showable(wording.former_names(form.former_names))
    return [(_("Earlier name of the class"), names)] if names else []


def _legend(form: ClassJournal) -> list[tuple[str, str]]:
    works = {
        (showable(wording.work(note)), showable(note.title))
        for section in form.sections
        for lesson in section.lessons
        for note in lesson.works
        if note.abbreviation
    }
    outside = (OUTSIDE_SIGN, _(OUTSIDE_MEANING))
    return [*letters(form.signs), outside, *added(form.signs), *sorted(works)]


def _section(section: Section) -> dict[str, Any]:
    return {
        "title": showable(section.title),
        "group": showable(section.group_name),
        "teachers": showable(", ".join(section.teachers)),
        "lessons": len(section.lessons),
        "marks": section.mark_count,
        "pupils": [
            (pupil.number, showable(pupil.name), showable(wording.pupil_note(pupil)))
            for pupil in section.pupils
        ],
        "spreads": [_spread(spread) for spread in section.spreads],
    }


def _spread(spread: Spread) -> dict[str, Any]:
    cells = [[_cell(one) for one in row] for row in spread.cells]
    months = [(number, len(list(days))) for number, days in groupby(one.day.month for one in spread.lessons)]
    return {
        "period": showable(wording.period_name(spread)),
        "months": [
            (wording.month(number) if span >= _SHORT_TITLE else f"{number:02}", span)
            for number, span in months
        ],
        "days": [f"{one.day:%d}" for one in spread.lessons],
        "works": ["\n".join(showable(wording.work(note)) for note in one.works) for one in spread.lessons],
        "finals": [showable(column.name) for column in spread.finals],
        "cells": cells,
        "plain": [all(isinstance(one, str) for one in row) for row in cells],
        "final_cells": [[_cell(one) for one in row] for row in spread.final_cells],
        "lessons": [_lesson(lesson) for lesson in spread.lessons],
    }


def _cell(one: Cell) -> Fitted | None:
    """A cell as the template takes it; None is one outside the pupil's stay."""
    return None if one.is_outside else cell(one)


def _lesson(lesson: LessonLine) -> list[Any]:
    return [
        f"{lesson.day:%d.%m}",
        str(lesson.hours),
        breakable(lesson.topic),
        breakable(lesson.homework),
        breakable(wording.lesson_note(lesson)),
    ]


def _journal_words(look: Look) -> dict[str, Any]:
    signers = _("Class teacher"), _("Deputy head"), _("Head of the school")
    return {
        "contents": _("Contents"),
        "contents_columns": [
            _("№"), _("Subject"), _("Teacher"), _("Lessons"), _("Marks"), _("Page"),
        ],
        "legend": _("Signs and abbreviations"),
        "unknown": _("Values whose meaning the archive does not know, as the platform stores them:"),
        "pupils": _("Pupils of the class"),
        "pupils_columns": [_("№"), _("Surname, given name, patronymic"), _("Subgroups"), _("Note")],
        "surname_name": _("Surname, given name"),
        "teacher": _("Teacher:"),
        "lesson_columns": [
            _("Date"), _("h"), _("Topic of the lesson"), _("Homework set"), _("Note"),
        ],
        "signed_by_teacher": _("Signature of the teacher"),
        "remarks": _("Remarks of the inspector"),
        "closing": _("Closing record"),
        "closing_text": _(
            "This journal holds {pages} pages. Numbered, laced and sealed are ______ sheets "
            "(______________________________________)."
        ),
        "signers": [showable(one) for one in look.signers.get("class-journal", signers)],
    }  # fmt: skip
