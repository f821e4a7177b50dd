"""The corrections of a class in words (FORMS §12)."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, date, datetime, tzinfo
from typing import Final

from archive_store.corrections import Correction
from archive_store.forms.corrections import CorrectionsForm
from archive_store.forms.signs import Signs
from archive_store.forms.span import Span
from archive_store.render.report import NOT_COMPUTABLE, Column, Kind, Report, Row, Table
from archive_store.render.reports.class_facts import year_facts
from archive_store.texts import N_, _

_KINDS: Final = {
    "mark": N_("Marks of lessons"),
    "final-mark": N_("Final marks"),
    "attendance": N_("Attendance"),
    "lesson": N_("Lessons and topics"),
    "homework": N_("Homework"),
}
_WHAT: Final = {
    ("mark", "value"): N_("mark"),
    ("final-mark", "value"): N_("final mark"),
    ("attendance", "status"): N_("attendance"),
    ("attendance", "comment"): N_("comment on attendance"),
    ("lesson", "topic"): N_("topic"),
    ("lesson", "status"): N_("status of the lesson"),
    ("homework", "text"): N_("homework"),
    ("homework", "target_day"): N_("day of the homework"),
}
_OF_ANY: Final = {"day": N_("day of the lesson"), "number": N_("number of the lesson")}
_FLAGS: Final = {
    "upward": N_("raised"),
    "downward": N_("lowered"),
    "withdrawn": N_("withdrawn"),
    "seen-again": N_("come again"),
    "after-period": N_("after the end of the period"),
    "after-closing": N_("after the closing of the year"),
}
_LATE: Final = "after-7-days"


def report(form: CorrectionsForm, span: Span | None, late_after_days: int, pupil: str = "") -> Report:
    """The counts by what was corrected, and every correction in the order of noticing; of one ``pupil``."""
    facts = [(_("Pupil"), pupil)] if pupil else []
    facts += [(_("Class"), form.class_name)]
    facts += year_facts(form.study_year, span) if form.study_year is not None else ()
    return Report(
        "corrections",
        _("Corrections"),
        tuple(facts),
        (_counts(form, late_after_days), _rows(form, late_after_days)),
        notes=tuple(_(note) for note in form.notes),
        signers=(_("Deputy head"),),
        landscape=True,
    )


def _counts(form: CorrectionsForm, late_after_days: int) -> Table:
    flags = (*_FLAGS, _LATE)
    columns = (
        Column("kind", _("What was corrected")),
        Column("corrections", _("Corrections"), Kind.NUMBER, 25),
        *(Column(flag.replace("-", "_"), _flag(flag, late_after_days), Kind.NUMBER, 25) for flag in flags),
    )
    rows = []
    total: Counter[str] = Counter()
    for kind, title in _KINDS.items():
        some = [one for one in form.rows if one.kind == kind]
        counted = Counter({"": len(some)}) + Counter(flag for one in some for flag in one.flags)
        total += counted
        rows.append(Row((_(title), *(counted[flag] for flag in ("", *flags)))))
    rows.append(Row((_("In all"), *(total[flag] for flag in ("", *flags))), total=True))
    return Table("counts", columns, tuple(rows), _("Number of corrections"))


def _rows(form: CorrectionsForm, late_after_days: int) -> Table:
    columns = (
        Column("noticed", _("Noticed"), Kind.CENTRED, 18),
        Column("what", _("What"), width=22),
        Column("pupil", _("Pupil"), width=36),
        Column("subject", _("Subject, group"), width=33),
        Column("day", _("Lesson"), Kind.DAY, 18),
        Column("was", _("Was")),
        Column("now", _("Is")),
        Column("seen_from", _("from"), Kind.CENTRED, 18, _("The old value was seen")),
        Column("seen_until", _("until"), Kind.CENTRED, 18, _("The old value was seen")),
        Column("days_after", _("Days after"), Kind.NUMBER, 13),
        Column("flags", _("Flags"), width=32),
    )
    rows = tuple(_row(one, form, late_after_days) for one in form.rows)
    return Table("corrections", columns, rows, _("Corrections"), when_empty=_("Nothing was corrected."))


def _row(one: Correction, form: CorrectionsForm, late_after_days: int) -> Row:
    place = [one.subject_name, one.group_name if one.group_name != form.class_name else None]
    return Row(
        (
            _moment(one.noticed, form.zone),
            _(_WHAT.get((one.kind, one.what)) or _OF_ANY.get(one.what, one.what)),
            one.person_name or (str(one.person_id) if one.person_id else ""),
            ", ".join(part for part in place if part),
            date.fromisoformat(one.day) if one.day else "",
            _value(one, one.was, form.signs),
            _value(one, one.now, form.signs),
            _moment(one.seen_from, form.zone),
            _moment(one.seen_until, form.zone),
            one.days_after,
            "; ".join(_flag(flag, late_after_days) for flag in one.flags),
        )
    )


def _value(one: Correction, value: str | None, signs: Signs) -> str:
    """A value as the journal shows it; a dash for none."""
    if value is None or value == "":
        return NOT_COMPUTABLE
    if one.what == "status" and one.kind == "attendance":
        return signs.letter(value) or _("present")
    if one.what in ("day", "target_day"):
        return f"{date.fromisoformat(value):%d.%m.%Y}"
    return value


def _flag(flag: str, late_after_days: int) -> str:
    if flag == _LATE:
        return _("more than {days} days after").format(days=late_after_days)
    return _(_FLAGS.get(flag, flag))


def _moment(moment: str, zone: tzinfo | None) -> str:
    return f"{datetime.fromisoformat(moment).astimezone(zone or UTC):%d.%m.%Y %H:%M}"
