"""Marks of ВПР against the journal in words (FORMS §12)."""

from __future__ import annotations

from archive_store.forms.counts import per_cent
from archive_store.forms.rules import JournalMark
from archive_store.forms.span import Span
from archive_store.forms.vpr import Pairs, VprAgainstJournal
from archive_store.render.report import Column, Kind, Report, Row, Table, Value
from archive_store.render.reports.class_facts import year_facts
from archive_store.texts import _


def report(form: VprAgainstJournal, study_year: int, span: Span | None, decimals: int) -> Report:
    """By class and subject, by subject, and the pupils whose marks differ."""
    marks = {
        JournalMark.LAST_PERIOD: _("of the last reporting period"),
        JournalMark.YEAR: _("of the year"),
    }
    return Report(
        "vpr",
        _("Marks of ВПР against the journal"),
        (*year_facts(study_year, span), (_("Mark of the journal"), marks[form.journal_mark])),
        (_by_class(form), _by_subject(form), _pupils(form)),
        notes=_notes(form),
        signers=(_("Deputy head"),),
        decimals=decimals,
    )


def _by_class(form: VprAgainstJournal) -> Table:
    columns = (
        Column("class", _("Class"), width=15),
        Column("subject", _("Subject")),
        Column("journal", _("Mark of the journal"), width=24),
        *_columns(),
    )
    rows = tuple(
        Row((one.class_name, one.subject, one.column.name if one.column else None, *_values(one.pairs)))
        for one in form.rows
    )
    return Table(
        "by-class", columns, rows, _("By class"), when_empty=_("The table has no rows of these classes.")
    )


def _by_subject(form: VprAgainstJournal) -> Table:
    rows = [Row((subject, *_values(pairs))) for subject, pairs in form.by_subject.items()]
    rows.append(Row((_("In all"), *_values(Pairs.total(form.by_subject.values()))), total=True))
    return Table("by-subject", (Column("subject", _("Subject")), *_columns()), tuple(rows), _("By subject"))


def _pupils(form: VprAgainstJournal) -> Table:
    columns = (
        Column("class", _("Class"), width=15),
        Column("subject", _("Subject"), width=45),
        Column("name", _("Surname, given name, patronymic")),
        Column("vpr", _("ВПР"), Kind.NUMBER, 15),
        Column("journal", _("Journal"), Kind.NUMBER, 15),
    )
    rows = tuple(
        Row((one.class_name, one.subject, one.pupil.full_name, one.vpr, one.journal))
        for one in form.differing
    )
    return Table("pupils", columns, rows, _("Pupils whose marks differ"), when_empty=_("There are none."))


def _columns() -> tuple[Column, ...]:
    lowered, confirmed, raised = _("Lowered"), _("Confirmed"), _("Raised")
    return (
        Column("both", _("Both marks"), Kind.NUMBER, 13),
        *(
            Column(f"{key}{tail}", title, Kind.NUMBER, width, group)
            for key, group in (("lowered", lowered), ("confirmed", confirmed), ("raised", raised))
            for tail, title, width in (("", _("pupils"), 12.5), ("_share", "%", 13))
        ),
        Column("alone", _("No mark in the journal"), Kind.NUMBER, 16),
        Column("absent", _("Did not write"), Kind.NUMBER, 13),
    )


def _values(pairs: Pairs) -> tuple[Value, ...]:
    parts = pairs.lowered, pairs.confirmed, pairs.raised
    counted = [value for part in parts for value in (part, per_cent(part, pairs.both))]
    return (pairs.both, *counted, pairs.alone, pairs.absent)


def _notes(form: VprAgainstJournal) -> tuple[str, ...]:
    notes = [
        _(
            "Lowered: the mark of ВПР is below that of the journal; raised: above. %: of the pupils who "
            "have both marks × 100; sums are added up and shares computed from the sums. The marks of ВПР "
            "are from the school's table."
        )
    ]
    if form.journal_mark is JournalMark.LAST_PERIOD:
        notes.append(
            _(
                "The mark of the journal is that of the last reporting period over by then in which the "
                "class has marks of the subject."
            )
        )
    if form.changed:
        names = ", ".join(f"{name} ({class_name})" for name, class_name in form.changed)
        notes.append(
            _(
                "Pupils who changed classes in the year, with the class in which each is counted: {names}. "
                "It is the one that the table names, else that of the present; a mark for the same period "
                "that the other class gave is the pupil's mark of the journal."
            ).format(names=names)
        )
    if form.ignored:
        notes.append(
            _("Columns of the table that were not read: {names}.").format(names=", ".join(form.ignored))
        )
    return tuple(notes)
