"""The summary sheet of attendance in words (FORMS §4)."""

from __future__ import annotations

from archive_store.forms.attendance_summary import AttendanceSummary, Missed
from archive_store.forms.span import Span
from archive_store.render.printed_signs import missed_letters
from archive_store.render.report import Column, Kind, Report, Row, Table, Value
from archive_store.render.reports.class_facts import class_facts
from archive_store.render.wording import pupil_note
from archive_store.texts import _

_NARROW = 5.8


def report(form: AttendanceSummary, span: Span | None, decimals: int) -> Report:
    """The sheet: a group of columns per period, one for all, and the class below."""
    groups = [period.name for period in form.periods]
    total = _("In all") if span else _("Year")
    columns = [
        Column("number", _("№"), Kind.NUMBER, 7),
        Column("name", _("Surname, given name, patronymic")),
    ]
    for index, group in enumerate([*groups, total], start=1):
        columns += _columns(group, f"period_{index}" if index <= len(groups) else "total")
    columns.append(Column("attended", _("Attended, %"), Kind.NUMBER, 13))
    rows = [
        Row(
            (
                row.pupil.number,
                row.pupil.full_name + (f" ({note})" if (note := pupil_note(row.pupil)) else ""),
                *(value for missed in (*row.periods, row.total) for value in _values(missed)),
                row.total.attended,
            )
        )
        for row in form.rows
    ]
    if rows:
        missed = (*form.total_by_period, form.total)
        summed = (value for one in missed for value in _values(one))
        rows.append(Row(("", _("Class"), *summed, form.total.attended), total=True))
    table = Table(
        "attendance-summary",
        tuple(columns),
        tuple(rows),
        notes=_notes(form),
        when_empty=_("The class has no pupils."),
    )
    return Report(
        "attendance-summary",
        _("Summary sheet of attendance"),
        class_facts(form.record, span),
        (table,),
        signers=(_("Class teacher"), _("Deputy head")),
        landscape=True,
        decimals=decimals,
    )


def _columns(group: str, key: str) -> list[Column]:
    titles = {
        "full_days": _("full days"),
        "full_days_ill": _("of them ill"),
        "lessons": _("of lessons"),
        "ill": _("of them ill"),
        "for_good_reason": _("good reason"),
        "without_reason": _("no reason"),
        "late": _("late"),
    }
    return [
        Column(f"{key}_{name}", title, Kind.NUMBER, _NARROW, group, upright=True)
        for name, title in titles.items()
    ]


def _values(missed: Missed) -> tuple[Value, ...]:
    return (
        missed.full_days,
        missed.full_days_ill,
        missed.lessons,
        missed.ill,
        missed.for_good_reason,
        missed.without_reason,
        missed.late,
    )


def _notes(form: AttendanceSummary) -> tuple[str, ...]:
    notes = [
        _(
            "Missed lessons: {letters}; being late is counted apart. A full day: every lesson of the pupil "
            "on that day was missed; of illness if all of them were. Attended, %: (lessons held for the "
            "pupil − missed) : lessons held × 100; the class is computed from the sums. Lessons of a subject "
            "from which the pupil is released count as his: the platform does not say since when."
        ).format(letters=missed_letters(form.record.signs))
    ]
    if form.unknown:
        values = ", ".join(f"«{value}» ({count})" for value, count in form.unknown)
        notes.append(_("Values whose meaning the archive does not know: {values}.").format(values=values))
    return tuple(notes)
