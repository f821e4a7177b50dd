"""The viewer in a folder: its page, and the data of one class after the other.

Only one class is in memory at a time. Of each file the digest is known when it is written, and the next
one up names it: so every page of the viewer shows the digest of the file that it was made from, to be held
against the list of checksums.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import tzinfo
from typing import Any

import sqlalchemy as sa

from archive_store.asof import AsOf
from archive_store.export.folder import StagedFolder
from archive_store.forms import class_journal, summary_sheet
from archive_store.forms.averages import averages
from archive_store.forms.class_record import ClassRecord
from archive_store.forms.corrections import CorrectionsForm, corrections_form
from archive_store.forms.rules import Rules
from archive_store.forms.signs import Signs
from archive_store.forms.value_lives import ClassLives, load_lives
from archive_store.render.printed_signs import added, letters
from archive_store.render.source import Source
from archive_store.render.viewer.journal_data import class_data, lessons_data, section_data
from archive_store.render.viewer.keys import class_key, history_name, section_name
from archive_store.render.viewer.lives_data import final_lives, section_lives
from archive_store.render.viewer.page import data_file, page_files
from archive_store.render.viewer.sheet_data import corrections_data, sheet_data
from archive_store.render.wording import year_line


@dataclass(frozen=True, slots=True)
class ClassForms:
    """What the viewer is made from: the record of a class, the lives of its values, its corrections."""

    record: ClassRecord
    lives: ClassLives
    corrections: CorrectionsForm


def load_forms(
    connection: sa.Connection, at: AsOf, record: ClassRecord, zone: tzinfo | None, rules: Rules
) -> ClassForms:
    """What the archive holds beside a class's record, as of ``at``; corrections are flagged by ``rules``."""
    return ClassForms(
        record,
        load_lives(connection, at, record),
        corrections_form(
            connection,
            at,
            record.group,
            zone,
            late_after_days=rules.late_correction_days,
            signs=record.signs,
        ),
    )


@dataclass(frozen=True, slots=True)
class ViewerClass:
    """A class that is in the viewer: its line in the contents."""

    line: dict[str, Any]

    @property
    def counts(self) -> dict[str, int]:
        """How many pupils, lessons, marks and so on it has."""
        return {name: value for name, value in self.line.items() if isinstance(value, int)}


def write_class(folder: StagedFolder, forms: ClassForms, zone: tzinfo | None) -> ViewerClass:
    """Write the data of a class; moments are shown in ``zone``, the school's."""
    journal = class_journal.from_record(forms.record)
    group = forms.record.group
    key = class_key(group.study_year, group.group_id)
    digests: dict[str, str] = {}
    for name, data in _parts(forms, journal, zone):
        digests[name] = _write(folder, f"{key}/{name}", data)
    data = {**class_data(journal, forms.lives), "digests": digests}
    sections: list[dict[str, Any]] = data["sections"]
    line = {
        "key": key,
        "name": journal.class_name,
        "year": year_line(journal),
        "teachers": journal.class_teachers,
        "pupils": len(journal.roster),
        "sections": len(sections),
        **{name: sum(one[name] for one in sections) for name in ("lessons", "marks", "absences", "finals")},
        "corrections": len(forms.corrections.rows),
        "digest": _write(folder, f"{key}/class", data),
    }
    return ViewerClass(line)


def write_page(
    folder: StagedFolder, classes: list[ViewerClass], source: Source, town: str | None, signs: Signs
) -> None:
    """Write the page, and the contents that name the classes."""
    for path, content in page_files():
        folder.add(path, content)
    data = {
        "name": source.school_name,
        "town": town,
        "line": source.line,
        "facts": source.facts(),
        "letters": letters(signs),
        "signs": added(signs),
        "classes": [one.line for one in classes],
    }
    _write(folder, "school", data)


def _parts(
    forms: ClassForms, journal: class_journal.ClassJournal, zone: tzinfo | None
) -> Iterator[tuple[str, Any]]:
    """The files of a class's data, each made when it is wanted."""
    yield "lessons", lessons_data(journal)
    for number, section in enumerate(journal.sections):
        yield section_name(number), section_data(section, forms.lives)
        yield history_name(number), section_lives(section, forms.lives.cells, zone)
    yield "finals", final_lives(forms.lives.finals, zone)
    record = forms.record
    weights = {one.work_type_id: one.weight for one in record.work_types.values()}
    sheet = summary_sheet.from_record(record)
    yield "sheet", sheet_data(sheet, forms.lives, averages(record.marks, weights, record.signs))
    yield "corrections", corrections_data(forms.corrections, zone)


def _write(folder: StagedFolder, name: str, data: Any) -> str:  # noqa: ANN401 - whatever JSON can hold
    """Write a file of data and return its SHA-256."""
    folder.add(*data_file(name, data))
    return folder.files[-1].digest
