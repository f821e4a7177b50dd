"""The platform's answers as they came, in a bag of their own: evidence of what the record was made from.

They are sealed only when asked for. An answer holds classes together and fields that no journal needs, so it
lies in no class's bag; it is kept as long as the journals.
"""

from __future__ import annotations

import zlib
from base64 import b64encode
from collections.abc import Iterator
from itertools import groupby
from typing import Any, Final

import sqlalchemy as sa

from archive_store import schema
from archive_store.catalogue import year_span
from archive_store.schema import ANSWER, RAW_ANSWER, RUN
from archive_store.snapshot.contents import Column, Record, SealedTable
from archive_store.texts import N_

NAME: Final = "answers"  # of the bag, without its edition
_DIGEST: Final = Column("sha256", "text", required=True, meaning=N_("SHA-256 of the answer"))
_ANSWER: Final = (
    Column("run", "integer", required=True, meaning=N_("Number of the run")),
    Column("call", "text", required=True, meaning=N_("Path and query of the call")),
    Column("at", "text", required=True, meaning=N_("Moment when the run began, UTC")),
    _DIGEST,
)
_RAW: Final = (
    _DIGEST,
    Column("encoding", "text", required=True, meaning=N_("utf-8: the text itself; base64: its bytes")),
    Column("body", "text", required=True, meaning=N_("The answer")),
)


def answer_tables(record: Record) -> list[SealedTable]:
    """The school, the calls of the year's runs, and each different answer once."""
    return [
        record.standing(schema.SCHOOL),
        SealedTable("answer", _ANSWER, lambda: _calls(record), ("run", "call")),
        SealedTable("raw_answer", _RAW, lambda: _bodies(record), ("sha256",)),
    ]


def _of_year(record: Record) -> sa.ColumnElement[bool]:
    """Answers of the runs from the first day of the academic year to the sealing."""
    first, _last = year_span(record.study_year)
    runs = sa.select(RUN.c.run_id).where(
        RUN.c.school_id == record.at.school_id, RUN.c.run_id <= record.at.run_id, RUN.c.started_at >= first
    )
    return sa.and_(ANSWER.c.school_id == record.at.school_id, ANSWER.c.run_id.in_(runs))


def _calls(record: Record) -> Iterator[tuple[Any, ...]]:
    query = (
        sa.select(ANSWER.c.run_id, ANSWER.c.call, RUN.c.started_at, ANSWER.c.digest)
        .join(RUN, RUN.c.run_id == ANSWER.c.run_id)
        .where(_of_year(record))
        .order_by(ANSWER.c.run_id)
        .execution_options(yield_per=5_000)
    )
    # Databases sort texts differently: the calls of a run are sorted here.
    with record.connection.execute(query) as found:
        for _run, calls in groupby(found, key=lambda row: row[0]):
            yield from ((run, call, at, digest.hex()) for run, call, at, digest in sorted(map(tuple, calls)))


def _bodies(record: Record) -> Iterator[tuple[Any, ...]]:
    query = (
        sa.select(RAW_ANSWER.c.digest, RAW_ANSWER.c.body)
        .where(
            RAW_ANSWER.c.school_id == record.at.school_id,
            RAW_ANSWER.c.digest.in_(sa.select(ANSWER.c.digest).where(_of_year(record))),
        )
        .order_by(RAW_ANSWER.c.digest)
        .execution_options(yield_per=50)
    )
    with record.connection.execute(query) as found:
        for digest, packed in found:
            body = zlib.decompress(packed)
            try:
                yield digest.hex(), "utf-8", body.decode()
            except UnicodeDecodeError:
                yield digest.hex(), "base64", b64encode(body).decode()
