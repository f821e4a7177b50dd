"""The report card (табель): a pupil's marks of all periods and of the year, by subject (FORMS §10)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from archive_store.forms import attendance_summary, summary_sheet
from archive_store.forms.attendance_summary import Missed
from archive_store.forms.class_record import ClassRecord
from archive_store.forms.marks import is_of_other_scale
from archive_store.forms.people import Pupil
from archive_store.forms.periods import FinalColumn, FinalKind
from archive_store.forms.span import Span, closes_year, within
from archive_store.forms.stays import Stays
from archive_store.forms.summary_cells import Filling, SummaryCell, SummaryRow


@dataclass(frozen=True, slots=True)
class SubjectLine:
    """A subject: a cell for each column of the card. ``five_points``: its marks have words, such as good."""

    subject: str
    cells: tuple[SummaryCell, ...]
    five_points: bool = True


@dataclass(frozen=True, slots=True)
class ReportCard:
    """The card of a pupil. ``missed`` is what he missed in the year, None without a record of it."""

    pupil: Pupil
    columns: tuple[FinalColumn, ...]
    lines: tuple[SubjectLine, ...]
    missed: Missed | None

    @property
    def has_marks(self) -> bool:
        """Whether any mark stands on the card."""
        return any(cell.filling is Filling.MARK for line in self.lines for cell in line.cells)


def build(
    record: ClassRecord, stays: Stays, only: int | None = None, span: Span | None = None
) -> Iterator[ReportCard]:
    """The cards of the pupils of the class, or of the one ``only``, in the order of the list.

    A subject that the pupil does not take, or that is taught without marks, stands on no card. Where the
    year does not close in ``span``, the card has no marks of the year.
    """
    closes = span is None or closes_year(record, span)
    record = within(record, span) if span else record
    others = _of_other_scales(record)
    sheet = summary_sheet.from_record(record)
    columns = [index for index, one in enumerate(sheet.lines) if closes or one.kind is FinalKind.PERIOD]
    missed = {row.pupil.person_id: row.total for row in attendance_summary.build(record, stays).rows}
    for row in sheet.rows:
        person_id = row.pupil.person_id
        if only is None or person_id == only:
            lines = tuple(_lines(row, columns, sheet.subjects, others))
            yield ReportCard(
                row.pupil, tuple(sheet.lines[one] for one in columns), lines, missed.get(person_id)
            )


def _lines(
    row: SummaryRow, columns: Sequence[int], subjects: Sequence[str], others: set[str]
) -> Iterator[SubjectLine]:
    for index, subject in enumerate(subjects):
        cells = tuple(row.cells[column][index] for column in columns)
        if any(cell.filling is not Filling.NOT_TAKEN for cell in cells):
            yield SubjectLine(subject, cells, subject not in others)


def _of_other_scales(record: ClassRecord) -> set[str]:
    """The subjects with a final mark of another scale than that of five points."""
    return {
        record.subjects.get(one.subject_id, str(one.subject_id))
        for one in record.finals
        if is_of_other_scale(one.type, record.signs)
    }
