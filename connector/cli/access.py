"""The commands ``access list`` and ``access verify``: who looked at what, and that the log is whole."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from io import BytesIO
from pathlib import Path
from typing import Annotated, Any, Final

import orjson
import sqlalchemy as sa
import typer
from rich.console import Console
from rich.table import Table

from archive_store import schema
from archive_store.access import checking, paper
from archive_store.access.paper import Line
from archive_store.access.readings import Reading, is_about, readings, subject_of
from archive_store.asof import AsOf, last_known
from archive_store.catalogue import parents, the_school
from archive_store.data import Selection, group_ids
from archive_store.texts import N_, _
from connector.cli.exit_codes import ExitCode
from connector.cli.paper import source_of, write_new
from connector.cli.people import find_person
from connector.cli.session import Session

_DAY: Final = ["%Y-%m-%d"]
_FAULTS: Final = {
    "altered": N_("Entry {number} was altered."),
    "deleted": N_("Entry {number} was deleted."),
    "cut": N_("Entry {number} was cut off from the end of the log."),
    "inserted": N_("Entry {number} was put in by another than the program."),
}
_DIGITS_PRINTED: Final = 16
_WIDTHS: Final = (0.5, 1.3, 1.4, 1.5, 1.8, 1.8, 2.6, 1.5, 1.2)


def register(app: typer.Typer) -> None:
    """Add the commands."""
    group = typer.Typer(no_args_is_help=True, help=_("The log of access: who was given what, and why."))
    group.command("list", help=_("Show who read or was given what."))(listed)
    group.command("verify", help=_("Check that no entry of the log was altered, deleted or put in."))(verify)
    app.add_typer(group, name="access")


def listed(
    context: typer.Context,
    pupil: Annotated[
        str | None, typer.Option(metavar=_("NAME|ID"), help=_("Only what was about this person."))
    ] = None,
    group: Annotated[str | None, typer.Option(help=_("Only what was about this class, such as 9А."))] = None,
    first: Annotated[
        datetime | None, typer.Option("--from", formats=_DAY, metavar=_("YYYY-MM-DD"), help=_("First day."))
    ] = None,
    last: Annotated[
        datetime | None,
        typer.Option("--to", formats=_DAY, metavar=_("YYYY-MM-DD"), help=_("Last day, inclusive.")),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help=_("For programs: one read per line."))] = False,
    out: Annotated[
        Path | None, typer.Option(help=_("Write the list into this file: .pdf for print, or .csv."))
    ] = None,
) -> int:
    """Show the log, oldest read first."""
    if out is not None and out.suffix.lower() not in (".pdf", ".csv"):
        raise typer.BadParameter(_("The name of the file must end with .pdf or .csv."), param_hint="--out")
    session: Session = context.obj
    zone = session.settings.zone
    with session.engine().connect() as connection:
        at = session.as_of(connection, None)
        wanted = _wanted(connection, at, pupil, group)
        days = _day(first), _day(last)
        found = [
            one
            for one in readings(connection, at.school_id)
            if wanted(one) and _is_between(one, days, session)
        ]
        # Subgroups go with their classes; they need no names of their own.
        groups = last_known(connection, schema.EDU_GROUP, at)
        names = {one.group_id: one.name for one in groups if not parents(one)}
        lines = [paper.line_of(one, names.get, zone) for one in found]
        if out is not None:
            write_new(out, _file(session, connection, at, lines, out.suffix.lower()))
            typer.echo(_("Written: {path}").format(path=out))
            return ExitCode.OK
    if as_json:
        for one in found:
            typer.echo(orjson.dumps(_as_json(one)).decode())
    else:
        _print(lines)
    return ExitCode.OK


def verify(context: typer.Context) -> int:
    """Check the log by its own chain and by the ledger."""
    session: Session = context.obj
    with session.engine().connect() as connection:
        verdict = checking.verify(connection, the_school(connection, session.settings.school_id))
    typer.echo(
        _("Entries of the log checked: {entries}; findings: {findings}.").format(
            entries=verdict.entries, findings=len(verdict.faults)
        )
    )
    for fault in verdict.faults:
        typer.echo(_(_FAULTS[fault.problem]).format(number=fault.number))
    if verdict.unended:
        numbers = ", ".join(map(str, verdict.unended))
        typer.echo(
            _("Begun and cut off, so that it is not known what was given out: {numbers}.").format(
                numbers=numbers
            )
        )
    typer.echo(_("Head of the log: {head}").format(head=verdict.head.hex()))
    return ExitCode.NOT_VERIFIED if verdict.faults else ExitCode.OK


def _wanted(
    connection: sa.Connection, at: AsOf, pupil: str | None, group: str | None
) -> Callable[[Reading], bool]:
    """Whether a read is about the person and the class that are asked for."""
    subject = None if pupil is None else subject_of(connection, at, find_person(connection, at, pupil))
    groups = None if group is None else set(map(str, group_ids(connection, at, Selection(group=group))))

    def is_wanted(one: Reading) -> bool:
        if subject is not None and not is_about(one.begun, subject):
            return False
        return groups is None or bool(groups & set(map(str, one.begun.about.get("groups") or ())))

    return is_wanted


def _is_between(one: Reading, days: tuple[str | None, str | None], session: Session) -> bool:
    day = datetime.fromisoformat(one.begun.at).astimezone(session.settings.zone).date().isoformat()
    return (days[0] is None or day >= days[0]) and (days[1] is None or day <= days[1])


def _day(moment: datetime | None) -> str | None:
    return moment.date().isoformat() if moment else None


def _print(lines: list[Line]) -> None:
    if not lines:
        typer.echo(_("Nothing was given out."))
        return
    console = Console(markup=False, highlight=False)
    for line in lines:
        console.print(f"{line.number}  {line.at}  {line.what}: {line.outcome}")
        table = Table(box=None, pad_edge=False, show_header=False)
        for name, text in line.said():
            table.add_row(f"  {name}", text)
        console.print(table)


def _file(session: Session, connection: sa.Connection, at: AsOf, lines: list[Line], ending: str) -> bytes:
    if ending == ".csv":
        from archive_store.render.csv import write_csv

        buffer = BytesIO()
        write_csv(buffer, paper.headings(), (line.cells() for line in lines))
        return buffer.getvalue()
    from archive_store.render.paper import Paper, Part, print_paper

    source = source_of(connection, session, at, datetime.now(session.settings.zone).year)
    verdict = checking.verify(connection, at.school_id)
    rows = [line.cells(digits=_DIGITS_PRINTED) for line in lines]
    facts = [
        (_("Reads listed"), str(len(lines))),
        (_("Entries in the log"), str(verdict.entries)),
        (_("Entries that were altered, deleted or put in"), str(len(verdict.faults))),
        (_("Head of the log"), verdict.head.hex()),
    ]
    part = Part("", (), paper.headings(), _WIDTHS, rows)
    heading = _("Log of access to personal data and of disclosures")
    return print_paper(
        Paper(heading, "", facts, [part], [_("Responsible for the archive")], wide=True), source
    )


def _as_json(one: Reading) -> dict[str, Any]:
    begun, ended = one.begun, one.ended
    occasion = begun.occasion
    return {
        "number": begun.number,
        "at": begun.at,
        "account": occasion.account,
        "person": occasion.person,
        "kind": begun.kind,
        "about": begun.about,
        "purpose": occasion.purpose,
        "request": occasion.request,
        "addressee": occasion.addressee,
        "target": begun.target,
        "state": one.state,
        "ended_at": ended.at if ended else None,
        "counts": one.counts,
        "digest": ended.digest.hex() if ended and ended.digest else None,
    }
