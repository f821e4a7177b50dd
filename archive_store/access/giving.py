"""Let something leave the archive: nothing before its entry is on the disk, and then say how it ended."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

import sqlalchemy as sa

from archive_store.access.errors import AccessNotCompleted, AccessNotLogged
from archive_store.access.log import Occasion, Read, State, begin, end
from archive_store.store import durable


@dataclass(slots=True)
class Given:
    """What is being given out; who gives it fills in the counts and the digest as they become known."""

    number: int
    digest: bytes | None = None
    counts: dict[str, str | int] = field(default_factory=dict)


@contextmanager
def giving(
    engine: sa.Engine, school_id: int, occasion: Occasion, read: Read, now: Callable[[], str]
) -> Iterator[Given]:
    """The block in which data leave. ``now`` tells the moment (UTC).

    Both entries have transactions of their own, so the caller must not hold one that writes. Raises
    AccessNotLogged before the block if the first cannot be written: then nothing leaves;
    AccessNotCompleted after it if the second cannot.
    """
    try:
        with durable(engine) as connection:
            number = begin(connection, school_id, now(), occasion, read)
    except (sa.exc.SQLAlchemyError, TypeError, ValueError) as error:  # also of a log that was spoilt
        raise AccessNotLogged(_reason(error)) from error
    given = Given(number)
    try:
        yield given
    except BaseException as error:
        given.counts["reason"] = type(error).__name__  # not its text: that may hold names
        with suppress(sa.exc.SQLAlchemyError):  # what went wrong first is what a person must hear
            _end(engine, school_id, now(), given, State.FAILED)
        raise
    try:
        _end(engine, school_id, now(), given, State.GIVEN)
    except sa.exc.SQLAlchemyError as error:
        raise AccessNotCompleted(number, _reason(error)) from error


def _end(engine: sa.Engine, school_id: int, at: str, given: Given, state: State) -> None:
    with durable(engine) as connection:
        end(connection, school_id, at, given.number, state, given.counts, given.digest)


def _reason(error: Exception) -> str:
    """What the driver says, without the statement and its values."""
    return str(error.orig).strip() if isinstance(error, sa.exc.DBAPIError) else type(error).__name__
