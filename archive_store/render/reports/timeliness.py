"""Timeliness in words (FORMS §12)."""

from __future__ import annotations

from collections.abc import Callable

from archive_store.forms.entered import NIGHT_ENDS_AT
from archive_store.forms.span import Span
from archive_store.forms.timeliness import Delays, Timeliness, TimelinessRow
from archive_store.render.report import Column, Kind, Report, Row, Table, Value
from archive_store.render.reports.class_facts import class_facts
from archive_store.texts import _


def report(form: Timeliness, span: Span | None, decimals: int) -> Report:
    """A table for topics, homework, attendance and marks each."""
    tables = (
        _table(form, "topics", _("Topics, by lessons"), lambda row: row.topics, _("not filled in")),
        _table(form, "homework", _("Homework, by lessons"), lambda row: row.homework, _("not filled in")),
        _table(form, "attendance", _("Attendance, by lessons"), lambda row: row.attendance, _("no entries")),
        _table(form, "marks", _("Marks, one by one"), lambda row: row.marks, None),
    )
    return Report(
        "timeliness",
        _("Timeliness of entries in the journal"),
        class_facts(form.record, span),
        tables,
        notes=_notes(form),
        signers=(_("Deputy head"),),
        decimals=decimals,
    )


def _table(
    form: Timeliness, name: str, title: str, of: Callable[[TimelinessRow], Delays], missing: str | None
) -> Table:
    columns = [Column("subject", _("Subject")), Column("teachers", _("Teacher"), width=38)]
    buckets = {
        "same_day": _("on the day of the lesson"),
        "next_day": _("on the next day"),
        "in_week": _("2 to 7 days after"),
        "later": _("more than 7 days after"),
    }
    for key, heading in buckets.items():
        columns.append(Column(key, _("in all"), Kind.NUMBER, 11, heading))
        columns.append(Column(f"{key}_share", "%", Kind.NUMBER, 12.5, heading))
    columns.append(Column("unknown", _("day not known"), Kind.NUMBER, 13))
    if missing is not None:
        columns.append(Column("missing", missing, Kind.NUMBER, 13))
    rows = [
        Row((_subject(row), ", ".join(row.teachers), *_values(of(row), missing)))
        for row in form.rows
        if of(row) != Delays()
    ]
    if rows:
        total = Delays.total(of(row) for row in form.rows)
        rows.append(Row((_("Class"), "", *_values(total, missing)), total=True))
    return Table(name, tuple(columns), tuple(rows), title, when_empty=_("There are no entries."))


def _subject(row: TimelinessRow) -> str:
    return row.subject if row.group is None else f"{row.subject}, {row.group}"


def _values(delays: Delays, missing: str | None) -> tuple[Value, ...]:
    parts = delays.same_day, delays.next_day, delays.in_week, delays.later
    counted = [value for part in parts for value in (part, delays.share(part))]
    tail = [delays.unknown] if missing is None else [delays.unknown, delays.missing]
    return (*counted, *tail)


def _notes(form: Timeliness) -> tuple[str, ...]:
    return (
        _(
            "Days from the lesson to the day of the entry; what was entered before the lesson is counted "
            "to its day. Shares are of the entries whose day is known. The class is computed from the sums."
        ),
        _(
            "The day of an entry is that of the moment which the platform gives (so dated: {by_moment}); "
            "where it gives none, as of topics, that of the reading which first saw the entry (so dated: "
            "{by_reading}). The resolution of such days is nightly: a reading that began before {hour}:00 "
            "tells of the day before."
        ).format(by_moment=form.by_moment, by_reading=form.by_reading, hour=NIGHT_ENDS_AT),
        _(
            "Day not known: the entry was there when the archive first read the days of this class, after "
            "the lesson."
        ),
        _("Of what was corrected since, the day of the first entry counts."),
    )
