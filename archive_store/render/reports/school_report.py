"""The totals of the school in words (FORMS §6)."""

from __future__ import annotations

from archive_store.forms.class_totals import ClassTotals
from archive_store.forms.school_report import Scale, SchoolLine, SchoolReport, SchoolRow
from archive_store.forms.span import Span
from archive_store.render.report import Column, Kind, Report, Row, Table
from archive_store.render.reports.class_facts import year_facts
from archive_store.render.reports.class_report import counted, notes_on_pupils
from archive_store.render.reports.subject_report import marks_told, nothing_to_report
from archive_store.texts import N_, _

_ROWS = {
    Scale.CLASS: "{name}",
    Scale.PARALLEL: N_("parallel {name}"),
    Scale.PRIMARY: N_("grades 1–4"),
    Scale.BASIC: N_("grades 5–9"),
    Scale.SECONDARY: N_("grades 10–11"),
    Scale.SCHOOL: N_("School"),
}
_COUNT, _SHARE = 9.5, 13


def report(form: SchoolReport, study_year: int, span: Span | None, decimals: int) -> Report:
    """A table per period: classes with their parallels, levels of education and the school."""
    tables = tuple(_table(number, line) for number, line in enumerate(form.lines, start=1))
    summed = _("Counts are added up, and shares computed from the sums: they are no averages of the classes.")
    notes = (summed, *notes_on_pupils(decimals), *marks_told(form.several, form.unknown)) if tables else ()
    return Report(
        "school-report",
        _("Totals of the school"),
        year_facts(study_year, span),
        tables or (nothing_to_report("period-1", span),),
        notes=notes,
        signers=(_("Deputy head"), _("Head of the school")),
        landscape=True,
        decimals=decimals,
    )


def _table(number: int, line: SchoolLine) -> Table:
    columns = [
        Column(key, name, Kind.NUMBER, _SHARE if name.endswith("%") else _COUNT, upright=True)
        for key, name, _value in counted(ClassTotals())
    ]
    return Table(
        f"period-{number}",
        (Column("class", _("Class")), *columns),
        tuple(_row(one) for one in line.rows),
        title=", ".join(line.names) or _("Year"),
    )


def _row(one: SchoolRow) -> Row:
    name = _(_ROWS[one.scale]).format(name=one.name)
    values = (value for _key, _name, value in counted(one.totals))
    return Row((name, *values), total=one.scale is not Scale.CLASS)
