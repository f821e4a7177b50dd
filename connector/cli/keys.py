"""Commands of the signing key: show it and those before it, make another."""

from __future__ import annotations

from typing import Annotated

import typer

from archive_store.signatures.keys import KeyRing
from archive_store.texts import _
from connector.cli.session import Session, utc_text


def register(app: typer.Typer) -> None:
    """Add the commands."""
    commands = typer.Typer(
        no_args_is_help=True, help=_("The key with which the program signs what it seals.")
    )
    commands.command("show", help=_("Print the fingerprints of the key and of those before it."))(show)
    commands.command("renew", help=_("Make another key; what the one before has signed stays valid."))(renew)
    app.add_typer(commands, name="key")


def key_ring(session: Session) -> KeyRing:
    """The keys of the installation."""
    return KeyRing(session.settings.signing_key)


def show(
    context: typer.Context,
    pem: Annotated[
        bool, typer.Option("--pem", help=_("The current public key as a file for openssl."))
    ] = False,
) -> None:
    """Print the keys."""
    session: Session = context.obj
    session.engine().dispose()  # a key is not made where there is no archive
    ring = key_ring(session)
    key = ring.ensure(utc_text())
    if pem:
        typer.echo(key.public.pem().decode(), nl=False)
        return
    for one in ring.known():
        if one.retired_at is None:
            line = _("{fingerprint} since {valid_from}, signs now")
        else:
            line = _("{fingerprint} from {valid_from}, retired {retired_at}")
        typer.echo(
            line.format(fingerprint=one.fingerprint, valid_from=one.valid_from, retired_at=one.retired_at)
        )


def renew(context: typer.Context) -> None:
    """Make another key."""
    session: Session = context.obj
    session.engine().dispose()
    key = key_ring(session).renew(utc_text())
    typer.echo(_("The new key signs from now on: {fingerprint}").format(fingerprint=key.public.fingerprint))
    typer.echo(_("Write its fingerprint on a signed paper; the list of all keys is in signing-keys.json."))
