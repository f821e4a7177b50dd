"""Tables as CSV that Excel opens with a double click: UTF-8 with a mark, semicolons, CRLF.

A spreadsheet computes what looks like a formula and rounds a number of more than 15 digits. Such a text
gets an apostrophe before it, and so does one that begins with an apostrophe: taking one off each text that
begins with one gives back the record.
"""

from __future__ import annotations

import csv
from codecs import BOM_UTF8
from collections.abc import Iterable, Sequence
from io import TextIOWrapper
from typing import IO, Final, TypeAlias

Value: TypeAlias = str | int | bool | None

_FORMULA_SIGNS: Final = ("=", "+", "-", "@", "\t", "\r", "'")
_EXACT_DIGITS: Final = 15


def write_csv(file: IO[bytes], columns: Sequence[str], rows: Iterable[Sequence[Value]]) -> int:
    """Write a table with its heading into ``file``, row by row; returns the number of rows."""
    file.write(BOM_UTF8)
    text = TextIOWrapper(file, encoding="utf-8", newline="")
    writer = csv.writer(text, delimiter=";", lineterminator="\r\n")
    writer.writerow(columns)
    written = 0
    for row in rows:
        writer.writerow([as_text(value) for value in row])
        written += 1
    text.flush()
    text.detach()
    return written


def as_text(value: Value) -> str:
    """A value as it stands in the file: nothing for None, 1 or 0 for a boolean."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(int(value))
    text = str(value)
    is_long_number = len(text) > _EXACT_DIGITS and text.isascii() and text.isdigit()
    return f"'{text}" if text[:1] in _FORMULA_SIGNS or is_long_number else text
