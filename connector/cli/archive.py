"""Commands of the archive: export for an inspector."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from archive_store.access.log import About, Kind
from archive_store.catalogue import family, find_class
from archive_store.texts import _
from connector.cli.giving import giving, lets_out
from connector.cli.paper import source_of
from connector.cli.session import AsOfOption, Session


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command(help=_("Write the class journal and the summary sheet into a folder."))(export)


@lets_out(Kind.EXPORT)
def export(
    context: typer.Context,
    year: Annotated[int, typer.Option(help=_("Calendar year in which the academic year begins."))],
    group: Annotated[str, typer.Option(help=_("Class, such as 9А."))],
    out: Annotated[Path, typer.Option(help=_("Folder to be made."))],
    as_of: AsOfOption = None,
) -> None:
    """Export a class."""
    from archive_store.export.class_folder import export_class

    session: Session = context.obj
    engine = session.engine()
    with engine.connect() as connection:
        at = session.as_of(connection, as_of)
        one = find_class(connection, at, year, group)
        groups = tuple(other.group_id for other in family(connection, at, one))
        source = source_of(connection, session, at, year)
        about = About("class", (year,), groups, as_of_run=at.run_id)
        with giving(session, engine, at.school_id, Kind.EXPORT, about, out) as given:
            exported = export_class(connection, at, one, out, source)
            given.digest = exported.digest
            given.counts |= exported.rows
    typer.echo(_("Exported: {path}").format(path=exported.path))
    for file in exported.files:
        typer.echo(f"  {file.path}  {file.size}")
