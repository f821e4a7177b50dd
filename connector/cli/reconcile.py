"""The command ``reconcile``: hold the archive against what the platform computes itself."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from archive_store.access.log import About, Kind
from archive_store.lock import one_run
from archive_store.texts import _
from connector.cli.attempts import apart, noted
from connector.cli.differences import Names, show
from connector.cli.exit_codes import ExitCode
from connector.cli.giving import giving, lets_out
from connector.cli.session import Session, utc_text
from connector.sync.grid import study_year_of
from connector.sync.reconcile.run import Wanted, keep, reconcile
from connector.sync.reconcile.verdict import Verdict


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("reconcile", help=_("Compare the archive with what the platform computes itself."))(command)


@lets_out(Kind.RECONCILIATION)
def command(
    context: typer.Context,
    year: Annotated[
        int | None, typer.Option(help=_("Academic year, by the calendar year in which it begins."))
    ] = None,
    group: Annotated[str | None, typer.Option(help=_("Only this class, such as 9А."))] = None,
    sample: Annotated[
        int | None,
        typer.Option(min=0, help=_("How many class-months to read again; by default 2 % of the year's.")),
    ] = None,
    limit: Annotated[int, typer.Option(min=0, help=_("How many differences to print."))] = 50,
) -> int:
    """Compare the averages, the final marks and a sample of the records of each school."""
    session: Session = context.obj
    sessions = session.of_each_school()

    def work(one: Session) -> ExitCode:
        return _reconcile(one, year, group, sample, limit)

    return work(sessions[0]) if len(sessions) == 1 else max(apart(one, work) for one in sessions)


def weekly(session: Session) -> ExitCode:
    """The weekly job for a school: its current year; what goes wrong is said and does not touch others.

    It prints counts alone: what a service says ends in a log, and names must not.
    """
    return apart(session, lambda one: noted(one, "reconcile", lambda _: _reconcile(one, None, None, None, 0)))


def _reconcile(
    session: Session, year: int | None, group: str | None, sample: int | None, limit: int
) -> ExitCode:
    today = session.window().today
    wanted = Wanted(study_year_of(today) if year is None else year, today, group, sample)
    with session.client() as client:
        engine = session.engine()
        try:
            with one_run(engine), engine.connect() as connection:
                source = session.source(client)
                at = session.as_of(connection, None)
                with _bar() as bar, source.day_count.counted(engine):
                    task = bar.add_task(_("Comparison with the platform"), total=None)

                    def progress(done: int, of: int) -> None:
                        source.day_count.keep(engine)
                        bar.update(task, completed=done, total=of)

                    verdict = reconcile(connection, source, at, wanted, progress)
                names = Names(connection, at, _people(verdict))
                keep(engine, at.school_id, utc_text(), verdict)
        finally:
            engine.dispose()
    console = Console(markup=False, highlight=False)
    if not limit or not verdict.differences:  # counts alone: nobody is named
        return show(verdict, names, console, limit)
    about = About("differences", (wanted.study_year,), as_of_run=at.run_id)
    try:
        with giving(session, engine, at.school_id, Kind.RECONCILIATION, about) as given:
            given.counts["differences"] = len(verdict.differences)
            return show(verdict, names, console, limit)
    finally:
        engine.dispose()


def _people(verdict: Verdict) -> Iterable[int]:
    return {one.person_id for one in verdict.differences if one.person_id is not None}


def _bar() -> Progress:
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    return Progress(*columns, console=Console(stderr=True))
