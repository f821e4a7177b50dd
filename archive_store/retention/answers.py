"""The platform's answers that name a group: found, and removed with its journal."""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Final, TypeAlias

import sqlalchemy as sa

from archive_store.schema import ANSWER, RAW_ANSWER

_AT_ONCE: Final = 500
Condition: TypeAlias = sa.ColumnElement[bool]


def answers_naming(connection: sa.Connection, school_id: int, groups: Iterable[int]) -> list[Condition]:
    """Which answers name one of the groups: by what they say, or by the call."""
    ids = sorted(map(str, groups))
    if not ids:
        return []
    named = re.compile(rb"(?<!\d)(?:" + b"|".join(one.encode() for one in ids) + rb")(?!\d)")
    query = sa.select(RAW_ANSWER.c.digest, RAW_ANSWER.c.body).where(RAW_ANSWER.c.school_id == school_id)
    with connection.execute(query.execution_options(yield_per=50)) as rows:
        digests = sorted(bytes(digest) for digest, body in rows if named.search(zlib.decompress(body)))
    asked = sa.select(ANSWER.c.call).distinct().where(ANSWER.c.school_id == school_id)
    # An answer such as [] is kept once for all calls that got it: those of other classes keep it.
    calls = sorted(call for call in connection.execute(asked).scalars() if named.search(call.encode()))
    ours = ANSWER.c.school_id == school_id
    return [
        sa.and_(ours, column.in_(some))
        for column, values in ((ANSWER.c.digest, digests), (ANSWER.c.call, calls))
        for some in _portions(values)
    ]


def remove_answers(connection: sa.Connection, school_id: int, doomed: Sequence[Condition]) -> int:
    """Remove answers, and what no run is said to have got any more; returns how often runs had got them."""
    removed = sum(connection.execute(ANSWER.delete().where(where)).rowcount for where in doomed)
    got = sa.exists().where(
        ANSWER.c.school_id == RAW_ANSWER.c.school_id, ANSWER.c.digest == RAW_ANSWER.c.digest
    )
    connection.execute(RAW_ANSWER.delete().where(RAW_ANSWER.c.school_id == school_id, ~got))
    return removed


def _portions(values: Sequence[Any]) -> Iterator[Sequence[Any]]:
    return (values[start : start + _AT_ONCE] for start in range(0, len(values), _AT_ONCE))
