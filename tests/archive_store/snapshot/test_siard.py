"""A bag as SIARD 2.2: whole, in the published form, and the record in it row by row."""

from __future__ import annotations

import re
import shutil
import sqlite3
import subprocess
import zipfile
from contextlib import closing
from pathlib import Path
from xml.etree.ElementTree import Element, fromstring

import pytest

from archive_store.snapshot import siard
from handling import DATABASE, JOURNAL

_SPACE = "{http://www.bar.admin.ch/xmlns/siard/2/metadata.xsd}"
# The order of elements in metadata.xsd of SIARD 2.2, of those that are written.
_ORDER = {
    "siardArchive": "dbname description dataOwner dataOriginTimespan producerApplication archivalDate "
    "databaseProduct schemas users",
    "schema": "name folder tables",
    "table": "name folder description columns primaryKey rows",
    "column": "name type typeOriginal nullable description",
    "primaryKey": "name column",
}


@pytest.fixture(scope="module")
def exported(sealed: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The journal of 9А as SIARD. Read only."""
    target = tmp_path_factory.mktemp("siard") / "journal.siard"
    siard.write(sealed / JOURNAL, target)
    return target


def _database(sealed: Path) -> closing[sqlite3.Connection]:
    return closing(sqlite3.connect(f"file:{sealed / JOURNAL / DATABASE}?mode=ro&immutable=1", uri=True))


def _header(exported: Path) -> Element:
    with zipfile.ZipFile(exported) as packed:
        return fromstring(packed.read("header/metadata.xml"))  # noqa: S314


def test_the_header_follows_the_published_order_of_elements(exported: Path) -> None:
    header = _header(exported)
    assert header.attrib["version"] == "2.2"
    for name, order in _ORDER.items():
        for element in header.iter(_SPACE + name):
            if len(element):  # a key's column is a text alone
                found = [child.tag.removeprefix(_SPACE) for child in element]
                assert list(dict.fromkeys(found)) == [one for one in order.split() if one in found]


def test_every_table_has_its_folder_its_schema_and_its_rows(exported: Path, sealed: Path) -> None:
    with zipfile.ZipFile(exported) as packed:
        names = packed.namelist()
        assert {"header/siardversion/2.2/", "header/metadata.xml"} <= set(names)
        assert {entry.date_time for entry in packed.infolist()} == {(1980, 1, 1, 0, 0, 0)}
    with _database(sealed) as database:
        counts = {name: database.execute(f"SELECT count(*) FROM {name}").fetchone()[0]
                  for name, _rows in siard.read_back(exported)}  # fmt: skip
    assert dict(siard.read_back(exported)) == counts
    assert sum(counts.values()) > 50
    for number in range(len(counts)):
        assert {f"content/schema0/table{number}/table{number}.{end}" for end in ("xml", "xsd")} <= set(names)


def _cells(exported: Path, table: str) -> list[list[str | None]]:
    header = _header(exported)
    (found,) = [one for one in header.iter(f"{_SPACE}table") if one.findtext(f"{_SPACE}name") == table]
    folder, columns = found.findtext(f"{_SPACE}folder"), len(list(found.iter(f"{_SPACE}column")))
    keys = len(found.findall(f"{_SPACE}primaryKey/{_SPACE}column"))
    with zipfile.ZipFile(exported) as packed:
        content = fromstring(packed.read(f"content/schema0/{folder}/{folder}.xml"))  # noqa: S314
    rows = [{cell.tag.rpartition("}")[2]: cell.text or "" for cell in row} for row in content]
    return [[row.get(f"c{n}") for n in range(1, columns - keys + 1)] for row in rows]


def _unescaped(text: str | None) -> str | None:
    return None if text is None else re.sub(r"\\u([0-9a-f]{4})", lambda found: chr(int(found[1], 16)), text)


@pytest.mark.parametrize("table", ["lesson", "mark", "work", "edu_group", "history_mark"])
def test_texts_numbers_and_what_is_missing_come_back(exported: Path, sealed: Path, table: str) -> None:
    with _database(sealed) as database:
        columns = [one[1] for one in database.execute(f"PRAGMA table_info({table})")]
        expected = [
            [
                None if value is None
                else str(bool(value)).lower() if name in ("is_important", "in_journal", "in_average")
                else str(value)
                for name, value in zip(columns, row, strict=True)
            ]
            for row in database.execute(f"SELECT * FROM {table} ORDER BY rowid")
        ]  # fmt: skip
    assert [[_unescaped(cell) for cell in row] for row in _cells(exported, table)] == expected
    assert expected


def test_the_contents_obey_the_schema_beside_them(exported: Path, tmp_path: Path) -> None:
    xmllint = shutil.which("xmllint")
    if xmllint is None:
        pytest.skip("checks XML with xmllint: apt-get install libxml2-utils")
    with zipfile.ZipFile(exported) as packed:
        packed.extractall(tmp_path)
    for schema in sorted(tmp_path.glob("content/schema0/*/*.xsd")):
        command = [xmllint, "--noout", "--schema", str(schema), str(schema.with_suffix(".xml"))]
        result = subprocess.run(command, capture_output=True, text=True)
        assert result.returncode == 0, result.stderr


def test_the_same_bag_gives_the_same_file_and_nothing_is_written_over(
    exported: Path, sealed: Path, tmp_path: Path
) -> None:
    again = tmp_path / "again.siard"
    siard.write(sealed / JOURNAL, again)
    assert again.read_bytes() == exported.read_bytes()
    with pytest.raises(FileExistsError):
        siard.write(sealed / JOURNAL, again)


def test_what_a_killed_command_left_stands_in_nobodys_way(sealed: Path, tmp_path: Path) -> None:
    (tmp_path / "journal.siard.part").write_bytes(b"half")
    siard.write(sealed / JOURNAL, tmp_path / "journal.siard")
    assert [one.name for one in tmp_path.iterdir()] == ["journal.siard"]
