"""The accumulation of marks in words (FORMS §12)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from fractions import Fraction
from itertools import groupby

from archive_store.forms.accumulation import Accumulated, Accumulation
from archive_store.forms.counts import per_cent
from archive_store.forms.span import Span
from archive_store.render.report import Column, Kind, Report, Row, Table, Value
from archive_store.render.reports.class_facts import class_facts
from archive_store.texts import _


def report(form: Accumulation, span: Span | None, fewest_marks: Sequence[int], decimals: int) -> Report:
    """A table of the subjects by period, and one of the pupils who have too few marks."""
    return Report(
        "accumulation",
        _("Accumulation of marks"),
        class_facts(form.record, span),
        (_subjects(form), _pupils(form)),
        notes=_notes(form, fewest_marks),
        signers=(_("Deputy head"),),
        decimals=decimals,
    )


def _subjects(form: Accumulation) -> Table:
    columns = (
        Column("period", _("Period"), width=24),
        Column("subject", _("Subject")),
        Column("lessons", _("lessons"), Kind.NUMBER, 11, _("Held")),
        Column("weekly", _("a week"), Kind.NUMBER, 11, _("Held")),
        Column("fewest", _("Least marks"), Kind.NUMBER, 13),
        Column("pupils", _("Number of pupils"), Kind.NUMBER, 13),
        Column("enough", _("pupils"), Kind.NUMBER, 12, _("Enough marks")),
        Column("enough_share", "%", Kind.NUMBER, 13, _("Enough marks")),
        Column("marks", _("in all"), Kind.NUMBER, 12, _("Marks")),
        Column("per_pupil", _("per pupil"), Kind.NUMBER, 13, _("Marks")),
        Column("marked", _("lessons"), Kind.NUMBER, 12, _("Lessons with marks")),
        Column("marked_share", "%", Kind.NUMBER, 13, _("Lessons with marks")),
    )
    rows = [
        row for _period, some in groupby(form.rows, key=lambda one: one.period) for row in _of_period([*some])
    ]
    return Table(
        "subjects", columns, tuple(rows), _("By subject"), when_empty=_("There are no lessons with marks.")
    )


def _of_period(rows: Sequence[Accumulated]) -> Iterator[Row]:
    for one in rows:
        yield Row((_period(one), _subject(one), one.lessons, one.weekly, one.fewest, *_counts([one])))
    yield Row(
        (_period(rows[0]), _("in all"), sum(one.lessons for one in rows), "", "", *_counts(rows)), total=True
    )


def _counts(rows: Iterable[Accumulated]) -> tuple[Value, ...]:
    some = [*rows]
    pupils, enough = sum(one.pupils for one in some), sum(one.enough for one in some)
    marks, marked = sum(one.marks for one in some), sum(one.marked for one in some)
    lessons = sum(one.lessons for one in some)
    per_pupil = Fraction(marks, pupils) if pupils else None
    return pupils, enough, per_cent(enough, pupils), marks, per_pupil, marked, per_cent(marked, lessons)


def _pupils(form: Accumulation) -> Table:
    columns = (
        Column("period", _("Period"), width=24),
        Column("subject", _("Subject"), width=48),
        Column("name", _("Surname, given name, patronymic")),
        Column("marks", _("Marks"), Kind.NUMBER, 15),
        Column("fewest", _("Least marks"), Kind.NUMBER, 15),
    )
    rows = tuple(
        Row((_period(one), _subject(one), pupil.full_name, marks, one.fewest))
        for one in form.rows
        for pupil, marks in one.short
    )
    return Table("pupils", columns, rows, _("Pupils with fewer marks"), when_empty=_("There are none."))


def _period(one: Accumulated) -> str:
    return one.period.name if one.period else _("outside the periods")


def _subject(one: Accumulated) -> str:
    return one.subject if one.group is None else f"{one.subject}, {one.group}"


def _notes(form: Accumulation, fewest_marks: Sequence[int]) -> tuple[str, ...]:
    fewest = "; ".join(
        (_("{number} and more — {marks}") if number == len(fewest_marks) else "{number} — {marks}").format(
            number=number, marks=marks
        )
        for number, marks in enumerate(fewest_marks, start=1)
    )
    notes = [
        _("Least number of marks by lessons a week: {fewest}.").format(fewest=fewest),
        _(
            "Lessons a week: lessons held in the period : weeks with lessons of the class, rounded half "
            "up. Marks in digits and letters, a pass and a fail count, a double mark as two; «not "
            "assessed», «released» and the promise of a mark do not. Pupils: those of the class or "
            "subgroup on the last day of the period. Enough marks, %: pupils with at least the least "
            "number : pupils × 100. In all: the sums of pupils by subject."
        ),
    ]
    if not form.is_marked:
        notes.insert(0, _("In the first grade no marks are set."))
    if form.unknown:
        values = ", ".join(f"«{value}» ({count})" for value, count in form.unknown)
        notes.append(_("Values whose meaning the archive does not know: {values}.").format(values=values))
    return tuple(notes)
