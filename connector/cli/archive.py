"""Commands of the archive: export for an inspector."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Final

import sqlalchemy as sa
import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from archive_store.asof import AsOf
from archive_store.catalogue import classes, find_class, study_years
from archive_store.export import disclosures
from archive_store.records import EduGroup
from archive_store.retention.tombstones import require_journal
from archive_store.store import durable
from archive_store.texts import _
from connector.cli.destroyed import note_destroyed
from connector.cli.form_rules import form_signs
from connector.cli.paper import source_of
from connector.cli.session import AsOfOption, Session, account, utc_text

Out = Annotated[Path, typer.Option(help=_("Folder to be made."))]
EXPORT: Final = typer.Typer(no_args_is_help=True, help=_("Write what an inspector asks for into a folder."))
_YEAR = _("Calendar year in which the academic year begins.")


def register(app: typer.Typer) -> None:
    """Add the commands."""
    EXPORT.command("class", help=_("Write the class journal and the summary sheet into a folder."))(one_class)
    EXPORT.command("viewer", help=_("Write the journals of the school as a page for any browser."))(viewer)
    app.add_typer(EXPORT, name="export")


def one_class(
    context: typer.Context,
    year: Annotated[int, typer.Option(help=_YEAR)],
    group: Annotated[str, typer.Option(help=_("Class, such as 9А."))],
    out: Out,
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
        source, signs = source_of(connection, session, at, year), form_signs(session.settings)
        exported = export_class(connection, at, one, out, source, signs=signs)
        scope = {"year": year, "group": str(one.group_id), "as_of_run": at.run_id, "rows": exported.rows}
        disclosures.log(
            connection, at.school_id, made, account(), "export", scope, str(out.absolute()), exported.digest
        )
    typer.echo(_("Exported: {path}").format(path=exported.path))
    for file in exported.files:
        if "/" not in file.path or file.path.startswith("data/"):
            typer.echo(f"  {file.path}  {file.size}")


def viewer(
    context: typer.Context,
    out: Out,
    year: Annotated[int | None, typer.Option(help=_("Only this academic year; else all of them."))] = None,
    group: Annotated[
        list[str] | None, typer.Option("--class", "--group", help=_("Only this class; may be repeated."))
    ] = None,
    as_of: AsOfOption = None,
) -> None:
    """Export the viewer of the school, of a year or of some classes."""
    from archive_store.export.viewer_folder import export_viewer

    session: Session = context.obj
    with durable(session.engine()) as connection, _bar() as bar:
        at = session.as_of(connection, as_of)
        wanted = _wanted(connection, at, year, group or [])
        task = bar.add_task(_("Classes"), total=len(wanted))
        made = utc_text()
        newest = max((one.study_year or 0 for one in wanted), default=0)
        source = source_of(connection, session, at, newest)
        signs = form_signs(session.settings)
        exported = export_viewer(connection, at, wanted, out, source, lambda _name: bar.advance(task), signs)
        scope = {
            "viewer": [str(one.group_id) for one in wanted], "year": year, "as_of_run": at.run_id,
            "rows": exported.rows,
        }  # fmt: skip
        disclosures.log(
            connection, at.school_id, made, account(), "export", scope, str(out.absolute()), exported.digest
        )
        note_destroyed(connection, at.school_id, year)
    size = sum(file.size for file in exported.files) / 2**20
    typer.echo(_("Exported: {path}").format(path=exported.path))
    typer.echo(
        _("Classes: {classes}, files: {files}, size: {size} MiB. Open {page} in a browser.").format(
            classes=len(wanted), files=len(exported.files), size=f"{size:.1f}", page=out / "viewer.html"
        )
    )


def _wanted(connection: sa.Connection, at: AsOf, year: int | None, names: list[str]) -> list[EduGroup]:
    """The classes meant, the newest year first. Raises UnknownYear, UnknownGroup."""
    if year is None and not names:
        years = study_years(connection, at)
        return [one for known in reversed(years) for one in classes(connection, at, known)]
    if year is None:
        raise typer.BadParameter(_("a class is named with its academic year"), param_hint="--year")
    if not names:
        return classes(connection, at, year)
    found = [find_class(connection, at, year, name) for name in names]
    return list({one.group_id: one for one in found}.values())


def _bar() -> Progress:
    """The progress bar, on the error stream so that output can be piped."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    return Progress(*columns, console=Console(stderr=True))
