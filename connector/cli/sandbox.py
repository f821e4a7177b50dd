"""The command ``sandbox``: an invented school that answers as the platform does, on this machine only."""

from __future__ import annotations

import os
import secrets
from datetime import datetime
from typing import Annotated

import typer

from archive_store.texts import _


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(help=_("Serve an invented school that answers as the platform does."))(sandbox)


def sandbox(
    pupils: Annotated[int, typer.Option(min=12, max=5000, help=_("How many pupils the school has."))] = 1000,
    seed: Annotated[int, typer.Option(help=_("The same number makes the same school."))] = 1,
    year: Annotated[
        list[int] | None,
        typer.Option(
            help=_("Academic year to invent; may be repeated. By default the last and the current.")
        ),
    ] = None,
    now: Annotated[
        datetime | None, typer.Option(help=_("The school's clock; by default the real one."))
    ] = None,
    port: Annotated[int, typer.Option(help=_("Port; 0 lets the system choose."))] = 0,
) -> None:
    """Serve the school until stopped."""
    from connector.sandbox.parameters import SchoolParameters
    from connector.sandbox.routes.sign_in import CLIENT_ID, CLIENT_SECRET
    from connector.sandbox.school import School
    from connector.sandbox.serve import login_url, serve

    parameters = SchoolParameters(pupils=pupils, seed=seed, now=now, years=tuple(year or ()))
    # The sandbox guards nobody: its token may be seen. A fixed one may come from the environment.
    token = os.environ.get("DNEVNIK_ARCHIVE_TOKEN") or secrets.token_hex(16)

    def listening(url: str) -> None:
        typer.echo(_("Address of the API: {url}").format(url=url))
        typer.echo(_("Token: {token}").format(token=token))
        typer.echo(_("Page of the sign-in (login_url): {url}").format(url=login_url(url)))
        typer.echo(
            _("Application (client_id): {number}, its secret: {secret}").format(
                number=CLIENT_ID, secret=CLIENT_SECRET
            )
        )
        typer.echo(_("Stop with Ctrl-C."))

    serve(School(parameters), token, port=port, ready=listening)
