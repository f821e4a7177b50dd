"""Hold the registers - runs, sealed years, disclosures - against the entries that vouch for their rows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from typing import Any, Final

import orjson
import sqlalchemy as sa

from archive_store.ledger import run_row_digest
from archive_store.schema import DISCLOSURE, RUN, SNAPSHOT
from archive_store.verification.findings import Finding

_Check = Callable[[sa.Connection, int, str, Mapping[str, Any]], bool]


def check_entry(
    connection: sa.Connection, school_id: int, entry: sa.Row[Any], about: Mapping[str, Any]
) -> list[Finding]:
    """A finding if the rows that the entry vouches for are not as it says."""
    check = _CHECKS.get(entry.kind)
    try:
        same = check is None or check(connection, school_id, entry.at, about)
    except (KeyError, TypeError, ValueError, AttributeError):  # the entry or the row was tampered with
        same = False
    return [] if same else [Finding("register", entry.entry, entry.kind, run=about.get("run"))]


def rows_of(kind: str, about: Mapping[str, Any]) -> int:
    """How many rows of the register of its kind an entry vouches for."""
    return len(about.get("roots", ())) if kind == "snapshot" else 1


def check_counts(connection: sa.Connection, school_id: int, counted: Counter[str]) -> list[Finding]:
    """Rows that stand in a register without an entry of the ledger, or the other way round."""
    ended = sa.and_(RUN.c.school_id == school_id, RUN.c.ended_at.is_not(None))
    registers = (
        ("run", RUN, ended),
        ("snapshot", SNAPSHOT, SNAPSHOT.c.school_id == school_id),
        ("disclosure", DISCLOSURE, DISCLOSURE.c.school_id == school_id),
    )
    findings: list[Finding] = []
    for kind, table, ours in registers:
        found = connection.execute(sa.select(sa.func.count()).select_from(table).where(ours)).scalar_one()
        if found != counted[kind]:
            findings.append(Finding("register", 0, kind, expected=(counted[kind],), found=(found,)))
    return findings


def _run(connection: sa.Connection, school_id: int, at: str, about: Mapping[str, Any]) -> bool:
    if "row" in about:
        return bool(run_row_digest(connection, school_id, about["run"]) == about["row"])
    # Entries of the first version vouch for the end of a run alone.
    run = sa.select(RUN.c.ended_at).where(RUN.c.school_id == school_id, RUN.c.run_id == about["run"])
    return bool(connection.execute(run).scalar() == at)


def _snapshot(connection: sa.Connection, school_id: int, at: str, about: Mapping[str, Any]) -> bool:
    names = list(about["roots"])
    column = SNAPSHOT.c
    query = sa.select(SNAPSHOT).where(
        column.school_id == school_id, column.study_year == about["study_year"], column.bag.in_(names)
    )
    found = {row.bag: row for row in connection.execute(query)}
    return set(found) == set(names) and all(
        bytes(row.root).hex() == about["roots"][bag]
        and row.run_id == about.get("run", row.run_id)
        and row.sealed_at == at
        and row.retention_years == about.get("terms", {}).get(bag, row.retention_years)
        for bag, row in found.items()
    )


def _disclosure(connection: sa.Connection, school_id: int, at: str, about: Mapping[str, Any]) -> bool:
    query = sa.select(DISCLOSURE).where(
        DISCLOSURE.c.school_id == school_id, DISCLOSURE.c.number == about["number"]
    )
    row = connection.execute(query).first()
    return row is not None and (row.at, dict(about)) == (
        at,
        {
            "number": row.number,
            "user": row.user,
            "action": row.action,
            "scope": orjson.loads(row.scope),
            "target": row.target,
            "digest": bytes(row.digest).hex() if row.digest is not None else None,
        },
    )


_CHECKS: Final[dict[str, _Check]] = {"run": _run, "snapshot": _snapshot, "disclosure": _disclosure}
