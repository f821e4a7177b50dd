"""From the settings to a token: where it is kept, which application renews it, and the token itself."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, date, datetime, timedelta
from typing import Final

from config.file import ENVIRONMENT_PREFIX
from config.settings import Settings
from connector.api import private_file
from connector.api.authorizations import Authorizations
from connector.api.client import Client
from connector.api.renewal import is_refused, renewed_if_needed
from connector.api.signing_in import Application
from connector.api.token_keyring import TokenKeyring
from connector.api.tokens import GivenToken, TokenFile, TokenRecord, TokenStore
from connector.cli.sign_in_words import NoToken

TOKEN_VARIABLE: Final = ENVIRONMENT_PREFIX + "TOKEN"
_SECRET_VARIABLE: Final = ENVIRONMENT_PREFIX + "CLIENT_SECRET"


def kept_tokens(settings: Settings) -> TokenStore:
    """Where a sign-in of this school keeps its token."""
    life = timedelta(days=settings.token_days)
    if settings.token_store == "keyring":  # noqa: S105 - where, not what
        return TokenKeyring(str(settings.token_path), life)
    return TokenFile(settings.token_path, life)


def tokens(settings: Settings) -> TokenStore:
    """Where the token of this school comes from: the environment wins over the place of its own."""
    if given_by_environment(settings):
        return GivenToken(settings.token.get_secret_value() if settings.token else "", TOKEN_VARIABLE)
    return kept_tokens(settings)


def given_by_environment(settings: Settings) -> bool:
    """Whether the environment gives the token."""
    return settings.token is not None and bool(settings.token.get_secret_value().strip())


def application(settings: Settings) -> Application | None:
    """The application that the settings name, if they do. Raises TokenKeepingError."""
    if not settings.client_id:
        return None
    if settings.client_secret is not None:
        secret = private_file.one_line(settings.client_secret.get_secret_value(), _SECRET_VARIABLE)
        return Application(settings.client_id, secret)
    path = settings.client_secret_path
    text = private_file.read(path)
    return Application(settings.client_id, private_file.one_line(text, str(path)) if text else None)


def authorizations(settings: Settings) -> Authorizations:
    """The calls of this school's platform that give tokens."""
    return Authorizations(settings.api_url, settings.refresh_url, timeout_seconds=settings.timeout_seconds)


def require_token(settings: Settings) -> TokenRecord:
    """The token as it is kept; nobody is asked. Raises NoToken, TokenKeepingError."""
    record = tokens(settings).read()
    if record is None:
        raise NoToken(settings.token_path)
    return record


def usable_token(settings: Settings, made: Counter[date]) -> str:
    """The token for a run, renewed if it can be and needs to be; the calls that this took go into ``made``.

    Raises NoToken, TokenKeepingError, RenewalRefused, and ApiError when the platform cannot be asked.
    """
    record = require_token(settings)
    by = application(settings) if record.renews_itself else None
    if by is None:
        return record.access_token  # whether it still holds, the run's first call will say

    def refused() -> bool:
        with Client(
            settings.api_url,
            record.access_token,
            timeout_seconds=settings.timeout_seconds,
            attempts=settings.attempts,
        ) as client:
            try:
                return is_refused(client)
            finally:
                made.update(client.made())

    lock = settings.token_path.with_name(settings.token_path.name + ".lock")
    return renewed_if_needed(
        tokens(settings), record, refused, authorizations(settings), by, lock, datetime.now(UTC)
    ).access_token
