"""A sealed bag as SIARD 2.2 (eCH-0165), the form in which archives exchange databases.

Written from the sealed database alone, a row at a time. It is an export, no part of a bag: the format has no
digest that a stranger could check with the tools of any system. The same bag gives the same bytes.
"""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, Final
from xml.sax.saxutils import escape
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from archive_store.on_disk import appearing

_METADATA: Final = "http://www.bar.admin.ch/xmlns/siard/2/metadata.xsd"
_TABLE: Final = "http://www.bar.admin.ch/xmlns/siard/2/table.xsd"
_SCHEMA: Final = "http://www.w3.org/2001/XMLSchema"
_INSTANCE: Final = "http://www.w3.org/2001/XMLSchema-instance"
_HEAD: Final = '<?xml version="1.0" encoding="utf-8"?>\n'
_TYPES: Final = {
    "INTEGER": ("BIGINT", "xs:integer"),
    "TEXT": ("CHARACTER VARYING(2147483647)", "xs:string"),
    "BOOLEAN": ("BOOLEAN", "xs:boolean"),
}
# Signs that XML 1.0 does not have, those that a parser would change, and the escape sign itself.
_ESCAPED: Final = re.compile(
    "[\\\\\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]|(?<= ) | (?= )|^ | $"
)
_ROWS_AT_ONCE: Final = 2_000


@dataclass(frozen=True, slots=True)
class _Column:
    name: str
    kind: str
    required: bool
    key: int
    meaning: str


@dataclass(frozen=True, slots=True)
class _Table:
    name: str
    meaning: str
    columns: tuple[_Column, ...]
    rows: int

    @property
    def key(self) -> list[str]:
        keyed = sorted((column for column in self.columns if column.key), key=lambda column: column.key)
        return [column.name for column in keyed]


def write(bag: Path, target: Path) -> int:
    """Write the SIARD file of a bag that was verified, and return how many rows it holds.

    It is for its owner's eyes alone, and there is all of it or nothing. Raises FileExistsError, OSError.
    """
    with appearing(target) as file:
        return _write(bag, file)


def _write(bag: Path, target: IO[bytes]) -> int:
    passport = json.loads((bag / "data/passport.json").read_bytes())
    package = json.loads((bag / "data/tables/datapackage.json").read_bytes())
    address = f"{(bag / 'data/archive.sqlite').absolute().as_uri()}?mode=ro&immutable=1"
    with closing(sqlite3.connect(address, uri=True)) as database, ZipFile(target, "w") as packed:
        tables = [_described(database, package, name) for name in passport["tables"]]
        for name in ("header/", "header/siardversion/", "header/siardversion/2.2/", "content/"):
            packed.writestr(_entry(name), b"")
        for number, table in enumerate(tables):
            place = f"content/schema0/table{number}/table{number}"
            packed.writestr(_entry(f"{place}.xsd"), _table_schema(table, number))
            with packed.open(_entry(f"{place}.xml"), "w", force_zip64=True) as file:
                _write_rows(file, database, table, number)
        packed.writestr(_entry("header/metadata.xml"), _metadata(passport, _info(bag), tables))
    return sum(table.rows for table in tables)


def _entry(name: str) -> ZipInfo:
    """An entry without a clock."""
    entry = ZipInfo(name, (1980, 1, 1, 0, 0, 0))
    entry.compress_type = ZIP_DEFLATED
    entry.external_attr = 0o644 << 16
    return entry


def _info(bag: Path) -> dict[str, str]:
    """The labels of bag-info.txt; a value may go on in indented lines (RFC 8493, 2.2.2)."""
    info: dict[str, str] = {}
    name = ""
    for line in (bag / "bag-info.txt").read_text("utf-8").splitlines():
        if name and line[:1] in (" ", "\t"):
            info[name] += f" {line.strip()}"
        elif ":" in line:
            name, _colon, value = line.partition(":")
            info[name] = value.strip()
    return info


def _described(database: sqlite3.Connection, package: dict[str, Any], name: str) -> _Table:
    resource = next(one for one in package["resources"] if one["path"] == f"{name}.csv.gz")
    fields = {field["name"]: field for field in resource["schema"]["fields"]}
    columns = tuple(
        _Column(
            column,
            "BOOLEAN" if fields[column]["type"] == "boolean" else kind,
            bool(required),
            key,
            fields[column]["title"],
        )
        for _number, column, kind, required, _default, key in database.execute(f"PRAGMA table_info({name})")
    )
    (rows,) = database.execute(f"SELECT count(*) FROM {name}").fetchone()
    return _Table(name, resource.get("title", name), columns, rows)


def _write_rows(file: IO[bytes], database: sqlite3.Connection, table: _Table, number: int) -> None:
    place = f"{_TABLE.removesuffix('table.xsd')}schema0/table{number}.xsd"
    file.write(
        f'{_HEAD}<table xmlns="{place}" xmlns:xsi="{_INSTANCE}" '
        f'xsi:schemaLocation="{place} table{number}.xsd" version="2.2">\n'.encode()
    )
    found = database.execute(f"SELECT * FROM {table.name} ORDER BY rowid")
    while rows := found.fetchmany(_ROWS_AT_ONCE):
        file.write("".join(_row(table.columns, row) for row in rows).encode())
    file.write(b"</table>\n")


def _row(columns: Sequence[_Column], values: Sequence[Any]) -> str:
    cells = "".join(
        f"<c{n}>{_cell(column, value)}</c{n}>"
        for n, (column, value) in enumerate(zip(columns, values, strict=True), start=1)
        if value is not None  # NULL is a cell that is not there
    )
    return f"<row>{cells}</row>\n"


def _cell(column: _Column, value: Any) -> str:  # noqa: ANN401 - whatever the database has
    if column.kind == "BOOLEAN":
        return "true" if value else "false"
    return str(value) if isinstance(value, int) else escape(_ESCAPED.sub(_code, value))


def _code(sign: re.Match[str]) -> str:
    r"""A sign as the format writes it: \\u0020."""
    return f"\\u{ord(sign[0]):04x}"


def _table_schema(table: _Table, number: int) -> str:
    place = f"{_TABLE.removesuffix('table.xsd')}schema0/table{number}.xsd"
    cells = "".join(
        f'<xs:element name="c{n}" type="{_TYPES[column.kind][1]}" minOccurs="{int(column.required)}"/>\n'
        for n, column in enumerate(table.columns, start=1)
    )
    return (
        f'{_HEAD}<xs:schema xmlns:xs="{_SCHEMA}" xmlns="{place}" targetNamespace="{place}" '
        'elementFormDefault="qualified" attributeFormDefault="unqualified" version="2.2">\n'
        '  <xs:element name="table">\n    <xs:complexType>\n      <xs:sequence>\n'
        '        <xs:element name="row" type="recordType" minOccurs="0" maxOccurs="unbounded"/>\n'
        '      </xs:sequence>\n      <xs:attribute name="version" type="xs:string" use="required"/>\n'
        "    </xs:complexType>\n  </xs:element>\n"
        f'  <xs:complexType name="recordType">\n    <xs:sequence>\n{cells}    </xs:sequence>\n'
        "  </xs:complexType>\n</xs:schema>\n"
    )


def _metadata(passport: dict[str, Any], info: dict[str, str], tables: Iterable[_Table]) -> str:
    recorded = passport["record"]["recorded_at"]
    year = f"{passport['study_year']}/{passport['study_year'] + 1}"
    described = f"{passport['school']['name']}, {year}, {passport['bag']}"
    texts = [
        ("dbname", passport["bag"]),
        ("description", described),
        ("dataOwner", passport["school"]["name"]),
        ("dataOriginTimespan", year),
        ("producerApplication", info.get("Bag-Software-Agent", "")),
        ("archivalDate", recorded[:10]),
        ("databaseProduct", "SQLite"),
    ]
    listed = "".join(_table_metadata(table, number) for number, table in enumerate(tables))
    return (
        f'{_HEAD}<siardArchive xmlns="{_METADATA}" xmlns:xsi="{_INSTANCE}" '
        f'xsi:schemaLocation="{_METADATA} metadata.xsd" version="2.2">\n{_elements(texts)}'
        f"<schemas>\n<schema>\n<name>main</name>\n<folder>schema0</folder>\n<tables>\n{listed}</tables>\n"
        "</schema>\n</schemas>\n<users><user><name>archive</name></user></users>\n</siardArchive>\n"
    )


def _table_metadata(table: _Table, number: int) -> str:
    columns = "".join(_column_metadata(column) for column in table.columns)
    keys = [("name", f"pk_{table.name}"), *(("column", name) for name in table.key)]
    key = f"<primaryKey>\n{_elements(keys)}</primaryKey>\n" if table.key else ""
    head = [("name", table.name), ("folder", f"table{number}"), ("description", table.meaning)]
    rows = _elements([("rows", str(table.rows))])
    return f"<table>\n{_elements(head)}<columns>\n{columns}</columns>\n{key}{rows}</table>\n"


def _column_metadata(column: _Column) -> str:
    texts = [
        ("name", column.name),
        ("type", _TYPES[column.kind][0]),
        ("typeOriginal", "INTEGER" if column.kind == "BOOLEAN" else column.kind),
        ("nullable", "false" if column.required else "true"),
        ("description", column.meaning),
    ]
    return f"<column>\n{_elements(texts)}</column>\n"


def _elements(texts: Iterable[tuple[str, str]]) -> str:
    return "".join(f"<{name}>{escape(_ESCAPED.sub(_code, text))}</{name}>\n" for name, text in texts)


def read_back(path: Path) -> Iterator[tuple[str, int]]:
    """Each table of a SIARD file with its rows, counted in the contents and not taken from the header."""
    from xml.etree.ElementTree import fromstring, iterparse

    spaces = {"m": _METADATA}
    with ZipFile(path) as packed:
        header = fromstring(packed.read("header/metadata.xml"))  # noqa: S314 - of our own making
        for table in header.iterfind(".//m:table", spaces):
            folder = table.findtext("m:folder", "", spaces)
            with packed.open(f"content/schema0/{folder}/{folder}.xml") as file:
                rows = 0
                for _event, element in iterparse(file):  # noqa: S314 - of our own making
                    rows += element.tag.endswith("}row")
                    element.clear()
            yield table.findtext("m:name", "", spaces), rows
