"""The report card in words (FORMS §10)."""

from __future__ import annotations

from archive_store.forms.attendance_summary import Missed
from archive_store.forms.class_record import ClassRecord
from archive_store.forms.periods import FinalColumn, FinalKind
from archive_store.forms.report_card import ReportCard, SubjectLine
from archive_store.forms.span import Span
from archive_store.forms.summary_cells import Filling, SummaryCell
from archive_store.render.report import Column, Kind, Report, Row, Table, Value
from archive_store.render.reports.class_facts import class_facts
from archive_store.render.reports.mark_words import spelled
from archive_store.render.wording import pupil_note
from archive_store.texts import _, ngettext

_WIDTH = 24.0
_WIDTH_OF_ALL = 130.0


def report(card: ReportCard, record: ClassRecord, span: Span | None) -> Report:
    """The card of a pupil."""
    note = pupil_note(card.pupil)
    name = card.pupil.full_name + (f" ({note})" if note else "")
    return Report(
        "report-card",
        _("Report card of intermediate assessment"),
        ((_("Pupil"), name), *class_facts(record, span)),
        (table(card, "report-card", notes=tuple(_missed(card))),),
        signers=(_("Head"), _("Class teacher"), _("Parent (legal representative)")),
        about=card.pupil.full_name,
        roomy=True,
    )


def table(card: ReportCard, name: str, title: str = "", notes: tuple[str, ...] = ()) -> Table:
    """The marks of the card: subjects below one another, periods side by side."""
    width = min(_WIDTH, _WIDTH_OF_ALL / max(len(card.columns), 1))
    columns = (
        Column("subject", _("Subject")),
        *(
            Column(_key(one, index), one.name, Kind.CENTRED, width)
            for index, one in enumerate(card.columns, start=1)
        ),
    )
    missing = any(cell.filling is Filling.MISSING for line in card.lines for cell in line.cells)
    told = (_("∅: the period is over and the mark has not been set."),) if missing else ()
    return Table(
        name,
        columns,
        tuple(Row((line.subject, *_cells(line))) for line in card.lines),
        title,
        notes=(*told, *notes),
        when_empty=_("There are no final marks, nor are any due: the class is taught without marks.")
        if card.columns
        else _("No reporting period has ended by then."),
    )


def of_nobody(record: ClassRecord, span: Span | None) -> Report:
    """The form of a class without pupils."""
    table = Table(
        "report-card", (Column("subject", _("Subject")),), (), when_empty=_("The class has no pupils.")
    )
    title = _("Report card of intermediate assessment")
    return Report("report-card", title, class_facts(record, span), (table,))


def _key(column: FinalColumn, index: int) -> str:
    return f"period_{index}" if column.kind is FinalKind.PERIOD else column.kind.value


def _cells(line: SubjectLine) -> tuple[Value, ...]:
    return tuple(_cell(cell, line) for cell in line.cells)


def _cell(cell: SummaryCell, line: SubjectLine) -> str:
    is_spelled = cell.filling is Filling.MARK and line.five_points
    return spelled(cell.standing) if is_spelled else cell.standing


def _missed(card: ReportCard) -> list[str]:
    return [missed_line(card.missed)] if card.missed is not None and card.missed.held else []


def missed_line(missed: Missed) -> str:
    """What a pupil missed, in a sentence."""
    days = ngettext("{count} full day", "{count} full days", missed.full_days)
    lessons = ngettext("{count} lesson", "{count} lessons", missed.lessons)
    return _(
        "Missed: {days}, of them {ill_days} of illness; {lessons}, of them of illness {ill}, for a good "
        "reason {good}, without a reason {none}. Late: {late}."
    ).format(
        days=days.format(count=missed.full_days),
        ill_days=missed.full_days_ill,
        lessons=lessons.format(count=missed.lessons),
        ill=missed.ill,
        good=missed.for_good_reason,
        none=missed.without_reason,
        late=missed.late,
    )
