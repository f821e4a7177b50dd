"""The sheet for the register of certificates in words (FORMS §8)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from archive_store.forms.certificate_register import (
    CertificateRegister,
    CertificateRow,
    CheckedMark,
    Verdict,
)
from archive_store.forms.certificate_rules import BASIC, Reason
from archive_store.forms.final_marks import YearlyMark
from archive_store.render.dates import day_text
from archive_store.render.report import Column, Kind, Report, Row, Table, Value
from archive_store.render.reports.class_facts import class_facts
from archive_store.render.reports.mark_words import spelled
from archive_store.texts import N_, _, ngettext

_COLUMNS: Final = {
    "number": (N_("№ of the entry"), Kind.CENTRED, 15.0),
    "name": (N_("Surname, given name, patronymic"), Kind.TEXT, 42.0),
    "representative": (N_("Trusted person"), Kind.TEXT, 22.0),
    "born": (N_("Date of birth"), Kind.CENTRED, 19.0),
    "blank": (N_("Series and number of the blank"), Kind.CENTRED, 24.0),
    "marks": (N_("Subjects and final marks"), Kind.TEXT, None),
    "order": (N_("Date and № of the order of issue"), Kind.CENTRED, 21.0),
    "officer": (N_("Signature of the officer"), Kind.CENTRED, 19.0),
    "recipient": (N_("Signature of the recipient"), Kind.CENTRED, 19.0),
    "issued": (N_("Date of issue"), Kind.CENTRED, 18.0),
}
_UNBROKEN: Final = "\N{NO-BREAK SPACE}"
_VERDICTS: Final = {
    Verdict.AGREES: N_("agrees"),
    Verdict.DIFFERS: N_("differs"),
    Verdict.NOT_SET: N_("not set on the platform"),
    Verdict.NOT_CHECKED: N_("unchecked"),
}
_REASONS: Final = {
    Reason.EXAM_FAILED: N_("the exam is failed: no final mark follows"),
    Reason.YEAR_FAILED: N_("the year mark is unsatisfactory: no final mark follows"),
    Reason.NOT_ASSESSED: N_("not assessed: no final mark follows"),
    Reason.NO_YEAR_MARK: N_("a year mark is missing"),
    Reason.YEAR_NOT_KEPT: N_("the marks of grade 10 are not in the archive"),
    Reason.EXAM_ELSEWHERE: N_("the exam is in mathematics as a whole: the school's local act decides"),
    Reason.FINISHED_EARLIER: N_("finished before grade 9: the school decides whether it is entered"),
    Reason.OTHER_SCALE: N_("marks of another scale than five points"),
    Reason.UNKNOWN: N_("a mark whose meaning the archive does not know"),
}
_SHORT_KINDS: Final = {"year": N_("year"), "exam": N_("exam")}
_BASIC_RULE: Final = N_(
    "Grade 9: the mean of the year mark and the exam mark in the subjects with an exam, the year mark in the "
    "others."
)
_SECONDARY_RULE: Final = N_(
    "Grade 11: the mean of all half-year (quarter) and year marks of grades 10 and 11; marks in words are "
    "left out."
)


def report(form: CertificateRegister, columns: Sequence[str], decimals: int) -> Report:
    """The sheet: the register, what differs, and how each mark was checked."""
    return Report(
        "certificate-register",
        _("Sheet for the register of certificates, with the final marks checked"),
        class_facts(form.record),
        (_register(form, columns), _differences(form), _check(form)),
        notes=tuple(_notes(form)),
        signers=(_("Class teacher"), _("Deputy head"), _("Head")),
        landscape=True,
        decimals=decimals,
    )


def _register(form: CertificateRegister, columns: Sequence[str]) -> Table:
    shown = [Column(key, _(_COLUMNS[key][0]), _COLUMNS[key][1], _COLUMNS[key][2]) for key in columns]
    rows = tuple(
        Row(tuple({"name": row.pupil.full_name, "marks": _marks(row)}.get(key, "") for key in columns))
        for row in form.rows
    )
    note = _("Final marks are those of the platform; empty columns are filled in by the school.")
    title = _("Entries of the register")
    return Table("register", tuple(shown), rows, title, (note,), _("The class has no pupils."))


def _marks(row: CertificateRow) -> str:
    return "; ".join(
        f"{one.subject}:{_UNBROKEN}{_mark(one).replace(' ', _UNBROKEN)}"
        for one in row.marks
        if one.on_platform is not None or one.by_rule.reason is not Reason.FINISHED_EARLIER
    )


def _mark(one: CheckedMark) -> str:
    return "∅" if one.on_platform is None else spelled(one.on_platform)


def _differences(form: CertificateRegister) -> Table:
    columns = (
        Column("pupil", _("Pupil"), Kind.TEXT, 62),
        Column("subject", _("Subject"), Kind.TEXT, 52),
        Column("mean", _("Mean"), Kind.NUMBER, 18),
        Column("by_rule", _("By the rule"), Kind.CENTRED, 22),
        Column("on_platform", _("On the platform"), Kind.CENTRED, 22),
        Column("verdict", _("Comparison")),
    )
    rows = tuple(
        Row((row.pupil.full_name, one.subject, one.mean, one.by_rule.mark, one.on_platform, _verdict(one)))
        for row in form.rows
        for one in row.marks
        if one.verdict in {Verdict.DIFFERS, Verdict.NOT_SET}
    )
    said = _("No final mark differs from the rule.")
    empty = said if _checked(form) else _("No final mark could be checked.")
    return Table("differences", columns, rows, _("What differs from the rule"), when_empty=empty)


def _check(form: CertificateRegister) -> Table:
    columns = (
        Column("pupil", _("Pupil"), Kind.TEXT, 46),
        Column("subject", _("Subject"), Kind.TEXT, 42),
        Column("counted", _("Marks that count")),
        Column("mean", _("Mean"), Kind.NUMBER, 15),
        Column("by_rule", _("By the rule"), Kind.CENTRED, 17),
        Column("on_platform", _("On the platform"), Kind.CENTRED, 20),
        Column("verdict", _("Comparison"), Kind.TEXT, 48),
    )
    return Table("check", columns, tuple(_check_rows(form)), _("How each final mark was checked"))


def _check_rows(form: CertificateRegister) -> Iterator[Row]:
    for row in form.rows:
        for place, one in enumerate(row.marks):
            values: tuple[Value, ...] = (
                row.pupil.full_name,
                one.subject,
                _counted(one.counted),
                one.mean,
                one.by_rule.mark,
                one.on_platform,
                _verdict(one),
            )
            yield Row(values, parted=place == 0)


def _counted(marks: Sequence[YearlyMark]) -> str:
    """The marks by grade: 10: 4, 4, year 4; 11: 5, 5, year 5."""
    said = []
    for grade in dict.fromkeys(one.grade for one in marks):
        own = [_one(one) for one in marks if one.grade == grade]
        said.append(_("gr. {grade}: {marks}").format(grade=grade, marks=", ".join(own)))
    return "; ".join(said)


def _one(mark: YearlyMark) -> str:
    kind = _SHORT_KINDS.get(mark.kind)
    return f"{_(kind)} {mark.mark}" if kind else mark.mark


def _verdict(one: CheckedMark) -> str:
    verdict = _(_VERDICTS[one.verdict])
    return f"{verdict}: {_(_REASONS[one.by_rule.reason])}" if one.by_rule.reason else verdict


def _checked(form: CertificateRegister) -> int:
    return sum(one.verdict is not Verdict.NOT_CHECKED for row in form.rows for one in row.marks)


def _notes(form: CertificateRegister) -> Iterator[str]:
    rule = _(_BASIC_RULE if form.grade == BASIC else _SECONDARY_RULE)
    if form.rules is None:
        said = _("The program knows no rules for certificates of that year; those of № 546 were used: {rule}")
        yield said.format(rule=rule)
    else:
        said = _("Rules: {source}. {rule} Whole numbers, a half upwards.")
        yield said.format(source=_(form.rules.source), rule=rule)
        if form.issued_on > form.rules.sure_to:
            said = _("Whether these rules are in force after {day} the program does not know: check it.")
            yield said.format(day=day_text(form.rules.sure_to))
    marks = [one for row in form.rows for one in row.marks]
    counts = {verdict: sum(one.verdict is verdict for one in marks) for verdict in Verdict}
    said = _(
        "Final marks: {all}; {agrees} agree, {differs} differ, {not_set} not set, {not_checked} not checked."
    )
    yield said.format(
        all=len(marks),
        agrees=counts[Verdict.AGREES],
        differs=counts[Verdict.DIFFERS],
        not_set=counts[Verdict.NOT_SET],
        not_checked=counts[Verdict.NOT_CHECKED],
    )
    if form.left:
        pupils = ngettext("{count} pupil has left", "{count} pupils have left", form.left)
        yield _("Not on the sheet: {pupils}.").format(pupils=pupils.format(count=form.left))
    yield _("The archive sets no marks: what differs is for the school to decide.")
