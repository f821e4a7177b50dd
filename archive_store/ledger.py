"""The ledger: a chain of digests over every run, so that an alteration behind its back is found.

Each entry vouches for something (a run's opened and closed versions, a sealed bag, a disclosure) and its
head is ``SHA-256(previous head || canonical JSON of [entry, kind, at, about])``. Whoever keeps one old
head - in a sealed snapshot, on a signed paper - can prove that nothing before it was changed.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, Final

import orjson
import sqlalchemy as sa

from archive_store.canonical import row_digest, version_digest
from archive_store.schema import (
    CARRIER_EVENT,
    CLOSING,
    DISCLOSURE,
    ENTITIES,
    LEDGER,
    RUN,
    SNAPSHOT,
    TERMS_CONFIRMATION,
    Entity,
)

_NO_HEAD: Final = bytes(32)
_ROWS_AT_ONCE: Final = 5_000
_PG_TURN: Final = 0x6C656467  # "ledg": our own number among a database's advisory locks


@dataclass(frozen=True, slots=True)
class Head:
    """Where the chain ends: the number of the last entry (0: none) and its head."""

    entry: int
    digest: bytes


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that does not agree with the ledger, with its place."""

    kind: str
    entry: int
    place: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a verification counted: entries and versions checked, and all that does not agree."""

    entries: int
    versions: int
    findings: tuple[Finding, ...]


def head(connection: sa.Connection, school_id: int) -> Head:
    """The last entry of the school's chain."""
    row = connection.execute(
        sa.select(LEDGER.c.entry, LEDGER.c.head)
        .where(LEDGER.c.school_id == school_id)
        .order_by(LEDGER.c.entry.desc())
        .limit(1)
    ).first()
    return Head(row[0], bytes(row[1])) if row else Head(0, _NO_HEAD)


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
    digest = _chained(previous.digest, entry, kind, at, text)
    connection.execute(
        LEDGER.insert().values(school_id=school_id, entry=entry, kind=kind, at=at, about=text, head=digest)
    )
    return Head(entry, digest)


def append_run(connection: sa.Connection, school_id: int, run_id: int, at: str) -> Head:
    """Add the entry of a run: per entity, how many versions it opened and closed, and their digest."""
    about = {"run": run_id, "entities": _run_digests(connection, school_id, run_id)}
    return append(connection, school_id, "run", at, about)


def verify(connection: sa.Connection, school_id: int) -> Verdict:
    """Recompute the chain, every version's digest from its contents, and every run's digest."""
    findings: list[Finding] = []
    versions = sum(_verify_contents(connection, school_id, entity, findings) for entity in ENTITIES)
    previous, entries = _NO_HEAD, 0
    vouched: set[int] = set()
    counted: Counter[str] = Counter()
    for row in connection.execute(
        sa.select(LEDGER).where(LEDGER.c.school_id == school_id).order_by(LEDGER.c.entry)
    ):
        entries += 1
        expected = _chained(previous, entries, row.kind, row.at, row.about)
        if row.entry != entries or bytes(row.head) != expected:
            findings.append(Finding("chain", row.entry, row.kind))
        previous = bytes(row.head)
        about = orjson.loads(row.about)
        counted[row.kind] += _rows_of(row.kind, about)
        counted["closing"] += "stage" in about
        if row.kind == "run":
            vouched.add(about["run"])
            findings.extend(_verify_run(connection, school_id, row.entry, about))
        findings.extend(_verify_registers(connection, school_id, row, about))
    findings.extend(_verify_counts(connection, school_id, counted))
    findings.extend(_unvouched(connection, school_id, vouched))
    return Verdict(entries, versions, tuple(findings))


def _chained(previous: bytes, entry: int, kind: str, at: str, about: str) -> bytes:
    return sha256(previous + orjson.dumps([entry, kind, at, about])).digest()


def _run_digests(connection: sa.Connection, school_id: int, run_id: int) -> dict[str, Any]:
    digests: dict[str, Any] = {}
    for entity in ENTITIES:
        table = entity.table
        # A version that ends in the run that opened it never stood: it is vouched for as neither.
        stood = sa.or_(table.c.seen_to.is_(None), table.c.seen_to > run_id)
        sides = {
            "opened": sa.and_(table.c.seen_from == run_id, stood),
            "closed": sa.and_(table.c.seen_to == run_id, table.c.seen_from < run_id),
        }
        counts, summed = Counter[str](), sha256()
        for side, condition in sides.items():
            summed.update(side.encode())
            for some in _digests(connection, entity, school_id, condition):
                counts[side] += len(some)
                summed.update(b"".join(some))
        if counts.total():
            both = {side: counts[side] for side in sides}
            digests[entity.name] = {**both, "digest": summed.hexdigest()}
    return digests


def _digests(
    connection: sa.Connection, entity: Entity[Any], school_id: int, condition: sa.ColumnElement[bool]
) -> Iterator[Sequence[bytes]]:
    """Digests in byte order, which is canonical: a digest covers its entity, key and contents.

    The database sorts, for it can do so on disk: the first run of a big school opens millions.
    """
    column = entity.table.c.digest
    query = sa.select(column).where(entity.table.c.school_id == school_id, condition).order_by(column)
    with connection.execute(query.execution_options(yield_per=_ROWS_AT_ONCE)) as result:
        yield from result.scalars().partitions()


def _verify_contents(
    connection: sa.Connection, school_id: int, entity: Entity[Any], findings: list[Finding]
) -> int:
    columns = [entity.table.c[name] for name in entity.columns]
    query = sa.select(entity.table.c.digest, *columns).where(entity.table.c.school_id == school_id)
    count = 0
    for digest, *values in connection.execute(query.execution_options(yield_per=_ROWS_AT_ONCE)):
        count += 1
        if version_digest(entity.name, school_id, values) != bytes(digest):
            key = ", ".join(str(values[entity.columns.index(name)]) for name in entity.key)
            findings.append(Finding("version", 0, f"{entity.name} {key}"))
    return count


def _verify_run(
    connection: sa.Connection, school_id: int, entry: int, about: Mapping[str, Any]
) -> list[Finding]:
    now = _run_digests(connection, school_id, about["run"])
    names = sorted(set(now) | set(about["entities"]))
    return [
        Finding("run", entry, f"run {about['run']}, {name}")
        for name in names
        if now.get(name) != about["entities"].get(name)
    ]


def _rows_of(kind: str, about: Mapping[str, Any]) -> int:
    """How many rows of the register of its kind an entry vouches for."""
    return len(about["roots"]) if kind == "snapshot" else 1


def _verify_registers(
    connection: sa.Connection, school_id: int, entry: sa.Row[Any], about: Mapping[str, Any]
) -> list[Finding]:
    """Hold the rows of runs, snapshots, carriers and disclosures against the entry that vouches for them."""
    if entry.kind == "run":
        run = sa.select(RUN.c.ended_at).where(RUN.c.school_id == school_id, RUN.c.run_id == about["run"])
        same = connection.execute(run).scalar() == entry.at
    elif entry.kind == "snapshot":
        bags = sa.select(SNAPSHOT.c.bag, SNAPSHOT.c.root).where(
            SNAPSHOT.c.school_id == school_id,
            SNAPSHOT.c.study_year == about["study_year"],
            SNAPSHOT.c.edition == about.get("edition", 1),
        )
        same = {bag: bytes(root).hex() for bag, root in connection.execute(bags)} == about["roots"]
        if "stage" in about:  # in the first releases a year was closed at once, and had no such row
            stated = {name: value for name, value in about.items() if name != "key"}  # whose, no row says
            same = same and _closed(connection, school_id, about) == (entry.at, stated)
    elif entry.kind == "terms":
        same = _confirmed(connection, school_id, about["number"]) == (entry.at, dict(about))
    elif entry.kind == "carrier":
        same = _carrier_event(connection, school_id, about.get("number", 0)) == (entry.at, dict(about))
    elif entry.kind == "restored":
        summary = sa.select(RUN.c.summary).where(RUN.c.school_id == school_id, RUN.c.run_id == about["run"])
        kept = orjson.loads(connection.execute(summary).scalar() or "{}")
        same = kept.get("restored") == about["restored"]
    else:
        same = _disclosed(connection, school_id, about.get("number", 0)) == (entry.at, dict(about))
    return [] if same else [Finding("register", entry.entry, entry.kind)]


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


def _closed(
    connection: sa.Connection, school_id: int, about: Mapping[str, Any]
) -> tuple[str, dict[str, Any]] | None:
    query = sa.select(CLOSING).where(
        CLOSING.c.school_id == school_id,
        CLOSING.c.study_year == about["study_year"],
        CLOSING.c.edition == about["edition"],
    )
    row = connection.execute(query).first()
    return None if row is None else (row.at, closing_entry(row, about["roots"]))


def _confirmed(connection: sa.Connection, school_id: int, number: int) -> tuple[str, dict[str, Any]] | None:
    table = TERMS_CONFIRMATION
    query = sa.select(table).where(table.c.school_id == school_id, table.c.number == number)
    row = connection.execute(query).first()
    if row is None or sha256(row.content.encode()).digest() != bytes(row.digest):
        return None
    digest = bytes(row.digest).hex()
    return row.at, {"number": number, "by": row.by, "document": row.document, "digest": digest}


def carrier_entry(row: sa.Row[Any]) -> dict[str, Any]:
    """What the ledger says of a line in the book of carriers: its contents as a digest."""
    values = (row.number, row.at, row.account, row.kind, row.carrier, row.details)
    contents = row_digest(values).hex()
    return {"number": row.number, "kind": row.kind, "carrier": row.carrier, "digest": contents}


def _carrier_event(
    connection: sa.Connection, school_id: int, number: int
) -> tuple[str, dict[str, Any]] | None:
    table = CARRIER_EVENT.c
    query = sa.select(CARRIER_EVENT).where(table.school_id == school_id, table.number == number)
    row = connection.execute(query).first()
    return None if row is None else (row.at, carrier_entry(row))


def _disclosed(connection: sa.Connection, school_id: int, number: int) -> tuple[str, dict[str, Any]] | None:
    query = sa.select(DISCLOSURE).where(DISCLOSURE.c.school_id == school_id, DISCLOSURE.c.number == number)
    row = connection.execute(query).first()
    if row is None:
        return None
    return row.at, {
        "number": row.number,
        "user": row.user,
        "action": row.action,
        "scope": orjson.loads(row.scope),
        "target": row.target,
        "digest": bytes(row.digest).hex() if row.digest is not None else None,
    }


def _verify_counts(connection: sa.Connection, school_id: int, counted: Counter[str]) -> list[Finding]:
    """Rows that stand in a register without an entry of the ledger."""
    ended = sa.and_(RUN.c.school_id == school_id, RUN.c.ended_at.is_not(None))
    registers = (
        ("run", RUN, ended),
        ("snapshot", SNAPSHOT, SNAPSHOT.c.school_id == school_id),
        ("closing", CLOSING, CLOSING.c.school_id == school_id),
        ("terms", TERMS_CONFIRMATION, TERMS_CONFIRMATION.c.school_id == school_id),
        ("disclosure", DISCLOSURE, DISCLOSURE.c.school_id == school_id),
        ("carrier", CARRIER_EVENT, CARRIER_EVENT.c.school_id == school_id),
    )
    return [
        Finding("register", 0, kind)
        for kind, table, ours in registers
        if connection.execute(sa.select(sa.func.count()).select_from(table).where(ours)).scalar()
        != counted[kind]
    ]


def _unvouched(connection: sa.Connection, school_id: int, vouched: set[int]) -> list[Finding]:
    """Versions that name a run which the ledger does not vouch for, and which is not under way."""
    # A run under way is the newest there is; any other that never ended is none of ours.
    newest = connection.execute(
        sa.select(sa.func.max(RUN.c.run_id)).where(RUN.c.school_id == school_id)
    ).scalar()
    running = connection.execute(
        sa.select(RUN.c.run_id).where(RUN.c.run_id == newest, RUN.c.outcome == "running")
    )
    allowed = vouched | {row[0] for row in running}
    findings: list[Finding] = []
    for entity in ENTITIES:
        for column in (entity.table.c.seen_from, entity.table.c.seen_to):
            runs = connection.execute(
                sa.select(column).distinct().where(entity.table.c.school_id == school_id, column.is_not(None))
            )
            findings.extend(
                Finding("unvouched", 0, f"run {row[0]}, {entity.name}")
                for row in runs
                if row[0] not in allowed
            )
    return findings
