"""Checks of the marks of periods, the year, exams, and of what stands behind them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from fractions import Fraction
from typing import Any

import sqlalchemy as sa

from archive_store import schema
from archive_store.forms.averages import written
from archive_store.forms.marks import read_mark, split
from archive_store.forms.signs import Meaning
from archive_store.records import EduGroup
from archive_store.texts import _
from archive_store.year.checks.found import Found
from archive_store.year.checks.marks import has_value
from archive_store.year.checks.year import FIRST_GRADE, Year, place_of

_FINAL = schema.FINAL_MARK.table
_MARK = schema.MARK.table
_HUNDREDTHS = 100


def year_mark_missing(year: Year) -> Found:
    """Pupils of a class who have marks of periods in a subject, but none for the year."""
    return year.found(
        lambda: (_in_class(one, _without_year_mark(year, one)) for one in _marked(year) if year.is_over)
    )


def missing_in(year: Year, one: EduGroup) -> int:
    """How many marks for the year a class lacks."""
    query = sa.select(sa.func.count()).select_from(_without_year_mark(year, one).subquery())
    return int(year.connection.execute(query).scalar() or 0)


def final_mark_missing(year: Year) -> Found:
    """Pupils without any final mark in a subject in which most of the class has one for the year."""

    def of_class(one: EduGroup) -> sa.Select[Any]:
        ids, pupils = year.family(one), year.pupils(one).subquery()
        given = _pupils_subjects(year, ids).where(_FINAL.c.person_id.in_(sa.select(pupils.c.person_id)))
        has_year = given.where(year.year_mark()).distinct().subquery()
        size = sa.select(sa.func.count()).select_from(pupils).scalar_subquery()
        most = (
            sa.select(has_year.c.subject_id)
            .group_by(has_year.c.subject_id)
            .having(sa.func.count() * 100 >= size * year.thresholds.share_of_class)
            .subquery()
        )
        has_any = given.distinct().subquery()
        same = sa.and_(has_any.c.person_id == pupils.c.person_id, has_any.c.subject_id == most.c.subject_id)
        everyone = pupils.join(most, sa.true())
        return (
            sa.select(pupils.c.person_id, most.c.subject_id)
            .select_from(everyone.outerjoin(has_any, same))
            .where(has_any.c.person_id.is_(None))
        )

    return year.found(lambda: (_in_class(one, of_class(one)) for one in _marked(year)))


def not_assessed(year: Year) -> Found:
    """Pupils who are not assessed for the year."""
    meant = [
        value
        for value, scale in year.values(schema.FINAL_MARK)
        if read_mark(value, scale).meaning is Meaning.NOT_ASSESSED
    ]
    query = sa.select(*place_of(schema.FINAL_MARK)).where(*year.standing(schema.FINAL_MARK), year.year_mark())
    return year.one(query.where(_FINAL.c.value.in_(meant)))


def exam_without_final(year: Year) -> Found:
    """Pupils with a mark of an exam and no final mark of the subject."""
    other = _FINAL.alias("other")
    final = (
        sa.select(sa.literal(1))
        .where(
            year.at.stands_in(other),
            other.c.group_id == _FINAL.c.group_id,
            other.c.person_id == _FINAL.c.person_id,
            other.c.subject_id == _FINAL.c.subject_id,
            other.c.kind == "final",
        )
        .exists()
    )
    query = sa.select(*place_of(schema.FINAL_MARK)).where(
        *year.standing(schema.FINAL_MARK), _FINAL.c.kind == "exam", ~final
    )
    return year.one(query)


def without_marks(year: Year) -> Found:
    """Marks of periods behind which there are too few marks of lessons."""
    few = year.thresholds.fewest_marks

    def of_class(one: EduGroup) -> sa.Select[Any]:
        behind = _behind(year, one, sa.func.count().label("marks"), weighted=False)
        return _beside(year, one, behind, sa.func.coalesce(behind.c.marks, 0)).where(
            _in_digits(year), sa.func.coalesce(behind.c.marks, 0) < few
        )

    def worded(row: Any) -> str:  # noqa: ANN401 - a row
        return _("{period}; marks of lessons: {count}").format(period=row.b, count=row.a)

    return year.found(lambda: (of_class(one) for one in _marked(year)), worded)


def off_average(year: Year) -> Found:
    """Marks of periods that differ from the weighted average of the marks of lessons by too much."""
    tolerance = round(year.thresholds.average_tolerance * _HUNDREDTHS)
    lesson_values = year.values(schema.MARK)
    values = year.values(schema.FINAL_MARK)
    final = _number(_FINAL, values, lambda numbers: numbers[0] if len(numbers) == 1 else 0)
    weight = sa.func.coalesce(schema.WORK_TYPE.table.c.weight, 1)
    count = sa.func.sum(_number(_MARK, lesson_values, len) * weight)
    total = sa.func.sum(_number(_MARK, lesson_values, sum) * weight)

    def of_class(one: EduGroup) -> sa.Select[Any]:
        behind = _behind(year, one, count.label("weights"), total.label("total"), weighted=True)
        # In whole numbers: each database rounds in its own way.
        apart = sa.func.abs(final * behind.c.weights - behind.c.total) * _HUNDREDTHS
        return _beside(year, one, behind, behind.c.total, behind.c.weights).where(
            final > 0, behind.c.weights > 0, apart >= behind.c.weights * tolerance
        )

    def worded(row: Any) -> str:  # noqa: ANN401 - a row
        average = written(Fraction(int(row.a), int(row.c)), 2)
        return _("{period}; weighted average {average}").format(period=row.b, average=average)

    return year.found(lambda: (of_class(one) for one in _marked(year)), worded)


def _without_year_mark(year: Year, one: EduGroup) -> sa.CompoundSelect[Any]:
    ids = year.family(one)
    for_year = _pupils_subjects(year, ids).where(year.year_mark())
    for_periods = _pupils_subjects(year, ids).where(_FINAL.c.kind == "period", ~year.year_mark())
    return for_periods.where(_FINAL.c.person_id.in_(year.pupils(one))).except_(for_year)


def _marked(year: Year) -> Iterator[EduGroup]:
    """The classes in which marks are set."""
    return (one for one in year.classes if one.parallel != FIRST_GRADE)


def _pupils_subjects(year: Year, ids: Sequence[int]) -> sa.Select[Any]:
    return sa.select(_FINAL.c.person_id, _FINAL.c.subject_id).where(
        year.at.stands(schema.FINAL_MARK), _FINAL.c.group_id.in_(ids)
    )


def _in_class(one: EduGroup, query: sa.Select[Any] | sa.CompoundSelect[Any]) -> sa.Select[Any]:
    """The pupils and subjects of a query, told to be of this class."""
    return sa.select(sa.literal(one.group_id, sa.BigInteger()).label("group_id"), query.subquery())


def _behind(year: Year, one: EduGroup, *sums: sa.ColumnElement[Any], weighted: bool) -> sa.Subquery:
    """The marks of lessons of a class's pupils, summed up by subject and period.

    Summed up once for the class: to look for the marks behind each final mark would read them as often.
    ``weighted``: with the types of works, whose weights the sums are of.
    """
    period, kind = schema.REPORTING_PERIOD.table, schema.WORK_TYPE.table
    of_period = sa.and_(
        year.at.stands(schema.REPORTING_PERIOD),
        period.c.group_id == one.group_id,
        _MARK.c.day.between(period.c.starts, period.c.ends),
    )
    of_kind = sa.and_(year.at.stands(schema.WORK_TYPE), kind.c.work_type_id == _MARK.c.work_type_id)
    marks = _MARK.join(period, of_period)
    return (
        sa.select(_MARK.c.person_id, _MARK.c.subject_id, period.c.period_id, *sums)
        .select_from(marks.outerjoin(kind, of_kind) if weighted else marks)
        .where(
            *year.standing(schema.MARK),
            _MARK.c.group_id.in_(year.family(one)),
            _MARK.c.value != ".",
            sa.or_(_MARK.c.in_average.is_(None), _MARK.c.in_average),
        )
        .group_by(_MARK.c.person_id, _MARK.c.subject_id, period.c.period_id)
        .subquery()
    )


def _beside(year: Year, one: EduGroup, behind: sa.Subquery, *shown: sa.ColumnElement[Any]) -> sa.Select[Any]:
    """The class's marks of periods beside what stands behind them."""
    period = schema.REPORTING_PERIOD.table.alias("its_period")
    same = sa.and_(
        behind.c.person_id == _FINAL.c.person_id,
        behind.c.subject_id == _FINAL.c.subject_id,
        behind.c.period_id == _FINAL.c.period_id,
    )
    its_period = sa.and_(
        year.at.stands_in(period), period.c.group_id == one.group_id, period.c.period_id == _FINAL.c.period_id
    )
    columns = [column.label(name) for column, name in zip(shown, ("a", "c"), strict=False)]
    return (
        sa.select(*place_of(schema.FINAL_MARK), sa.func.coalesce(period.c.name, "").label("b"), *columns)
        .select_from(_FINAL.join(period, its_period).outerjoin(behind, same))
        .where(
            year.at.stands(schema.FINAL_MARK),
            _FINAL.c.group_id.in_(year.family(one)),
            _FINAL.c.kind == "period",
        )
    )


def _in_digits(year: Year) -> sa.ColumnElement[bool]:
    """The final marks that are digits: nobody who was not assessed or released needs marks of lessons."""
    found = year.values(schema.FINAL_MARK)
    return _FINAL.c.value.in_([value for value, scale in found if _numbers(value, scale)])


def _numbers(value: str, scale: str | None) -> list[int]:
    read = (read_mark(part, scale) for part in split(value, scale))
    return [one.number for one in read if one.number is not None]


def _number(table: sa.Table, known: Iterable[tuple[str, str | None]], of: Any) -> sa.ColumnElement[Any]:  # noqa: ANN401 - len, sum ...
    """A number that the database makes of a mark: its meaning is told for each value that occurs."""
    cases = [
        (has_value(table, value, scale), of(numbers))
        for value, scale in known
        if (numbers := _numbers(value, scale))
    ]
    return sa.case(*cases, else_=0) if cases else sa.literal(0)
