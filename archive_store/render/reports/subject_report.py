"""The subject teacher's report in words (FORMS §5)."""

from __future__ import annotations

from collections.abc import Iterator

from archive_store.forms.levels import Level
from archive_store.forms.rules import Coefficients, Rules
from archive_store.forms.span import Span
from archive_store.forms.subject_report import Achieved, SubjectLine, SubjectReport, SubjectRow
from archive_store.render.report import Column, Kind, Report, Row, Table, Value
from archive_store.render.reports.class_facts import class_facts
from archive_store.render.reports.printed_rules import rounding
from archive_store.texts import _, ngettext

_COUNTED = (
    ("fives", Level.FIVE), ("fours", Level.FOUR), ("threes", Level.THREE), ("twos", Level.TWO),
    ("not_assessed", Level.NOT_ASSESSED), ("released", Level.RELEASED),
    ("passed", Level.PASS), ("failed", Level.FAIL),
)  # fmt: skip
_COUNT, _SHARE = 8.5, 17


def report(form: SubjectReport, span: Span | None, rules: Rules) -> Report:
    """A table per period: a row per subject, and below it one per group where there are several."""
    tables = [_table(number, line, rules.coefficients) for number, line in enumerate(form.lines, start=1)]
    return Report(
        "subject-report",
        _("Subject teacher's report"),
        class_facts(form.record, span),
        tuple(tables) or (nothing_to_report("period-1", span),),
        notes=tuple(_notes(form, rules)) if tables else (),
        signers=(_("Teacher"), _("Deputy head")),
        landscape=True,
        decimals=rules.decimals,
    )


def nothing_to_report(name: str, span: Span | None) -> Table:
    """An empty table that says why there is none."""
    why = _("No reporting period ends in these days.") if span else _("No reporting period has ended yet.")
    return Table(name, (Column("period", _("Period")),), (), when_empty=why)


def _table(number: int, line: SubjectLine, coefficients: Coefficients) -> Table:
    counts = [Column(key, level.value, Kind.NUMBER, _COUNT, _("Marks")) for key, level in _COUNTED]
    columns = (
        Column("subject", _("Subject")),
        Column("teacher", _("Teacher"), width=46),
        Column("pupils", _("Pupils at the end of the period"), Kind.NUMBER, 11, upright=True),
        Column("assessed", _("Have a mark"), Kind.NUMBER, 11, upright=True),
        *counts,
        Column("without_mark", _("without a mark"), Kind.NUMBER, _COUNT, _("Marks"), upright=True),
        Column("other", _("not known"), Kind.NUMBER, _COUNT, _("Marks"), upright=True),
        Column("average", _("Average mark"), Kind.NUMBER, _SHARE),
        Column("success", _("Success, %"), Kind.NUMBER, _SHARE),
        Column("quality", _("Quality, %"), Kind.NUMBER, _SHARE),
        Column("learned", _("Degree of learning, %"), Kind.NUMBER, _SHARE),
        Column("hours", _("Hours given"), Kind.NUMBER, 11, upright=True),
    )
    return Table(
        f"period-{number}",
        columns,
        tuple(_row(row, coefficients) for row in line.rows),
        title=line.line.column.name,
        when_empty=_("No subject was taught or assessed."),
    )


def _row(row: SubjectRow, coefficients: Coefficients) -> Row:
    name = row.subject if row.group_name is None else f"{row.subject} ({row.group_name})"
    return Row((name, ", ".join(row.teachers), *_values(row.achieved, coefficients), row.hours))


def _values(achieved: Achieved, coefficients: Coefficients) -> tuple[Value, ...]:
    return (
        achieved.pupils,
        achieved.assessed,
        *(achieved.levels[level] for _key, level in _COUNTED),
        achieved.without_mark,
        achieved.levels[Level.OTHER],
        achieved.average,
        achieved.success,
        achieved.quality,
        achieved.learned(coefficients),
    )


def _notes(form: SubjectReport, rules: Rules) -> Iterator[str]:
    weights = rules.coefficients
    yield _(
        "Pupils: those who belonged to the class at the end of the period, by the days on which the archive "
        "saw it. N is the pupils without those released, without a mark or with a value not known; who is "
        "not assessed stays in N."
    )
    yield _(
        "Success: «5», «4», «3» and passes : N × 100. Quality: «5» and «4» : (N without passes) × 100. "
        "Average: of the marks in numbers. Hours given: lessons held with a topic; those planned, and the "
        "lag behind the plan, are in the form of the programme."
    )
    yield _(
        "Degree of learning: («5»×{five} + «4»×{four} + «3»×{three} + («2» and fails)×{two} + "
        "not assessed×{not_assessed}) : (N without passes), coefficients «{name}»."
    ).format(
        five=weights.five,
        four=weights.four,
        three=weights.three,
        two=weights.two,
        not_assessed=weights.not_assessed,
        name=weights.name,
    )
    yield _(
        "«1» counts as «2». Ten points: 10–9 are «5», 8–7 «4», 6–5 «3»; twelve points: 12–10, 9–7, 6–4; "
        "their average is of the points."
    )
    yield rounding(rules.decimals)
    if form.record.is_without_marks:
        yield _("The first year of study is taught without marks.")
    yield from marks_told(form.several, form.unknown)


def marks_told(several: int, unknown: tuple[tuple[str, int], ...]) -> Iterator[str]:
    """What is said of pupils of several marks, and of marks that are not understood."""
    if several:
        yield ngettext(
            "Several marks for one period: {count} time; the one that was set last counts.",
            "Several marks for one period: {count} times; the one that was set last counts.",
            several,
        ).format(count=several)
    if unknown:
        values = ", ".join(f"«{value}» ({count})" for value, count in unknown)
        yield _("Values whose meaning the archive does not know: {values}.").format(values=values)
