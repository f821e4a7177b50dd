"""A report as open data: JSON, and a CSV file per table."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from fractions import Fraction
from typing import IO, Any

import orjson

from archive_store.forms.averages import rounded
from archive_store.render.csv import Value as CsvValue
from archive_store.render.csv import write_csv
from archive_store.render.report import Report, Table, Value, as_written
from archive_store.render.source import Source
from archive_store.texts import _


def report_json(report: Report, source: Source, *more: Report) -> bytes:
    """The report with its columns by their keys. A fraction is a number and, beside it, exact.

    Ids are texts: 19 digits do not survive a reader of floating-point numbers. With ``more`` copies of the
    form what differs stands under ``copies``.
    """
    tree: dict[str, Any] = {
        "form": report.name,
        "title": report.title,
        "source": {
            "school": source.school_name,
            "as_of": source.as_of.isoformat(),
            "ledger_head": source.ledger_head,
            "made_at": source.made_at.isoformat(),
        },
    }
    tree |= {"copies": [_copy(one) for one in (report, *more)]} if more else _copy(report)
    return orjson.dumps(tree, option=orjson.OPT_INDENT_2)


def table_csv(file: IO[bytes], table: Table, decimals: int, *more: Table) -> int:
    """A table as :mod:`archive_store.render.csv` writes it: numbers with a decimal comma, days as 01.09.2025.

    A heading names the group and the column. What cannot be computed is empty. ``more`` tables of the same
    columns, such as further weeks, follow without a heading. Returns the rows.
    """
    tables = (table, *more)
    rows = ([_for_csv(value, decimals) for value in row.values] for one in tables for row in one.rows)
    return write_csv(file, _heads(table), rows)


def copies_csv(file: IO[bytes], copies: Sequence[Report], index: int) -> int:
    """The table ``index`` of all copies of a form; a row begins with whom its copy is about.

    Copies may have different columns: a cell of a column that a copy does not have is empty.
    """
    heads = list(dict.fromkeys(head for one in copies for head in _heads(one.tables[index])))
    rows = (
        [one.about, *(known.get(head) for head in heads)]
        for one in copies
        for row in one.tables[index].rows
        for known in [
            dict(zip(_heads(one.tables[index]), (_for_csv(v, one.decimals) for v in row.values), strict=True))
        ]
    )
    return write_csv(file, [_("Pupil"), *heads], rows)


def _heads(table: Table) -> list[str]:
    return [f"{one.group}: {one.title}" if one.group else one.title for one in table.columns]


def _copy(report: Report) -> dict[str, Any]:
    return {
        **({"about": report.about} if report.about else {}),
        "facts": [{"name": name, "value": value} for name, value in report.facts],
        "tables": [_table(table, report.decimals) for table in report.tables],
        "notes": report.notes,
    }


def _table(table: Table, decimals: int) -> dict[str, Any]:
    keys = [column.key for column in table.columns]
    return {
        "name": table.name,
        "title": table.title,
        "columns": [
            {"key": one.key, "title": one.title, "group": one.group or None} for one in table.columns
        ],
        "rows": [
            {
                **{key: _for_json(value, decimals) for key, value in zip(keys, row.values, strict=True)},
                **({"total": True} if row.total else {}),
            }
            for row in table.rows
        ],
        "notes": table.notes,
    }


def _for_csv(value: Value, decimals: int) -> CsvValue:
    if value is None or isinstance(value, int):
        return value
    return as_written(value, decimals)


def _for_json(value: Value, decimals: int) -> object:
    if isinstance(value, Fraction):
        exact = f"{value.numerator}/{value.denominator}"
        return {"value": float(rounded(value, decimals)), "exact": exact}
    if isinstance(value, date):
        return value.isoformat()
    return value
