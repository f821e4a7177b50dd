"""Commands of the terms of keeping: show them, write them to a file, confirm them."""

from __future__ import annotations

from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from archive_store.catalogue import the_school
from archive_store.lock import one_run
from archive_store.nomenclature import confirmations, kinds
from archive_store.nomenclature.confirmations import Confirmation
from archive_store.texts import _
from connector.cli.archive_words import FileThere
from connector.cli.exit_codes import ExitCode
from connector.cli.paper import write_new
from connector.cli.session import Session, utc_text
from connector.cli.year_gate import nomenclature_of


def register(app: typer.Typer) -> None:
    """Add the commands."""
    terms = typer.Typer(no_args_is_help=True, help=_("Terms of keeping: the school's list of files."))
    terms.command("show", help=_("Show the kinds of files, their terms, and whether they are confirmed."))(
        show
    )
    terms.command("init", help=_("Write the list of files to a file that the school can edit."))(init)
    terms.command("confirm", help=_("Confirm the terms in the name of the school."))(confirm)
    app.add_typer(terms, name="terms")


def show(context: typer.Context) -> int:
    """Show the list of files."""
    session: Session = context.obj
    known = nomenclature_of(session.settings)
    table = Table(box=None, pad_edge=False)
    for title in (_("Kind"), _("Index"), _("Title"), _("Years"), _("From"), _("Article")):
        table.add_column(title, overflow="fold")
    for one in known.kinds:
        years = _("for ever") if one.years is None else str(one.years)
        table.add_row(one.kind, one.index, one.title, years, one.event, one.article)
    Console(markup=False, highlight=False).print(table)
    path = session.settings.nomenclature
    typer.echo(
        _("From: {path}").format(path=path)
        if path.exists()
        else _("These are the program's defaults; write them to a file with: dnevnik-archive terms init")
    )
    with session.engine().connect() as connection:
        school_id = the_school(connection, session.settings.school_id)
        said = confirmations.confirmed(connection, school_id, known)
    typer.echo(
        _("Confirmed at {moment} by {by}: {document}.").format(
            moment=said.at, by=said.by, document=said.document
        )
        if said
        else _("NOT CONFIRMED. When they are right: dnevnik-archive terms confirm")
    )
    return ExitCode.OK if said else ExitCode.ATTENTION


def init(context: typer.Context) -> None:
    """Write the defaults beside the settings; what is there already is left as it is."""
    session: Session = context.obj
    path = session.settings.nomenclature
    try:
        write_new(path, kinds.DEFAULTS.read_bytes())
        typer.echo(_("List of files: {path}").format(path=path))
    except FileThere:
        typer.echo(_("List of files, left as it was: {path}").format(path=path))


def confirm(
    context: typer.Context,
    by: Annotated[str, typer.Option(help=_("Who confirms: post and name."))],
    document: Annotated[
        str, typer.Option(help=_("By which document: the school's list of files, its order."))
    ],
) -> int:
    """Confirm the terms as they are now."""
    if not by.strip() or not document.strip():
        raise typer.BadParameter(_("who confirms, and by which document, must be given"), param_hint="--by")
    session: Session = context.obj
    known = nomenclature_of(session.settings)
    engine = session.engine()
    with one_run(engine), engine.begin() as connection:
        school_id = the_school(connection, session.settings.school_id)
        said = Confirmation(utc_text(), by.strip(), document.strip())
        head = confirmations.confirm(connection, school_id, known, said)
    typer.echo(_("The terms are confirmed. Ledger: entry {entry}.").format(entry=head.entry))
    return ExitCode.OK
