"""An archive with something in every table that the ledger vouches for, for tests and bench that alter it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import sqlalchemy as sa

from archive_store import answers, runs, schema
from archive_store.access import log
from archive_store.carriers.book import Kind, Scribe
from archive_store.history import write
from archive_store.nomenclature import kinds
from archive_store.nomenclature.confirmations import Confirmation, confirm
from archive_store.retention.book import Clerk
from archive_store.retention.holds import Subject, hold
from archive_store.schema import ENTITIES, Entity
from archive_store.snapshot.bag import SealedBag
from archive_store.snapshot.edition import Edition, Stage
from archive_store.snapshot.seal import SealedYear
from archive_store.year.register import Entry, register

SCHOOL = 1_000_000_000_901
COVERED = (
    *(entity.table for entity in ENTITIES),
    schema.RUN,
    schema.SNAPSHOT,
    schema.CLOSING,
    schema.TERMS_CONFIRMATION,
    schema.CARRIER_EVENT,
    schema.ACCESS,
    schema.RETENTION_EVENT,
    schema.LEDGER,
    schema.ANSWER,
    schema.RAW_ANSWER,
)
# Where a sealed year lies may change; what it is may not.
NOT_COVERED = {("snapshot", "path")}


def record(entity: Entity[Any], number: int, version: int) -> Any:
    """An invented record: other contents with another version, none at all where that is allowed."""

    def value(column: sa.Column[Any]) -> Any:
        own = number if column.name in entity.key else number * 100 + version
        if isinstance(column.type, sa.Boolean):
            return bool(own % 2)
        if column.nullable and (number + len(column.name)) % 4 == 0:
            return None
        return own if isinstance(column.type, sa.BigInteger) else f"text {own}"

    return entity.record(*(value(entity.table.c[name]) for name in entity.columns))


def fill_covered(engine: sa.Engine) -> None:
    """Two runs that open, change and withdraw records of every entity; one row or two of each register."""
    for night, numbers in ((1, (1, 2)), (2, (1, 3))):
        at = f"2025-09-0{night}T00:00:00Z"
        with engine.begin() as connection:
            run_id = runs.begin(connection, SCHOOL, "sync", at, "test")
            for entity in ENTITIES:
                records = [
                    record(entity, n, night if n == 1 else 0) for n in numbers[: 2 if entity.key else 1]
                ]
                write(connection, entity, SCHOOL, run_id, records)
            for call in ("marks", "lessons?from=2025-09-01"):
                said = answers.pack(f"answer of {call}, {night if call == 'marks' else 0}".encode())
                answers.keep(connection, SCHOOL, run_id, f"/v2/{call}", said)
            runs.end(connection, SCHOOL, run_id, at, "done", {"slices": night})
    with engine.begin() as connection:
        at = "2025-09-03T00:00:00Z"
        for edition in (Edition(), Edition(2, Stage.FINAL, "mended", "order 5", {"unread": 2})):
            name = f"journal-9A-ed{edition.number:02}"
            bags = ((SealedBag(name, bytes(range(32)), 3, 900), 5),)
            sealed = SealedYear(Path("snapshots/2024-2025"), bags, {name: 77})
            register(connection, SCHOOL, sealed, edition, Entry(2024, 2, at, "deputy", [{"code": "unread"}]))
        said = Confirmation(at, "the head", "list of files 3")
        confirm(connection, SCHOOL, kinds.default(), said)
        Scribe(SCHOOL, "deputy", at).enter(connection, Kind.ADDED, "c-1", {"name": "no. 101"})
        hold(connection, Clerk(SCHOOL, "deputy", at), Subject(2024), "court", "No. 7")
        read = log.Read(log.Kind.DATA, log.About("marks"), "stdout")
        begun = log.begin(connection, SCHOOL, at, log.Occasion("deputy"), read)
        log.end(connection, SCHOOL, at, begun, log.State.GIVEN, {"rows": 3}, bytes(32))
