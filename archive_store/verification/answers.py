"""Hold the platform's answers as they came against their digests, and against what each run's entry says.

Which answers a run got, its entry of the ledger says (:func:`archive_store.ledger.answers_digest`); what an
answer was, its own digest, which is its key. One answer at a time is unpacked, and that in pieces, so memory
does not grow with them.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator, Mapping
from hashlib import sha256
from typing import Any, Final

import sqlalchemy as sa

from archive_store.ledger import ANSWERS_TOLD, answers_digest
from archive_store.schema import ANSWER, RAW_ANSWER
from archive_store.statements import in_portions, mark_of
from archive_store.verification.findings import Finding

_BODIES_AT_ONCE: Final = 16
_PIECE: Final = 1 << 20


def check_run(
    connection: sa.Connection, school_id: int, run_id: int, entry: int, about: Mapping[str, Any]
) -> Iterator[Finding]:
    """A finding if the answers that a run got, or those of the runs before, are not as its entry says.

    Entries of earlier versions say nothing of answers; the next run's entry then vouches for theirs.
    """
    for name, condition in ANSWERS_TOLD.items():
        if name not in about:
            continue
        told = about[name] if isinstance(about[name], dict) else {}
        found = answers_digest(connection, school_id, run_id, condition)
        if found != told:
            counts = (told.get("count", 0),), (found["count"],)
            yield Finding("answers", entry, name, run_id, ANSWER.name, (), *counts)


def check_bodies(
    connection: sa.Connection, school_id: int, findings: list[Finding], run_id: int | None = None
) -> int:
    """Unpack and hash every answer, those of one run alone if it is named; returns how many there were."""
    mark = mark_of(connection)
    # The numbers of schools added to nothing: the whole table is read as it lies, not by an index.
    where, values = f"school_id + 0 = {mark}", [school_id]
    if run_id is not None:
        got = f"SELECT digest FROM {ANSWER.name} WHERE school_id = {mark} AND run_id = {mark}"
        where, values = f"school_id = {mark} AND digest IN ({got})", [school_id, school_id, run_id]
    query = f"SELECT digest, body FROM {RAW_ANSWER.name} WHERE {where}"
    count = 0
    for rows in in_portions(connection, query, tuple(values), _BODIES_AT_ONCE):
        count += len(rows)
        wrong = [digest for digest, body in rows if not gives(body, digest)]
        findings.extend(_altered(connection, school_id, digest) for digest in wrong)
    return count


def check_pairs(connection: sa.Connection, school_id: int) -> Iterator[Finding]:
    """Answers that a run got and that are gone, and those that no run ever got."""
    same = sa.and_(ANSWER.c.school_id == RAW_ANSWER.c.school_id, ANSWER.c.digest == RAW_ANSWER.c.digest)
    lost = (
        sa.select(ANSWER.c.run_id, ANSWER.c.call)
        .where(ANSWER.c.school_id == school_id, ~sa.exists().where(same))
        .order_by(ANSWER.c.run_id, ANSWER.c.call)
    )
    for run_id, call in connection.execute(lost):
        yield Finding("answer", 0, "lost", run=run_id, key=(call,))
    got = sa.select(ANSWER.c.digest).where(ANSWER.c.school_id == school_id)
    kept = sa.select(RAW_ANSWER.c.digest).where(RAW_ANSWER.c.school_id == school_id)
    for (digest,) in connection.execute(kept.except_(got)):
        yield Finding("answer", 0, "strange", key=(_shown(digest),))


def gives(body: Any, digest: Any) -> bool:  # noqa: ANN401 - whatever was put there
    """Whether a packed answer unpacks to the bytes of this digest."""
    unpacker, summed = zlib.decompressobj(), sha256()
    try:
        rest = bytes(body)
        while rest and not unpacker.eof:
            summed.update(unpacker.decompress(rest, _PIECE))
            rest = unpacker.unconsumed_tail
    except (zlib.error, TypeError, ValueError, OverflowError, MemoryError):
        return False
    return bool(unpacker.eof and not unpacker.unused_data and summed.digest() == digest)


def _altered(connection: sa.Connection, school_id: int, digest: Any) -> Finding:  # noqa: ANN401
    """The finding names the first run that got the answer, and by which call."""
    asked = (
        sa.select(ANSWER.c.run_id, ANSWER.c.call)
        .where(ANSWER.c.school_id == school_id, ANSWER.c.digest == digest)
        .order_by(ANSWER.c.run_id)
        .limit(1)
    )
    row = connection.execute(asked).first() if isinstance(digest, bytes) else None
    run_id, call = row or (None, _shown(digest))
    return Finding("answer", 0, "altered", run=run_id, key=(call,))


def _shown(digest: Any) -> str:  # noqa: ANN401
    return digest.hex()[:16] if isinstance(digest, bytes) else str(digest)
