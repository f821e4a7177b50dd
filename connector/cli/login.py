"""The commands ``login`` and ``logout``: a person signs in, and the program keeps the token."""

from __future__ import annotations

import getpass
import os
import sys
import threading
import webbrowser
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Annotated, Final

import typer

from archive_store import texts
from archive_store.texts import N_, _
from config.settings import Settings
from connector.api import calls, loopback
from connector.api.authorizations import record_of_bare
from connector.api.client import Client
from connector.api.errors import ApiError, TokenRefused
from connector.api.models import UserContext
from connector.api.parsing import parse
from connector.api.sign_in_errors import NotASecret, NotPrivate, NotTheAddress, PortTaken
from connector.api.signing_in import Code, Flow, SignIn
from connector.api.tokens import TokenRecord, TokenStore
from connector.cli.attempts import count_apart
from connector.cli.session import Session
from connector.cli.sign_in_words import NoApplication, NoClientSecret, TokenInEnvironment
from connector.cli.signed_in import (
    TOKEN_VARIABLE,
    application,
    authorizations,
    given_by_environment,
    kept_tokens,
)

PATIENCE_SECONDS: Final = 600.0
_ROLES: Final = {
    "EduSchoolAdministrator": N_("administrator of the school"),
    "EduStaff": N_("employee of the school"),
    "OrganizationStaff": N_("employee of an organization"),
    "EduParent": N_("parent"),
    "EduStudent": N_("pupil"),
}
_STAFF: Final = {"EduSchoolAdministrator", "EduStaff"}


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command(help=_("Sign in to the platform in the browser and keep the token."))(login)
    app.command(help=_("Forget the token that is kept."))(logout)


def login(
    context: typer.Context,
    implicit: Annotated[
        bool, typer.Option("--implicit", help=_("For an application without a secret: no renewal later."))
    ] = False,
    paste: Annotated[
        bool, typer.Option("--paste", help=_("Paste the address of the page after the sign-in."))
    ] = False,
    no_browser: Annotated[
        bool, typer.Option("--no-browser", help=_("Open no browser; only show the address to open."))
    ] = False,
) -> None:
    """Sign in, keep the token, and say whose it is."""
    session: Session = context.obj
    session = session.of_one_school()
    settings = session.settings
    sign_in, store = _prepared(settings, Flow.IMPLICIT if implicit else Flow.CODE)
    by_hand = paste or settings.redirect_url is not None or not (no_browser or _has_browser())
    attempt = _Attempt(session, sign_in, store)
    if not by_hand:
        try:
            attempt.by_browser(open_it=not no_browser)
        except PortTaken as taken:
            typer.echo(_("The port {port} is taken: the browser cannot come back.").format(port=taken.port))
            by_hand = True
    if by_hand:
        attempt.by_hand()


def logout(context: typer.Context) -> None:
    """Forget the token."""
    session: Session = context.obj
    settings = session.of_one_school().settings
    store = kept_tokens(settings)
    if store.remove():
        typer.echo(_("The token is removed from {place}.").format(place=store.place))
        typer.echo(_("On the platform it stays valid until it expires; there is no call to end it."))
    else:
        typer.echo(_("There was no token in {place}.").format(place=store.place))
    if given_by_environment(settings):
        typer.echo(_("The variable {variable} still gives one.").format(variable=TOKEN_VARIABLE), err=True)


def _prepared(settings: Settings, flow: Flow) -> tuple[SignIn, TokenStore]:
    """What is missing is said before the person goes to the platform, not after."""
    if given_by_environment(settings):
        raise TokenInEnvironment(TOKEN_VARIABLE)
    by = application(settings)
    if by is None:
        raise NoApplication(settings.token_path)
    if by.client_secret is None and flow is Flow.CODE:
        raise NoClientSecret(settings.client_secret_path)
    store = kept_tokens(settings)
    with suppress(NotASecret, NotPrivate):  # a new token mends those
        store.read()
    back = settings.redirect_url or loopback.redirect_uri(settings.redirect_port)
    return SignIn(by, settings.login_url, settings.scopes, back, flow), store


def _has_browser() -> bool:
    try:
        webbrowser.get()
    except webbrowser.Error:
        return False
    # Without a screen there may still be a browser for the terminal, which would cover this very program.
    screens = {"DISPLAY", "WAYLAND_DISPLAY", "BROWSER"}
    return sys.platform in ("win32", "darwin") or bool(screens & os.environ.keys())


@dataclass(frozen=True, slots=True)
class _Attempt:
    session: Session
    sign_in: SignIn
    store: TokenStore

    @property
    def settings(self) -> Settings:
        return self.session.settings

    def by_browser(self, *, open_it: bool) -> None:
        """Wait for the browser, and show there how it went. Raises PortTaken, NobodyCame."""
        with loopback.Loopback(self.settings.redirect_port, self.sign_in.flow, _pages()) as page:
            self._show_address()
            if open_it:
                # Apart: some browsers give back the control only when they are closed.
                threading.Thread(target=webbrowser.open, args=(self.sign_in.address,), daemon=True).start()
            typer.echo(_("Waiting for the browser to come back. Stop with Ctrl-C."))
            back = page.wait(PATIENCE_SECONDS)
            good = False
            try:
                who, record = self._finished(back.address)
                good = True
            finally:
                back.show(good=good)
        _tell(self.settings, who, record, self.store)

    def by_hand(self) -> None:
        """Let the person bring the address."""
        self._show_address()
        typer.echo(
            _(
                "After your consent copy the whole address of the page that opens - it may say that it "
                "cannot be shown - and paste it here."
            )
        )
        who, record = self._finished(_pasted(secret=self.sign_in.flow is Flow.IMPLICIT))
        _tell(self.settings, who, record, self.store)

    def _show_address(self) -> None:
        typer.echo(_("Sign in here as the administrator of the school:"))
        typer.echo(self.sign_in.address)

    def _finished(self, address: str) -> tuple[UserContext, TokenRecord]:
        """The token is got, tried and kept. One that the platform refuses is not kept."""
        record = self._granted(address)
        try:
            who = _whose(self.session, record)
        except TokenRefused:
            raise
        except ApiError:
            self.store.write(record)  # a fault of the platform does not cost the sign-in
            raise
        self.store.write(record)
        return who, record

    def _granted(self, address: str) -> TokenRecord:
        grant = self.sign_in.read(address)
        now = datetime.now(UTC).replace(microsecond=0)
        if isinstance(grant, Code):
            return authorizations(self.settings).exchanged(self.sign_in.application, grant, now)
        return record_of_bare(grant, now)


def _pasted(*, secret: bool) -> str:
    """The line that the person pastes. One that holds the token itself does not stay on the screen."""
    if secret and sys.stdin.isatty():
        line = getpass.getpass(_("Address (it is not shown):") + " ")
    else:
        typer.echo(_("Address:"))
        line = sys.stdin.readline()
    if not line.strip():
        raise NotTheAddress
    return line


def _whose(session: Session, record: TokenRecord) -> UserContext:
    call, settings = calls.context(), session.settings
    with Client(
        settings.api_url,
        record.access_token,
        timeout_seconds=settings.timeout_seconds,
        attempts=settings.attempts,
    ) as client:
        try:
            return parse(UserContext, client.fetch(call), call.label)
        finally:
            count_apart(session, client.made())


def _tell(settings: Settings, who: UserContext, record: TokenRecord, store: TokenStore) -> None:
    typer.echo(_("Signed in: {name}.").format(name=who.name))
    for school in who.schools:
        typer.echo(_("School: {school} ({number}).").format(school=school.name or "?", number=school.id))
    roles = ", ".join(_(_ROLES[role]) if role in _ROLES else role for role in who.roles)
    typer.echo(_("Roles: {roles}.").format(roles=roles or _("none")))
    typer.echo(_("The token is kept in {place}.").format(place=store.place))
    typer.echo(_life(settings, record))
    if record.renews_itself:
        typer.echo(_("The program renews it by itself."))
    if not _STAFF & set(who.roles):
        typer.echo(
            _("Warning: this is not an employee of the school. Such a token does not show the whole school."),
            err=True,
        )
    numbers = [school.id for school in who.schools]
    if settings.school_id is not None and settings.school_id not in numbers:
        typer.echo(
            _("Warning: the settings mean the school {school}, to which this person does not belong.").format(
                school=settings.school_id
            ),
            err=True,
        )


def _life(settings: Settings, record: TokenRecord) -> str:
    if record.expires_at is not None:
        return _("It is valid until {day}.").format(day=_day(settings, record.expires_at))
    return _("The platform does not say how long it is valid; {days} days are assumed.").format(
        days=settings.token_days
    )


def _day(settings: Settings, moment: datetime) -> str:
    local = moment.astimezone(settings.zone)
    return local.strftime("%d.%m.%Y %H:%M" if texts.active() == "ru" else "%Y-%m-%d %H:%M")


def _pages() -> loopback.Pages:
    return loopback.Pages(
        texts.active(),
        title=_("The archive of the journal"),
        done=_("You are signed in. This window can be closed."),
        failed=_("The sign-in did not succeed. The program says why."),
        working=_("Signing in ..."),
        no_script=_("This page needs JavaScript. Without it, run login --implicit --paste."),
    )
