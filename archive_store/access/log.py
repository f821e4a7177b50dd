"""Entries of the log of access: who was given what, about whom, when, why, and how it ended.

A read has two entries: ``begun``, which is on the disk before anything leaves, and ``given`` or ``failed``.
One that has begun and has no end was cut off: what was asked for may have been given out. An entry names
classes and pupils by their ids; no name of a pupil stands in it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import SimpleNamespace
from typing import Any

import orjson
import sqlalchemy as sa

from archive_store import ledger
from archive_store.access.chain import chained
from archive_store.schema import ACCESS


class Kind(StrEnum):
    """What was read. Entries of other programs may name other kinds."""

    EXPORT = "export"
    VIEWER = "viewer"
    PACKAGE = "package"
    DEPERSONALISED = "depersonalised"
    FORM = "form"
    TEMPLATE = "form-template"
    DATA = "data"
    HISTORY = "history"
    CARD = "person-card"
    SIARD = "siard"
    COPY = "copy"
    REPAIR = "repair"
    BACKUP = "backup"
    CHECK = "year-check"
    CHANGES = "year-changes"
    ACT = "act"
    DIFFERENCE = "difference"
    RECONCILIATION = "reconciliation"
    FINDINGS = "findings"


class State(StrEnum):
    """What an entry says of a read."""

    BEGUN = "begun"
    GIVEN = "given"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Occasion:
    """Who reads and why, as the person says. ``account`` is that of the operating system.

    ``person``: post and name; ``request``: number and date of what was asked; ``addressee``: who gets it.
    """

    account: str
    person: str = ""
    purpose: str = ""
    request: str = ""
    addressee: str = ""


@dataclass(frozen=True, slots=True)
class About:
    """Whom and what a read is about, no more than is needed. Without years, classes or pupils: everybody.

    ``years`` are academic years, ``groups`` ids of classes and subgroups, ``people`` ids of pupils or staff.
    ``details`` says what else narrows it: days, a subject, a number of bags.
    """

    what: str = ""
    years: tuple[int, ...] = ()
    groups: tuple[int, ...] = ()
    people: tuple[int, ...] = ()
    as_of_run: int | None = None
    details: Mapping[str, str | int] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        """What is not empty; ids as texts, for 19 digits do not survive every reader."""
        values: dict[str, Any] = {
            "what": self.what,
            "years": list(self.years),
            "groups": [str(one) for one in self.groups],
            "people": [str(one) for one in self.people],
            "as_of_run": self.as_of_run,
            **self.details,
        }
        return {name: value for name, value in values.items() if value not in ("", [], None)}


@dataclass(frozen=True, slots=True)
class Read:
    """A read that is about to begin. ``target`` is a folder, a file, a carrier, or "stdout"."""

    kind: Kind
    about: About
    target: str


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the log. ``begun`` is the number of the entry that it ends; None of one that begins."""

    number: int
    at: str
    occasion: Occasion
    kind: str
    state: str
    begun: int | None
    about: dict[str, Any]
    target: str
    digest: bytes | None
    head: bytes


def begin(connection: sa.Connection, school_id: int, at: str, occasion: Occasion, read: Read) -> int:
    """Enter that a read begins, in the caller's transaction; returns the number of the entry."""
    row = {
        "account": occasion.account,
        "person": occasion.person,
        "kind": read.kind.value,
        "state": State.BEGUN.value,
        "begun": None,
        "about": _json(read.about.as_json()),
        "purpose": occasion.purpose,
        "request": occasion.request,
        "addressee": occasion.addressee,
        "target": read.target,
        "digest": None,
    }
    return _append(connection, school_id, at, row)


def end(
    connection: sa.Connection,
    school_id: int,
    at: str,
    number: int,
    state: State,
    counts: Mapping[str, str | int],
    digest: bytes | None,
) -> int:
    """Enter how the read that began with entry ``number`` ended, in the caller's transaction.

    ``counts`` says what was given (rows, pupils, files), ``digest`` is a SHA-256 of it. Returns the number.
    """
    where = (ACCESS.c.school_id == school_id, ACCESS.c.number == number)
    first = connection.execute(sa.select(ACCESS).where(*where)).one()
    same = ("account", "person", "kind", "purpose", "request", "addressee", "target")
    row = {name: getattr(first, name) for name in same}
    row |= {"state": state.value, "begun": number, "about": _json(counts), "digest": digest}
    return _append(connection, school_id, at, row)


def entries(connection: sa.Connection, school_id: int) -> Iterator[Entry]:
    """The log, oldest entry first."""
    query = sa.select(ACCESS).where(ACCESS.c.school_id == school_id).order_by(ACCESS.c.number)
    for row in connection.execute(query):
        yield Entry(
            row.number,
            row.at,
            Occasion(row.account, row.person, row.purpose, row.request, row.addressee),
            row.kind,
            row.state,
            row.begun,
            orjson.loads(row.about),
            row.target,
            None if row.digest is None else bytes(row.digest),
            bytes(row.head),
        )


def _append(connection: sa.Connection, school_id: int, at: str, values: dict[str, Any]) -> int:
    """Add an entry to the chain, and its head to the ledger, which binds it at once."""
    ledger.take_turn(connection)
    last = connection.execute(
        sa.select(ACCESS.c.number, ACCESS.c.head)
        .where(ACCESS.c.school_id == school_id)
        .order_by(ACCESS.c.number.desc())
        .limit(1)
    ).first()
    number, previous = (last[0] + 1, bytes(last[1])) if last else (1, ledger.NO_HEAD)
    row = {**values, "number": number, "at": at}
    head = chained(previous, SimpleNamespace(**row))
    connection.execute(ACCESS.insert().values(school_id=school_id, head=head, **row))
    ledger.append(connection, school_id, "access", at, {"number": number, "head": head.hex()})
    return number


def _json(value: Mapping[str, Any]) -> str:
    return orjson.dumps(value, option=orjson.OPT_SORT_KEYS).decode()
