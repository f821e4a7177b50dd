"""What happened outside of runs: how attempts ended, noted beside the settings, and what they cost in calls.

Some fail before the archive has a run to tell of them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import UTC, date, datetime

import sqlalchemy as sa
import typer

from archive_store import spent_calls
from archive_store.catalogue import the_school
from archive_store.errors import ArchiveError, FolderNotWritable
from archive_store.texts import _
from config.settings import Settings
from connector.cli.errors import explain
from connector.cli.exit_codes import ExitCode
from connector.cli.session import Session
from connector.schedule.memory import FILE_NAME, Memory

UNKNOWN_SCHOOL = 0


@contextmanager
def memory_of(settings: Settings) -> Iterator[Memory]:
    """The file of the schedule. Raises FolderNotWritable, or DatabaseError."""
    try:
        memory = Memory(settings.folder / FILE_NAME)
    except OSError as error:
        raise FolderNotWritable(settings.folder, error.strerror or str(error)) from error
    try:
        yield memory
    finally:
        memory.close()


def noted(session: Session, work: str, do: Callable[[Session], int]) -> ExitCode:
    """Do a work for a school and note how it ended. What it raises is noted and raised."""
    try:
        code = ExitCode(do(session))
    except Exception as error:
        explanation = explain(error)
        _note(session, work, explanation.exit_code if explanation else ExitCode.BUG)
        raise
    _note(session, work, code)
    return code


def apart(session: Session, work: Callable[[Session], ExitCode]) -> ExitCode:
    """Do a work for one of several schools: what goes wrong is said and does not touch the others."""
    if session.school is not None:
        typer.echo(_("School {school}").format(school=session.school))
    try:
        return work(session)
    except Exception as error:
        explanation = explain(error)
        if explanation is None:
            raise
        typer.echo(f"{explanation.wrong} {explanation.remedy}", err=True)
        return explanation.exit_code


def number_of(session: Session) -> int:
    """The school's number, from the settings or the archive; UNKNOWN_SCHOOL before the first run."""
    named = session.settings.school_id
    if named is not None:
        return named
    try:
        engine = session.engine()
    except ArchiveError:
        return UNKNOWN_SCHOOL
    try:
        with engine.connect() as connection:
            return the_school(connection)
    except ArchiveError:
        return UNKNOWN_SCHOOL
    finally:
        engine.dispose()


def count_apart(session: Session, made: Mapping[date, int]) -> None:
    """Count calls that belong to no run in the day's budget; before the first run there is none."""
    with suppress(ArchiveError, sa.exc.SQLAlchemyError):
        number, engine = number_of(session), session.engine()
        try:
            if number != UNKNOWN_SCHOOL:
                with engine.begin() as connection:
                    spent_calls.add(connection, number, made)
        finally:
            engine.dispose()


def _note(session: Session, work: str, code: ExitCode) -> None:
    # A note that cannot be written, on a full disk say, must not change how the work ended.
    with suppress(ArchiveError, sa.exc.SQLAlchemyError), memory_of(session.settings) as memory:
        memory.note(number_of(session), work, datetime.now(UTC), code)
