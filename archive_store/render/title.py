"""The head of a form, and words that all forms share."""

from __future__ import annotations

from typing import Any

from archive_store.forms.class_journal import ClassJournal
from archive_store.forms.summary_sheet import SummarySheet
from archive_store.render.glyphs import showable
from archive_store.render.look import Look
from archive_store.render.source import Source
from archive_store.render.wording import class_line, year_line
from archive_store.texts import _


def title(form: ClassJournal | SummarySheet, source: Source, heading: str) -> dict[str, Any]:
    """School, name of the form, class, academic year and class teachers."""
    return {
        "school": showable(source.look.name or form.school or source.school_name),
        "town": showable(form.town) if form.town else None,
        "heading": heading,
        "class_name": showable(form.class_name),
        "class_line": showable(class_line(form)),
        "year_line": year_line(form),
        "teachers": [showable(name) for name in form.class_teachers],
        "logo": source.look.logo and source.look.logo.for_template(),
    }


def common_words(look: Look | None = None) -> dict[str, Any]:
    """Words of the footer, of signatures and of the class teacher; the names of those who hold an office."""
    return {
        "offices": {showable(one): showable(name) for one, name in look.offices.items()} if look else {},
        "page": _("page"),
        "of": _("of"),
        "number": _("№"),
        "class_teacher": _("Class teacher"),
        "school_caption": _("(name of the educational organisation)"),
        "signature": _("(signature)"),
        "full_name": _("(surname and initials)"),
        "seal": _("Place of the seal"),
    }
