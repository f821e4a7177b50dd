"""Kinds of slices for the criteria journal: marks and sections by class and period, totals by class."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Final

import orjson
import sqlalchemy as sa

from archive_store import schema
from archive_store.asof import AsOf
from archive_store.history import Scope
from archive_store.records import CriteriaMark, CriteriaSection, CriteriaTotal
from connector.api import calls
from connector.api import criteria_models as wire
from connector.api.calls import Call
from connector.sync.answer import Answer
from connector.sync.mapping import extra
from connector.sync.slices import Kind, Reading, Slice, Writing

# In the place of a period: the summary of the year.
_SUMMARY: Final = 0


def _periods(reading: Reading, slice_: Slice) -> tuple[int, ...]:
    """Ids of the class's reporting period that has the slice's days."""
    columns = schema.REPORTING_PERIOD.table.c
    query = sa.select(columns.period_id).where(
        AsOf(reading.school_id).stands(schema.REPORTING_PERIOD),
        columns.group_id == slice_.place.group_id,
        columns.starts == slice_.place.first_day,
        columns.ends == slice_.place.last_day,
    )
    return tuple(sorted(reading.connection.execute(query).scalars()))


def _mark_calls(reading: Reading, slice_: Slice) -> Sequence[Call]:
    return [calls.criteria_marks(slice_.place.group_id, period) for period in _periods(reading, slice_)]


def _write_marks(writing: Writing, slice_: Slice, answer: Answer) -> None:
    group_id, periods = slice_.place.group_id, _periods(writing.reading, slice_)
    records = [
        CriteriaMark(
            mark.id,
            row.person,
            group_id,
            subject.subject,
            period,
            mark.section,
            mark.value,
            writing.moments.utc(mark.date),
            mark.date,
            extra(mark),
        )
        for period, part in zip(periods, answer.parts(list[wire.SubjectCriteriaMarks]), strict=True)
        for subject in part
        for row in subject.personmarks or ()
        for mark in row.criteriamarks or ()
    ]
    if periods:  # else the periods have been moved since, and nothing was asked
        writing.write(schema.CRITERIA_MARK, records, _scope(group_id, periods))


def _scope(group_id: int, periods: tuple[int, ...]) -> Scope:
    return Scope((("group_id", (group_id,)), ("period_id", periods)))


def _total_calls(slice_: Slice) -> Sequence[Call]:
    return [calls.criteria_totals(slice_.place.group_id)]


def _write_totals(writing: Writing, slice_: Slice, answer: Answer) -> None:
    group_id = slice_.place.group_id
    subjects = answer.parsed(list[wire.CriteriaTotals])
    records = [one for subject in subjects for one in _totals(group_id, subject)]
    writing.write(schema.CRITERIA_TOTAL, records, Scope((("group_id", (group_id,)),)))


def _totals(group_id: int, subject: wire.CriteriaTotals) -> Iterator[CriteriaTotal]:
    for of_period in subject.final_marks or ():
        period, number = of_period.period.id, of_period.period.period_number
        raw = number.raw_number if number else None
        for one in of_period.final_marks or ():
            if one.mark is not None and one.mark.value not in (None, ""):
                who, value = one.student.person_id, str(one.mark.value)
                yield CriteriaTotal(group_id, subject.subject_id, period, who, raw, value)
    for summary in subject.summaries or ():
        if summary.total_mark is not None and summary.total_mark.value not in (None, ""):
            who, value = summary.student.person_id, str(summary.total_mark.value)
            yield CriteriaTotal(group_id, subject.subject_id, _SUMMARY, who, None, value)


def _marked(reading: Reading, slice_: Slice) -> list[tuple[int, int]]:
    """Subjects and periods of the slice in which the archive holds criteria marks."""
    columns = schema.CRITERIA_MARK.table.c
    query = sa.select(columns.subject_id, columns.period_id).where(
        AsOf(reading.school_id).stands(schema.CRITERIA_MARK),
        columns.group_id == slice_.place.group_id,
        columns.period_id.in_(_periods(reading, slice_)),
    )
    return sorted((row[0], row[1]) for row in reading.connection.execute(query.distinct()))


def _section_calls(reading: Reading, slice_: Slice) -> Sequence[Call]:
    group_id = slice_.place.group_id
    return [calls.criteria_sections(group_id, *marked) for marked in _marked(reading, slice_)]


def _write_sections(writing: Writing, slice_: Slice, answer: Answer) -> None:
    group_id = slice_.place.group_id
    records = [
        CriteriaSection(group_id, subject, period, _as_text(shown))
        for (subject, period), shown in zip(
            _marked(writing.reading, slice_), answer.parts(_ANYTHING), strict=True
        )
    ]
    if periods := _periods(writing.reading, slice_):
        writing.write(schema.CRITERIA_SECTION, records, _scope(group_id, periods))


def _as_text(shown: object) -> str:
    return orjson.dumps(shown, option=orjson.OPT_SORT_KEYS).decode()


_ANYTHING: Final[Any] = Any

CRITERIA_MARKS: Final = Kind(
    "criteria_marks",
    None,
    _write_marks,
    list[wire.SubjectCriteriaMarks],
    optional=True,
    other_ways=(_mark_calls,),
)
CRITERIA_TOTALS: Final = Kind("criteria_totals", _total_calls, _write_totals, optional=True)
CRITERIA_SECTIONS: Final = Kind(
    "criteria_sections", None, _write_sections, optional=True, other_ways=(_section_calls,)
)
KINDS: Final = (CRITERIA_MARKS, CRITERIA_TOTALS, CRITERIA_SECTIONS)
