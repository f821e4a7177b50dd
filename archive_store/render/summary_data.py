"""The summary sheet of progress as its template takes it."""

from __future__ import annotations

from typing import Any

from archive_store.forms.periods import FinalKind
from archive_store.forms.replaced_finals import Replacement
from archive_store.forms.spread import Cell
from archive_store.forms.summary_cells import Filling, SummaryCell, SummaryRow
from archive_store.forms.summary_sheet import SummarySheet
from archive_store.render import wording
from archive_store.render.dates import day_text
from archive_store.render.fitting import Fitted, cell
from archive_store.render.glyphs import showable
from archive_store.render.look import Look
from archive_store.render.printed_signs import school_signs
from archive_store.render.source import Source
from archive_store.render.title import common_words, title
from archive_store.texts import _, ngettext


def summary_data(form: SummarySheet, source: Source) -> dict[str, Any]:
    """Everything that ``summary_sheet.typ`` prints."""
    return {
        "words": common_words(source.look) | _words(source.look),
        "school": showable(source.school_name),
        "source": showable(source.line),
        "title": title(form, source, _("Summary sheet of progress")),
        "subjects": [showable(name) for name in form.subjects],
        "lines": [showable(line.name) for line in form.lines],
        "rows": [_row(form, row) for row in form.rows],
        "notes": [showable(note) for note in notes(form)],
    }


def notes(form: SummarySheet) -> list[str]:
    """What is said under the sheet: its signs, and counts of what a reader should ask about."""
    found = [
        _("— the pupil has no such mark to get; ∅ not set: the mark was due and is not in the record."),
        _("· the period has not ended; × the pupil was not in the class at its end, as the archive saw it."),
        *(f"{number}) {replacement_told(one)}" for number, one in enumerate(form.footnotes, start=1)),
    ]
    found += school_signs(form.signs)
    if form.missing:
        missing = ngettext("{number} mark is missing.", "{number} marks are missing.", form.missing)
        found.append(missing.format(number=form.missing))
    if form.unknown:
        values = ", ".join(f"«{value}» ({count})" for value, count in form.unknown)
        found.append(_("Values whose meaning the archive does not know: {values}.").format(values=values))
    return found


def replacement_told(one: Replacement) -> str:
    """Why a mark that was sealed became another: what was said when it was sealed anew, and when."""
    seen = day_text(one.seen)
    if one.edition is None:
        return _(
            "changed after the closing of the year, seen on {day}; in no edition of the year yet"
        ).format(day=seen)
    order = one.edition.order_number
    said = ", ".join(part for part in (one.edition.reason, order) if part)
    return _("{said}; seen on {day}, edition {number} of {sealed}").format(
        said=said or _("changed after the closing of the year"),
        day=seen,
        number=one.edition.number,
        sealed=day_text(one.edition.day),
    )


def _row(form: SummarySheet, row: SummaryRow) -> dict[str, Any]:
    return {
        "number": str(row.pupil.number),
        "name": showable(row.pupil.full_name),
        "note": showable(wording.pupil_note(row.pupil)),
        "lines": [
            (showable(line.name), line.kind is not FinalKind.PERIOD, [_cell(one) for one in cells])
            for line, cells in zip(form.lines, row.cells, strict=True)
        ],
    }


def _cell(one: SummaryCell) -> Fitted:
    return cell(Cell((), (one.text,))) if one.was or one.filling is Filling.MARK else one.text


def _words(look: Look) -> dict[str, Any]:
    signers = _("Class teacher"), _("Deputy head"), _("Head of the school")
    return {
        "full_name_column": _("Surname, given name, patronymic"),
        "period": _("Period"),
        "behaviour": _("Behaviour"),
        "decision": _("Decision of the pedagogical council (date, number)"),
        "signers": [showable(one) for one in look.signers.get("summary-sheet", signers)],
    }
