"""The pupil's record card in words (FORMS §7)."""

from __future__ import annotations

from typing import Final

from archive_store.forms.periods import FinalKind
from archive_store.forms.record_card import CardYear, Gap, RecordCard
from archive_store.forms.summary_cells import Filling
from archive_store.render.dates import day_text
from archive_store.render.report import Column, Kind, Report, Row, Table, Value
from archive_store.texts import N_, _

_MARK: Final = 10.5
_GAP: Final = 17.0
_SHORT: Final = {
    FinalKind.YEAR: N_("year"),
    FinalKind.EXAM: N_("exam"),
    FinalKind.FINAL: N_("final"),
    FinalKind.OTHER: N_("other"),
}


def report(card: RecordCard) -> Report:
    """The card: marks by subject and year, and what else the insert has for each year."""
    last = card.years[-1] if card.years else None
    facts = [
        (_("Pupil"), card.name),
        (_("Class"), f"{last.class_name}, {years(last.study_year)}" if last else ""),
        (_("Left"), left(card.gone_on, has_left=card.has_left)),
    ]
    return Report(
        "record-card",
        _("Pupil's record card: marks of the years"),
        tuple((name, value) for name, value in facts if value),
        (_marks(card), _years(card)),
        signers=(_("Class teacher"), _("Head")),
        landscape=True,
    )


def years(study_year: int) -> str:
    """An academic year: 2025/2026."""
    return f"{study_year}/{study_year + 1}"


def left(gone_on: str | None, *, has_left: bool) -> str:
    """What the record knows of a pupil's leaving: nothing of one who is still in the class."""
    if gone_on:
        said = _("the platform has not shown the pupil since {day}; given as last known")
        return said.format(day=day_text(gone_on))
    return _("the platform shows the pupil as one who has left") if has_left else ""


def _marks(card: RecordCard) -> Table:
    columns = [Column("subject", _("Subject"))]
    for one in card.stretches:
        if isinstance(one, Gap):
            columns.append(Column(f"grades_{one.first}_{one.last}", _grades(one), Kind.CENTRED, _GAP))
        else:
            group = f"{one.class_name}, {one.study_year}/{(one.study_year + 1) % 100:02}"
            columns += [
                Column(
                    f"{column.kind.value}_{one.study_year}",
                    _(_SHORT[column.kind]),
                    Kind.CENTRED,
                    _MARK,
                    group,
                )
                for column in one.columns
            ]
    rows = [
        Row((subject, *(value for one in card.stretches for value in _cells(one, subject))))
        for subject in card.subjects
    ]
    return Table(
        "marks",
        tuple(columns),
        tuple(rows),
        title=_("Marks by subject and year"),
        notes=tuple(_notes(card)),
        when_empty=_("The archive holds no marks of this pupil."),
    )


def _cells(stretch: Gap | CardYear, subject: str) -> list[Value]:
    if isinstance(stretch, Gap):
        return [_("not in the archive")]
    cells = stretch.marks.get(subject)
    return [None for _column in stretch.columns] if cells is None else [cell.standing for cell in cells]


def _notes(card: RecordCard) -> list[str]:
    notes = []
    cells = [cell for year in card.years for some in year.marks.values() for cell in some]
    if any(cell.filling is Filling.MISSING for cell in cells):
        notes.append(_("∅: the year is over and the mark has not been set."))
    if opened := [years(year.study_year) for year in card.years if year.is_open]:
        notes.append(_("The year has not ended: {years}.").format(years=", ".join(opened)))
    if not all(isinstance(one, CardYear) for one in card.stretches):
        notes.append(
            _("Not in the archive: the archive holds no such year of this pupil; see the paper file.")
        )
    return notes


def _years(card: RecordCard) -> Table:
    missed = _("Missed")
    columns = (
        Column("year", _("Academic year"), Kind.CENTRED, 22),
        Column("class", _("Class"), Kind.CENTRED, 16),
        Column("days", _("full days"), Kind.NUMBER, 15, missed),
        Column("days_ill", _("of them ill"), Kind.NUMBER, 15, missed),
        Column("lessons", _("of lessons"), Kind.NUMBER, 15, missed),
        Column("lessons_ill", _("of them ill"), Kind.NUMBER, 15, missed),
        Column("awards", _("Awards")),
        Column("moved", _("Moved to class; date and number of the decision")),
        Column("signature", _("Signature of the class teacher"), Kind.TEXT, 32),
    )
    return Table(
        "years", columns, tuple(Row(_year(one)) for one in card.stretches), title=_("Absences and decisions")
    )


def _year(stretch: Gap | CardYear) -> tuple[Value, ...]:
    if isinstance(stretch, Gap):
        return ("", _grades(stretch), *([_("not in the archive")] * 4), "", "", "")
    missed = stretch.missed
    counts: tuple[Value, ...] = (
        (None,) * 4
        if missed is None
        else (missed.full_days, missed.full_days_ill, missed.lessons, missed.ill)
    )
    return (years(stretch.study_year), stretch.class_name, *counts, "", "", "")


def _grades(gap: Gap) -> str:
    if gap.first == gap.last:
        return _("grade {grade}").format(grade=gap.first)
    return _("grades {first}–{last}").format(first=gap.first, last=gap.last)
