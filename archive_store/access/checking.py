"""Check the log of access: its own chain, and the ledger, which binds the head of every entry."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

import orjson
import sqlalchemy as sa

from archive_store.access.chain import chained
from archive_store.ledger import NO_HEAD
from archive_store.schema import ACCESS, LEDGER
from archive_store.statements import any_text
from archive_store.told import is_number

Problem = Literal["altered", "deleted", "cut", "inserted"]


@dataclass(frozen=True, slots=True)
class Fault:
    """An entry that is not as it was written.

    ``altered``: its contents or its head are others. ``deleted``: it is gone, with later ones still there;
    ``cut``: it is gone from the end. ``inserted``: the ledger does not know it.
    """

    problem: Problem
    number: int


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a check counted; ``unended`` are numbers of reads that have begun and have no end (no fault)."""

    entries: int
    faults: tuple[Fault, ...]
    unended: tuple[int, ...]
    head: bytes


def verify(connection: sa.Connection, school_id: int) -> Verdict:
    """Recompute the chain and hold it against the ledger. That nobody altered the ledger, its own check says.

    Entries from before there was a chain are bound by their contents: :mod:`archive_store.verification` holds
    them against the ledger's own.
    """
    query = sa.select(ACCESS).where(ACCESS.c.school_id == school_id).order_by(ACCESS.c.number)
    with any_text(connection):
        rows = {row.number: row for row in connection.execute(query) if isinstance(row.number, int)}
        bound = _bound(connection, school_id)
    faults = []
    for number in sorted(rows.keys() | bound.keys()):
        problem = _problem(number, rows, bound)
        if problem:
            faults.append(Fault(problem, number))
    ended = {row.begun for row in rows.values()}
    unended = tuple(one for one, row in rows.items() if row.state == "begun" and one not in ended)
    head = rows[max(rows)].head if rows else NO_HEAD
    return Verdict(len(rows), tuple(faults), unended, head if isinstance(head, bytes) else NO_HEAD)


def _problem(number: int, rows: dict[int, sa.Row[Any]], bound: dict[int, bytes | None]) -> Problem | None:
    if number not in rows:
        return "deleted" if number < max(rows, default=0) else "cut"
    if number not in bound:
        return "inserted"
    # What stood before it, by the ledger if it knows: one altered entry does not spoil those after it.
    previous = bound.get(number - 1) or (rows[number - 1].head if number - 1 in rows else NO_HEAD)
    stored = rows[number].head
    found = chained(previous if isinstance(previous, bytes) else NO_HEAD, rows[number])
    return None if found == stored == (bound[number] or stored) else "altered"


def _bound(connection: sa.Connection, school_id: int) -> dict[int, bytes | None]:
    """The head of each entry as the ledger has it; None of the entries that it binds by their contents."""
    query = (
        sa.select(LEDGER.c.kind, LEDGER.c.about)
        .where(LEDGER.c.school_id == school_id, LEDGER.c.kind.in_(("access", "disclosure")))
        .order_by(LEDGER.c.entry)
    )
    found: dict[int, bytes | None] = {}
    for kind, text in connection.execute(query):
        try:
            about = orjson.loads(text)
            head = bytes.fromhex(about["head"]) if kind == "access" else None
            if is_number(about["number"]):
                # The first counts: after a cut the program goes on with numbers that were bound before.
                found.setdefault(about["number"], head)
        except (ValueError, TypeError, KeyError):
            continue  # an entry of the ledger that was tampered with: its own check names it
    return found
