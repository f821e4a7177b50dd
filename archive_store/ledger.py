"""The ledger: a chain of digests over every run, so that an alteration behind its back is found.

Each entry vouches for something (a run's opened and closed versions, a sealed bag, a read that left it)
and its head is ``SHA-256(previous head || canonical JSON of [entry, kind, at, about])``. Whoever keeps one
old head - in a sealed snapshot, on a signed paper - can prove that nothing before it was changed.
:mod:`archive_store.verification` recomputes it all.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, Final

import orjson
import sqlalchemy as sa

from archive_store.canonical import row_digest, values_digest
from archive_store.schema import ANSWER, ENTITIES, LEDGER, RUN, Entity
from archive_store.statements import in_portions, mark_of

NO_HEAD: Final = bytes(32)
ANSWERS_TOLD: Final = {"answers": "=", "earlier_answers": "<"}
"""What a run's entry may say of answers: those of the run, and those of the runs before it."""
_PG_TURN: Final = 0x6C656467  # "ledg": our own number among a database's advisory locks


@dataclass(frozen=True, slots=True)
class Head:
    """Where the chain ends: the number of the last entry (0: none) and its head."""

    entry: int
    digest: bytes


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry of the chain that vouches for something, with its place."""

    entry: int
    at: str
    about: dict[str, Any]


def head(connection: sa.Connection, school_id: int) -> Head:
    """The last entry of the school's chain."""
    row = connection.execute(
        sa.select(LEDGER.c.entry, LEDGER.c.head)
        .where(LEDGER.c.school_id == school_id)
        .order_by(LEDGER.c.entry.desc())
        .limit(1)
    ).first()
    return Head(row[0], bytes(row[1])) if row else Head(0, NO_HEAD)


def entries(connection: sa.Connection, school_id: int, kind: str) -> Iterator[Entry]:
    """The entries of a kind, the newest first."""
    query = (
        sa.select(LEDGER)
        .where(LEDGER.c.school_id == school_id, LEDGER.c.kind == kind)
        .order_by(LEDGER.c.entry.desc())
    )
    with connection.execute(query) as rows:
        for row in rows:
            yield Entry(row.entry, row.at, orjson.loads(row.about))


def take_turn(connection: sa.Connection) -> None:
    """Wait until nobody else is adding to the ledger; the turn ends with the caller's transaction.

    Without it two writers read one head, and one of them fails after its work is done.
    """
    if connection.dialect.name == "postgresql":
        connection.execute(sa.select(sa.func.pg_advisory_xact_lock(_PG_TURN)))
    else:
        connection.execute(LEDGER.update().where(sa.false()).values(kind=LEDGER.c.kind))


def append(connection: sa.Connection, school_id: int, kind: str, at: str, about: Mapping[str, Any]) -> Head:
    """Add an entry at the moment ``at`` in the caller's transaction; returns the new head."""
    take_turn(connection)
    previous = head(connection, school_id)
    text = orjson.dumps(about, option=orjson.OPT_SORT_KEYS).decode()
    entry = previous.entry + 1
    digest = chained(previous.digest, entry, kind, at, text)
    connection.execute(
        LEDGER.insert().values(school_id=school_id, entry=entry, kind=kind, at=at, about=text, head=digest)
    )
    return Head(entry, digest)


def append_run(connection: sa.Connection, school_id: int, run_id: int, at: str) -> Head:
    """Add the entry of a run: its row, per entity how many versions it opened and closed, and its answers.

    Where the run before was of a version whose entries say nothing of answers, this one vouches for those.
    """
    digests = ((entity, digests_of_run(connection, school_id, run_id, entity)) for entity in ENTITIES)
    about = {
        "run": run_id,
        "row": run_row_digest(connection, school_id, run_id),
        "entities": {entity.name: found for entity, found in digests if found},
        "answers": answers_digest(connection, school_id, run_id),
    }
    before = next(entries(connection, school_id, "run"), None)
    if before is not None and "answers" not in before.about:
        about["earlier_answers"] = answers_digest(connection, school_id, run_id, "<")
    return append(connection, school_id, "run", at, about)


def chained(previous: bytes, entry: int, kind: str, at: str, about: str) -> bytes:
    """The head of an entry that follows ``previous``."""
    return sha256(previous + orjson.dumps([entry, kind, at, about])).digest()


def run_row_digest(connection: sa.Connection, school_id: int, run_id: int) -> str | None:
    """The digest of the run's own row, in hexadecimal digits; None if there is no such row."""
    row = connection.execute(
        sa.select(RUN).where(RUN.c.school_id == school_id, RUN.c.run_id == run_id)
    ).first()
    return None if row is None else row_digest(RUN.name, row)


def closing_entry(row: Any, roots: Mapping[str, str]) -> dict[str, Any]:  # noqa: ANN401 - a row of CLOSING
    """What the ledger says of an edition of a sealed year: its row in the register, and its roots."""
    return {
        "study_year": row.study_year,
        "edition": row.edition,
        "stage": row.stage,
        "run": row.run_id,
        "by": row.by,
        "reason": row.reason,
        "order": row.order_number,
        "accepted": orjson.loads(row.accepted),
        "checks": sha256(row.checks.encode()).hexdigest(),
        "roots": dict(roots),
    }


def carrier_entry(row: sa.Row[Any]) -> dict[str, Any]:
    """What the ledger says of a line in the book of carriers: its contents as a digest."""
    values = (row.number, row.at, row.account, row.kind, row.carrier, row.details)
    contents = values_digest(values).hex()
    return {"number": row.number, "kind": row.kind, "carrier": row.carrier, "digest": contents}


def retention_entry(row: sa.Row[Any]) -> dict[str, Any]:
    """What the ledger says of a line in the book of retention: its contents as a digest.

    A tombstone stands in the ledger in full, so that the chain alone tells what was destroyed, by which act.
    """
    contents = values_digest((row.number, row.at, row.account, row.kind, row.details)).hex()
    said = {"number": row.number, "kind": row.kind, "digest": contents}
    return said | ({"tombstone": orjson.loads(row.details)} if row.kind == "destroyed" else {})


def digests_of_run(
    connection: sa.Connection, school_id: int, run_id: int, entity: Entity[Any]
) -> dict[str, Any]:
    """What a run did to an entity: counts of versions and the digest over theirs; empty if nothing.

    A version that ends in the run that opened it never stood: it is vouched for apart, as passed.
    """
    stood = "seen_from = {0} AND (seen_to IS NULL OR seen_to > {0})"
    sides = {"opened": stood, "closed": "seen_to = {0} AND seen_from < {0}"}
    counts = dict.fromkeys(sides, 0)
    summed = sha256()
    for side, condition in sides.items():
        summed.update(side.encode())
        for some in _digests(connection, entity, school_id, run_id, condition):
            counts[side] += len(some)
            summed.update(b"".join(some))
    found: dict[str, Any] = {**counts, "digest": summed.hexdigest()} if any(counts.values()) else {}
    passed, summed = 0, sha256()
    for some in _digests(connection, entity, school_id, run_id, "seen_from = {0} AND seen_to <= {0}"):
        passed += len(some)
        summed.update(b"".join(some))
    return {**found, "passed": passed, "passed_digest": summed.hexdigest()} if passed else found


def stood(found: Mapping[str, Any]) -> dict[str, Any]:
    """The same without what never stood, for which entries of the first version do not vouch."""
    return {name: one for name, one in found.items() if not name.startswith("passed")}


def answers_digest(
    connection: sa.Connection, school_id: int, run_id: int, condition: str = "="
) -> dict[str, Any]:
    """How many answers of the platform a run got (``<``: the runs before it), and the digest over them.

    SHA-256 over the :func:`row_digest` of ``run_id, call, digest`` of each, ordered by run and the bytes of
    the call.
    """
    # Both databases then compare bytes, whatever the language of a server.
    order = 'call COLLATE "C"' if connection.dialect.name == "postgresql" else "call"
    query = (
        f"SELECT run_id, call, digest FROM {ANSWER.name} WHERE school_id = {mark_of(connection)} "
        f"AND run_id {condition} {int(run_id)} ORDER BY run_id, {order}"
    )
    count, summed = 0, sha256()
    for rows in in_portions(connection, query, (school_id,)):
        count += len(rows)
        for row in rows:
            summed.update(row_digest(ANSWER.name, row).encode())
    return {"count": count, "digest": summed.hexdigest()}


def _digests(
    connection: sa.Connection, entity: Entity[Any], school_id: int, run_id: int, condition: str
) -> Iterator[list[bytes]]:
    """Digests in byte order, which is canonical: a digest covers its entity, key and contents.

    The database sorts, for it can do so on disk: the first run of a big school opens millions.
    """
    # As bytes whatever stands there: SQLite would keep a text that somebody put in its place.
    kind = "BYTEA" if connection.dialect.name == "postgresql" else "BLOB"
    query = (
        f"SELECT CAST(digest AS {kind}) AS bytes FROM {entity.name} "
        f"WHERE school_id = {mark_of(connection)} AND {condition.format(int(run_id))} ORDER BY bytes"
    )
    for rows in in_portions(connection, query, (school_id,)):
        yield [row[0] for row in rows]
