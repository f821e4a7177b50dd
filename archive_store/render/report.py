"""A report: a form made of tables, in words, before it is a PDF, a workbook, CSV or JSON.

Most forms of a school are a heading, facts, tables of texts and numbers, notes and signatures. Such a form
is one module in :mod:`archive_store.forms`, which computes it, and one in
:mod:`archive_store.render.reports`, which words it as a Report; how that looks is decided here once.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import Enum
from fractions import Fraction
from typing import Final, TypeAlias

from archive_store.forms.averages import written

NOT_COMPUTABLE: Final = "—"
Value: TypeAlias = str | int | Fraction | date | None
"""What stands in a cell. None is what cannot be computed: it is printed as a dash, never as 0."""


class Kind(Enum):
    """How the values of a column stand in it."""

    TEXT = "text"  # to the left, in as many lines as it takes
    CENTRED = "centred"  # a short text: a mark, a letter
    NUMBER = "number"  # a count, or a share or an average in decimal places
    DAY = "day"


@dataclass(frozen=True, slots=True)
class Column:
    """A column. ``key`` names it in JSON; ``width`` is in millimetres, None for a share of what is left.

    Neighbours of one ``group`` have it as a common heading above their own. ``upright`` turns the heading.
    """

    key: str
    title: str
    kind: Kind = Kind.TEXT
    width: float | None = None
    group: str = ""
    upright: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """A row, with a value for each column; a ``total`` is set off from the others.

    A row that is ``parted`` has a heavier line above: with it a new day begins.
    """

    values: tuple[Value, ...]
    total: bool = False
    parted: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """A table. ``name`` is its file's name among CSV files: ASCII, in lower case.

    A table of a ``new_page`` begins one.
    """

    name: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    title: str = ""
    notes: tuple[str, ...] = ()
    when_empty: str = ""
    new_page: bool = False

    def headed(self) -> Iterator[tuple[str, int]]:
        """The common headings with the number of columns below each; empty above a column without one."""
        start = 0
        while start < len(self.columns):
            group, end = self.columns[start].group, start + 1
            while group and end < len(self.columns) and self.columns[end].group == group:
                end += 1
            yield group, end - start
            start = end


@dataclass(frozen=True, slots=True)
class Report:
    """A form in words. ``facts`` stand under the title; ``signers`` are the offices that sign it.

    ``name`` is the name of its files. ``decimals`` is the number of places of all its fractions. ``about``
    tells apart the copies of a form in one document: the name of a pupil. ``roomy`` is in larger
    type, for a form of one page.
    """

    name: str
    title: str
    facts: tuple[tuple[str, str], ...]
    tables: tuple[Table, ...]
    notes: tuple[str, ...] = ()
    signers: tuple[str, ...] = ()
    landscape: bool = False
    decimals: int = 2
    about: str = ""
    roomy: bool = False


def as_written(value: Value, decimals: int) -> str:
    """A value as a person reads it: 55,56; 01.09.2025; a dash for what cannot be computed."""
    if value is None:
        return NOT_COMPUTABLE
    if isinstance(value, Fraction):
        return written(value, decimals)
    if isinstance(value, date):
        return f"{value:%d.%m.%Y}"
    return str(value)
