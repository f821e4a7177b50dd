"""The command ``sandbox``: an invented school that answers as the platform does, on this machine only."""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Final
from urllib.parse import urljoin

import typer

from archive_store.texts import _
from connector.cli.machine_words import PortNotFree

if TYPE_CHECKING:
    from connector.sandbox.faults import Faults
    from connector.sandbox.variant import PlatformVariant

# The ids of the sandbox hold two digits of the year, and the last one must end before 2100.
_FIRST_YEAR: Final = 2001
_LAST_YEAR: Final = 2098


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(help=_("Serve an invented school that answers as the platform does."))(sandbox)


def sandbox(
    pupils: Annotated[int, typer.Option(min=12, max=5000, help=_("How many pupils the school has."))] = 1000,
    seed: Annotated[int, typer.Option(help=_("The same number makes the same school."))] = 1,
    year: Annotated[
        list[int] | None,
        typer.Option(
            min=_FIRST_YEAR,
            max=_LAST_YEAR,
            help=_("Academic year to invent; may be repeated. By default the last and the current."),
        ),
    ] = None,
    now: Annotated[
        datetime | None,
        typer.Option(
            metavar=_("YYYY-MM-DD[THH:MM:SS]"), help=_("The school's clock; by default the real one.")
        ),
    ] = None,
    port: Annotated[int, typer.Option(min=0, max=65_535, help=_("Port; 0 lets the system choose."))] = 0,
    fault: Annotated[
        list[str] | None,
        typer.Option(
            metavar=_("NAME[=VALUE]"), help=_("What goes wrong (docs/sandbox.md); may be repeated.")
        ),
    ] = None,
    variant: Annotated[
        list[str] | None,
        typer.Option(
            metavar=_("NAME[=VALUE]"), help=_("How the platform answers (docs/sandbox.md); may be repeated.")
        ),
    ] = None,
) -> None:
    """Serve the school until stopped."""
    from connector.sandbox.parameters import SchoolParameters
    from connector.sandbox.routes.sign_in import CLIENT_ID, CLIENT_SECRET
    from connector.sandbox.school import School
    from connector.sandbox.serve import PortTaken, login_url, serve

    if now is not None and not _FIRST_YEAR < now.year <= _LAST_YEAR:
        wrong = _("The clock must be between the years {first} and {last}.")
        raise typer.BadParameter(wrong.format(first=_FIRST_YEAR + 1, last=_LAST_YEAR), param_hint="--now")
    faults = _faults(fault or [])
    parameters = SchoolParameters(
        pupils=pupils, seed=seed, now=now, years=tuple(year or ()), variant=_variant(variant or [])
    )
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
        typer.echo(_("Faults while it runs: {url}").format(url=urljoin(url, "/sandbox/faults")))
        typer.echo(_("Stop with Ctrl-C."))

    try:
        serve(School(parameters), token, port=port, ready=listening, faults=faults)
    except PortTaken as error:
        raise PortNotFree(error.port) from error


def _faults(texts: list[str]) -> Faults:
    from connector.sandbox.faults import Faults
    from connector.sandbox.switches import read_switches

    faults = Faults()
    with _worded("--fault"):
        faults.change(read_switches(Faults, texts))
    return faults


def _variant(texts: list[str]) -> PlatformVariant:
    from connector.sandbox.switches import read_switches
    from connector.sandbox.variant import PlatformVariant

    with _worded("--variant"):
        return PlatformVariant(**read_switches(PlatformVariant, texts))


@contextmanager
def _worded(option: str) -> Iterator[None]:
    """Say what is wrong with the names and values given to an option."""
    from connector.sandbox.switches import BadSwitchValue, UnknownSwitch

    try:
        yield
    except UnknownSwitch as error:
        wrong = _("There is no {name}. There are: {known}.")
        known = ", ".join(error.known)
        raise typer.BadParameter(wrong.format(name=error.name, known=known), param_hint=option) from error
    except BadSwitchValue as error:
        wrong = _("{name} cannot have the value {value}.").format(name=error.name, value=error.value)
        raise typer.BadParameter(wrong, param_hint=option) from error
