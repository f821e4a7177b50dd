"""A restore tried out: each bag into a scratch database, and its tables compared with what is sealed."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any, Self

import sqlalchemy as sa

from archive_store import runs
from archive_store.asof import AsOf, read
from archive_store.restore.errors import BagNotReadable
from archive_store.restore.reading import Bag, Table, open_bag
from archive_store.restore.records import entity_of, fit
from archive_store.restore.restoring import KIND, take
from archive_store.schema import ENTITIES, Entity
from archive_store.snapshot import canonical_csv
from archive_store.snapshot.verifier import Finding, Report
from archive_store.store import make_store

_AT = "2000-01-01T00:00:00Z"  # nobody keeps it


class Drill:
    """A scratch database for the bags of a place, made when it is needed and removed at the end."""

    def __init__(self) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="dnevnik-archive-drill-")
        self._engine: sa.Engine | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_raised: object) -> None:
        if self._engine is not None:
            self._engine.dispose()
        self._folder.cleanup()

    def of(self, bag: Path, place: str, report: Report) -> list[Finding]:
        """Restore a bag and compare every table; counts go into the report, differences come back."""
        if self._engine is None:
            self._engine = make_store(f"sqlite:///{Path(self._folder.name) / 'drill.sqlite'}")
        try:
            opened = open_bag(bag)
            with self._engine.begin() as connection:
                for entity in ENTITIES:
                    connection.execute(entity.table.delete())
                run_id = runs.begin(connection, opened.school_id, KIND, _AT, "drill")
                list(take(connection, opened, run_id))
                return list(_compared(connection, opened, place, report, run_id))
        except BagNotReadable as error:
            return [Finding("restore", f"{place}/{error.place}", error.reason)]


def _compared(
    connection: sa.Connection, bag: Bag, place: str, report: Report, run_id: int
) -> Iterator[Finding]:
    for table in bag.tables.values():
        entity = entity_of(table.name)
        fitted = fit(table, entity) if entity else None
        if entity is None or fitted is None or fitted.unknown:
            continue  # of another version of the program: taken over in part, or not at all
        report.expected += 1
        report.checked += 1
        if (
            _digest(connection, entity, table, AsOf(bag.school_id, run_id))
            == bag.stated(table.name)["sha256"]
        ):
            report.ok += 1
        else:
            report.bad += 1
            yield Finding("restore", f"{place}/data/tables/{table.name}.csv.gz")


def _digest(connection: sa.Connection, entity: Entity[Any], table: Table, at: AsOf) -> str:
    """SHA-256 of the canonical CSV of the restored records, in columns and order of the sealed table."""
    positions = [entity.columns.index(name) for name in table.columns]
    digest = sha256(canonical_csv.line(table.columns).encode())
    found = read(connection, entity, at)
    has_text = any(isinstance(entity.table.c[name].type, sa.Text) for name in entity.key)
    if has_text:
        key = [entity.columns.index(name) for name in entity.key]
        found = iter(sorted(found, key=lambda record: [record[i] for i in key]))
    for record in found:
        digest.update(canonical_csv.line(record[i] for i in positions).encode())
    return digest.hexdigest()
