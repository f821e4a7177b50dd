"""The platform's answers as they came, compressed under their digest: evidence, and a way to replay."""

from __future__ import annotations

import zlib
from hashlib import sha256

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from archive_store.schema import ANSWER, RAW_ANSWER


def keep(connection: sa.Connection, school_id: int, run_id: int, call: str, body: bytes) -> None:
    """Keep the answer that ``call`` got in a run, in the caller's transaction."""
    digest = sha256(body).digest()
    insert = postgresql.insert if connection.dialect.name == "postgresql" else sqlite.insert
    connection.execute(
        insert(RAW_ANSWER)
        .values(school_id=school_id, digest=digest, body=zlib.compress(body, 1))
        .on_conflict_do_nothing()
    )
    connection.execute(
        insert(ANSWER)
        .values(school_id=school_id, run_id=run_id, call=call, digest=digest)
        .on_conflict_do_nothing()
    )


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
