"""Final marks against current ones: where the mark of a period is far from the average of its marks.

FORMS §12. The mark of a period is held against the weighted average of the marks of the pupil's lessons in
its days; the distance from which on it is pointed out is the school's rule. The mark of the year is held
against the average of the marks of its periods. The program never sets a mark.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction

from archive_store.forms.averages import Average, averages
from archive_store.forms.class_record import ClassRecord
from archive_store.forms.collation import alphabetical
from archive_store.forms.counts import Counts
from archive_store.forms.marks import read_mark, split
from archive_store.forms.people import Pupil
from archive_store.forms.periods import (
    FinalColumn,
    FinalKind,
    YearPlan,
    column_of,
    finals_with_year,
    year_plan,
)
from archive_store.forms.sections import list_of_pupils, subject_name
from archive_store.forms.signs import Signs
from archive_store.forms.span import Span
from archive_store.records import FinalMark


@dataclass(frozen=True, slots=True)
class Compared:
    """A mark of a pupil in a subject, and what it is held against.

    ``average`` is None if there is nothing to hold it against; ``simple`` the average without weights, and
    ``marks`` the number of marks behind.
    """

    subject: str
    column: FinalColumn
    pupil: Pupil
    final: int
    average: Fraction | None
    simple: Fraction | None
    marks: int

    @property
    def apart(self) -> Fraction | None:
        """How much the mark is above the average, less than none if it is below."""
        return None if self.average is None else self.final - self.average


@dataclass(slots=True)
class Counted(Counts):
    """Marks of a subject for a period: ``others`` are in words, ``alone`` have no average behind them."""

    compared: int = 0
    above: int = 0
    below: int = 0
    alone: int = 0
    others: int = 0


@dataclass(frozen=True, slots=True)
class FinalAgainstCurrent:
    """The class: counts by period and subject, the marks pointed out, and those with nothing behind."""

    record: ClassRecord
    counts: tuple[tuple[FinalColumn, str, Counted], ...]
    apart: tuple[Compared, ...]
    alone: tuple[Compared, ...]


def build(record: ClassRecord, differs_from: Fraction, span: Span | None = None) -> FinalAgainstCurrent:
    """The marks of the class of ``record``, of its whole year; those ``differs_from`` off are pointed out.

    Of a ``span``: the periods that lie in it, and the year if it ends there.
    """
    form = _Form(record, year_plan(record.periods), span)
    counts: dict[tuple[int, str], Counted] = defaultdict(Counted)
    apart: list[Compared] = []
    alone: list[Compared] = []
    columns = form.columns()
    for one in form.compared():
        counted = counts[columns.index(one.column), one.subject]
        if one.apart is None:
            counted.alone += 1
            alone.append(one)
            continue
        counted.compared += 1
        if abs(one.apart) >= differs_from:
            counted.above += one.apart > 0
            counted.below += one.apart < 0
            apart.append(one)
    for column, subject in form.in_words():
        counts[columns.index(column), subject].others += 1
    in_order = sorted(counts, key=lambda key: (key[0], alphabetical(key[1])))

    def order(one: Compared) -> tuple[int, str, int]:
        return columns.index(one.column), alphabetical(one.subject), one.pupil.number

    return FinalAgainstCurrent(
        record,
        tuple((columns[index], subject, counts[index, subject]) for index, subject in in_order),
        tuple(sorted(apart, key=order)),
        tuple(sorted(alone, key=order)),
    )


@dataclass(slots=True)
class _Form:
    record: ClassRecord
    plan: YearPlan
    span: Span | None
    finals: list[tuple[FinalColumn, FinalMark]] = field(init=False)

    def __post_init__(self) -> None:
        finals = finals_with_year(self.record.finals, self.record.periods)
        self.finals = [(column_of(one, self.plan), one) for one in finals]

    def columns(self) -> list[FinalColumn]:
        """The periods and the year, as far as they are asked for."""
        span, periods = self.span, self.plan.periods
        year = [FinalColumn(FinalKind.YEAR)]
        if span is None:
            return [*(FinalColumn(FinalKind.PERIOD, one) for one in periods), *year]
        inside = [one for one in periods if one.first_day in span and one.last_day in span]
        ends = max((one.last_day for one in periods), default=None)
        closing = year if ends is None or ends in span else []
        return [*(FinalColumn(FinalKind.PERIOD, one) for one in inside), *closing]

    def in_words(self) -> Iterator[tuple[FinalColumn, str]]:
        """The column and the subject of each mark that has no digits."""
        for column, one in self.finals:
            if column in self.columns() and not numbers_of(one, self.record.signs):
                yield column, subject_name(one.subject_id, self.record)

    def compared(self) -> Iterator[Compared]:
        """The marks in digits, with what is behind them."""
        record, columns, behind = self.record, self.columns(), self._behind()
        people = {one.person_id for _column, one in self.finals}
        pupils = {one.person_id: one for one in list_of_pupils(people, record.group.group_id, record)}
        for column, one in self.finals:
            if column not in columns:
                continue
            average = behind[column].get((one.person_id, one.subject_id), Average())
            for number in numbers_of(one, record.signs):
                yield Compared(
                    subject_name(one.subject_id, record),
                    column,
                    pupils[one.person_id],
                    number,
                    average.weighted,
                    average.simple,
                    average.marks,
                )

    def _behind(self) -> dict[FinalColumn, Mapping[tuple[int, int], Average]]:
        """The averages of each pupil in each subject: of lessons in a period, of periods in the year."""
        record = self.record
        weights = {one.work_type_id: one.weight for one in record.work_types.values()}
        found: dict[FinalColumn, Mapping[tuple[int, int], Average]] = {}
        for column in self.columns():
            if period := column.period:
                days = period.first_day, period.last_day
                found[column] = averages(
                    (one for one in record.marks if days[0] <= one.day <= days[1]), weights, record.signs
                )
        found[FinalColumn(FinalKind.YEAR)] = self._of_periods()
        return found

    def _of_periods(self) -> Mapping[tuple[int, int], Average]:
        """The averages of the marks of periods: the shortest of them in which the subject has marks."""
        shortest = {block.period for block in self.plan.blocks}
        short: dict[tuple[int, int], Average] = defaultdict(Average)
        longer: dict[tuple[int, int], Average] = defaultdict(Average)
        for column, one in self.finals:
            for number in numbers_of(one, self.record.signs) if column.period else ():
                of = short if column.period in shortest else longer
                of[one.person_id, one.subject_id].add(number, 1)
        return {**longer, **short}


def numbers_of(final: FinalMark, signs: Signs) -> list[int]:
    """The digits of a final mark; none of one in words."""
    read = (read_mark(part, final.type, signs) for part in split(final.value, final.type, signs))
    return [one.number for one in read if one.number is not None]
