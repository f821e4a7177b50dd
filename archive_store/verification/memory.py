"""What was verified, when, up to which entry and by which version of the program: entries of the ledger.

Being entries, they cannot be changed unseen. They spare the next verification what was found right; they
never vouch for it: a version closed since is checked with the run that closed it, and everything is checked
anew when the last full verification is too long ago.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

import orjson
import sqlalchemy as sa

from archive_store import ledger
from archive_store.schema import LEDGER
from archive_store.told import is_number
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


def _sound(connection: sa.Connection, school_id: int, program: str) -> Iterator[Checked]:
    """The verifications on record, newest first, down to one with findings or of another program."""
    query = (
        sa.select(LEDGER.c.at, LEDGER.c.about)
        .where(LEDGER.c.school_id == school_id, LEDGER.c.kind == KIND)
        .order_by(LEDGER.c.entry.desc())
        .limit(_LOOKED_AT)
    )
    for at, text in connection.execute(query):
        one = _read(at, text, program)
        if one is None:
            return
        yield one


def _read(at: Any, text: Any, program: str) -> Checked | None:  # noqa: ANN401 - whatever was put there
    """A verification without findings by that program; None of any other, and of what cannot be read."""
    try:
        about = orjson.loads(text)
        is_sound = about["findings"] == 0 and about["program"] == program
        is_placed = is_number(about["up_to"]) and about["up_to"] > 0
        if not (is_sound and is_placed and datetime.fromisoformat(at).tzinfo):
            return None
        # The head as it stands now is compared by the verification itself.
        return Checked(about["up_to"], bytes.fromhex(about["head"]), at, about["full"] is True)
    except (ValueError, TypeError, KeyError):
        return None
