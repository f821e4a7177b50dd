"""Read the tables of a bag of any format by what the bag itself says: its passport and its data package.

Tables come from the CSV, which outlives every database: row by row, so that memory does not grow with them.
"""

from __future__ import annotations

import gzip
import json
import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from archive_store.restore.errors import BagNotReadable

Value = str | None
_FILE: Final = re.compile(r"([a-z][a-z0-9_]*)\.csv\.gz")
_FIELD: Final = re.compile(r'"((?:[^"]|"")*)"|([^,"]*)')
_LARGEST_DESCRIPTION: Final = 256 << 20
_LONGEST_LINE: Final = 64 << 20


@dataclass(frozen=True, slots=True)
class Table:
    """A table of a bag: its name, its columns with their types, its key, its file."""

    name: str
    columns: tuple[str, ...]
    types: tuple[str, ...]
    key: tuple[str, ...]
    path: Path


@dataclass(frozen=True, slots=True)
class Bag:
    """A bag as it describes itself. ``order`` is that of the records: the run, then the ledger's entry."""

    path: Path
    format: str
    school_id: int
    study_year: int | None
    group: str | None
    order: tuple[int, int]
    recorded_at: str
    passport: dict[str, Any]
    tables: dict[str, Table]

    @property
    def name(self) -> str:
        """Its name with its edition."""
        return self.path.name

    def stated(self, table: str) -> dict[str, Any]:
        """What the passport says of a table: rows and sha256."""
        return dict(self.passport.get("tables", {}).get(table, {}))


def open_bag(path: Path) -> Bag:
    """Read what a bag says of itself. Raises BagNotReadable."""
    passport = _json(path / "data" / "passport.json")
    package = _json(path / "data" / "tables" / "datapackage.json")
    try:
        record = passport["record"]
        tables = [_table(path, one) for one in package["resources"] if _is_csv(one)]
        return Bag(
            path=path,
            format=str(passport.get("format", "")),
            school_id=int(passport["school"]["id"]),
            study_year=int(passport["study_year"]),
            group=(passport.get("group") or {}).get("name"),
            order=(int(record["run"]), int(record["ledger_entry"])),
            recorded_at=str(record["recorded_at"]),
            passport=passport,
            tables={one.name: one for one in tables},
        )
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise BagNotReadable(path.name, f"{type(error).__name__}: {error}") from error


def rows(table: Table) -> Iterator[tuple[Value, ...]]:
    """The rows of a table as texts; None where there is no value. Raises BagNotReadable."""
    width, number = len(table.columns), 0
    try:
        with gzip.open(table.path, "rb") as file:
            for record in _records(file):
                fields = _fields(record)
                if len(fields) != width or (number == 0 and fields != table.columns):
                    raise BagNotReadable(table.path.name, f"line {number + 1}")
                if number:
                    yield fields
                number += 1
    except (OSError, EOFError, zlib.error, UnicodeDecodeError) as error:
        raise BagNotReadable(table.path.name, type(error).__name__) from error


def _records(file: Any) -> Iterator[str]:  # noqa: ANN401 - a gzip file
    """Records of the CSV without their line ends: a quoted text may hold line ends of its own."""
    parts: list[bytes] = []
    quotes = 0
    while line := file.readline(_LONGEST_LINE):
        parts.append(line)
        quotes += line.count(b'"')
        if quotes % 2 == 0:
            yield b"".join(parts).decode("utf-8").removesuffix("\n")
            parts, quotes = [], 0
    if parts:
        raise EOFError


def _fields(record: str) -> tuple[Value, ...]:
    if '"' not in record:
        return tuple(field or None for field in record.split(","))
    found: list[Value] = []
    position = 0
    while True:
        match = _FIELD.match(record, position)
        assert match is not None  # noqa: S101 - the pattern takes the empty text
        found.append(match[1].replace('""', '"') if match[1] is not None else match[2] or None)
        position = match.end()
        if position >= len(record):
            return tuple(found)
        if record[position] != ",":
            return ()  # no CSV: the width will not agree
        position += 1
        if position == len(record):
            return (*found, None)


def _is_csv(resource: Any) -> bool:  # noqa: ANN401 - JSON
    return _FILE.fullmatch(str(resource.get("path", ""))) is not None


def _table(bag: Path, resource: dict[str, Any]) -> Table:
    schema = resource["schema"]
    fields = schema["fields"]
    key = schema.get("primaryKey") or ()
    file = str(resource["path"])
    path = bag / "data" / "tables" / file
    if path.is_symlink():
        raise BagNotReadable(file, "link")
    return Table(
        file.removesuffix(".csv.gz"),
        tuple(str(field["name"]) for field in fields),
        tuple(str(field.get("type", "string")) for field in fields),
        (key,) if isinstance(key, str) else tuple(map(str, key)),
        path,
    )


def _json(path: Path) -> dict[str, Any]:
    try:
        if path.is_symlink() or path.stat().st_size > _LARGEST_DESCRIPTION:
            raise BagNotReadable(path.name, "link")
        value = json.loads(path.read_bytes())
    except (OSError, ValueError, RecursionError) as error:
        raise BagNotReadable(path.name, type(error).__name__) from error
    if not isinstance(value, dict):
        raise BagNotReadable(path.name, "JSON")
    return value
