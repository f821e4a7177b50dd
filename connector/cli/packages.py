"""``export --profile``: the options of a package for an addressee, and the list of profiles."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer
from click.core import ParameterSource
from rich.console import Console
from rich.table import Table

from archive_store.access.log import Kind
from archive_store.export.profiles import PROFILES
from archive_store.forms.span import Span
from archive_store.texts import _
from connector.cli import archive
from connector.cli.destination import destination
from connector.cli.form import span_of
from connector.cli.giving import lets_out
from connector.cli.locking import Wanted as Locking
from connector.cli.locking import encryptable
from connector.cli.package import Wanted, known_profile
from connector.cli.package_giving import export_package
from connector.cli.passwords import password_for
from connector.cli.session import AsOfOption, Said, Session

_DAY = ["%Y-%m-%d"]


def register(app: typer.Typer) -> None:
    """Add the list; the options of a package are those of ``export``."""
    text = _("List the profiles of packages: for whom, what lies in them, what does not.")
    app.command(help=text)(profiles)


def profiles() -> None:
    """List the profiles."""
    from archive_store.export.forms import FORMS

    table = Table(box=None, pad_edge=False)
    for heading in (_("Name"), _("Package"), _("Forms"), _("Not included")):
        table.add_column(heading)
    for one in PROFILES.values():
        named = "; ".join(_(FORMS[name].title) for name in one.forms)
        table.add_row(one.name, _(one.title), named or _("data alone"), "; ".join(_(t) for t in one.kept_out))
    Console(highlight=False, markup=False).print(table)


@lets_out(Kind.PACKAGE, Kind.EXPORT)
@encryptable
def package(
    context: typer.Context,
    year: Annotated[
        int | None, typer.Option(help=_("Calendar year in which the academic year begins."))
    ] = None,
    out: Annotated[
        Path | None, typer.Option(help=_("Folder to be made; with --zip or --encrypt, the file."))
    ] = None,
    group: Annotated[
        list[str] | None, typer.Option(help=_("Class, such as 9А; a package may name several or none."))
    ] = None,
    profile: Annotated[
        str | None,
        typer.Option(help=_("A package for an addressee: {names}.").format(names=", ".join(PROFILES))),
    ] = None,
    pupil: Annotated[
        list[str] | None, typer.Option(help=_("Pupil of a package, by id or by name; may be repeated."))
    ] = None,
    basis: Annotated[
        str, typer.Option(metavar=_("TEXT"), help=_("Legal basis, as the request names it."))
    ] = "",
    outgoing: Annotated[
        str,
        typer.Option(metavar=_("TEXT"), help=_("The letter's own number and date, such as the request's.")),
    ] = "",
    enclose: Annotated[
        list[Path] | None,
        typer.Option(
            metavar=_("FILE"), help=_("File to go along as it is: an act, a protocol; may be repeated.")
        ),
    ] = None,
    first: Annotated[
        datetime | None, typer.Option("--from", formats=_DAY, metavar=_("YYYY-MM-DD"), help=_("First day."))
    ] = None,
    last: Annotated[
        datetime | None,
        typer.Option("--to", formats=_DAY, metavar=_("YYYY-MM-DD"), help=_("Last day, inclusive.")),
    ] = None,
    from_snapshot: Annotated[
        Path | None,
        typer.Option(metavar=_("FOLDER"), help=_("From sealed bags alone; no archive is needed.")),
    ] = None,
    zipped: Annotated[
        bool, typer.Option("--zip", help=_("As a ZIP under a password (AES-256), not as a folder."))
    ] = False,
    password_file: Annotated[
        Path | None,
        typer.Option(
            metavar=_("FILE"),
            help=_("File with the password of the ZIP, readable by its owner alone; else it is asked for."),
        ),
    ] = None,
    as_of: AsOfOption = None,
    *,
    locking: Locking | None = None,
) -> None:
    """Export a package; without a profile the journal of a class, as ``export class`` does."""
    if context.invoked_subcommand is not None:
        _refuse_before(context)
        return
    if password_file and not zipped:
        raise typer.BadParameter(_("This goes with --zip alone."), param_hint="--password-file")
    session: Session = context.obj
    if year is None or out is None:
        text = _("It must be said which academic year to export, and where to.")
        raise typer.BadParameter(text, param_hint="--year, --out")
    if profile is None:
        only = {
            "--pupil": pupil, "--basis": basis, "--outgoing": outgoing, "--enclose": enclose, "--from": first,
            "--to": last, "--from-snapshot": from_snapshot, "--zip": zipped,
        }  # fmt: skip
        for option, value in only.items():
            if value:
                raise typer.BadParameter(_("This goes with --profile alone."), param_hint=option)
        if not group or len(group) > 1:
            raise typer.BadParameter(_("Name one class, or a profile."), param_hint="--group")
        archive.export_one_class(session, year, group[0], as_of, destination(session, out, locking))
        return
    if zipped and locking:
        raise typer.BadParameter(_("Either a ZIP or a file of age, not both."), param_hint="--zip, --encrypt")
    days = span_of(first, last, year)
    said = session.said or Said()
    wanted = Wanted(
        known_profile(profile), year, out, tuple(group or ()), tuple(pupil or ()),
        Span(*days) if days else None, said.request, said.addressee, said.purpose, basis, outgoing,
        tuple(enclose or ()), as_of, from_snapshot, password_for(password_file) if zipped else None, locking,
    )  # fmt: skip
    _export_package(session, wanted)


def _refuse_before(context: typer.Context) -> None:
    """What is said before the name of a command would be lost. Raises BadParameter."""
    for one in context.command.params:
        if one.name and context.get_parameter_source(one.name) is ParameterSource.COMMANDLINE:
            text = _("Options stand after the name of the command: export {command} ...")
            raise typer.BadParameter(text.format(command=context.invoked_subcommand), param_hint=one.opts[0])


def _export_package(session: Session, wanted: Wanted) -> None:
    package, number = export_package(session, wanted)
    typer.echo(_("Exported: {path}").format(path=package.path))
    for file in package.files:
        typer.echo(f"  {file.path}  {file.size}")
    if wanted.password:
        typer.echo(_("SHA-256 of the ZIP: {digest}").format(digest=package.given.hex()))
        typer.echo(_("It opens with 7-Zip, WinRAR or WinZip, not with the Explorer of Windows."))
    if number is None:
        text = _("There is no archive to log this in: enter it in the paper log. Digest: {digest}")
        typer.echo(text.format(digest=package.given.hex()))
    else:
        typer.echo(_("Log of access: entry {number}.").format(number=number))
