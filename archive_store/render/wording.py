"""Words that the PDF and the XLSX share: headings, notes of a lesson, names of months."""

from __future__ import annotations

from typing import Final

from archive_store.forms.class_journal import ClassJournal
from archive_store.forms.people import Pupil
from archive_store.forms.spread import LessonLine, Spread, WorkNote
from archive_store.forms.summary_sheet import SummarySheet
from archive_store.texts import N_, _

_MONTHS: Final = (
    N_("January"), N_("February"), N_("March"), N_("April"), N_("May"), N_("June"),
    N_("July"), N_("August"), N_("September"), N_("October"), N_("November"), N_("December"),
)  # fmt: skip


def month(number: int) -> str:
    """The name of a month, 1 to 12."""
    return _(_MONTHS[number - 1])


def class_line(form: ClassJournal | SummarySheet) -> str:
    """Whose form it is: the class."""
    return _("class {name}").format(name=form.class_name)


def year_line(form: ClassJournal | SummarySheet) -> str:
    """The academic year of a form: 2025/26."""
    year = form.study_year
    return "" if year is None else _("academic year {year}").format(year=f"{year}/{(year + 1) % 100:02}")


def heading(name: str, form: ClassJournal | SummarySheet) -> str:
    """The name of a form with its class and academic year, in one line."""
    return ", ".join(part for part in (name, class_line(form), year_line(form)) if part)


def period_name(spread: Spread) -> str:
    """The reporting period of a spread."""
    if spread.period is not None:
        return spread.period.name
    return _("outside the reporting periods") if spread.lessons else ""


def pupil_note(pupil: Pupil) -> str:
    """What is said of a pupil beside the name: the class of another, or that the pupil has left."""
    if pupil.class_name is not None:
        return pupil.class_name
    return _("left") if pupil.has_left else ""


def work(note: WorkNote) -> str:
    """A work under a date or in a note: the abbreviation, and the weight if it is not 1."""
    name = note.abbreviation or note.title
    return name if note.weight in {None, 1} else f"{name}×{note.weight}"


def lesson_note(lesson: LessonLine) -> str:
    """The note of a lesson: works, substitute teachers, what is unusual."""
    parts = [work(one) for one in lesson.works]
    if lesson.substitutes:
        parts.append(_("subst. {names}").format(names=", ".join(lesson.substitutes)))
    if lesson.status:
        parts.append(_(_STATUSES.get(lesson.status, lesson.status)))
    if not lesson.on_record:
        parts.append(_("the lesson is not on record"))
    return "; ".join(parts)


_STATUSES: Final = {
    "Cancelled": N_("cancelled"),
    "Canceled": N_("cancelled"),
}
