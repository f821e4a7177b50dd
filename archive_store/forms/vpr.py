"""Marks of ВПР (all-Russian checks) against those of the journal: lowered, confirmed, raised.

FORMS §12, after the form of ФИС ОКО: pupils who have both marks; lowered is a ВПР mark below that of the
journal. The journal's mark is that of the last reporting period by then in which the class has marks of the
subject, or that of the year. A pupil who changed classes is counted once, in the class that the table names
or where he is now; a mark for the same period or year that another class gave him is his too.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from archive_store.catalogue import folded
from archive_store.forms.class_record import ClassRecord
from archive_store.forms.collation import alphabetical
from archive_store.forms.counts import Counts
from archive_store.forms.levels import outcomes
from archive_store.forms.people import Pupil
from archive_store.forms.periods import FinalColumn, FinalKind, year_plan
from archive_store.forms.rules import JournalMark
from archive_store.forms.sections import list_of_pupils, subject_name
from archive_store.forms.span import Span
from archive_store.imports.vpr import VprResult, VprResults


@dataclass(slots=True)
class Pairs(Counts):
    """Pupils with both marks; ``alone`` have none in the journal in digits, ``absent`` did not write."""

    lowered: int = 0
    confirmed: int = 0
    raised: int = 0
    alone: int = 0
    absent: int = 0

    @property
    def both(self) -> int:
        """Pupils who have both."""
        return self.lowered + self.confirmed + self.raised

    def count(self, vpr: int | None, journal: int | None) -> None:
        """Count a pupil."""
        if vpr is None:
            self.absent += 1
        elif journal is None:
            self.alone += 1
        elif vpr == journal:
            self.confirmed += 1
        elif vpr < journal:
            self.lowered += 1
        else:
            self.raised += 1


@dataclass(frozen=True, slots=True)
class VprPupil:
    """A pupil whose marks differ, or who has none in the journal (None)."""

    class_name: str
    subject: str
    pupil: Pupil
    vpr: int
    journal: int | None


@dataclass(frozen=True, slots=True)
class VprRow:
    """A subject in a class; ``column`` is the mark of the journal, None if there is none."""

    class_name: str
    subject: str
    column: FinalColumn | None
    pairs: Pairs


@dataclass(frozen=True, slots=True)
class VprAgainstJournal:
    """The classes by subject, the sums by subject, and the pupils whose marks differ.

    ``changed`` are the pupils who changed classes, with the class in which each is counted.
    """

    rows: tuple[VprRow, ...]
    by_subject: Mapping[str, Pairs]
    differing: tuple[VprPupil, ...]
    journal_mark: JournalMark
    ignored: tuple[str, ...]
    changed: tuple[tuple[str, str], ...] = ()


def build(
    records: Iterable[ClassRecord],
    results: VprResults,
    journal_mark: JournalMark,
    span: Span | None,
) -> VprAgainstJournal:
    """The comparison in these classes, taken one at a time; no period that ends after ``span`` counts.

    A record holds the final marks of the pupils who changed classes, whichever class gave them.
    """
    rows: list[VprRow] = []
    differing: list[VprPupil] = []
    by_subject: dict[str, Pairs] = defaultdict(Pairs)
    changed: list[tuple[str, str]] = []
    for record in records:
        of_class = [one for one in results.rows if one.group_id == record.group.group_id]
        journal = _Journal.of(record, journal_mark, span, results.changed)
        people = [one.person_id for one in of_class]
        pupils = {one.person_id: one for one in list_of_pupils({*people}, record.group.group_id, record)}
        changed += (
            (one.full_name, record.group.name)
            for one in sorted(pupils.values(), key=lambda one: one.number)
            if one.person_id in results.changed
        )
        for subject in sorted({one.subject for one in of_class}, key=alphabetical):
            some = [one for one in of_class if one.subject == subject]
            row = VprRow(record.group.name, subject, journal.column(subject), Pairs())
            for one in sorted(some, key=lambda one: pupils[one.person_id].number):
                mark = journal.mark(one)
                row.pairs.count(one.mark, mark)
                if one.mark is not None and one.mark != mark:
                    differing.append(
                        VprPupil(record.group.name, subject, pupils[one.person_id], one.mark, mark)
                    )
            rows.append(row)
            by_subject[subject].add(row.pairs)
    in_order = {one: by_subject[one] for one in sorted(by_subject, key=alphabetical)}
    return VprAgainstJournal(
        tuple(rows), in_order, tuple(differing), journal_mark, results.ignored, tuple(changed)
    )


@dataclass(frozen=True, slots=True)
class _Journal:
    """The final marks of a class in digits, by subject (folded), column and pupil.

    Where the class has marks is told by those of its pupils who were in no other (``changed``), if it can be.
    """

    marks: Mapping[str, Mapping[FinalColumn, Mapping[int, int]]]
    columns: tuple[FinalColumn, ...]
    changed: frozenset[int]

    @classmethod
    def of(
        cls,
        record: ClassRecord,
        journal_mark: JournalMark,
        span: Span | None,
        changed: frozenset[int],
    ) -> _Journal:
        plan = year_plan(record.periods)
        last = min((day for day in (span.last if span else None, record.known_on) if day), default=None)
        columns = (
            (FinalColumn(FinalKind.YEAR),)
            if journal_mark is JournalMark.YEAR
            else tuple(
                FinalColumn(FinalKind.PERIOD, one)
                for one in reversed(plan.periods)
                if last is None or one.last_day <= last
            )
        )
        marks: dict[str, dict[FinalColumn, dict[int, int]]] = defaultdict(lambda: defaultdict(dict))
        for (column, subject_id, person_id), one in outcomes(record, plan).of.items():
            if one.number is not None:
                marks[folded(subject_name(subject_id, record))][column][person_id] = one.number
        return cls(marks, columns, changed)

    def column(self, subject: str) -> FinalColumn | None:
        """The mark that is compared in a subject."""
        known = self.marks.get(folded(subject), {})
        given = [one for one in self.columns if known.get(one)]
        own = (one for one in given if known[one].keys() - self.changed)
        return next(own, given[0] if given else None)

    def mark(self, one: VprResult) -> int | None:
        """The pupil's mark in the journal."""
        column = self.column(one.subject)
        return None if column is None else self.marks[folded(one.subject)][column].get(one.person_id)
