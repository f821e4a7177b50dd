"""Commands of the archive: export for an inspector."""

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
from archive_store.snapshot.contents import Record
from archive_store.snapshot.seal import school_name
from archive_store.store import durable
from archive_store.texts import _
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
    from archive_store.render.source import Source

    session: Session = context.obj
    with durable(session.engine()) as connection:
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
