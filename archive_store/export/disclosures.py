"""The log of disclosures: who was given what of the record, and when.

An entry names the scope by ids and counts; names of pupils stand neither here nor in the ledger.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import orjson
import sqlalchemy as sa

from archive_store import ledger
from archive_store.schema import DISCLOSURE


@dataclass(frozen=True, slots=True)
class Disclosure:
    """A line of the log."""

    number: int
    at: str
    user: str
    action: str
    scope: dict[str, Any]
    target: str
    digest: bytes | None


def log(
    connection: sa.Connection,
    school_id: int,
    at: str,
    user: str,
    action: str,
    scope: Mapping[str, Any],
    target: str,
    digest: bytes | None,
) -> int:
    """Log a disclosure at the moment ``at`` and chain it into the ledger, in the caller's transaction.

    ``action`` is "export" or "data"; ``scope`` says what was given out, in ids and counts; ``target`` is
    the folder, or "stdout"; ``digest`` covers the files. Returns the number of the entry.
    """
    ledger.take_turn(connection)
    column = DISCLOSURE.c
    last = connection.execute(
        sa.select(sa.func.max(column.number)).where(column.school_id == school_id)
    ).scalar()
    number = (last or 0) + 1
    connection.execute(
        DISCLOSURE.insert().values(
            school_id=school_id,
            number=number,
            at=at,
            user=user,
            action=action,
            scope=orjson.dumps(scope, option=orjson.OPT_SORT_KEYS).decode(),
            target=target,
            digest=digest,
        )
    )
    about = {
        "number": number,
        "user": user,
        "action": action,
        "scope": dict(scope),
        "target": target,
        "digest": digest.hex() if digest else None,
    }
    ledger.append(connection, school_id, "disclosure", at, about)
    return number


def entries(connection: sa.Connection, school_id: int) -> Iterator[Disclosure]:
    """The log, oldest entry first."""
    query = sa.select(DISCLOSURE).where(DISCLOSURE.c.school_id == school_id).order_by(DISCLOSURE.c.number)
    for row in connection.execute(query):
        digest = None if row.digest is None else bytes(row.digest)
        yield Disclosure(
            row.number, row.at, row.user, row.action, orjson.loads(row.scope), row.target, digest
        )
