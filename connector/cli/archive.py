"""Commands of the archive: export for an inspector."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from archive_store.catalogue import find_class
from archive_store.export import disclosures
from archive_store.retention.tombstones import require_journal
from archive_store.store import durable
from archive_store.texts import _
from connector.cli.paper import source_of
from connector.cli.session import AsOfOption, Session, account, utc_text


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command(help=_("Write the class journal and the summary sheet into a folder."))(export)


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
    with durable(session.engine()) as connection:
        at = session.as_of(connection, as_of)
        one = find_class(connection, at, year, group)
        require_journal(connection, at.school_id, year, one.group_id, one.name)
        made = utc_text()
        exported = export_class(connection, at, one, out, source_of(connection, session, at, year))
        scope = {"year": year, "group": str(one.group_id), "as_of_run": at.run_id, "rows": exported.rows}
        disclosures.log(
            connection, at.school_id, made, account(), "export", scope, str(out.absolute()), exported.digest
        )
    typer.echo(_("Exported: {path}").format(path=exported.path))
    for file in exported.files:
        typer.echo(f"  {file.path}  {file.size}")
