"""The words of what can go wrong with signing in and with the place of the token."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from archive_store.texts import _
from connector.api import errors as api
from connector.api import sign_in_errors as signing
from connector.cli import system_words
from connector.cli.exit_codes import ExitCode
from connector.cli.explanation import Explain, Explanation


@dataclass
class NoToken(Exception):
    """There is no token to sign in with."""

    path: Path


@dataclass
class NoApplication(Exception):
    """The settings name no application to sign in by."""

    token_path: Path


@dataclass
class NoClientSecret(Exception):
    """The application's secret, which a code takes, is not there."""

    path: Path


@dataclass
class TokenInEnvironment(Exception):
    """A variable holds a token, which would win over the one of the sign-in."""

    variable: str


def _no_token(error: NoToken) -> Explanation:
    return Explanation(
        _("There is no token to sign in to the platform with."),
        _(
            "Sign in with: dnevnik-archive login, or put the token in the variable DNEVNIK_ARCHIVE_TOKEN "
            "or in the file {path}."
        ).format(path=error.path),
        ExitCode.SIGN_IN,
    )


def _token_refused(_error: api.TokenRefused) -> Explanation:
    return Explanation(
        _("The platform refuses the token: it is wrong or has expired."),
        _("Sign in again with: dnevnik-archive login, or put the new token in place of the old one."),
        ExitCode.SIGN_IN,
    )


def _no_application(error: NoApplication) -> Explanation:
    return Explanation(
        _("Signing in takes an application that is registered with the platform, and none is named."),
        _(
            "Write its number into the setting client_id; or get a token in another way and put it into the "
            "file {path}, for its owner alone."
        ).format(path=error.token_path),
        ExitCode.SIGN_IN,
    )


def _no_client_secret(error: NoClientSecret) -> Explanation:
    return Explanation(
        _("The secret of the application is not there, and without it the platform gives no token."),
        _(
            "Put it in the file {path}, for its owner alone, or in the variable "
            "DNEVNIK_ARCHIVE_CLIENT_SECRET; an application without a secret signs in with login --implicit."
        ).format(path=error.path),
        ExitCode.SIGN_IN,
    )


def _token_in_environment(error: TokenInEnvironment) -> Explanation:
    return Explanation(
        _("The variable {variable} holds a token, and it would be used instead of the new one.").format(
            variable=error.variable
        ),
        _("Take the variable away and sign in again."),
        ExitCode.SETTINGS,
    )


def _not_the_address(_error: signing.NotTheAddress) -> Explanation:
    return Explanation(
        _("This is not the address of the page after the sign-in."),
        _("Run login again, and copy the whole address of the page that opened after your consent."),
        ExitCode.SIGN_IN,
    )


def _strange_state(_error: signing.StrangeState) -> Explanation:
    return Explanation(
        _("The answer belongs to another sign-in than the one that was begun here; it was not used."),
        _("Run login again, and finish in the page that it opens."),
        ExitCode.SIGN_IN,
    )


def _consent_refused(error: signing.ConsentRefused) -> Explanation:
    return Explanation(
        _("The sign-in was refused on the platform's page ({reason}).").format(reason=error.reason),
        _("Run login again as the school's administrator, and let the application have what it asks for."),
        ExitCode.SIGN_IN,
    )


def _grant_refused(error: signing.GrantRefused) -> Explanation:
    return Explanation(
        _("The platform gave no token for this sign-in: {reason}.").format(reason=error.reason.rstrip(".")),
        _(
            "A sign-in is good for a few minutes and only once: run login again. If it stays so, check "
            "client_id and the secret of the application."
        ),
        ExitCode.SIGN_IN,
    )


def _renewal_refused(error: signing.RenewalRefused) -> Explanation:
    return Explanation(
        _("The token has expired, and the platform does not renew it: {reason}.").format(
            reason=error.reason.rstrip(".")
        ),
        _("Sign in again with: dnevnik-archive login. The next run catches up by itself."),
        ExitCode.SIGN_IN,
    )


def _nobody_came(error: signing.NobodyCame) -> Explanation:
    return Explanation(
        _("Nobody has signed in within {minutes} min.").format(minutes=error.minutes),
        _("Run login again; if the browser cannot come back to the program, use login --paste."),
        ExitCode.SIGN_IN,
    )


def _port_taken(error: signing.PortTaken) -> Explanation:
    return Explanation(
        _("Another program uses the port {port}.").format(port=error.port),
        _("Close it, name another port by redirect_port, or use login --paste."),
        ExitCode.SIGN_IN,
    )


def _not_private(error: signing.NotPrivate) -> Explanation:
    return Explanation(
        _("The file {path} can be read by others than its owner.").format(path=error.path),
        _("Close it with: chmod 600 {path}").format(path=error.path),
        ExitCode.SETTINGS,
    )


def _not_a_secret(error: signing.NotASecret) -> Explanation:
    return Explanation(
        _("What stands in {where} is not a token: one line of Latin letters and digits.").format(
            where=error.where
        ),
        _("Correct it there, or sign in again with: dnevnik-archive login"),
        ExitCode.SETTINGS,
    )


def _not_kept(error: signing.NotKept) -> Explanation:
    return Explanation(
        _("The token cannot be kept in {where}: {reason}.").format(
            where=error.where, reason=system_words.reason(error.reason)
        ),
        _("Make room and give yourself the right to write there, then sign in again."),
        ExitCode.FILES,
    )


def _keyring_missing(_error: signing.KeyringMissing) -> Explanation:
    return Explanation(
        _("The setting token_store asks for the keyring, but the library keyring is not installed."),
        _('Install it with: pip install keyring, or write token_store = "file".'),
        ExitCode.SETTINGS,
    )


def _keyring_fails(error: signing.KeyringFails) -> Explanation:
    return Explanation(
        _("The keyring of the operating system does not work here ({reason}).").format(reason=error.reason),
        _('Unlock it, or write token_store = "file" and sign in again.'),
        ExitCode.SETTINGS,
    )


SIGN_IN: Final[dict[type[BaseException], Explain]] = {
    NoToken: _no_token,
    NoApplication: _no_application,
    NoClientSecret: _no_client_secret,
    TokenInEnvironment: _token_in_environment,
    api.TokenRefused: _token_refused,
    signing.NotTheAddress: _not_the_address,
    signing.StrangeState: _strange_state,
    signing.ConsentRefused: _consent_refused,
    signing.GrantRefused: _grant_refused,
    signing.RenewalRefused: _renewal_refused,
    signing.NobodyCame: _nobody_came,
    signing.PortTaken: _port_taken,
    signing.NotPrivate: _not_private,
    signing.NotASecret: _not_a_secret,
    signing.NotKept: _not_kept,
    signing.KeyringMissing: _keyring_missing,
    signing.KeyringFails: _keyring_fails,
}
