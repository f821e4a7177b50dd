"""Commands that fetch: sync, resync."""

from __future__ import annotations

import gc
from collections.abc import Callable, Sequence
from datetime import date, datetime
from enum import StrEnum
from importlib.metadata import version
from typing import Annotated

import sqlalchemy as sa
import typer
from rich.console import Console

from archive_store import traits
from archive_store.asof import AsOf
from archive_store.catalogue import (
    find_subject,
    folded,
    parents,
    require_year,
    the_school,
)
from archive_store.errors import UnknownGroup
from archive_store.lock import one_run
from archive_store.texts import _
from connector.cli.attempts import apart, noted
from connector.cli.destroyed_again import destroy_what_came_back
from connector.cli.exit_codes import ExitCode
from connector.cli.own_school import demand_own_school
from connector.cli.planned import show_planned
from connector.cli.progress import Bar, show
from connector.cli.session import Session
from connector.cli.stopping import asked_by_signals
from connector.sync import grid, journal
from connector.sync.preview import preview
from connector.sync.run import Sync
from connector.sync.slices import Kind, Slice
from connector.sync.source import Source
from connector.sync.subgroups import known_groups


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
        return noted(sessions[0], "sync", _sync)
    worst = ExitCode.OK
    for one in sessions:
        worst = max(worst, sync_apart(one))
        if worst == ExitCode.INTERRUPTED:
            break
    return worst


def _show_plan(session: Session) -> None:
    with session.engine().connect() as connection:
        school_id = the_school(connection, session.settings.school_id)
        planned = preview(connection, school_id, session.window())
    show_planned(planned, Console(highlight=False), session.settings.deep_days)


def sync_apart(session: Session) -> ExitCode:
    """Sync one of several schools."""
    return apart(session, lambda one: noted(one, "sync", _sync))


def _sync(session: Session) -> int:
    with session.client() as client:
        engine = session.engine()
        try:
            with one_run(engine):
                source = session.source(client)
                destroy_what_came_back(session, engine, source.school_id)
                return run_shown(session, engine, source, Sync.nightly)
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


def run_shown(session: Session, engine: sa.Engine, source: Source, work: Callable[[Sync], object]) -> int:
    """Do ``work`` with a run, under a progress bar, and print what it did; the exit code."""
    # A run makes millions of short-lived records and next to no cycles: looking for cycles at Python's
    # default pace costs a fifth of its time.
    gc.freeze()
    gc.set_threshold(20_000, 10, 10)
    try:
        with Bar(Console(stderr=True)) as bar, asked_by_signals() as stop:
            program = version("dnevnik-archive")
            run = Sync(engine, source, session.window(), bar, program, stopping=stop.is_set)
            run.files = session.file_keeping()
            work(run)
    finally:
        gc.unfreeze()  # a schedule would freeze the garbage of every night
    try:
        demand_own_school(source, run.summary)
    finally:
        source.day_count.keep(engine)
    return show(run.summary, Console(markup=False, highlight=False))


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
    found_out = traits.load(connection, at.school_id, "")
    known = [
        one
        for one in known_groups(connection, at.school_id, years.start, found_out)
        if one.group.study_year in years
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
