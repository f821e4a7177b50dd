"""The command ``schedule``: stay, and let every night run by itself."""

from __future__ import annotations

from datetime import UTC, datetime

import typer

from archive_store.texts import _
from connector.cli import night
from connector.cli.attempts import memory_of
from connector.cli.exit_codes import ExitCode
from connector.cli.session import Session
from connector.cli.signed_in import require_token
from connector.cli.stopping import asked_by_signals
from connector.schedule.alone import the_only_schedule
from connector.schedule.service import Service


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(help=_("Stay and sync every night."))(schedule)


def schedule(context: typer.Context) -> int:
    """Sync every night until stopped."""
    session: Session = context.obj
    settings = session.settings
    _look_over(session)
    window = night.window_of(session)
    with (
        memory_of(settings) as memory,
        the_only_schedule(settings.folder),
        asked_by_signals() as stop,
    ):
        service = Service(memory, window, night.planned(session), night.watching(session))
        service.start()
        for one in night.missed(session, datetime.now(UTC), service.is_to_run_again):
            typer.echo(_("No good run since the last night: one begins shortly."))
            service.again(one)
        typer.echo(
            _("Every night at {time} ({zone}). Stop with Ctrl-C.").format(
                time=settings.schedule_at.strftime("%H:%M"), zone=settings.time_zone
            )
        )
        service.stay(lambda: _asked(stop.is_set()))
    typer.echo(_("The schedule has stopped."))
    return ExitCode.OK


def _look_over(session: Session) -> None:
    """What is wrong with the archive or the token is said now, not at night."""
    session.engine().dispose()
    for one in session.of_each_school():
        require_token(one.settings)


def _asked(asked: bool) -> bool:
    if asked:
        typer.echo(_("Asked to stop. What a run has fetched is kept; the next one goes on from there."))
    return asked
