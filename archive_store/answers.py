"""The platform's answers as they came, compressed under their digest: evidence, and a way to replay."""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from hashlib import sha256

import sqlalchemy as sa

from archive_store.schema import ANSWER, RAW_ANSWER
from archive_store.statements import insert_if_absent, mark_of


@dataclass(frozen=True, slots=True)
class PackedAnswer:
    """An answer ready to be kept: its SHA-256 and its compressed bytes."""

    digest: bytes
    body: bytes


def pack(body: bytes) -> PackedAnswer:
    """Compress an answer: apart from keeping it, so that another thread can do it."""
    return PackedAnswer(sha256(body).digest(), zlib.compress(body, 1))


def keep(connection: sa.Connection, school_id: int, run_id: int, call: str, packed: PackedAnswer) -> None:
    """Keep the answer that ``call`` got in a run, in the caller's transaction."""
    mark = mark_of(connection)
    raw = (school_id, packed.digest, packed.body)
    connection.exec_driver_sql(insert_if_absent(RAW_ANSWER, mark), raw)
    filed = (school_id, run_id, call, packed.digest)
    connection.exec_driver_sql(insert_if_absent(ANSWER, mark), filed)


def answer(connection: sa.Connection, school_id: int, run_id: int, call: str) -> bytes | None:
    """The answer that ``call`` got in a run, or None if that run kept none."""
    body = connection.execute(
        sa.select(RAW_ANSWER.c.body)
        .join(
            ANSWER,
            sa.and_(ANSWER.c.school_id == RAW_ANSWER.c.school_id, ANSWER.c.digest == RAW_ANSWER.c.digest),
        )
        .where(ANSWER.c.school_id == school_id, ANSWER.c.run_id == run_id, ANSWER.c.call == call)
    ).scalar()
    return zlib.decompress(body) if body is not None else None
