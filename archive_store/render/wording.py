"""Words that the PDF and the XLSX share: headings, notes of a lesson, names of months."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from archive_store.forms.class_journal import ClassJournal
from archive_store.forms.people import Pupil
from archive_store.forms.spread import LessonLine, Spread, WorkNote
from archive_store.forms.summary_sheet import SummarySheet
from archive_store.render.dates import day_text, days_text
from archive_store.texts import N_, _

_MONTHS: Final = (
    N_("January"), N_("February"), N_("March"), N_("April"), N_("May"), N_("June"),
    N_("July"), N_("August"), N_("September"), N_("October"), N_("November"), N_("December"),
)  # fmt: skip

OUTSIDE_MEANING: Final = N_(
    "the pupil was not in the class or group; days of coming and leaving are those on which the archive saw "
    "them, the days and numbers of the orders stand in the school's papers"
)


def month(number: int) -> str:
    """The name of a month, 1 to 12."""
    return _(_MONTHS[number - 1])


def class_line(form: ClassJournal | SummarySheet) -> str:
    """Whose form it is: the class."""
    return _("class {name}").format(name=form.class_name)


def year_line(form: ClassJournal | SummarySheet) -> str:
    """The academic year of a form: 2025/26; of a part of it also its days."""
    year = form.study_year
    parts = (
        [_("academic year {year}").format(year=f"{year}/{(year + 1) % 100:02}")] if year is not None else []
    )
    if form.days is not None:
        parts.append(days_text(*form.days))
    return ", ".join(parts)


def heading(name: str, form: ClassJournal | SummarySheet) -> str:
    """The name of a form with its class and academic year, in one line."""
    return ", ".join(part for part in (name, class_line(form), year_line(form)) if part)


def period_name(spread: Spread) -> str:
    """The reporting period of a spread."""
    if spread.period is not None:
        return spread.period.name
    return _("outside the reporting periods") if spread.lessons else ""


def pupil_note(pupil: Pupil) -> str:
    """What is said of a pupil beside the name: the class of another, the days of coming and leaving."""
    parts = [] if pupil.class_name is None else [pupil.class_name]
    for stay in pupil.stays:
        if stay.first is not None and stay.since_trace:
            parts.append(_("arrived by {day}").format(day=_short_day(stay.first)))
        elif stay.first is not None:
            parts.append(_("arrived {day}").format(day=_short_day(stay.first)))
        if stay.until_trace and stay.last:
            parts.append(_("left after {day}").format(day=_short_day(stay.last)))
        elif stay.last:
            parts.append(_("left {day}").format(day=_short_day(stay.last)))
    is_dated = bool(pupil.stays) and bool(pupil.stays[-1].last)
    if pupil.has_left and not is_dated and pupil.class_name is None:
        parts.append(_("left"))
    return ", ".join(parts)


def former_names(names: Iterable[tuple[str, str]]) -> str:
    """The names that a class had before: 7В (until 14.01.2026)."""
    said = _("{name} (until {day})")
    return ", ".join(said.format(name=name, day=day_text(day)) for name, day in names)


def _short_day(day: str) -> str:
    _year, month_number, number = day.split("-")
    return f"{number}.{month_number}"


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
        parts.append(lesson_status(lesson.status))
    if not lesson.on_record:
        parts.append(_("the lesson is not on record"))
    return "; ".join(parts)


def lesson_status(status: str) -> str:
    """What is unusual about a lesson; a status without a meaning as the platform sent it."""
    return _(_STATUSES.get(status, status))


_STATUSES: Final = {
    "Cancelled": N_("cancelled"),
    "Canceled": N_("cancelled"),
}
