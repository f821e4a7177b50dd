"""What can go wrong on the wire, named by what to do about it. One place reads the answers.

The types of the error body ``{"type", "description"}`` are the platform's own words.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final


@dataclass
class ApiError(Exception):
    """Base: a call did not give what it should. ``call`` is its path, never with a token."""

    call: str


@dataclass
class TokenRefused(ApiError):
    """The token is wrong, expired or missing: a person must sign in again."""


@dataclass
class AccessRefused(ApiError):
    """The token's owner or its scopes may not see this."""

    reason: str


@dataclass
class NotThere(ApiError):
    """No such resource or id."""

    reason: str


@dataclass
class CallRefused(ApiError):
    """The platform refuses the parameters or the call itself."""

    reason: str


@dataclass
class TooManyCalls(ApiError):
    """The platform's limit for this token is reached. ``wait_seconds`` is its own advice, if any."""

    wait_seconds: float | None


@dataclass
class PlatformFault(ApiError):
    """The platform is at fault or under maintenance: worth another try."""

    reason: str


@dataclass
class Unreachable(ApiError):
    """No answer: no network, no such host, no trust in the certificate, or too slow."""

    reason: str


@dataclass
class FileTooLarge(ApiError):
    """A file is larger than the limit in the settings; ``size`` in bytes, as far as it was read."""

    size: int


@dataclass
class ForeignHost(ApiError):
    """A file lies on a host that is not among those of the platform: it is not called."""

    host: str


@dataclass
class NotJson(ApiError):
    """An answer that is not the API's: usually a web page, from a wrong address or a proxy."""

    content_type: str


@dataclass
class WrongShape(ApiError):
    """JSON, but not of the documented model. ``where`` is the place in the answer."""

    where: str
    problem: str


@dataclass
class CutShort(ApiError):
    """An answer that ends amid its JSON: worth another try."""


@dataclass
class PlatformDown(ApiError):
    """An outage: no call is made before ``next_try``. ``cause`` is the last failure."""

    cause: ApiError
    next_try: datetime


@dataclass
class BudgetSpent(ApiError):
    """The day's calls are spent; they may go on at ``goes_on``."""

    per_day: int
    goes_on: datetime


@dataclass
class WrongProxy(Exception):
    """The proxy of the environment cannot be used. Not its value: that may hold a password.

    ``variables`` are those of the environment that name one; none if the system's own settings do.
    """

    variables: list[str]


@dataclass
class WrongCertificates(Exception):
    """The certificates that the environment names cannot be read. ``variables`` are those that name them."""

    variables: list[str]


# May pass by itself: tried again.
WORTH_ANOTHER_TRY: Final = (Unreachable, TooManyCalls, PlatformFault, CutShort)
# What an outage looks like; every other answer, be it a refusal, shows that the platform lives.
SAYS_NOTHING: Final = (*WORTH_ANOTHER_TRY, NotJson)
# Not offered to this token, or by this platform: the same call would be answered so again.
REFUSALS: Final = (AccessRefused, CallRefused, NotThere)
# What every further call would meet as well.
ENDS_A_RUN: Final = (TokenRefused, PlatformDown, BudgetSpent)

_TOKEN: Final = {"invalidToken", "authorizationInvalidToken", "tokenRequired", "authorizationTokenRequired"}
_ACCESS: Final = {
    "authorizationOutOfScope",
    "authorizationNotOwner",
    "authorizationOwnerForbidden",
    "authorizationSystemForbidden",
    "authorizationFailed",
}
_FAULT: Final = {"apiServerError", "apiUnknownError"}
_LIMIT_STATUSES: Final = {429, 433}


def error_of(call: str, status: int, kind: str, reason: str, wait_seconds: float | None) -> ApiError:
    """The error that an error body (``kind`` and ``reason``; empty if none) and a status mean."""
    if kind in _TOKEN or (status == 401 and kind not in _ACCESS):
        return TokenRefused(call)
    if kind in _ACCESS or status == 403:
        return AccessRefused(call, reason or kind)
    if kind == "apiRequestLimit" or status in _LIMIT_STATUSES:
        return TooManyCalls(call, wait_seconds)
    if kind in _FAULT or status >= 500:
        return PlatformFault(call, reason or f"HTTP {status}")
    if status == 404 or kind == "apiResourceUnavailable":
        return NotThere(call, reason or f"HTTP {status}")
    return CallRefused(call, reason or kind or f"HTTP {status}")
