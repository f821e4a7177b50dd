"""The command ``init``: a commented file of settings and an empty archive beside it."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import typer

from archive_store.errors import FolderNotWritable
from archive_store.store import make_store, shown
from archive_store.texts import _
from config import example
from config.file import FILE_NAME
from config.settings import load
from connector.cli.keys import key_ring
from connector.cli.session import Session, utc_text


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(help=_("Write a commented file of settings and make the archive."))(init)


def init(
    context: typer.Context,
    directory: Annotated[
        Path | None, typer.Option("--dir", help=_("Folder of the archive; by default the current one."))
    ] = None,
) -> None:
    """Make an installation; what is there already is left as it is."""
    session: Session = context.obj
    file = session.config or (directory or Path()) / FILE_NAME
    made = write_settings(file)
    typer.echo(
        (_("Settings: {path}") if made else _("Settings, left as they were: {path}")).format(path=file)
    )
    session.loaded = load(file)
    url = session.settings.absolute_store_url
    make_store(url).dispose()
    typer.echo(_("Archive: {url}").format(url=shown(url)))
    key = key_ring(session).ensure(utc_text())
    typer.echo(_("Key of the program's signature: {fingerprint}").format(fingerprint=key.public.fingerprint))
    typer.echo(
        _(
            "Next: sign in with dnevnik-archive login, or put the token in the file {token}; "
            "then run: dnevnik-archive sync"
        ).format(token=session.settings.folder / session.settings.token_file)
    )


def write_settings(file: Path, language: str | None = None) -> bool:
    """Write the commented example to ``file``, for its owner alone; False if it is there already."""
    if file.exists():
        return False
    try:
        file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        with os.fdopen(
            os.open(file, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "w", encoding="utf-8"
        ) as out:
            out.write(example.text(language or os.environ.get("LANGUAGE", "ru")))
    except OSError as error:
        raise FolderNotWritable(file.parent, error.strerror or str(error)) from error
    return True
