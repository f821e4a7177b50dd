"""The form «Исправления»: the corrections of a class in an academic year, with what is said under it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import tzinfo
from typing import Final

import sqlalchemy as sa

from archive_store.asof import AsOf
from archive_store.catalogue import family, year_span
from archive_store.corrections import LATE_AFTER_DAYS, Correction, Wanted, corrections
from archive_store.forms.lesson_lines import USUAL
from archive_store.forms.signs import STANDARD, Signs
from archive_store.forms.span import Span
from archive_store.records import EduGroup
from archive_store.texts import N_

# Said under the form, always: FORMS.md, section 12.
NOTES: Final = (
    N_("The platform does not say who changed a value, nor when: it changed between the two readings named."),
    N_("Readings are nightly; what was set and corrected between two of them does not show."),
    N_("Filling in an empty topic or homework is no correction."),
)


@dataclass(frozen=True, slots=True)
class CorrectionsForm:
    """The corrections of a class in a year, in the order of when they were noticed."""

    class_name: str
    study_year: int | None
    rows: tuple[Correction, ...]
    notes: tuple[str, ...] = NOTES
    zone: tzinfo | None = None
    signs: Signs = STANDARD
    late_after_days: int = LATE_AFTER_DAYS

    @property
    def flagged(self) -> dict[str, int]:
        """How many rows carry each flag."""
        counts: dict[str, int] = {}
        for row in self.rows:
            for flag in row.flags:
                counts[flag] = counts.get(flag, 0) + 1
        return counts


def corrections_form(
    connection: sa.Connection,
    at: AsOf,
    group: EduGroup,
    zone: tzinfo | None = None,
    span: Span | None = None,
    late_after_days: int = LATE_AFTER_DAYS,
    signs: Signs = STANDARD,
) -> CorrectionsForm:
    """The form of a class and its subgroups: of lessons in ``span``, else of its whole academic year.

    What was noticed more than ``late_after_days`` after the lesson has a flag.
    """
    ids = [one.group_id for one in family(connection, at, group)]
    first = last = None
    if span is not None:
        first, last = span.first, span.last
    elif group.study_year is not None:
        first, last = year_span(group.study_year)
    found = corrections(connection, at, Wanted(ids, first, last, late_after_days), zone)
    said = (one for one in found if not _is_of_usual_statuses(one))
    rows = sorted(said, key=lambda one: (one.noticed, one.kind, one.record_id))
    return CorrectionsForm(group.name, group.study_year, tuple(rows), NOTES, zone, signs, late_after_days)


def _is_of_usual_statuses(one: Correction) -> bool:
    """Whether a lesson went from one usual status to another: the journal says the same of it."""
    return (one.kind, one.what) == ("lesson", "status") and {one.was, one.now} <= USUAL
