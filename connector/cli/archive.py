"""Commands of the archive: close a year, export for an inspector."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import sqlalchemy as sa
import typer

from archive_store import ledger, runs
from archive_store.asof import AsOf
from archive_store.catalogue import find_class
from archive_store.export import disclosures
from archive_store.lock import one_run
from archive_store.snapshot.contents import Record
from archive_store.snapshot.seal import school_name
from archive_store.texts import _
from archive_store.year.closing import close_year
from connector.cli.exit_codes import ExitCode
from connector.cli.session import AsOfOption, Session, account, utc_text


def register(app: typer.Typer) -> None:
    """Add the commands."""
    year = typer.Typer(no_args_is_help=True, help=_("Academic years: close and seal them."))
    year.command("close", help=_("Close an academic year: seal it as bags that prove themselves."))(close)
    year.callback()(_group)
    app.add_typer(year, name="year")
    app.command(help=_("Write the class journal and the summary sheet into a folder."))(export)


def _group() -> None:
    """Keep a group of commands a group, even while it has one command."""


def close(
    context: typer.Context,
    year: Annotated[int, typer.Argument(help=_("Calendar year in which the academic year begins."))],
) -> int:
    """Seal an academic year."""
    session: Session = context.obj
    engine = session.engine()
    with one_run(engine), engine.begin() as connection:
        at = session.as_of(connection, None)
        closing = close_year(connection, at.school_id, year, session.settings.snapshots, utc_text())
    sealed = closing.sealed
    size = sum(bag.size for bag, _term in sealed.bags)
    typer.echo(
        _("Sealed: {path}, bags: {bags}, {size:.1f} MB.").format(
            path=sealed.path, bags=len(sealed.bags), size=size / 1e6
        )
    )
    for check in closing.checks:
        if check.count:
            typer.echo(f"  {_(check.text)}: {check.count}")
    summary = sealed.bags[-1][0]
    typer.echo(
        _("Root of the summary sheets, which vouches for all bags: {root}").format(root=summary.root.hex())
    )
    typer.echo(
        _("Ledger: entry {entry}, head {head}.").format(
            entry=closing.head.entry, head=closing.head.digest.hex()[:16]
        )
    )
    typer.echo(
        _(
            "Now copy the year to two carriers that are kept in different rooms: "
            "dnevnik-archive snapshot copy {year} --to CARRIER"
        ).format(year=year)
    )
    return ExitCode.OK


def export(
    context: typer.Context,
    year: Annotated[int, typer.Option(help=_("Calendar year in which the academic year begins."))],
    group: Annotated[str, typer.Option(help=_("Class, such as 9А."))],
    out: Annotated[Path, typer.Option(help=_("Folder to be made."))],
    as_of: AsOfOption = None,
) -> None:
    """Export a class."""
    from archive_store.export.class_folder import export_class
    from archive_store.render.source import Source

    session: Session = context.obj
    with session.engine().begin() as connection:
        at = session.as_of(connection, as_of)
        one = find_class(connection, at, year, group)
        made = utc_text()
        source = Source(
            school_name(Record(connection, at, year)),
            _recorded_at(connection, at).astimezone(session.settings.zone),
            ledger.head(connection, at.school_id).digest.hex(),
            datetime.now(session.settings.zone),
        )
        exported = export_class(connection, at, one, out, source)
        scope = {"year": year, "group": str(one.group_id), "as_of_run": at.run_id, "rows": exported.rows}
        disclosures.log(
            connection, at.school_id, made, account(), "export", scope, str(out.absolute()), exported.digest
        )
    typer.echo(_("Exported: {path}").format(path=exported.path))
    for file in exported.files:
        typer.echo(f"  {file.path}  {file.size}")


def _recorded_at(connection: sa.Connection, at: AsOf) -> datetime:
    """When the record was read from the platform: the start of its last run."""
    run = runs.last(connection, at.school_id, at.run_id)
    if run is None:
        return datetime.now(UTC)
    return datetime.fromisoformat(run.started_at)
