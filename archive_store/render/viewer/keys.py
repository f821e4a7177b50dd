"""Names by which the files of the viewer refer to each other; ASCII, so that any file system holds them."""

from __future__ import annotations

from archive_store.forms.periods import FinalColumn


def class_key(study_year: int | None, group_id: int) -> str:
    """The folder of a class's data."""
    return f"{study_year or 0}-{group_id}"


def section_name(number: int) -> str:
    """The file of a section's cells."""
    return f"s{number:02}"


def history_name(number: int) -> str:
    """The file of the lives of a section's cells."""
    return f"h{number:02}"


def cell_key(lesson_id: int, person_id: int) -> str:
    """A cell of a journal."""
    return f"{lesson_id}/{person_id}"


def column_key(column: FinalColumn) -> str:
    """A column of final marks."""
    return f"{column.kind.value}-{column.period.period_id}" if column.period else column.kind.value


def final_key(subject_id: int | None, column: FinalColumn, person_id: int) -> str:
    """A cell of final marks."""
    return f"{subject_id}/{column_key(column)}/{person_id}"
