"""What can be wrong with a table that was given, as data. The commands word it."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum
from pathlib import Path

from archive_store.errors import ArchiveError


class Fault(Enum):
    """What is wrong with the file as a whole."""

    CANNOT_BE_OPENED = "cannot be opened"
    TOO_LARGE = "too large"
    PASSWORD = "protected by a password"  # noqa: S105 - a fault, not a password
    NOT_A_TABLE = "no table of a known kind"
    EMPTY = "no rows"


class Problem(Enum):
    """What is wrong with a cell."""

    EMPTY = "empty"
    NOT_A_NUMBER = "no number"
    NOT_A_MARK = "no mark"
    UNKNOWN_CLASS = "no class of that name"
    UNKNOWN_SUBJECT = "no subject of that name"
    UNKNOWN_SUBGROUP = "no subgroup of that name"
    UNKNOWN_PUPIL = "no pupil of that name"
    SEVERAL_PUPILS = "several pupils of that name"
    SEVERAL_CLASSES = "the pupil was in several classes"
    TWICE = "said before"


@dataclass
class TableNeeded(ArchiveError):
    """The form compares the record with a table that was not given."""

    form: str


@dataclass
class TableUnreadable(ArchiveError):
    """The file is not there, or is no table."""

    path: Path
    fault: Fault
    reason: str = ""


@dataclass
class ColumnsMissing(ArchiveError):
    """The table has no heading with these columns. ``found`` are the headings of its first row."""

    path: Path
    missing: list[str]
    found: list[str]


@dataclass(frozen=True, slots=True)
class WrongCell:
    """A cell that cannot be understood: row as the spreadsheet counts, heading of the column, value.

    ``known`` are values that would have been understood, or, of one said before, the row.
    """

    row: int
    column: str
    value: str
    problem: Problem
    known: tuple[str, ...] = field(default=())


@dataclass
class TableWrong(ArchiveError):
    """Cells of the table cannot be understood: all of them, in the order of rows."""

    path: Path
    cells: list[WrongCell]
