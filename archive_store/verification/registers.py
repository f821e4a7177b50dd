"""Hold the registers - runs, sealed years, terms, access, carriers, retention - against the ledger."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from hashlib import sha256
from typing import Any, Final

import orjson
import sqlalchemy as sa

from archive_store.access.chain import chained
from archive_store.ledger import NO_HEAD, carrier_entry, closing_entry, retention_entry, run_row_digest
from archive_store.schema import (
    ACCESS,
    CARRIER_EVENT,
    CLOSING,
    RETENTION_EVENT,
    RUN,
    SNAPSHOT,
    TERMS_CONFIRMATION,
)
from archive_store.verification.findings import Finding
from archive_store.verification.shapes import is_line_well_formed

_Check = Callable[[sa.Connection, int, str, Mapping[str, Any]], bool]


def check_entry(
    connection: sa.Connection, school_id: int, entry: sa.Row[Any], about: Mapping[str, Any]
) -> list[Finding]:
    """A finding for each register whose rows are not as the entry says, or that cannot be read."""
    findings = [
        Finding("register", entry.entry, register, run=about.get("run"))
        for register, check in _CHECKS.get(entry.kind, {}).items()
        if not _agrees(check, connection, school_id, entry.at, about)
    ]
    if not findings and entry.kind == "retention" and not _is_readable(connection, school_id, about):
        findings.append(Finding("malformed", entry.entry, entry.kind))
    return findings


def _agrees(
    check: _Check, connection: sa.Connection, school_id: int, at: str, about: Mapping[str, Any]
) -> bool:
    try:
        return check(connection, school_id, at, about)
    except (KeyError, TypeError, ValueError, AttributeError):  # the entry or the row was tampered with
        return False


def rows_of(kind: str, about: Mapping[str, Any]) -> Counter[str]:
    """How many rows of each register an entry vouches for: that of its kind, and an edition's own."""
    roots = about.get("roots")
    rows = (len(roots) if isinstance(roots, dict) else 0) if kind == "snapshot" else 1
    # The log of disclosures of the first releases goes on in the log of access.
    return Counter(
        {
            "access" if kind == "disclosure" else kind: rows,
            "closing": int(kind == "snapshot" and "stage" in about),
        }
    )


def check_counts(connection: sa.Connection, school_id: int, counted: Counter[str]) -> list[Finding]:
    """Rows that stand in a register without an entry of the ledger, or the other way round."""
    ended = sa.and_(RUN.c.school_id == school_id, RUN.c.ended_at.is_not(None))
    registers = (
        ("run", RUN, ended),
        ("snapshot", SNAPSHOT, SNAPSHOT.c.school_id == school_id),
        ("closing", CLOSING, CLOSING.c.school_id == school_id),
        ("terms", TERMS_CONFIRMATION, TERMS_CONFIRMATION.c.school_id == school_id),
        ("access", ACCESS, ACCESS.c.school_id == school_id),
        ("carrier", CARRIER_EVENT, CARRIER_EVENT.c.school_id == school_id),
        ("retention", RETENTION_EVENT, RETENTION_EVENT.c.school_id == school_id),
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
    column = SNAPSHOT.c
    query = sa.select(SNAPSHOT).where(
        column.school_id == school_id,
        column.study_year == about["study_year"],
        column.edition == about.get("edition", 1),
    )
    found = {row.bag: row for row in connection.execute(query)}
    return bool(
        set(found) == set(about["roots"])
        and all(
            bytes(row.root).hex() == about["roots"][bag]
            and row.run_id == about.get("run", row.run_id)
            and row.sealed_at == at
            and row.retention_years == about.get("terms", {}).get(bag, row.retention_years)
            and row.group_id == about.get("groups", {}).get(bag, row.group_id)
            for bag, row in found.items()
        )
    )


def _closing(connection: sa.Connection, school_id: int, at: str, about: Mapping[str, Any]) -> bool:
    """Whether the row of an edition is as its sealing says."""
    if "stage" not in about:  # in the first releases a year was closed at once, and had no such row
        return True
    query = sa.select(CLOSING).where(
        CLOSING.c.school_id == school_id,
        CLOSING.c.study_year == about["study_year"],
        CLOSING.c.edition == about["edition"],
    )
    row = connection.execute(query).first()
    if row is None:
        return False
    # The key no row says; terms and classes stand in the rows of the bags.
    stated = {name: value for name, value in about.items() if name not in {"key", "terms", "groups"}}
    return _is_canonical(row.accepted) and (row.at, closing_entry(row, about["roots"])) == (at, stated)


def _terms(connection: sa.Connection, school_id: int, at: str, about: Mapping[str, Any]) -> bool:
    table = TERMS_CONFIRMATION
    query = sa.select(table).where(table.c.school_id == school_id, table.c.number == about["number"])
    row = connection.execute(query).first()
    if row is None or sha256(row.content.encode()).digest() != bytes(row.digest):
        return False
    digest = bytes(row.digest).hex()
    said = {"number": row.number, "by": row.by, "document": row.document, "digest": digest}
    return (row.at, said) == (at, dict(about))


def _carrier(connection: sa.Connection, school_id: int, at: str, about: Mapping[str, Any]) -> bool:
    table = CARRIER_EVENT.c
    query = sa.select(CARRIER_EVENT).where(table.school_id == school_id, table.number == about["number"])
    row = connection.execute(query).first()
    return row is not None and (row.at, carrier_entry(row)) == (at, dict(about))


def _retention_row(connection: sa.Connection, school_id: int, number: int) -> sa.Row[Any] | None:
    table = RETENTION_EVENT.c
    query = sa.select(RETENTION_EVENT).where(table.school_id == school_id, table.number == number)
    return connection.execute(query).first()


def _retention(connection: sa.Connection, school_id: int, at: str, about: Mapping[str, Any]) -> bool:
    row = _retention_row(connection, school_id, about["number"])
    return row is not None and (row.at, retention_entry(row)) == (at, dict(about))


def _is_readable(connection: sa.Connection, school_id: int, about: Mapping[str, Any]) -> bool:
    """Whether the line that an entry vouches for can be read: what is destroyed must not be forgotten."""
    row = _retention_row(connection, school_id, about["number"])
    try:
        return row is not None and is_line_well_formed(row.kind, orjson.loads(row.details))
    except (ValueError, TypeError):
        return False


def _restored(connection: sa.Connection, school_id: int, at: str, about: Mapping[str, Any]) -> bool:
    query = sa.select(RUN).where(RUN.c.school_id == school_id, RUN.c.run_id == about["run"])
    run = connection.execute(query).first()
    if run is None:
        return False
    return (run.ended_at, orjson.loads(run.summary)["restored"]) == (at, about["restored"])


def _access_row(connection: sa.Connection, school_id: int, number: int) -> sa.Row[Any] | None:
    query = sa.select(ACCESS).where(ACCESS.c.school_id == school_id, ACCESS.c.number == number)
    return connection.execute(query).first()


def _is_chained(connection: sa.Connection, school_id: int, row: sa.Row[Any]) -> bool:
    before = _access_row(connection, school_id, row.number - 1)
    if before is None and row.number > 1:
        return False
    return chained(bytes(before.head) if before else NO_HEAD, row) == bytes(row.head)


def _access(connection: sa.Connection, school_id: int, at: str, about: Mapping[str, Any]) -> bool:
    row = _access_row(connection, school_id, about["number"])
    if row is None or not _is_chained(connection, school_id, row):
        return False
    return (row.at, {"number": row.number, "head": bytes(row.head).hex()}) == (at, dict(about))


def _disclosure(connection: sa.Connection, school_id: int, at: str, about: Mapping[str, Any]) -> bool:
    """An entry of the first releases: it vouches for what a row held then, not for its head."""
    row = _access_row(connection, school_id, about["number"])
    if row is None or not (_is_canonical(row.about) and _is_chained(connection, school_id, row)):
        return False
    added = (row.person, row.state, row.begun, row.purpose, row.request, row.addressee)
    said = {
        "number": row.number,
        "user": row.account,
        "action": row.kind,
        "scope": orjson.loads(row.about),
        "target": row.target,
        "digest": bytes(row.digest).hex() if row.digest is not None else None,
    }
    return (row.at, said, added) == (at, dict(about), ("", "given", None, "", "", ""))


def _is_canonical(text: Any) -> bool:  # noqa: ANN401 - whatever was put there
    """Whether JSON stands as it was written: the ledger vouches for what it says, not for its white space."""
    return (
        isinstance(text, str)
        and orjson.dumps(orjson.loads(text), option=orjson.OPT_SORT_KEYS).decode() == text
    )


# The registers whose rows an entry of a kind vouches for.
_CHECKS: Final[dict[str, dict[str, _Check]]] = {
    "run": {"run": _run},
    "snapshot": {"snapshot": _snapshot, "closing": _closing},
    "terms": {"terms": _terms},
    "access": {"access": _access},
    "disclosure": {"access": _disclosure},
    "carrier": {"carrier": _carrier},
    "retention": {"retention": _retention},
    "restored": {"restored": _restored},
}
