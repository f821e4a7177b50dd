"""Commands for withdrawals that are not believed: ``quarantine list``, ``accept``, ``reject``."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

import sqlalchemy as sa
import typer
from rich.console import Console
from rich.table import Table

from archive_store import checkpoints, quarantine
from archive_store.catalogue import the_school
from archive_store.lock import one_run
from archive_store.quarantine import Case
from archive_store.texts import _
from connector.cli.archive_words import NoSuchCase
from connector.cli.progress import entity_title
from connector.cli.session import Session, account, utc_text
from connector.cli.sync import run_shown
from connector.sync.run import Sync

Numbers = Annotated[
    list[int], typer.Argument(metavar=_("NUMBER..."), help=_("Numbers of the cases, as the list shows them."))
]


def register(app: typer.Typer) -> None:
    """Add the commands."""
    group = typer.Typer(
        no_args_is_help=True,
        help=_("Records that the platform no longer shows, too many at once to be believed."),
    )
    group.command("list", help=_("Show what waits for a decision."))(listed)
    group.command(help=_("Believe the platform: these records are gone."))(accept)
    group.command(help=_("Do not believe the platform: these records stand."))(reject)
    app.add_typer(group, name="quarantine")


def listed(context: typer.Context) -> None:
    """Show the open cases of each school."""
    session: Session = context.obj
    for one in session.of_each_school():
        with one.engine().connect() as connection:
            school_id = the_school(connection, one.settings.school_id)
            cases = quarantine.waiting(connection, school_id)
        if one.school is not None:
            typer.echo(_("School {school}").format(school=one.school))
        if cases:
            Console(markup=False, highlight=False).print(_table(cases))
            typer.echo(_("To decide: dnevnik-archive quarantine accept NUMBER, or reject NUMBER."))
        else:
            typer.echo(_("Nothing waits for a decision."))


def accept(context: typer.Context, numbers: Numbers) -> int:
    """Read the places of the cases once more and withdraw what the platform does not show."""
    session: Session = context.obj.of_one_school()
    with session.client() as client:
        engine = session.engine()
        with one_run(engine):
            source = session.source(client)
            places = [case.place for case in _cases(engine, source.school_id, numbers)]

            def work(run: Sync) -> None:
                run.account = account()
                run.accept(places)

            return run_shown(session, engine, source, work)


def reject(context: typer.Context, numbers: Numbers) -> None:
    """Let the records stand; the same answer of the platform is not asked about again."""
    session: Session = context.obj.of_one_school()
    engine = session.engine()
    with one_run(engine):
        with engine.connect() as connection:
            school_id = the_school(connection, session.settings.school_id)
        cases = _cases(engine, school_id, numbers)
        with engine.begin() as connection:
            for case in cases:
                quarantine.settle(connection, school_id, case.place, "rejected", account(), utc_text())
                checkpoints.remember(connection, school_id, case.place, case.answer_digest)
    typer.echo(_("Cases in which the records stand: {count}.").format(count=len(cases)))


def _cases(engine: sa.Engine, school_id: int, numbers: Sequence[int]) -> list[Case]:
    """The open cases of these numbers, and those of the same class and days. Raises NoSuchCase.

    A class's lessons and the marks under them are one question to a person.
    """
    with engine.connect() as connection:
        waiting = {case.number: case for case in quarantine.waiting(connection, school_id)}
    for number in numbers:
        if number not in waiting:
            raise NoSuchCase(number, [str(one) for one in waiting])
    meant = {_where(waiting[number]) for number in numbers}
    return [case for case in waiting.values() if _where(case) in meant]


def _where(case: Case) -> tuple[int, str, str]:
    return case.place.group_id, case.place.first_day, case.place.last_day


def _table(cases: Sequence[Case]) -> Table:
    table = Table(box=None, pad_edge=False)
    for title in (_("number"), _("class"), _("days"), _("since"), _("records")):
        table.add_column(title)
    for case in cases:
        days = f"{case.place.first_day} - {case.place.last_day}" if case.place.first_day else ""
        counts = ", ".join(f"{entity_title(name)}: {count}" for name, count in case.withheld.items())
        table.add_row(str(case.number), case.name, days, case.since[:10], counts)
    return table
