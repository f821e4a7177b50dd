"""What can go wrong with the token: where it is kept, how it is got, how it is renewed.

None of these ever carries a token, a code or a secret.
"""

from __future__ import annotations

from dataclasses import dataclass


class SignInError(Exception):
    """Base: signing in did not give a token."""


class NotTheAddress(SignInError):
    """What came back is not the address of the page after the sign-in: it holds no answer."""


class StrangeState(SignInError):
    """The answer belongs to another sign-in than the one that was begun: perhaps somebody else's."""


@dataclass
class ConsentRefused(SignInError):
    """The person, or the platform for them, has said no. ``reason`` is the platform's word."""

    reason: str


@dataclass
class GrantRefused(SignInError):
    """The platform gives no token for the code: it is too old, spent, or the application is not known."""

    reason: str


@dataclass
class RenewalRefused(SignInError):
    """The platform does not renew the token: a person must sign in again."""

    reason: str


@dataclass
class NobodyCame(SignInError):
    """No browser came back in time."""

    minutes: int


@dataclass
class PortTaken(SignInError):
    """Another program listens where the browser should come back to."""

    port: int


class TokenKeepingError(Exception):
    """Base: the place of the token, or of the client secret, is at fault."""


@dataclass
class NotPrivate(TokenKeepingError):
    """A file that holds a secret can be read by others."""

    path: str


@dataclass
class NotASecret(TokenKeepingError):
    """What stands in ``where`` (a file, or the name of a variable) is not what should stand there."""

    where: str


@dataclass
class NotKept(TokenKeepingError):
    """The token cannot be written to its place."""

    where: str
    reason: str


class KeyringMissing(TokenKeepingError):
    """The library ``keyring``, which is optional, is not installed."""


@dataclass
class KeyringFails(TokenKeepingError):
    """The operating system's keyring is not there, is locked or fails."""

    reason: str
