"""The extract from the class journal for another school, in words (FORMS §9)."""

from __future__ import annotations

from datetime import date
from typing import Final

from archive_store.forms.class_record import ClassRecord
from archive_store.forms.current_marks import MarkEntry, SubjectMarks
from archive_store.forms.extract import Extract, LastDay
from archive_store.forms.span import Span
from archive_store.forms.stays import Stay
from archive_store.render.dates import day_text
from archive_store.render.report import Column, Kind, Report, Row, Table
from archive_store.render.reports import report_card
from archive_store.render.reports.class_facts import class_facts
from archive_store.render.reports.current_marks import mark_text
from archive_store.texts import _

_COUNT: Final = 22.0
_UNBROKEN: Final = "\N{NO-BREAK SPACE}"


def report(form: Extract, record: ClassRecord, span: Span | None, left: str, decimals: int) -> Report:
    """The extract; ``left`` is what the record knows of the pupil's leaving."""
    facts = [
        (_("Pupil"), form.name),
        *class_facts(record, span),
        (_("In the class"), "; ".join(_stay(one) for one in form.stay)),
        (_("Left"), left),
        (_("Record to"), _until(form.until) if form.until else ""),
        (_("Basis"), _("order of ____________ № ________")),
    ]
    return Report(
        "extract",
        _("Extract from the electronic class journal"),
        tuple((name, value) for name, value in facts if value),
        (_finals(form), _marks(form), _attendance(form), _programme(form)),
        notes=(
            _(
                "The days in the class are those of the archive, to the night; the dates of the orders stand "
                "in the pupil's file."
            ),
            _("Issued on «____» ______________ 20____"),
        ),
        signers=(_("True copy. Head"),),
        decimals=decimals,
    )


def _until(until: LastDay) -> str:
    day = day_text(until.day)
    if not until.is_trace:
        return day
    said = _("{day}, the last mark or absence: the archive does not know the day of leaving")
    return said.format(day=day)


def _stay(stay: Stay) -> str:
    first = _("from the beginning of the year")
    if stay.first is not None:
        said = _("from {day} at the latest") if stay.since_trace else _("from {day}")
        first = said.format(day=day_text(stay.first))
    if stay.last is None:
        return first
    last = _("to {day}").format(day=day_text(stay.last))
    return f"{first} {last}"


def _finals(form: Extract) -> Table:
    title = _("1. Marks of the past periods")
    if form.card is None:
        columns = (Column("subject", _("Subject")),)
        return Table("finals", columns, (), title, when_empty=_("There are no final marks."))
    return report_card.table(form.card, "finals", title)


def _marks(form: Extract) -> Table:
    columns = (
        Column("period", _("Period"), Kind.TEXT, 20),
        Column("subject", _("Subject"), Kind.TEXT, 36),
        Column("marks", _("Date: mark (type of work, weight)")),
        Column("average", _("Average"), Kind.NUMBER, 17),
        Column("weighted", _("Weighted average"), Kind.NUMBER, 24),
        Column("missed", _("Lessons missed"), Kind.NUMBER, _COUNT),
    )
    return Table(
        "marks",
        columns,
        tuple(_line(one) for one in form.marks),
        _("2. Current marks"),
        notes=(
            _(
                "Average: the sum of the marks in digits : their number. Weighted average: the sum of mark × "
                "weight : the sum of the weights; a weight that is not named is 1. A double mark counts as "
                "two."
            ),
        ),
        when_empty=_("There are no current marks."),
    )


def _line(one: SubjectMarks) -> Row:
    return Row(
        (
            one.period or _("outside the periods"),
            one.subject or _("no subject"),
            "; ".join(_entry(entry) for entry in one.entries) or None,
            one.average.simple,
            one.average.weighted,
            one.missed,
        )
    )


def _entry(entry: MarkEntry) -> str:
    return f"{day_text(entry.day)[:5]}: {mark_text(entry)}".replace(" ", _UNBROKEN)


def _attendance(form: Extract) -> Table:
    columns = (
        Column("period", _("Period")),
        Column("held", _("Lessons held"), Kind.NUMBER, _COUNT),
        Column("lessons", _("Lessons missed"), Kind.NUMBER, _COUNT),
        Column("ill", _("of illness"), Kind.NUMBER, _COUNT),
        Column("for_good_reason", _("good reason"), Kind.NUMBER, 23),
        Column("without_reason", _("no reason"), Kind.NUMBER, 23),
        Column("late", _("late"), Kind.NUMBER, _COUNT),
        Column("full_days", _("full days"), Kind.NUMBER, _COUNT),
    )
    rows = tuple(
        Row(
            (
                name or _("In all"),
                missed.held,
                missed.lessons,
                missed.ill,
                missed.for_good_reason,
                missed.without_reason,
                missed.late,
                missed.full_days,
            ),
            total=not name,
        )
        for name, missed in form.attendance
    )
    return Table("attendance", columns, rows, _("3. Attendance"))


def _programme(form: Extract) -> Table:
    columns = (
        Column("subject", _("Subject"), Kind.TEXT, 44),
        Column("lessons", _("Lessons held"), Kind.NUMBER, _COUNT),
        Column("with_topic", _("of them with a topic"), Kind.NUMBER, _COUNT),
        Column("last_day", _("Last lesson"), Kind.DAY, 20),
        Column("last_topic", _("Last topic")),
    )
    rows = tuple(
        Row(
            (
                one.subject or _("no subject"),
                one.lessons,
                one.with_topic,
                date.fromisoformat(one.last_day) if one.last_day else None,
                one.last_topic or None,
            )
        )
        for one in form.programme
    )
    return Table(
        "programme",
        columns,
        rows,
        _("4. Programme passed"),
        when_empty=_("The archive holds no lessons of the pupil."),
    )
