"""What the schedule runs: functions that it calls by name with plain arguments, also after a restart.

They raise nothing: one bad night must not end the service, nor one school's trouble touch another's.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

import typer

from archive_store import runs
from archive_store.runs import Run
from archive_store.texts import _
from connector.cli import alarm, backup, ledger, reconcile, sync
from connector.cli.attempts import memory_of, number_of
from connector.cli.errors import explain
from connector.cli.exit_codes import ExitCode
from connector.cli.session import Session
from connector.cli.stopping import STOP
from connector.schedule.planned import Planned, Window, is_missed, next_try
from connector.schedule.service import Again
from connector.sync import health

_MODULE: Final = "connector.cli.night"
_NO_USE_TO_TRY_AGAIN: Final = (
    ExitCode.OK,
    ExitCode.USAGE,
    ExitCode.SETTINGS,
    ExitCode.SIGN_IN,
    ExitCode.NOT_VERIFIED,
    ExitCode.INTERRUPTED,
)
_CATCH_UP_WITHIN_SECONDS: Final = 120.0


@dataclass(frozen=True, slots=True)
class Work:
    """A row of the schedule: a work, what does it for one school, and when ("*": every night)."""

    name: str
    do: Callable[[Session], ExitCode]
    day: str = "*"
    later: timedelta = timedelta()


WORKS: Final = (
    Work("sync", sync.sync_apart),
    Work("reconcile", reconcile.weekly, day="sun", later=timedelta(hours=2)),
    Work("backup", backup.weekly, day="sat", later=timedelta(hours=3)),
)


def planned(session: Session) -> list[Planned]:
    """The schedule's table for an installation."""
    return [_planned(work, session) for work in WORKS]


def watching(session: Session) -> Planned:
    """The job that looks whether runs are good."""
    return Planned("watch", f"{_MODULE}:watch", (_config(session), session.school))


def window_of(session: Session) -> Window:
    """When nights are, by the settings."""
    settings = session.settings
    return Window(settings.schedule_at, settings.schedule_spread_minutes, settings.zone)


def missed(session: Session, now: datetime, waits: Callable[[str], bool]) -> Iterator[Again]:
    """What was missed while nobody was there, to be run once, a little later at random.

    What ``waits`` to be tried again anyway is left alone.
    """
    window = window_of(session)
    for one in session.of_each_school():
        for work in WORKS:
            name, last = _again_name(work, one), _last_good(one, work)
            if last is None and work.name != "sync":
                continue  # never done: its first turn is its own day
            if is_missed(last, _planned(work, session), window, now) and not waits(name):
                within = min(_CATCH_UP_WITHIN_SECONDS, window.spread_minutes * 60.0)
                delay = timedelta(seconds=random.uniform(0, within))  # noqa: S311 - no secret
                yield Again(name, f"{_MODULE}:run", (_config(session), one.school, work.name), now + delay)


def run(config: str | None, school: int | None, name: str) -> list[Again]:
    """Do a work for each school, or the one named; returns what is to be tried again, and when."""
    work = next((work for work in WORKS if work.name == name), None)
    again: list[Again] = []
    for session in _sessions(config, school) if work else ():
        if STOP.is_set():
            break
        again += _of_school(session, work) if work else ()
    return again


def watch(config: str | None, school: int | None) -> None:
    """Raise the alarm for each school of which no run has been good for too long."""
    for session in _sessions(config, school):
        try:
            _watch(session)
        except Exception as error:  # noqa: BLE001 - see the module
            _say(error)


def _of_school(session: Session, work: Work) -> list[Again]:
    local = datetime.now(session.settings.zone)
    typer.echo(f"{local:%Y-%m-%d %H:%M}")
    # The heart beats with what fetches: silence means that the archive falls behind.
    heartbeat = alarm.Heartbeat(session.settings) if work.name == "sync" else None
    if heartbeat:
        heartbeat.begins()
    try:
        code = work.do(session)
    except KeyboardInterrupt:
        code = ExitCode.INTERRUPTED  # the schedule says so, once, when it has stopped
    except Exception as error:  # noqa: BLE001 - see the module
        code = ExitCode.BUG
        _say(error)
    if heartbeat:
        heartbeat.ended(_with_sharing(session, code))
    last: Run | None = None
    with suppress(Exception):
        last = _last_run(session)
    alarm.after_run(session, code, _counts(last))
    if work.name == "sync" and code == ExitCode.OK and session.settings.mail_head:
        try:
            ledger.mail_head(session)
        except Exception as error:  # noqa: BLE001 - see the module
            _say(error)
    held_back_alone = code == ExitCode.PARTIAL and last is not None and last.is_good
    if code in _NO_USE_TO_TRY_AGAIN or held_back_alone:
        return []
    with suppress(Exception):
        return _tried_again(session, work)
    return []


def _with_sharing(session: Session, code: ExitCode) -> ExitCode:
    """A code, or a worse one of another school that shares the heartbeat: it must not be covered up."""
    if code != ExitCode.OK:
        return code
    codes: list[ExitCode] = [code]
    with suppress(Exception), memory_of(session.settings) as memory:
        for other in Session(session.config).of_each_school():
            if other.settings.heartbeat_url == session.settings.heartbeat_url:
                newest = memory.attempts(number_of(other), "sync")[:1]
                codes += [ExitCode(one.exit_code) for one in newest]
    return max(codes)


def _tried_again(session: Session, work: Work) -> list[Again]:
    now, window = datetime.now(UTC), window_of(session)
    since = window.last_moment(_planned(work, session), now)
    with memory_of(session.settings) as memory:
        failures = memory.failures_in_a_row(number_of(session), work.name, since)
    at = next_try(max(failures, 1), window, now)
    if at is None:
        return []
    typer.echo(_("The next try is at {time}.").format(time=f"{at.astimezone(window.zone):%H:%M}"))
    arguments = (_config(session), session.school, work.name)
    return [Again(_again_name(work, session), f"{_MODULE}:run", arguments, at)]


def _watch(session: Session) -> None:
    number = number_of(session)
    engine = session.engine()
    try:
        with engine.connect() as connection:
            state = health.of(connection, number, session.window())
    finally:
        engine.dispose()
    with memory_of(session.settings) as memory:
        tries = memory.attempts(number, "sync")
    first = tries[-1].at if tries else None
    if state.is_silent(session.settings.silence_hours, datetime.now(UTC), first):
        alarm.silence(session, state.last_good.ended_at if state.last_good else None)


def _sessions(config: str | None, school: int | None) -> list[Session]:
    """The session of each school, by the settings as they are now."""
    try:
        return Session(Path(config) if config else None, school).of_each_school()
    except Exception as error:  # noqa: BLE001 - see the module
        _say(error)
        return []


def _planned(work: Work, session: Session) -> Planned:
    name = "nightly" if work.name == "sync" else work.name
    arguments = (_config(session), session.school, work.name)
    return Planned(name, f"{_MODULE}:run", arguments, work.day, work.later)


def _again_name(work: Work, session: Session) -> str:
    return f"{work.name}-{session.school or 'school'}"


def _config(session: Session) -> str | None:
    return str(session.config.absolute()) if session.config else None


def _last_run(session: Session) -> Run | None:
    engine = session.engine()
    try:
        with engine.connect() as connection:
            return runs.last(connection, number_of(session))
    finally:
        engine.dispose()


def _last_good(session: Session, work: Work) -> datetime | None:
    """When a work was last done well: what fetches, by the archive; what does not, by the notes."""
    number = number_of(session)
    if work.name != "sync":
        with memory_of(session.settings) as memory:
            tries = memory.attempts(number, work.name)
        # One that found differences was done as well: doing it again would find them again.
        done = (ExitCode.OK, ExitCode.NOT_VERIFIED)
        return next((one.at for one in tries if one.exit_code in done), None)
    engine = session.engine()
    try:
        with engine.connect() as connection:
            last = runs.last_good(connection, number)
    finally:
        engine.dispose()
    return datetime.fromisoformat(str(last.ended_at)) if last else None


def _counts(last: Run | None) -> dict[str, int]:
    """The counts of a run that an alarm tells: of records and slices, never of people."""
    if last is None:
        return {}
    summary = last.summary
    changes = summary.get("changes", {}).values()
    return {
        "slices": summary.get("slices", 0),
        "failed": len(summary.get("failed", ())),
        "unfiled": summary.get("unfiled", 0),
        **{
            name: sum(one.get(name, 0) for one in changes)
            for name in ("new", "changed", "withdrawn", "held_back")
        },
    }


def _say(error: Exception) -> None:
    explanation = explain(error)
    text = f"{explanation.wrong} {explanation.remedy}" if explanation else type(error).__name__
    typer.echo(text, err=True)
