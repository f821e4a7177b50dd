"""A token that is good for a run: renewed before it, once, if it has a refresh token and needs it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from filelock import FileLock

from connector.api import calls
from connector.api.authorizations import Authorizations
from connector.api.client import Client
from connector.api.errors import TokenRefused
from connector.api.signing_in import Application
from connector.api.tokens import TokenRecord, TokenStore


def is_refused(client: Client) -> bool:
    """Whether the platform refuses the client's token. Raises the other ApiErrors."""
    try:
        client.fetch(calls.context())
    except TokenRefused:
        return True
    return False


def renewed_if_needed(
    store: TokenStore,
    record: TokenRecord,
    refused: Callable[[], bool],
    authorizations: Authorizations,
    application: Application,
    lock: Path,
    now: datetime,
) -> TokenRecord:
    """The record to use. The new one is kept before it is used: the old refresh token may be spent.

    ``refused`` asks the platform; it is not asked when the clock says enough. Raises RenewalRefused,
    TokenKeepingError, ApiError.
    """
    if not record.renews_itself or not (record.is_due(now) or refused()):
        return record
    # Two runs at once would spend the same refresh token, and the later one would be refused.
    with FileLock(lock, mode=0o600):
        kept = store.read()
        if kept is not None and kept.access_token != record.access_token:
            return kept
        new = authorizations.renewed(application, record, now)
        store.write(new)
    return new
