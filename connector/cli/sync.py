"""Commands that fetch: sync, resync, schedule."""

from __future__ import annotations

import gc
import signal
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from enum import StrEnum
from importlib.metadata import version
from typing import Annotated

import sqlalchemy as sa
import typer
from rich.console import Console

from archive_store.asof import AsOf
from archive_store.catalogue import (
    find_subject,
    folded,
    groups,
    parents,
    require_year,
    study_years,
    the_school,
)
from archive_store.errors import UnknownGroup
from archive_store.lock import one_run
from archive_store.texts import _
from connector import schedule as scheduling
from connector.cli.errors import explain
from connector.cli.exit_codes import ExitCode
from connector.cli.planned import show_planned
from connector.cli.progress import Bar, show
from connector.cli.session import Session
from connector.cli.signed_in import require_token
from connector.sync import grid, journal
from connector.sync.preview import preview
from connector.sync.run import Sync
from connector.sync.slices import Kind, Slice
from connector.sync.source import Source


class RepairEntity(StrEnum):
    """What ``resync`` can read again; lessons bring topics, works and homework."""

    LESSONS = "lessons"
    MARKS = "marks"
    ATTENDANCE = "attendance"
    FINAL_MARKS = "final-marks"
    ROSTERS = "rosters"


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command(help=_("Fetch what is new from the platform into the archive."))(sync)
    app.command(help=_("Fetch any part again and repair the record."))(resync)
    app.command(help=_("Stay and sync every night."))(schedule)


def sync(
    context: typer.Context,
    show_plan: Annotated[
        bool, typer.Option("--plan", help=_("Only show what would be read and why; call nobody."))
    ] = False,
) -> int:
    """Fetch all that is due, of each school."""
    session: Session = context.obj
    sessions = session.of_each_school()
    if show_plan:
        for one in sessions:
            _show_plan(one)
        return ExitCode.OK
    if len(sessions) == 1:
        return _sync(sessions[0])
    worst = ExitCode.OK
    for one in sessions:
        worst = max(worst, _sync_apart(one))
        if worst == ExitCode.INTERRUPTED:
            break
    return worst


def _show_plan(session: Session) -> None:
    with session.engine().connect() as connection:
        school_id = the_school(connection, session.settings.school_id)
        planned = preview(connection, school_id, session.window())
    show_planned(planned, Console(highlight=False), session.settings.deep_days)


def _sync_apart(session: Session) -> ExitCode:
    """Sync one of several schools: what goes wrong with it is said and does not touch the others."""
    typer.echo(_("School {school}").format(school=session.school))
    try:
        return ExitCode(_sync(session))
    except Exception as error:
        explanation = explain(error)
        if explanation is None:
            raise
        typer.echo(f"{explanation.wrong} {explanation.remedy}", err=True)
        return explanation.exit_code


def _sync(session: Session) -> int:
    with session.client() as client:
        engine = session.engine()
        try:
            with one_run(engine):
                return run_shown(session, engine, session.source(client), Sync.nightly)
        finally:
            engine.dispose()  # a schedule would keep the files of every night open


def resync(
    context: typer.Context,
    first: Annotated[
        datetime, typer.Option("--from", formats=["%Y-%m-%d"], metavar=_("YYYY-MM-DD"), help=_("First day."))
    ],
    last: Annotated[
        datetime,
        typer.Option("--to", formats=["%Y-%m-%d"], metavar=_("YYYY-MM-DD"), help=_("Last day, inclusive.")),
    ],
    group: Annotated[str | None, typer.Option(help=_("Only this class, such as 9А."))] = None,
    subject: Annotated[str | None, typer.Option(help=_("Only this subject."))] = None,
    entity: Annotated[list[RepairEntity] | None, typer.Option(help=_("Only this; may be repeated."))] = None,
    accept_withdrawn: Annotated[
        bool, typer.Option(help=_("Believe that records which the platform no longer shows are gone."))
    ] = False,
) -> int:
    """Fetch a part again."""
    if last < first:
        raise typer.BadParameter(_("The last day is before the first."), param_hint="--to")
    session: Session = context.obj.of_one_school()
    with session.client() as client:
        engine = session.engine()
        with one_run(engine):
            source = session.source(client)
            with engine.connect() as connection:
                chosen = entity or list(RepairEntity)
                stages = _repair_stages(
                    connection, AsOf(source.school_id), first.date(), last.date(), group, subject, chosen
                )

            def work(run: Sync) -> None:
                run.trust_withdrawals = accept_withdrawn
                run.repair(stages)

            return run_shown(session, engine, source, work)


def schedule(context: typer.Context) -> None:
    """Sync every night until stopped."""
    session: Session = context.obj
    settings = session.settings
    # What is wrong with the archive or the token is said now, not at night.
    session.engine().dispose()
    for one in session.of_each_school():
        require_token(one.settings)

    def nightly() -> None:
        try:
            sync(context)
        except Exception as error:  # noqa: BLE001 - one bad night must not end the service
            explanation = explain(error)
            text = f"{explanation.wrong} {explanation.remedy}" if explanation else type(error).__name__
            typer.echo(text, err=True)

    typer.echo(
        _("Every night at {time} ({zone}). Stop with Ctrl-C.").format(
            time=settings.schedule_at.strftime("%H:%M"), zone=settings.time_zone
        )
    )
    scheduling.run_nightly(nightly, settings.schedule_at, settings.schedule_spread_minutes, settings.zone)


def run_shown(session: Session, engine: sa.Engine, source: Source, work: Callable[[Sync], object]) -> int:
    """Do ``work`` with a run, under a progress bar, and print what it did; the exit code."""
    # A run makes millions of short-lived records and next to no cycles: looking for cycles at Python's
    # default pace costs a fifth of its time.
    gc.freeze()
    gc.set_threshold(20_000, 10, 10)
    with Bar(Console(stderr=True)) as bar, _stop_signal() as stop:
        program = version("dnevnik-archive")
        run = Sync(engine, source, session.window(), bar, program, stopping=stop.is_set)
        work(run)
    return show(run.summary, Console(markup=False, highlight=False))


@contextmanager
def _stop_signal() -> Iterator[threading.Event]:
    """Set by Ctrl-C or a request to end: the run stops after the slice in hand; a second one at once.

    Not by an exception out of the handler: it may strike where it is lost.
    """
    stop = threading.Event()
    if threading.current_thread() is not threading.main_thread():
        yield stop  # the scheduler's thread; signals come to the main one
        return
    before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}

    def ask(number: int, _frame: object) -> None:
        stop.set()
        signal.signal(number, before[signal.Signals(number)])

    try:
        for number in before:
            signal.signal(number, ask)
        yield stop
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _repair_stages(
    connection: sa.Connection,
    at: AsOf,
    first: date,
    last: date,
    group: str | None,
    subject: str | None,
    chosen: Sequence[RepairEntity],
) -> list[tuple[str, list[Slice]]]:
    subject_id = find_subject(connection, at, subject) if subject else None
    years = range(grid.study_year_of(first), grid.study_year_of(last) + 1)
    for year in years:
        require_year(connection, at, year)
    known = [
        one
        for year in study_years(connection, at)
        if year in years
        for one in grid.journal_groups(groups(connection, at, year))
    ]
    meant = [one for one in known if group is None or folded(one.group.name) == folded(group)]
    ids = {one.group.group_id for one in meant}
    shared = [one for one in known if one not in meant and ids & {*parents(one.group)}]
    if not meant:
        raise UnknownGroup(str(group), years[0], [one.group.name for one in known])
    meant += shared  # subgroups that the class shares with others have slices of their own
    by_days: dict[RepairEntity, Kind] = {
        RepairEntity.LESSONS: journal.LESSONS,
        RepairEntity.MARKS: journal.MARKS,
        RepairEntity.ATTENDANCE: journal.ATTENDANCE,
    }
    kinds = [kind for name, kind in by_days.items() if name in chosen]
    lessons = [kind for kind in kinds if kind is journal.LESSONS]
    filed = [kind for kind in kinds if kind is not journal.LESSONS]
    whole = subject_id is None
    return [
        ("groups", grid.roster_slices(meant) if whole and RepairEntity.ROSTERS in chosen else []),
        ("lessons", grid.repair_slices(lessons, meant, first, last, subject_id)),
        ("marks", grid.repair_slices(filed, meant, first, last, subject_id)),
        ("marks", grid.final_mark_slices(meant) if whole and RepairEntity.FINAL_MARKS in chosen else []),
    ]
