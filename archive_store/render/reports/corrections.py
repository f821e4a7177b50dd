"""The corrections of a class in words (FORMS §12)."""

from __future__ import annotations

from collections import Counter
from datetime import date

from archive_store.corrections import Correction
from archive_store.forms.corrections import CorrectionsForm
from archive_store.forms.span import Span
from archive_store.render.correction_words import FLAGS, KINDS, flag_text, value_text, what_text
from archive_store.render.dates import moment_text
from archive_store.render.report import Column, Kind, Report, Row, Table
from archive_store.render.reports.class_facts import year_facts
from archive_store.texts import _


def report(form: CorrectionsForm, span: Span | None, pupil: str = "") -> Report:
    """The counts by what was corrected, and every correction in the order of noticing; of one ``pupil``."""
    facts = [(_("Pupil"), pupil)] if pupil else []
    facts += [(_("Class"), form.class_name)]
    facts += year_facts(form.study_year, span) if form.study_year is not None else ()
    return Report(
        "corrections",
        _("Corrections"),
        tuple(facts),
        (_counts(form), _rows(form)),
        notes=tuple(_(note) for note in form.notes),
        signers=(_("Deputy head"),),
        landscape=True,
    )


def _counts(form: CorrectionsForm) -> Table:
    columns = (
        Column("kind", _("What was corrected")),
        Column("corrections", _("Corrections"), Kind.NUMBER, 25),
        *(
            Column(flag.replace("-", "_"), flag_text(flag, form.late_after_days), Kind.NUMBER, 25)
            for flag in FLAGS
        ),
    )
    rows = []
    total: Counter[str] = Counter()
    for kind, title in KINDS.items():
        some = [one for one in form.rows if one.kind == kind]
        counted = Counter({"": len(some)}) + Counter(flag for one in some for flag in one.flags)
        total += counted
        rows.append(Row((_(title), *(counted[flag] for flag in ("", *FLAGS)))))
    rows.append(Row((_("In all"), *(total[flag] for flag in ("", *FLAGS))), total=True))
    return Table("counts", columns, tuple(rows), _("Number of corrections"))


def _rows(form: CorrectionsForm) -> Table:
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
    rows = tuple(_row(one, form) for one in form.rows)
    return Table("corrections", columns, rows, _("Corrections"), when_empty=_("Nothing was corrected."))


def _row(one: Correction, form: CorrectionsForm) -> Row:
    place = [one.subject_name, one.group_name if one.group_name != form.class_name else None]
    return Row(
        (
            moment_text(one.noticed, form.zone),
            what_text(one),
            one.person_name or (str(one.person_id) if one.person_id else ""),
            ", ".join(part for part in place if part),
            date.fromisoformat(one.day) if one.day else "",
            value_text(one, one.was, form.signs),
            value_text(one, one.now, form.signs),
            moment_text(one.seen_from, form.zone),
            moment_text(one.seen_until, form.zone),
            one.days_after,
            "; ".join(flag_text(flag, form.late_after_days) for flag in one.flags),
        )
    )
