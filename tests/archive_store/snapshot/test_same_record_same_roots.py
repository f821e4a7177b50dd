"""The same record gives the same roots, whenever, wherever and however often it is sealed."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable
from contextlib import closing as closed
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from archive_store import schema, texts
from archive_store.snapshot.seal import Extras
from archive_store.year.closing import Closing, Order, close_year
from handling import DATABASE, JOURNAL, MANIFEST, PASSPORT, SUMMARY
from small_year import AT, CORRECTED, SCHOOL, YEAR, Slice, fill, fill_in_another_order, night, put_files


def _closed(store: sa.Engine, root: Path, at: str = AT) -> Closing:
    extras = Extras(put_files(root / "files"))
    with store.connect() as connection:
        return close_year(connection, SCHOOL, YEAR, root, at, Order(extras=extras))


def _roots(closing: Closing) -> dict[str, str]:
    return {bag.name: bag.root.hex() for bag, _term in closing.sealed.bags}


def test_a_year_sealed_later_and_elsewhere_has_the_same_roots(
    archive: sa.Engine, closing: Closing, tmp_path: Path
) -> None:
    again = _closed(archive, tmp_path / "Снимки 100%", at="2026-01-01T00:00:00Z")
    assert _roots(again) == _roots(closing)
    assert _every_byte(again.sealed.path) == _every_byte(closing.sealed.path)


@pytest.mark.parametrize("filled", [fill, fill_in_another_order])
def test_neither_the_database_nor_the_order_of_arrival_bears_on_the_roots(
    store: sa.Engine, filled: Callable[[sa.Engine], sa.Engine], closing: Closing, tmp_path: Path
) -> None:
    again = _closed(filled(store), tmp_path)
    assert _roots(again) == _roots(closing)
    assert _every_byte(again.sealed.path) == _every_byte(closing.sealed.path)


def test_another_record_has_another_root_and_the_summary_too(
    sqlite_store: sa.Engine, closing: Closing, tmp_path: Path
) -> None:
    night(fill(sqlite_store), [Slice(schema.MARK, [CORRECTED._replace(value="3")])], "2025-06-04")
    other = _roots(_closed(sqlite_store, tmp_path))
    assert not set(other.values()) & set(_roots(closing).values())


def test_another_language_changes_the_texts_for_people_and_not_one_row(
    archive: sa.Engine, sealed: Path, tmp_path: Path
) -> None:
    """The roots differ: the papers are part of what is sealed. The digests of the tables do not."""
    texts.activate("ru")
    russian = _closed(archive, tmp_path).sealed.path
    for name in (JOURNAL, SUMMARY):
        assert _changed_files(sealed / name, russian / name) == {
            "data/archive.sqlite", "data/passport.txt", "data/tables/datapackage.json",
            *(["data/passport.json"] if name == SUMMARY else []),
        }  # fmt: skip
        one, other = _passport(sealed / name), _passport(russian / name)
        assert one["tables"] == other["tables"]
    assert [(check["code"], check["count"]) for check in one["checks"]] == [
        (check["code"], check["count"]) for check in other["checks"]
    ]
    assert "ПАСПОРТ" in (russian / JOURNAL / "data/passport.txt").read_text("utf-8-sig")
    assert _dump(sealed / JOURNAL) == _dump(russian / JOURNAL)


def _every_byte(year: Path) -> dict[str, bytes]:
    """Every file of a sealed year with its contents."""
    files = {path.relative_to(year).as_posix(): path for path in year.rglob("*") if path.is_file()}
    return {name: path.read_bytes() for name, path in files.items()}


def _changed_files(one: Path, other: Path) -> set[str]:
    """Names in the manifests whose digests differ."""
    lines = [set((bag / MANIFEST).read_text().splitlines()) for bag in (one, other)]
    return {line.partition("  ")[2] for line in lines[0] ^ lines[1]}


def _passport(bag: Path) -> dict[str, Any]:
    return json.loads((bag / PASSPORT).read_bytes())


def _dump(bag: Path) -> list[str]:
    with closed(sqlite3.connect(f"file:{bag / DATABASE}?mode=ro&immutable=1", uri=True)) as database:
        return [line for line in database.iterdump() if "_meaning" not in line and " -- " not in line]
