"""Programme coverage in words (FORMS §11)."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from archive_store.forms.programme_coverage import Coverage, ProgrammeCoverage
from archive_store.forms.span import Span
from archive_store.imports.plan import ProgrammePlan
from archive_store.render.report import Column, Kind, Report, Row, Table, Value
from archive_store.render.reports.class_facts import class_facts
from archive_store.texts import _


def report(form: ProgrammeCoverage, span: Span | None, plan: ProgrammePlan | None, decimals: int) -> Report:
    """A row per subject, with room for the reason of what is behind and its correction."""
    return Report(
        "programme-coverage",
        _("Programme coverage"),
        class_facts(form.record, span),
        (_table(form),),
        notes=_notes(form, plan),
        signers=(_("Class teacher"), _("Deputy head")),
        landscape=True,
        decimals=decimals,
    )


def _table(form: ProgrammeCoverage) -> Table:
    hours, controls = _("Hours"), _("Control works")
    columns = (
        Column("subject", _("Subject")),
        Column("teachers", _("Teacher"), width=42),
        Column("planned", _("planned"), Kind.NUMBER, 15, hours),
        Column("given", _("given"), Kind.NUMBER, 15, hours),
        Column("share", "%", Kind.NUMBER, 15, hours),
        Column("behind", _("behind"), Kind.NUMBER, 18, hours),
        Column("without_topic", _("Lessons without a topic"), Kind.NUMBER, 19),
        Column("controls_planned", _("planned"), Kind.NUMBER, 15, controls),
        Column("controls_held", _("held"), Kind.NUMBER, 16, controls),
        Column("reason", _("Reason; correction"), width=52),
    )
    rows = [Row((_subject(one), ", ".join(one.teachers), *_values(one), "")) for one in form.rows]
    if rows:
        rows.append(Row((_("Class"), "", *_total(form.rows), ""), total=True))
    return Table(
        "programme-coverage", columns, tuple(rows), when_empty=_("There are no lessons and no plan.")
    )


def _subject(one: Coverage) -> str:
    return one.subject if one.group is None else f"{one.subject}, {one.group}"


def _values(one: Coverage) -> tuple[Value, ...]:
    return (
        _number(one.planned),
        one.given,
        one.share,
        _number(one.behind),
        one.without_topic,
        _number(one.controls_planned),
        one.controls_held,
    )


def _total(rows: Sequence[Coverage]) -> tuple[Value, ...]:
    """The sums; what needs the plan only where every subject has one."""
    return _values(
        Coverage(
            "",
            None,
            (),
            _sum([one.planned for one in rows]),
            sum(one.given for one in rows),
            sum(one.without_topic for one in rows),
            _sum([one.controls_planned for one in rows]),
            sum(one.controls_held for one in rows),
        )
    )


def _sum(amounts: Sequence[Fraction | None]) -> Fraction | None:
    known = [one for one in amounts if one is not None]
    return sum(known, Fraction(0)) if len(known) == len(amounts) else None


def _number(value: Fraction | None) -> Value:
    """Whole hours as a count."""
    return int(value) if value is not None and value.denominator == 1 else value


def _notes(form: ProgrammeCoverage, plan: ProgrammePlan | None) -> tuple[str, ...]:
    notes = [
        _(
            "Given: lessons held with a topic, an hour each; a lesson without a topic is no hour given. %: "
            "given : planned × 100. Behind: planned − given, with a minus where more was given. Each "
            "subgroup has the plan of its subject, unless it has its own."
        )
    ]
    without_topic = sum(one.without_topic for one in form.rows)
    if without_topic:
        notes.append(_("Lessons without a topic: {count}.").format(count=without_topic))
    titles = ", ".join(form.controls) or _("there are none in the school's list")
    notes.append(_("Control works: works of the types: {titles}.").format(titles=titles))
    if plan is None:
        notes.append(_("No plan was given: its columns are empty."))
    elif not form.is_whole:
        notes.append(_("The days are not whole reporting periods: the plan does not tell their hours."))
    if plan is not None and plan.ignored:
        notes.append(
            _("Columns of the plan that were not read: {names}.").format(names=", ".join(plan.ignored))
        )
    return tuple(notes)
