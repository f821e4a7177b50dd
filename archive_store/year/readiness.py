"""Whether a year is ready to be closed: every check with its count, what it means, and where it was found.

Counted in the database and listed place by place, never loaded whole. Which findings stop a closing is said
by :class:`~archive_store.year.rules.Rules`. What is ``of_record`` follows from the record alone, and is
sealed with it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Final

import sqlalchemy as sa

from archive_store.asof import AsOf
from archive_store.snapshot.edition import Stage
from archive_store.texts import N_
from archive_store.year.checks import finals, lessons, marks, people, reading
from archive_store.year.checks.found import Found, Place
from archive_store.year.checks.year import Year
from archive_store.year.rules import NOTHING_BESIDE, Facts, Rules, Severity


@dataclass(frozen=True, slots=True)
class Check:
    """One check: its code, what it counts (to be translated), and how it finds it."""

    code: str
    text: str
    find: Callable[[Year], Found | None]
    of_record: bool = True


@dataclass(frozen=True, slots=True)
class Result:
    """What a check has found. ``count`` is None if it could not be carried out."""

    check: Check
    count: int | None
    severity: Severity
    acceptable: bool
    found: Found | None

    @property
    def code(self) -> str:
        """The code of the check, which never changes its meaning."""
        return self.check.code

    @property
    def text(self) -> str:
        """What it counts, to be translated."""
        return self.check.text

    @property
    def of_record(self) -> bool:
        """Whether it follows from the record alone."""
        return self.check.of_record

    def stops(self, stage: Stage) -> bool:
        """Whether a closing of this stage must not go on. What was not looked at does not count as good."""
        nobody_looked = self.count is None and self.severity is not Severity.WARNING
        return (bool(self.count) or nobody_looked) and self.severity.stops(stage)

    def places(self) -> Iterator[Place]:
        """Where it was found, streamed."""
        return self.found.places() if self.found else iter(())

    def as_record(self) -> dict[str, Any]:
        """The result without places, as a closing keeps it."""
        return {"code": self.code, "count": self.count, "severity": self.severity.value}


_BESIDE: Final = (
    Check("year-not-ended", N_("The year has not ended: its last day"), reading.not_ended, of_record=False),
    Check(
        "not-read-in-full",
        N_("Sections of classes that were not read in full"),
        reading.not_read_in_full,
        of_record=False,
    ),
    Check("reading-failed", N_("Parts that failed in the last run"), reading.failed, of_record=False),
    Check(
        "read-long-ago",
        N_("Parts read before their end, or not for long"),
        reading.read_long_ago,
        of_record=False,
    ),
    Check(
        "section-refused",
        N_("Sections and parts that the platform refuses"),
        reading.refused,
        of_record=False,
    ),
    Check(
        "withdrawals-waiting",
        N_("Withdrawals that wait for a decision"),
        reading.withdrawals_waiting,
        of_record=False,
    ),
    Check("last-sync-old", N_("The last good run is too long ago"), reading.last_sync_old, of_record=False),
    Check(
        "ledger-not-verified",
        N_("The ledger does not agree with the record"),
        reading.ledger_not_verified,
        of_record=False,
    ),
    Check(
        "differences", N_("Unexplained differences from the platform"), reading.differences, of_record=False
    ),
    Check(
        "never-compared",
        N_("The year was never compared with the platform"),
        reading.never_compared,
        of_record=False,
    ),
    Check(
        "terms-not-confirmed",
        N_("The school has not confirmed the terms of keeping"),
        reading.terms_not_confirmed,
        of_record=False,
    ),
    Check(
        "copies-missing",
        N_("Sealed bags without two verified copies"),
        reading.copies_missing,
        of_record=False,
    ),
)
_OF_RECORD: Final = (
    Check("section-empty", N_("Classes of which a section of the journal is empty"), reading.section_empty),
    Check("lesson-without-topic", N_("Lessons held without a topic"), lessons.without_topic),
    Check("lesson-without-homework", N_("Lessons held without homework"), lessons.without_homework),
    Check(
        "lesson-without-attendance",
        N_("Lessons held without an entry of attendance"),
        lessons.without_attendance,
    ),
    Check("lesson-without-status", N_("Lessons without a status"), lessons.without_status),
    Check("lesson-of-no-class", N_("Lessons that belong to no class on record"), lessons.of_no_class),
    Check("unresolved-promise", N_("Promises of a mark («.») never redeemed"), marks.promises),
    Check("mark-without-work-type", N_("Marks without a type of work"), marks.without_work_type),
    Check("unknown-value", N_("Marks with a value that is not understood"), marks.unknown_values),
    Check("unknown-attendance", N_("Attendance with an unknown status"), marks.unknown_attendance),
    Check("mark-on-day-off", N_("Marks of lessons on a Sunday"), marks.on_days_off),
    Check("mark-with-absence", N_("Marks for lessons that the pupil missed"), marks.with_absence),
    Check("mark-in-first-grade", N_("Marks in a first grade, in which none are set"), marks.in_first_grade),
    Check(
        "year-mark-missing",
        N_("Pupils' subjects with marks of periods but none of the year"),
        finals.year_mark_missing,
    ),
    Check(
        "final-mark-missing",
        N_("Pupils without any final mark in a subject in which the class has them"),
        finals.final_mark_missing,
    ),
    Check("not-assessed", N_("Pupils not assessed for the year"), finals.not_assessed),
    Check("exam-without-final", N_("Marks of exams without a final mark"), finals.exam_without_final),
    Check("final-without-marks", N_("Marks of periods with too few marks of lessons"), finals.without_marks),
    Check(
        "final-off-average", N_("Marks of periods that differ from the weighted average"), finals.off_average
    ),
    Check("in-two-classes", N_("Pupils who are in two classes at once"), people.in_two_classes),
    Check("marks-of-strangers", N_("Pupils with marks where they are on no list"), people.marks_of_strangers),
    Check("namesakes", N_("Pupils of the same full name"), people.namesakes),
)
CHECKS: Final = (*_BESIDE, *_OF_RECORD)
CODES: Final = frozenset(one.code for one in CHECKS)


def check_year(
    connection: sa.Connection,
    at: AsOf,
    study_year: int,
    rules: Rules | None = None,
    facts: Facts = NOTHING_BESIDE,
) -> Iterator[Result]:
    """All checks with their counts, one after the other, also those that find nothing."""
    rules = rules or Rules()
    year = Year(connection, at, study_year, rules.thresholds, facts)
    for check in CHECKS:
        found = check.find(year)
        yield Result(
            check,
            None if found is None else found.count(),
            rules.severity(check.code),
            check.code in rules.acceptable,
            found,
        )
