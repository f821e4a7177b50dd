"""Recompute the digests of versions from their contents, as fast as the database gives them.

The database writes the canonical form itself (measured twice as fast as making Python's objects of every
column), this program hashes it. A form that does not give the digest on record is looked at once more, made
by :mod:`archive_store.canonical`; that alone decides, so a database that writes some value differently
cannot raise a false alarm.
"""

from __future__ import annotations

from hashlib import sha256
from typing import Any

import sqlalchemy as sa

from archive_store.canonical import version_digest
from archive_store.schema import Entity
from archive_store.statements import in_portions, mark_of
from archive_store.verification.findings import Finding


def check(
    connection: sa.Connection,
    entity: Entity[Any],
    school_id: int,
    findings: list[Finding],
    where: str = "",
    values: tuple[int, ...] = (),
) -> int:
    """Check the school's versions, those of a condition in driver SQL alone; returns how many there are.

    Appends a finding for each that is not what its digest says.
    """
    mark = mark_of(connection)
    query = (
        f"SELECT digest, {_form(entity, connection.dialect.name)} FROM {entity.name} "
        f"WHERE school_id = {mark}{where}"
    )
    try:
        count, doubtful = _compared(connection, query, (school_id, *values))
    except connection.dialect.loaded_dbapi.Error:
        # SQLite's JSON refuses bytes that stand where a text should: each version is asked singly.
        count, doubtful = 0, 1
    if doubtful:
        count = _by_our_own_form(connection, entity, school_id, findings, where, values)
    return count


def _compared(connection: sa.Connection, query: str, values: tuple[int, ...]) -> tuple[int, int]:
    """How many versions there are, and how many forms do not give their digest."""
    count = doubtful = 0
    for rows in in_portions(connection, query, values):
        count += len(rows)
        doubtful += sum(sha256(form).digest() != digest for digest, form in rows)
    return count, doubtful


def _by_our_own_form(
    connection: sa.Connection,
    entity: Entity[Any],
    school_id: int,
    findings: list[Finding],
    where: str,
    values: tuple[int, ...],
) -> int:
    columns = ", ".join(("digest", *entity.columns))
    query = f"SELECT {columns} FROM {entity.name} WHERE school_id = {mark_of(connection)}{where}"
    booleans = [n for n, name in enumerate(entity.columns) if _is_boolean(entity, name)]
    positions = [entity.columns.index(name) for name in entity.key]
    count = 0
    for rows in in_portions(connection, query, (school_id, *values)):
        for digest, *record in rows:
            count += 1
            for n in booleans:
                if record[n] in (0, 1):
                    record[n] = bool(record[n])
            if not _agrees(entity.name, school_id, record, digest):
                key = tuple(record[n] for n in positions)
                place = f"{entity.name} {', '.join(str(one) for one in key)}"
                findings.append(Finding("version", 0, place, entity=entity.name, key=key))
    return count


def _agrees(entity: str, school_id: int, record: list[Any], digest: Any) -> bool:  # noqa: ANN401
    try:
        return bool(version_digest(entity, school_id, record) == digest)
    except TypeError:  # bytes, or a text that is none: no record holds such
        return False


def _form(entity: Entity[Any], dialect: str) -> str:
    """The canonical form of a version as an expression of bytes."""
    if dialect == "postgresql":
        parts = (f"coalesce(to_json({name})::text, 'null')" for name in entity.columns)
        joined = ", ".join((f"'\"{entity.name}\"'", "school_id::text", *parts))
        return f"convert_to('[' || concat_ws(',', {joined}) || ']', 'UTF8')"
    parts = (_of_sqlite(entity, name) for name in entity.columns)
    return f"CAST(json_array('{entity.name}', school_id, {', '.join(parts)}) AS BLOB)"


def _of_sqlite(entity: Entity[Any], name: str) -> str:
    if not _is_boolean(entity, name):
        return name
    # Anything but 0 and 1 must not be taken for one of them, nor for NULL.
    return f"json(CASE {name} WHEN 1 THEN 'true' WHEN 0 THEN 'false' ELSE json_quote({name}) END)"


def _is_boolean(entity: Entity[Any], name: str) -> bool:
    return isinstance(entity.table.c[name].type, sa.Boolean)
