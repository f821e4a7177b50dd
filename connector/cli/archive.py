"""The commands of ``export``: a class for an inspector, a page for the browser; plain or encrypted."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Final

import sqlalchemy as sa
import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from archive_store.access.log import About, Kind
from archive_store.asof import AsOf
from archive_store.catalogue import classes, families, find_class, study_years
from archive_store.export.class_folder import Export
from archive_store.records import EduGroup
from archive_store.retention.tombstones import require_journal
from archive_store.texts import _
from connector.cli.destination import Destination, destination
from connector.cli.destroyed import note_destroyed
from connector.cli.form_rules import form_rules
from connector.cli.giving import giving, lets_out
from connector.cli.locking import Wanted, encryptable
from connector.cli.paper import source_of
from connector.cli.session import AsOfOption, Session, When

Out = Annotated[Path, typer.Option(help=_("Folder to be made; with --encrypt, the file: NAME.tar.age."))]
YEAR_HELP: Final = _("Calendar year in which the academic year begins.")


@lets_out(Kind.EXPORT)
@encryptable
def one_class(
    context: typer.Context,
    year: Annotated[int, typer.Option(help=YEAR_HELP)],
    group: Annotated[str, typer.Option(help=_("Class, such as 9А."))],
    out: Out,
    as_of: AsOfOption = None,
    *,
    locking: Wanted | None = None,
) -> None:
    """Export a class."""
    session: Session = context.obj
    export_one_class(session, year, group, as_of, destination(session, out, locking))


def export_one_class(session: Session, year: int, group: str, as_of: When | None, where: Destination) -> None:
    """Export a class, as ``export class`` and ``export`` without a profile do."""
    from archive_store.export.class_folder import export_class

    engine = session.engine()
    with engine.connect() as connection:
        at = session.as_of(connection, as_of)
        one = find_class(connection, at, year, group)
        require_journal(connection, at.school_id, year, one.group_id, one.name)
        source, rules = source_of(connection, session, at, year), form_rules(session.settings)
        about = About("class", (year,), families(connection, at, [one]), as_of_run=at.run_id)
        with giving(session, engine, at.school_id, Kind.EXPORT, about, where.out) as given:
            exported, given.digest = where.fill(
                lambda to: export_class(connection, at, one, to, source, rules=rules)
            )
            given.counts |= exported.rows
    show_exported(exported, where.out)


def show_exported(exported: Export, out: Path) -> None:
    """Where it lies, and its files; not the many that the page for the browser is made of."""
    typer.echo(_("Exported: {path}").format(path=out))
    for file in exported.files:
        if "/" not in file.path or file.path.startswith("data/"):
            typer.echo(f"  {file.path}  {file.size}")


@lets_out(Kind.VIEWER)
@encryptable
def viewer(
    context: typer.Context,
    out: Out,
    year: Annotated[int | None, typer.Option(help=_("Only this academic year; else all of them."))] = None,
    group: Annotated[
        list[str] | None, typer.Option("--class", "--group", help=_("Only this class; may be repeated."))
    ] = None,
    as_of: AsOfOption = None,
    *,
    locking: Wanted | None = None,
) -> None:
    """Export the viewer of the school, of a year or of some classes."""
    from archive_store.export.viewer_folder import export_viewer

    session: Session = context.obj
    where = destination(session, out, locking)
    engine = session.engine()
    with engine.connect() as connection, _bar() as bar:
        at = session.as_of(connection, as_of)
        wanted = _wanted(connection, at, year, group or [])
        task = bar.add_task(_("Classes"), total=len(wanted))
        years = sorted({one.study_year for one in wanted if one.study_year is not None})
        source = source_of(connection, session, at, max(years, default=0))
        rules = form_rules(session.settings)
        ids = families(connection, at, wanted) if group else ()
        about = About("viewer", tuple(years), ids, as_of_run=at.run_id, details={"classes": len(wanted)})
        with giving(session, engine, at.school_id, Kind.VIEWER, about, out) as given:
            exported, given.digest = where.fill(
                lambda to: export_viewer(
                    connection, at, wanted, to, source, lambda _name: bar.advance(task), rules
                )
            )
            given.counts |= exported.rows
        note_destroyed(connection, at.school_id, year)
    size = sum(file.size for file in exported.files) / 2**20
    typer.echo(_("Exported: {path}").format(path=out))
    typer.echo(
        _("Classes: {classes}, files: {files}, size: {size} MiB. Open {page} in a browser.").format(
            classes=len(wanted),
            files=len(exported.files),
            size=f"{size:.1f}",
            page="viewer.html" if locking else out / "viewer.html",
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
