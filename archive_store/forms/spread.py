"""Parts of the class journal: the spread of a subject, its lessons, cells and columns of final marks.

On the left page of a spread stand the pupils with the days, their marks and their absences; on the right
page the topic and the homework of each lesson.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Final

from archive_store.forms.people import Pupil
from archive_store.forms.periods import FinalColumn, Period

OUTSIDE_SIGN: Final = "×"


@dataclass(frozen=True, slots=True)
class Cell:
    """What stands in one cell: letters of attendance, and marks in the order in which they were set.

    ``is_outside``: nothing can, as the pupil was not in the group that day.
    """

    letters: tuple[str, ...] = ()
    marks: tuple[str, ...] = ()
    is_outside: bool = False

    @property
    def text(self) -> str:
        """The cell in one line: ``Н``, ``4/5``, ``О 4``, ``×``."""
        if self.is_outside:
            return OUTSIDE_SIGN
        return " ".join(part for part in ("".join(self.letters), "/".join(self.marks)) if part)


EMPTY: Final = Cell()
OUTSIDE: Final = Cell(is_outside=True)


@dataclass(frozen=True, slots=True)
class WorkNote:
    """A work of a lesson: the abbreviation and title of its type, and its weight in the average."""

    abbreviation: str
    title: str
    weight: int | None


@dataclass(frozen=True, slots=True)
class LessonLine:
    """A lesson: a column of the left page and a row of the right page.

    ``hours`` are hours of teaching. ``substitutes`` are the teachers when they are not those of the
    section; ``status`` is what the platform says of an unusual lesson. ``on_record`` is false when marks
    or absences name a lesson that the record does not hold.
    """

    lesson_id: int
    day: date
    number: int | None
    hours: int
    topic: str
    homework: str
    works: tuple[WorkNote, ...]
    substitutes: tuple[str, ...]
    status: str | None
    on_record: bool = True


@dataclass(frozen=True, slots=True)
class Spread:
    """Two facing pages. ``cells`` has a row per pupil of the section and in it a cell per lesson;
    ``final_cells`` likewise a cell per column of final marks.
    """

    period: Period | None
    lessons: tuple[LessonLine, ...]
    finals: tuple[FinalColumn, ...]
    cells: tuple[tuple[Cell, ...], ...]
    final_cells: tuple[tuple[Cell, ...], ...]


@dataclass(frozen=True, slots=True)
class Section:
    """The pages of one subject for the class or for one of its subgroups."""

    subject_id: int | None
    subject: str
    group_name: str
    is_subgroup: bool
    teachers: tuple[str, ...]
    pupils: tuple[Pupil, ...]
    spreads: tuple[Spread, ...]

    @property
    def title(self) -> str:
        """The subject, with the name of the subgroup where there is one."""
        return f"{self.subject} ({self.group_name})" if self.is_subgroup else self.subject

    @property
    def lessons(self) -> tuple[LessonLine, ...]:
        """All lessons in the order of time."""
        return tuple(lesson for spread in self.spreads for lesson in spread.lessons)

    @property
    def mark_count(self) -> int:
        """How many marks of lessons the section holds."""
        return sum(len(cell.marks) for cell in self._cells())

    @property
    def absence_count(self) -> int:
        """How many letters of attendance the section holds, late arrivals among them."""
        return sum(len(cell.letters) for cell in self._cells())

    @property
    def final_count(self) -> int:
        """How many period, year, exam and final marks the section holds."""
        rows = (row for spread in self.spreads for row in spread.final_cells)
        return sum(len(cell.marks) for row in rows for cell in row)

    def _cells(self) -> Iterable[Cell]:
        return (cell for spread in self.spreads for row in spread.cells for cell in row)
