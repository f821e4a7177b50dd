"""The cells of the summary sheet of progress, and how they are filled."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import Final

from archive_store.forms.people import Pupil

_RAISED: Final = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")


class Filling(Enum):
    """How a cell is filled."""

    MARK = "mark"
    NOT_TAKEN = "—"  # the pupil does not take the subject, or it has no mark of this kind
    MISSING = "∅"  # the mark was due and is not there
    NOT_DUE = "·"  # the period has not ended
    OUTSIDE = "×"  # the pupil was not in the class when it ended


@dataclass(frozen=True, slots=True)
class SummaryCell:
    """A cell: the mark as the diary shows it, or why there is none.

    ``was`` is the mark that was sealed with the year and no longer stands; ``footnote`` tells of it.
    """

    filling: Filling
    mark: str = ""
    was: str = ""
    footnote: int = 0

    @property
    def standing(self) -> str:
        """What a pupil's own form prints: the mark, ``∅`` or ``—``; nothing of a period under way."""
        if self.filling is Filling.MARK:
            return self.mark
        if self.filling is Filling.NOT_DUE:
            return ""
        return Filling.NOT_TAKEN.value if self.filling is Filling.OUTSIDE else self.filling.value

    @property
    def text(self) -> str:
        """What is printed: ``4``, ``∅``, ``2→3¹``."""
        now = self.mark if self.filling is Filling.MARK else self.filling.value
        return f"{self.was}→{now or Filling.MISSING.value}{_raised(self.footnote)}" if self.was else now


@dataclass(frozen=True, slots=True)
class SummaryRow:
    """A pupil: for each line of the sheet a cell per subject."""

    pupil: Pupil
    cells: tuple[tuple[SummaryCell, ...], ...]


def _raised(number: int) -> str:
    return str(number).translate(_RAISED) if number else ""
