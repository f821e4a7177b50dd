"""What was verified, when, up to which entry and by which version of the program: entries of the ledger.

Being entries, they cannot be changed unseen. They spare the next verification what was found right; they
never vouch for it: a version closed since is checked with the run that closed it, and everything is checked
anew when the last full verification is too long ago.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice
from typing import Final

import sqlalchemy as sa

from archive_store import ledger
from archive_store.schema import LEDGER
from archive_store.verification.findings import Verdict

KIND: Final = "verification"
_LOOKED_AT: Final = 1_000


@dataclass(frozen=True, slots=True)
class Checked:
    """A verification on record that found nothing wrong: up to which entry, its head, and when it was."""

    entry: int
    head: bytes
    at: str
    full: bool


def record(connection: sa.Connection, school_id: int, verdict: Verdict, at: str, program: str) -> None:
    """Put a verification on record, in the caller's transaction."""
    about = {
        "up_to": verdict.up_to,
        "head": verdict.head.hex(),
        "full": verdict.full,
        "since": verdict.since,
        "entries": verdict.entries,
        "versions": verdict.versions,
        "answers": verdict.answers,
        "findings": len(verdict.findings),
        "program": program,
    }
    ledger.append(connection, school_id, KIND, at, about)


def to_go_on_from(
    connection: sa.Connection, school_id: int, now: datetime, full_days: int, program: str
) -> Checked | None:
    """Where an incremental verification may begin; None if all must be verified.

    That is so when no full one without findings, by this version of the program, is younger than
    ``full_days`` days; one of the future (a clock that was wrong) does not count.
    """
    oldest = now - timedelta(days=full_days)
    newest: Checked | None = None
    for one in _sound(connection, school_id, program):
        if not oldest <= datetime.fromisoformat(one.at) <= now:
            return None
        newest = newest or one
        if one.full:
            return newest
    return None


def last(connection: sa.Connection, school_id: int) -> ledger.Entry | None:
    """The newest verification on record, whatever it found."""
    return next(ledger.entries(connection, school_id, KIND), None)


def _sound(connection: sa.Connection, school_id: int, program: str) -> Iterator[Checked]:
    """The verifications on record, newest first, down to one with findings or of another program."""
    for entry in islice(ledger.entries(connection, school_id, KIND), _LOOKED_AT):
        about = entry.about
        if about["findings"] or about["program"] != program:
            return
        # The head as it stands now is compared by the verification itself.
        yield Checked(about["up_to"], bytes.fromhex(about["head"]), entry.at, about["full"])


def entries_since(connection: sa.Connection, school_id: int, entry: int) -> int:
    """How many entries were added after one."""
    query = sa.select(sa.func.count()).where(LEDGER.c.school_id == school_id, LEDGER.c.entry > entry)
    return int(connection.execute(query).scalar_one())
