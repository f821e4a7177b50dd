"""The class teacher's report in words (FORMS §6)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from archive_store.forms.class_report import ClassLine, ClassReport, PupilStanding
from archive_store.forms.class_totals import ClassTotals, Standing
from archive_store.forms.movement import Move
from archive_store.forms.signs import Presence, Signs
from archive_store.forms.span import Span
from archive_store.render.dates import day_text
from archive_store.render.report import Column, Kind, Report, Row, Table, Value
from archive_store.render.reports.class_facts import class_facts
from archive_store.render.reports.printed_rules import rounding
from archive_store.render.reports.subject_report import marks_told, nothing_to_report
from archive_store.texts import _


def report(form: ClassReport, span: Span | None, decimals: int) -> Report:
    """The counts, a column per period; then the names behind each count."""
    tables = (_counts(form), _names(form)) if form.lines else (nothing_to_report("counts", span),)
    notes = (*notes_on_pupils(decimals), *marks_told(form.several, form.unknown)) if form.lines else ()
    return Report(
        "class-report",
        _("Class teacher's report"),
        class_facts(form.record, span),
        tables,
        notes=notes,
        signers=(_("Class teacher"), _("Deputy head")),
        decimals=decimals,
    )


def counted(totals: ClassTotals) -> Iterator[tuple[str, str, Value]]:
    """What is counted at the end of a period: its key, its name, its value."""
    of, missed = totals.standings, totals.missed
    yield "at_start", _("Pupils at the start"), totals.at_start
    yield "arrived", _("arrived"), totals.arrived
    yield "left", _("left in the period"), totals.left
    yield "at_end", _("Pupils at the end"), totals.at_end
    yield "to_assess", _("To be assessed (N)"), totals.to_assess
    yield "excellent", _("all «5»"), of[Standing.EXCELLENT]
    yield "good", _("«4» and «5»"), of[Standing.GOOD]
    yield "one_four", _("of them with one «4»"), totals.one_four
    yield "passing", _("other successful"), of[Standing.PASSING]
    yield "one_three", _("of them with one «3»"), totals.one_three
    yield "failing", _("failing"), of[Standing.FAILING]
    yield "not_assessed", _("not assessed"), of[Standing.NOT_ASSESSED]
    yield "without_marks", _("without any mark"), of[Standing.WITHOUT_MARKS]
    yield "released", _("released from all"), of[Standing.RELEASED]
    yield "success", _("Success, %"), totals.success
    yield "quality", _("Quality, %"), totals.quality
    yield "missed", _("Lessons missed"), missed.lessons
    yield "missed_ill", _("missed through illness"), missed.ill
    yield "missed_good", _("missed for a good reason"), missed.for_good_reason
    yield "missed_no_reason", _("missed without a good reason"), missed.without_reason
    yield "attended", _("Attended, %"), missed.attended


def notes_on_pupils(decimals: int) -> tuple[str, ...]:
    """How the pupils are counted."""
    return (
        _(
            "End = start + arrived − left. The days of arrival and leaving are those on which the archive "
            "saw them or, of who had left before it first saw the class, that of the last mark or absence, "
            "and of who had nothing at all in a first whole period, that of the first mark or absence; "
            "those of the orders stand in the school's papers. Who left on the last day of a period is not "
            "in N. The start of a period is the end of the one before."
        ),
        _(
            "N: pupils at the end without those in the first year of study, released from all, and without "
            "any mark. Each is counted once: failing — a «2», «1» or fail; not assessed — none of these, but "
            "not assessed in a subject; all «5», «4» and «5» — by the marks in numbers; others succeed. "
            "Passes and releases spoil nothing."
        ),
        _(
            "Success: (N − failing − not assessed) : N × 100. Quality: (all «5» + «4» and «5») : N × 100. "
            "Missed are the lessons missed for any reason by all who were in the class in the period."
        ),
        rounding(decimals),
    )


def _counts(form: ClassReport) -> Table:
    columns = [Column(f"period_{number}", one.line.column.name, Kind.NUMBER, 22)
               for number, one in enumerate(form.lines, start=1)]  # fmt: skip
    by_line = [tuple(counted(one.totals)) for one in form.lines]
    rows = (
        Row((lines[0][1], *(value for _key, _name, value in lines)), total=lines[0][0] in _SET_OFF)
        for lines in zip(*by_line, strict=True)
    )
    return Table("counts", (Column("count", _("What is counted")), *columns), tuple(rows))


_SET_OFF = frozenset({"at_end", "to_assess", "success", "quality"})


def _names(form: ClassReport) -> Table:
    printed = form.record.signs.printed
    columns = (
        Column("period", _("Period"), width=24),
        Column("standing", _("Who"), width=36),
        Column("count", _("Number"), Kind.NUMBER, 13),
        Column("pupils", _("Pupils")),
    )
    rows = tuple(
        Row((line.line.column.name, name, len(names), "; ".join(names)))
        for line in form.lines
        for name, names in _named(line, form)
        if names
    )
    return Table(
        "pupils",
        columns,
        rows,
        title=_("By name"),
        notes=(
            _(
                "Beside who is not assessed stand the lessons missed in the period: {ill} — ill, {good} — "
                "for a good reason, {absent} — without one."
            ).format(
                ill=printed[Presence.ILL], good=printed[Presence.GOOD_REASON], absent=printed[Presence.ABSENT]
            ),
        )
        if rows
        else (),
        when_empty=_("There is nobody to be named."),
    )


def _named(line: ClassLine, form: ClassReport) -> Iterator[tuple[str, list[str]]]:
    by_standing: dict[Standing, list[PupilStanding]] = {}
    for one in line.pupils:
        by_standing.setdefault(one.standing, []).append(one)

    def of(standing: Standing, *, one_short: bool = False) -> list[str]:
        found = by_standing.get(standing, [])
        return [_pupil(one, standing, form.record.signs) for one in found if one.one_short or not one_short]

    yield _("arrived"), _moved(line.movement.arrived, form)
    yield _("left in the period"), _moved(line.movement.left, form)
    yield _("all «5»"), of(Standing.EXCELLENT)
    yield _("«4» and «5»"), of(Standing.GOOD)
    yield _("of them with one «4»"), of(Standing.GOOD, one_short=True)
    yield _("other successful"), of(Standing.PASSING)
    yield _("of them with one «3»"), of(Standing.PASSING, one_short=True)
    yield _("failing"), of(Standing.FAILING)
    yield _("not assessed"), of(Standing.NOT_ASSESSED)
    yield _("without any mark"), of(Standing.WITHOUT_MARKS)
    yield _("released from all"), of(Standing.RELEASED)


def _moved(moves: Iterable[Move], form: ClassReport) -> list[str]:
    days = ((form.people[one.person_id].full_name, day_text(one.day)) for one in moves)
    return [f"{name} ({day})" for name, day in days]


def _pupil(one: PupilStanding, standing: Standing, signs: Signs) -> str:
    """A pupil with the subjects; beside who is not assessed what was missed in the period, by its letters."""
    said = [", ".join(one.subjects)] if one.subjects else []
    if standing is Standing.NOT_ASSESSED and (missed := one.missed) is not None and missed.lessons:
        counts = {
            Presence.ILL: missed.ill,
            Presence.GOOD_REASON: missed.for_good_reason,
            Presence.ABSENT: missed.without_reason,
        }
        told = (f"{signs.printed[one]}\N{NO-BREAK SPACE}{count}" for one, count in counts.items() if count)
        said.append(", ".join(told))
    return f"{one.pupil.full_name} ({'; '.join(said)})" if said else one.pupil.full_name
