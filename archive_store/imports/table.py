"""A table out of a file, whatever an office makes: CSV in its several dialects, XLSX, XLS, ODS.

CSV is read in UTF-8 or UTF-16 with or without a mark, else in Windows-1251, as Excel saves it; with
semicolons, commas or tabs. A workbook's numbers become texts as they are shown: 34.0 is 34.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from io import BytesIO, StringIO
from pathlib import Path
from typing import Final

from archive_store.imports.errors import (
    ColumnsMissing,
    Fault,
    Problem,
    TableUnreadable,
    TableWrong,
    WrongCell,
)

_LARGEST: Final = 20_000_000
_ROWS_BEFORE_THE_HEADING: Final = 30
_WORKBOOKS: Final = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
_DELIMITERS: Final = ";\t,"
_NUMBER: Final = re.compile(r"\d{1,6}(?:[.,]\d{1,4})?")
Line = tuple[int, Sequence[str]]


@dataclass(frozen=True, slots=True)
class Heading:
    """A column that is looked for: its key, and the headings that mean it, the one to be shown first."""

    key: str
    names: tuple[str, ...]
    needed: bool = True

    @property
    def title(self) -> str:
        """The heading to be shown."""
        return self.names[0]


@dataclass(frozen=True, slots=True)
class ImportedRow:
    """A row: its number as a spreadsheet counts, and its texts by the key of the column."""

    number: int
    cells: Mapping[str, str]


@dataclass(slots=True)
class ImportedTable:
    """A table. ``titles`` are the headings by key as they stand; ``ignored`` those that mean nothing here."""

    path: Path
    titles: Mapping[str, str]
    ignored: tuple[str, ...]
    rows: Sequence[ImportedRow]
    wrong: list[WrongCell] = field(default_factory=list)

    def fault(self, row: ImportedRow, key: str, problem: Problem, known: Iterable[str] = ()) -> None:
        """Note that a cell cannot be understood."""
        cell = WrongCell(row.number, self.titles.get(key, key), row.cells.get(key, ""), problem, tuple(known))
        self.wrong.append(cell)

    def number(self, row: ImportedRow, key: str) -> Fraction | None:
        """A number that is not negative; None of an empty cell, and of one that is none, which is noted."""
        text = re.sub(r"\s", "", row.cells.get(key, ""))
        if text in ("", "-", "–", "—"):
            return None
        if not _NUMBER.fullmatch(text):
            self.fault(row, key, Problem.NOT_A_NUMBER)
            return None
        return Fraction(text.replace(",", "."))

    def require_sound(self) -> None:
        """Raises TableWrong if a cell could not be understood."""
        if self.wrong:
            raise TableWrong(self.path, sorted(self.wrong, key=lambda one: one.row))


def normal(heading: str) -> str:
    """A heading as it is meant: letters and digits alone, in lower case; Roman numbers as digits."""
    text = heading.casefold().replace("ё", "е")
    for roman, digit in (("iv", "4"), ("iii", "3"), ("ii", "2"), ("i", "1")):
        text = re.sub(rf"\b{roman}\b", digit, text)
    return re.sub(r"[\W_]+", "", text)


def read_table(path: Path, headings: Sequence[Heading]) -> ImportedTable:
    """The first table in the file that has the headings that are needed, in whatever order.

    Raises TableUnreadable, ColumnsMissing.
    """
    content = _content(path)
    first: Sequence[str] = ()
    for lines in _sheets(path, content):
        kept = [line for line in lines if any(line[1])]
        for at, (_number, cells) in enumerate(kept[:_ROWS_BEFORE_THE_HEADING]):
            keys = _keys(cells, headings)
            if all(one.key in keys.values() for one in headings if one.needed):
                return _table(path, cells, keys, kept[at + 1 :])
            first = first or cells
    if not first:
        raise TableUnreadable(path, Fault.EMPTY)
    known = _keys(first, headings).values()
    missing = [one.title for one in headings if one.needed and one.key not in known]
    raise ColumnsMissing(path, missing, [cell for cell in first if cell])


def _keys(cells: Sequence[str], headings: Sequence[Heading]) -> dict[int, str]:
    """The keys of the columns by their place; of two columns that mean the same the first."""
    names = {normal(name): one.key for one in headings for name in one.names}
    found: dict[int, str] = {}
    for place, cell in enumerate(cells):
        key = names.get(normal(cell))
        if key is not None and key not in found.values():
            found[place] = key
    return found


def _table(path: Path, heads: Sequence[str], keys: Mapping[int, str], lines: Iterable[Line]) -> ImportedTable:
    rows = [
        ImportedRow(number, {key: cells[place] for place, key in keys.items() if place < len(cells)})
        for number, cells in lines
    ]
    return ImportedTable(
        path,
        {key: heads[place] for place, key in keys.items()},
        tuple(head for place, head in enumerate(heads) if head and place not in keys),
        [row for row in rows if any(row.cells.values())],
    )


def _content(path: Path) -> bytes:
    try:
        if path.stat().st_size > _LARGEST:
            raise TableUnreadable(path, Fault.TOO_LARGE)
        return path.read_bytes()
    except OSError as error:
        raise TableUnreadable(path, Fault.CANNOT_BE_OPENED, error.strerror or str(error)) from error


def _sheets(path: Path, content: bytes) -> Iterator[list[Line]]:
    if content.startswith(_WORKBOOKS):
        yield from _workbook(path, content)
    else:
        yield _csv(path, content)


def _workbook(path: Path, content: bytes) -> Iterator[list[Line]]:
    from python_calamine import CalamineError, CalamineWorkbook, PasswordError

    try:
        with CalamineWorkbook.from_filelike(BytesIO(content)) as book:
            for name in book.sheet_names:
                rows = book.get_sheet_by_name(name).to_python(skip_empty_area=False)
                yield [(number, [_shown(cell) for cell in row]) for number, row in enumerate(rows, start=1)]
    except PasswordError as error:
        raise TableUnreadable(path, Fault.PASSWORD) from error
    except CalamineError as error:
        raise TableUnreadable(path, Fault.NOT_A_TABLE, str(error)) from error


def _shown(cell: object) -> str:
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, float):
        return f"{cell:.10g}"
    return cell.isoformat() if isinstance(cell, date) else str(cell).strip()


def _csv(path: Path, content: bytes) -> list[Line]:
    text = _decoded(path, content)
    reader = csv.reader(StringIO(text, newline=""), delimiter=_delimiter(text))
    lines: list[Line] = []
    before = 0
    try:
        for cells in reader:
            lines.append((before + 1, [cell.strip() for cell in cells]))
            before = reader.line_num
    except csv.Error as error:
        raise TableUnreadable(path, Fault.NOT_A_TABLE, str(error)) from error
    return lines


def _decoded(path: Path, content: bytes) -> str:
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        encodings: tuple[str, ...] = ("utf-16",)
    elif b"\0" in content:
        raise TableUnreadable(path, Fault.NOT_A_TABLE)
    else:
        encodings = ("utf-8-sig", "cp1251")
    for encoding in encodings:
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise TableUnreadable(path, Fault.NOT_A_TABLE)


def _delimiter(text: str) -> str:
    """What divides most in the first lines; of equals the semicolon."""
    head = "\n".join(text.splitlines()[:_ROWS_BEFORE_THE_HEADING])
    return max(_DELIMITERS, key=head.count)
