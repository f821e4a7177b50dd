"""Commands of the register of carriers: ``carrier add``, ``list``, ``move``, ``retire``."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import sqlalchemy as sa
import typer
from rich.console import Console
from rich.table import Table

from archive_store.carriers import register as book
from archive_store.carriers.book import Scribe
from archive_store.carriers.copies import Copy, copies
from archive_store.carriers.errors import DeviceNotKnown
from archive_store.carriers.register import Carrier, Label, Role, Said
from archive_store.catalogue import the_school
from archive_store.store import address
from archive_store.texts import _
from connector.cli.carrier_words import CARRIERS
from connector.cli.session import Session, account, utc_text

_ROLES = {
    "основной": Role.MAIN,
    "main": Role.MAIN,
    "рабочий": Role.WORKING,
    "working": Role.WORKING,
    "выездной": Role.TRAVELLING,
    "travelling": Role.TRAVELLING,
}


def role(text: str) -> Role:
    """A role as a person types it, in either language."""
    found = _ROLES.get(text.casefold())
    if found is None:
        raise typer.BadParameter(_("neither main, nor working, nor travelling: {text}").format(text=text))
    return found


NameArgument = Annotated[
    str, typer.Argument(metavar=_("NAME"), help=_("Name or inventory number of the carrier."))
]
FolderArgument = Annotated[Path, typer.Argument(metavar=_("PATH"), help=_("Folder on the carrier."))]


def register(app: typer.Typer) -> None:
    """Add the commands."""
    group = typer.Typer(no_args_is_help=True, help=_("Carriers on which copies of sealed years are kept."))
    group.command(help=_("Take a carrier into use."))(add)
    group.command("list", help=_("Show the carriers and what lies on them."))(listed)
    group.command(help=_("Say that a carrier is found elsewhere now, under another letter of drive, say."))(
        move
    )
    group.command(help=_("Take a carrier out of use, by an act."))(retire)
    app.add_typer(group, name="carrier")


def scribe_of(session: Session, connection: sa.Connection) -> Scribe:
    """Who writes into the book of carriers, and when. Raises UnknownSchool."""
    return Scribe(the_school(connection, session.settings.school_id), account(), utc_text())


def add(
    context: typer.Context,
    path: FolderArgument,
    role_: Annotated[
        Role,
        typer.Option(
            "--role",
            parser=role,
            metavar=_("ROLE"),
            help=_("main or working: which copy it holds; travelling: it leaves the school."),
        ),
    ],
    room: Annotated[str, typer.Option(help=_("Room in which it is kept."))],
    inventory: Annotated[str, typer.Option(help=_("Inventory number on its label."))],
    name: Annotated[str | None, typer.Option(help=_("Name for commands; by default the number."))] = None,
    other_device: Annotated[
        bool,
        typer.Option(
            "--other-device-confirmed", help=_("It is a physical device of its own; I have looked.")
        ),
    ] = False,
    same_device: Annotated[
        bool,
        typer.Option(
            "--same-device-confirmed",
            help=_("It shares a device with another; to practise, it does not count as a second copy."),
        ),
    ] = False,
) -> None:
    """Take a carrier into use; a person is asked where the system does not know the device."""
    if other_device and same_device:
        raise typer.BadParameter(_("Only one of the two can be true."), param_hint="--other-device-confirmed")
    session: Session = context.obj
    label = Label(name or inventory, role_, room, inventory)
    said = Said.SAME if same_device else Said.OTHER if other_device else Said.NOTHING
    try:
        added = _add(session, label, path, said)
    except DeviceNotKnown as unknown:
        if not sys.stdin.isatty():
            raise
        typer.echo(CARRIERS[DeviceNotKnown](unknown).wrong)
        if not typer.confirm(_("Is it another physical device?")):
            raise
        added = _add(session, label, path, Said.OTHER)
    typer.echo(
        _("In use: «{name}», {path}, device {device}.").format(
            name=added.name, path=added.path, device=added.device.shown
        )
    )
    if added.apart == "same":
        typer.echo(_("It shares a device with another and does not count as a second copy."))
    next_step = (
        _('Now copy sealed years: dnevnik-archive snapshot copy --encrypt --to "{name}"')
        if role_ is Role.TRAVELLING
        else _('Now copy the sealed years: dnevnik-archive snapshot copy --to "{name}"')
    )
    typer.echo(next_step.format(name=added.name))


def _add(session: Session, label: Label, path: Path, said: Said) -> Carrier:
    with session.engine().begin() as connection:
        scribe = scribe_of(session, connection)
        return book.add(connection, scribe, label, path, live_folders(session), said)


def live_folders(session: Session) -> list[Path]:
    """Where the archive itself lies: its database, if that is a file, and the sealed years."""
    settings = session.settings
    database = address(settings.absolute_store_url)
    folders = [settings.folder.absolute(), settings.snapshots]
    if database.get_backend_name() == "sqlite" and database.database:
        folders.append(Path(database.database).parent)
    return folders


def listed(
    context: typer.Context,
    all_: Annotated[bool, typer.Option("--all", help=_("Also those that are out of use."))] = False,
) -> None:
    """Show the carriers of each school."""
    session: Session = context.obj
    for one in session.of_each_school():
        with one.engine().connect() as connection:
            school_id = the_school(connection, one.settings.school_id)
            known = book.carriers(connection, school_id)
            held = copies(connection, school_id)
        if one.school is not None:
            typer.echo(_("School {school}").format(school=one.school))
        shown = [carrier for carrier in known if all_ or carrier.retired_at is None]
        if not shown:
            typer.echo(_("No carrier is in use. Take one into use with: dnevnik-archive carrier add"))
            continue
        Console(markup=False, highlight=False).print(_table(shown, held))
        for carrier in shown:
            typer.echo(
                _("«{name}»: {path}, device {device}").format(
                    name=carrier.name, path=carrier.path, device=carrier.device.shown
                )
            )


def _table(shown: list[Carrier], held: list[Copy]) -> Table:
    from archive_store.render.check_protocol import ROLES

    table = Table(box=None, pad_edge=False)
    for title in (_("Name"), _("Inventory number"), _("Role"), _("Room"), _("Bags"), _("Checked")):
        table.add_column(title, overflow="fold")
    for one in shown:
        ours = [copy for copy in held if copy.carrier == one.carrier_id]
        checked = min((copy.verified_at or "" for copy in ours), default="")[:10] or "—"
        if one.retired_at is not None:
            checked = _("out of use from {day}: {reason}").format(day=one.retired_at[:10], reason=one.reason)
        label = one.label
        table.add_row(one.name, label.inventory, _(ROLES[label.role]), label.room, str(len(ours)), checked)
    return table


def move(context: typer.Context, name: NameArgument, path: FolderArgument) -> None:
    """Note where a carrier is now."""
    session: Session = context.obj
    with session.engine().begin() as connection:
        scribe = scribe_of(session, connection)
        moved = book.move(connection, scribe, book.find(connection, scribe.school_id, name), path)
    typer.echo(_("«{name}» is now in {path}.").format(name=moved.name, path=moved.path))


def retire(
    context: typer.Context,
    name: NameArgument,
    reason: Annotated[str, typer.Option(help=_("The act by which it goes out of use, or the reason."))],
) -> None:
    """Take a carrier out of use."""
    session: Session = context.obj
    with session.engine().begin() as connection:
        scribe = scribe_of(session, connection)
        carrier = book.find(connection, scribe.school_id, name)
        book.retire(connection, scribe, carrier, reason)
    typer.echo(_("«{name}» is out of use; its copies count no more.").format(name=carrier.name))
