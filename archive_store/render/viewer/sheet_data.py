"""The summary sheet, the averages and the corrections of a class as the viewer's files of data hold them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import tzinfo
from typing import Any

from archive_store.corrections import Correction
from archive_store.forms.averages import Average, Key, written
from archive_store.forms.corrections import CorrectionsForm
from archive_store.forms.signs import Signs
from archive_store.forms.summary_sheet import SummarySheet
from archive_store.forms.value_lives import ClassLives
from archive_store.render.correction_words import FLAGS, KINDS, flag_text, value_text, what_text
from archive_store.render.dates import moment_text
from archive_store.render.summary_data import notes
from archive_store.render.viewer.keys import column_key, final_key
from archive_store.render.viewer.lives_data import Data
from archive_store.render.wording import pupil_note
from archive_store.texts import _

_DECIMALS = 2


def sheet_data(sheet: SummarySheet, lives: ClassLives, averages: Mapping[Key, Average]) -> Data:
    """The summary sheet of progress with what is said under it, and the averages of the year beside it."""
    corrected = {place for place, found in lives.finals.items() if any(one.is_corrected for one in found)}
    return {
        "subjects": [
            [str(subject), name] for subject, name in zip(sheet.subject_ids, sheet.subjects, strict=True)
        ],
        "lines": [[column_key(line), line.name] for line in sheet.lines],
        "rows": [
            [
                [str(row.pupil.person_id), row.pupil.number, row.pupil.full_name, pupil_note(row.pupil)],
                [[cell.text for cell in line] for line in row.cells],
            ]
            for row in sheet.rows
        ],
        "notes": notes(sheet),
        "corrected": sorted(final_key(*place) for place in corrected),
        "averages": {f"{subject}/{person}": _average(one) for (person, subject), one in averages.items()},
    }


def corrections_data(form: CorrectionsForm, zone: tzinfo | None) -> Data:
    """The list of corrections of a class in the words of the printed one, and what is said under it."""
    return {
        "kinds": [[kind, _(title)] for kind, title in KINDS.items()],
        "flags": [[flag, flag_text(flag, form.late_after_days)] for flag in FLAGS],
        "rows": [_correction(row, form.signs, zone) for row in form.rows],
        "notes": [_(note) for note in form.notes],
    }


def _average(average: Average) -> list[Any]:
    exact = (average.simple, average.weighted)
    return [average.marks, *(None if one is None else written(one, _DECIMALS) for one in exact)]


def _correction(row: Correction, signs: Signs, zone: tzinfo | None) -> list[Any]:
    of = [row.kind, None if row.person_id is None else str(row.person_id), row.person_name]
    place = [row.subject_name, row.group_name, row.day, what_text(row)]
    values = [value_text(row, value, signs) for value in (row.was, row.now)]
    seen = [moment_text(moment, zone) for moment in (row.seen_from, row.seen_until, row.noticed)]
    return [*of, *place, *values, *seen, row.days_after, row.flags, row.record_id]
