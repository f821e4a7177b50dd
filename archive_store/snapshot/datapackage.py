"""The description of the CSV tables for programs: a Frictionless Data Package (specs.frictionlessdata.io)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

import orjson

from archive_store.snapshot.contents import Column, SealedTable
from archive_store.texts import _

_TYPES: Final = {"integer": "integer", "truth": "boolean", "text": "string", "day": "date"}
_DIALECT: Final = {
    "delimiter": ",",
    "quoteChar": '"',
    "doubleQuote": True,
    "lineTerminator": "\n",
    "skipInitialSpace": False,
    "header": True,
}


def data_package(bag: str, tables: Iterable[SealedTable]) -> bytes:
    """The package of a bag's tables: columns, types, keys, meanings."""
    package = {
        "profile": "tabular-data-package",
        "name": bag.lower(),
        "resources": [_resource(table) for table in tables],
    }
    return orjson.dumps(package, option=orjson.OPT_INDENT_2) + b"\n"


def _resource(table: SealedTable) -> dict[str, Any]:
    key = {"primaryKey": list(table.key)} if table.key else {}
    return {
        "profile": "tabular-data-resource",
        "name": table.name.replace("_", "-"),
        "title": table.title,
        "path": f"{table.name}.csv.gz",
        "scheme": "file",
        "format": "csv",
        "compression": "gz",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "dialect": _DIALECT,
        "schema": {"fields": [_field(column) for column in table.columns], **key, "missingValues": [""]},
    }


def _field(column: Column) -> dict[str, Any]:
    field = {"name": column.name, "type": _TYPES[column.kind], "title": _(column.meaning)}
    # A text that is there may be empty, which to the package looks like one that is missing.
    needed = column.required and column.kind != "text"
    return {**field, "constraints": {"required": True}} if needed else field
