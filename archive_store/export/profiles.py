"""Who asks, and what each of them is given: exports by addressee as data (REGULATION §9).

A profile says which forms and tables lie in its package and what is kept out of it. Three rules are held
by the program, whatever a profile lists: a package about named pupils holds nobody else's data; a package
without names holds totals alone, and none of a class of fewer than five pupils; what a profile keeps
out is printed in the package and in the letter.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from types import MappingProxyType
from typing import Final

from archive_store.texts import N_

NEED_HISTORY: Final = frozenset({"timeliness", "corrections"})
"""Forms that tell when the archive saw what: a sealed record does not know it, and they are left out."""


class About(Enum):
    """Whom a package tells of."""

    CLASSES = "classes"  # a class, or all classes of the year
    PUPILS = "pupils"  # the pupils named, and nobody else
    PUPILS_IN_CLASSES = "pupils in classes"  # the pupils named, and the sheets of their classes
    TOTALS = "totals"  # numbers alone: no pupil's name
    SEALED = "sealed"  # sealed bags as they are


@dataclass(frozen=True, slots=True)
class Profile:
    """What an addressee is given. All texts are to be translated.

    ``class_forms`` and ``pupil_forms`` are names of forms, ``tables`` names of the tables of a class;
    ``kept_out`` says what is left out. ``needs_request``: it is given on a written request alone.
    ``from_years`` is, for sealed bags, the least retention term in years.
    """

    name: str
    title: str
    addressee: str
    purpose: str
    about: About
    kept_out: tuple[str, ...]
    class_forms: tuple[str, ...] = ()
    pupil_forms: tuple[str, ...] = ()
    tables: tuple[str, ...] = ()
    needs_request: bool = True
    from_years: int = 0

    @property
    def forms(self) -> tuple[str, ...]:
        """All forms of the package."""
        return self.class_forms + self.pupil_forms


_MESSAGES: Final = N_("messages and notices")
_OTHER_CLASSES: Final = N_("classes that were not asked for")
_OTHER_PUPILS: Final = N_("data of other pupils: classmates do not stand in it")
_STAFF: Final = N_("comments on absences and other notes of the staff")

_ALL: Final = (
    Profile(
        "prosecutor",
        N_("For the prosecutor's office"),
        N_("Prosecutor's office"),
        N_("checking that the electronic journal is kept in full and on time"),
        About.CLASSES,
        (_MESSAGES, _OTHER_CLASSES),
        class_forms=("class-journal", "attendance-summary", "completeness", "timeliness"),
        tables=("lessons", "homework", "marks", "attendance"),
    ),
    Profile(
        "rosobrnadzor",
        N_("For state supervision of education"),
        N_("State supervision of education"),
        N_("state supervision in the sphere of education"),
        About.PUPILS_IN_CLASSES,
        (_MESSAGES, N_("current marks and absences of pupils that were not named")),
        class_forms=("summary-sheet",),
        pupil_forms=("record-card", "report-card", "certificate-register", "corrections"),
        tables=("pupils", "lessons", "homework", "marks", "attendance", "final_marks"),
    ),
    Profile(
        "department",
        N_("For the department of education, statistics"),
        N_("Department of education"),
        N_("statistics without names"),
        About.TOTALS,
        (
            N_("names and ids of pupils, names of teachers"),
            N_("totals of fewer than 5 pupils"),
            _MESSAGES,
        ),
        class_forms=("school-report", "subject-report", "attendance-summary", "programme-coverage"),
        needs_request=False,
    ),
    Profile(
        "archive",
        N_("For the municipal archive"),
        N_("Municipal archive"),
        N_("transfer of documents with long terms of keeping"),
        About.SEALED,
        (N_("documents kept for less than 25 years: class journals, answers of the platform"), _MESSAGES),
        class_forms=("summary-sheet",),
        needs_request=False,
        from_years=25,
    ),
    Profile(
        "parent",
        N_("For a parent or the pupil"),
        N_("To the parent (legal representative)"),
        N_("answer to the request of the person whom the data are about"),
        About.PUPILS,
        (_OTHER_PUPILS, _MESSAGES),
        pupil_forms=("record-card", "report-card", "extract"),
        tables=("pupils", "lessons", "homework", "marks", "attendance", "final_marks"),
    ),
    Profile(
        "school",
        N_("For another school, on a transfer"),
        N_("School to which the pupil goes over"),
        N_("transfer of the pupil to another school"),
        About.PUPILS,
        (_OTHER_PUPILS, _STAFF, _MESSAGES),
        pupil_forms=("extract", "report-card"),
        tables=("pupils", "lessons", "marks", "final_marks"),
    ),
)

PROFILES: Final[Mapping[str, Profile]] = MappingProxyType({one.name: one for one in _ALL})
