"""The group ``export``: a package for an addressee by its options, and the commands of its own."""

from __future__ import annotations

import typer

from archive_store.texts import _
from connector.cli.archive import one_class, viewer
from connector.cli.depersonalised import depersonalised
from connector.cli.packages import package


def register(app: typer.Typer) -> None:
    """Add the commands."""
    group = typer.Typer(no_args_is_help=True, help=_("Write what an inspector asks for into a folder."))
    group.callback(invoke_without_command=True)(package)
    group.command("class", help=_("Write the class journal and the summary sheet into a folder."))(one_class)
    group.command("viewer", help=_("Write the journals of the school as a page for any browser."))(viewer)
    text = _("For statistics: pseudonyms, no names, no texts, no small groups.")
    group.command("depersonalised", help=text)(depersonalised)
    app.add_typer(group, name="export")
