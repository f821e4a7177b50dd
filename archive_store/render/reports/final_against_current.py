"""Final marks against current ones in words (FORMS §12)."""

from __future__ import annotations

from fractions import Fraction
from itertools import groupby

from archive_store.forms.averages import written
from archive_store.forms.counts import per_cent
from archive_store.forms.final_against_current import Compared, Counted, FinalAgainstCurrent
from archive_store.forms.span import Span
from archive_store.render.report import Column, Kind, Report, Row, Table, Value
from archive_store.render.reports.class_facts import class_facts
from archive_store.texts import _


def report(form: FinalAgainstCurrent, span: Span | None, differs_from: Fraction, decimals: int) -> Report:
    """Counts by period and subject, then the marks by name."""
    return Report(
        "final-against-current",
        _("Final marks against current ones"),
        class_facts(form.record, span),
        (_counts(form), _apart(form), _alone(form)),
        notes=_notes(differs_from, decimals),
        signers=(_("Deputy head"),),
        decimals=decimals,
    )


def _counts(form: FinalAgainstCurrent) -> Table:
    columns = (
        Column("period", _("Period"), width=24),
        Column("subject", _("Subject")),
        Column("compared", _("Marks compared"), Kind.NUMBER, 17),
        Column("above", _("above the average"), Kind.NUMBER, 19, _("Pointed out")),
        Column("below", _("below the average"), Kind.NUMBER, 19, _("Pointed out")),
        Column("share", "%", Kind.NUMBER, 14, _("Pointed out")),
        Column("alone", _("No marks behind"), Kind.NUMBER, 17),
        Column("others", _("In words"), Kind.NUMBER, 17),
    )
    rows: list[Row] = []
    for column, some in groupby(form.counts, key=lambda one: one[0]):
        total = Counted()
        for _column, subject, counted in some:
            rows.append(Row((column.name, subject, *_values(counted))))
            total.add(counted)
        rows.append(Row((column.name, _("in all"), *_values(total)), total=True))
    return Table("counts", columns, tuple(rows), _("By subject"), when_empty=_("There are no final marks."))


def _values(counted: Counted) -> tuple[Value, ...]:
    share = per_cent(counted.above + counted.below, counted.compared)
    return counted.compared, counted.above, counted.below, share, counted.alone, counted.others


def _apart(form: FinalAgainstCurrent) -> Table:
    columns = (
        *_who(),
        Column("final", _("Mark"), Kind.NUMBER, 12),
        Column("average", _("Average held against"), Kind.NUMBER, 20),
        Column("simple", _("Average without weights"), Kind.NUMBER, 20),
        Column("marks", _("Marks behind"), Kind.NUMBER, 16),
        Column("apart", _("Difference"), Kind.NUMBER, 17),
    )
    rows = tuple(
        Row((*_named(one), one.final, one.average, one.simple, one.marks, one.apart)) for one in form.apart
    )
    return Table("apart", columns, rows, _("Marks pointed out"), when_empty=_("There are none."))


def _alone(form: FinalAgainstCurrent) -> Table:
    columns = (*_who(), Column("final", _("Mark"), Kind.NUMBER, 12))
    rows = tuple(Row((*_named(one), one.final)) for one in form.alone)
    return Table(
        "alone", columns, rows, _("Marks with no marks behind them"), when_empty=_("There are none.")
    )


def _who() -> tuple[Column, ...]:
    return (
        Column("period", _("Period"), width=22),
        Column("subject", _("Subject")),
        Column("name", _("Surname, given name, patronymic")),
    )


def _named(one: Compared) -> tuple[Value, ...]:
    return one.column.name, one.subject, one.pupil.full_name


def _notes(differs_from: Fraction, decimals: int) -> tuple[str, ...]:
    return (
        _(
            "The mark of a period is held against the weighted average of the marks of lessons in its "
            "days: sum of mark × weight : sum of weights, the weight being that of the type of work, 1 "
            "where it has none; the mark of the year against the average of the marks of its periods."
        ),
        _("Pointed out: the mark and the average are {distance} or more apart.").format(
            distance=written(differs_from, decimals)
        ),
        _(
            "Digits count, without their sign, a double mark as two; marks in words do not. The program "
            "sets no mark: whether a mark is right is for the teacher to say."
        ),
    )
