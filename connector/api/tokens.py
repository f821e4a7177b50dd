"""The token: what is known of it, when it ends, and the places where it is kept.

A place holds either the record of a sign-in as JSON, or the bare token on one line, as a person puts it
there by hand. Moments are UTC.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from pathlib import Path
from typing import Any, Final, Protocol

import orjson

from connector.api import private_file
from connector.api.sign_in_errors import NotASecret, NotKept

_DUE_BEFORE: Final = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class TokenRecord:
    """A token and what the platform said of it. ``repr`` shows neither of the two secrets.

    ``expires_at`` is None only if nothing is known; ``expiry_assumed`` tells a guess (so many days after
    ``obtained_at``) from the platform's word. ``user_id`` is the account, not the person.
    """

    access_token: str = field(repr=False)
    refresh_token: str | None = field(default=None, repr=False)
    expires_at: datetime | None = None
    scopes: tuple[str, ...] = ()
    user_id: int | None = None
    obtained_at: datetime | None = None
    expiry_assumed: bool = False

    @property
    def renews_itself(self) -> bool:
        """Whether the program can get a new token without a person."""
        return self.refresh_token is not None

    def is_due(self, now: datetime) -> bool:
        """Whether the token has ended, or ends within five minutes."""
        return self.expires_at is not None and self.expires_at - now <= _DUE_BEFORE

    def assuming(self, life: timedelta) -> TokenRecord:
        """The record with an assumed end, if the platform did not say one and the beginning is known."""
        if self.expires_at is not None or self.obtained_at is None:
            return self
        return replace(self, expires_at=self.obtained_at + life, expiry_assumed=True)


class ExpiryNotice(StrEnum):
    """What there is to say of a token's end: the shortest of the times that holds it."""

    NONE = "none"
    TWO_WEEKS = "two weeks"
    ONE_WEEK = "one week"
    ONE_DAY = "one day"
    EXPIRED = "expired"


_NOTICES: Final = (
    (timedelta(0), ExpiryNotice.EXPIRED),
    (timedelta(days=1), ExpiryNotice.ONE_DAY),
    (timedelta(days=7), ExpiryNotice.ONE_WEEK),
    (timedelta(days=14), ExpiryNotice.TWO_WEEKS),
)


def expiry_notice(record: TokenRecord, now: datetime) -> ExpiryNotice:
    """What to say of a token's end at ``now``. A token that renews itself is no news until it has ended.

    ``record.expiry_assumed`` says whether the end is a guess, and so must be told as one.
    """
    if record.expires_at is None:
        return ExpiryNotice.NONE
    left = record.expires_at - now
    notice = next((notice for limit, notice in _NOTICES if left <= limit), ExpiryNotice.NONE)
    if record.renews_itself and notice is not ExpiryNotice.EXPIRED:
        return ExpiryNotice.NONE
    return notice


class TokenStore(Protocol):
    """A place where a token is kept."""

    @property
    def place(self) -> str:
        """Where it is, for people: a path, or the name of the keyring. The same for the same token."""

    def read(self) -> TokenRecord | None:
        """The token, or None if there is none. Raises TokenKeepingError."""

    def write(self, record: TokenRecord) -> None:
        """Keep a token instead of the one before. Raises TokenKeepingError."""

    def remove(self) -> bool:
        """Forget the token; False if there was none. Raises TokenKeepingError."""


@dataclass(frozen=True, slots=True)
class TokenFile:
    """A file that its owner alone can read; by its age one can guess when a bare token ends."""

    path: Path
    assumed_life: timedelta

    @property
    def place(self) -> str:
        """The path."""
        return str(self.path)

    def read(self) -> TokenRecord | None:
        """The token, or None if there is no file or an empty one. Raises NotPrivate, NotASecret."""
        text = private_file.read(self.path)
        if text is None:
            return None
        written = datetime.fromtimestamp(self.path.stat().st_mtime, UTC)
        return read_text(text, self.place, written, self.assumed_life)

    def write(self, record: TokenRecord) -> None:
        """Replace the file. Raises NotKept."""
        private_file.write(self.path, to_text(record))

    def remove(self) -> bool:
        """Delete the file. Raises NotKept."""
        return private_file.remove(self.path)


@dataclass(frozen=True, slots=True)
class GivenToken:
    """A token that the environment gives: nothing is known of its life, and nothing can be kept there."""

    token: str = field(repr=False)
    place: str

    def read(self) -> TokenRecord | None:
        """The token, or None if it is empty. Raises NotASecret."""
        token = private_file.one_line(self.token, self.place)
        return TokenRecord(token) if token else None

    def write(self, record: TokenRecord) -> None:
        """Raise NotKept: an environment is not written to."""
        del record
        raise NotKept(self.place, "read-only")

    def remove(self) -> bool:
        """Raise NotKept: an environment is not written to."""
        raise NotKept(self.place, "read-only")


def read_text(text: str, place: str, written: datetime | None, assumed_life: timedelta) -> TokenRecord | None:
    """A token out of the text that is kept; ``written`` is when, if that is known. Raises NotASecret."""
    if text.lstrip().startswith("{"):
        record = _from_json(text, place)
        return replace(record, obtained_at=record.obtained_at or written).assuming(assumed_life)
    token = private_file.one_line(text, place)
    return TokenRecord(token, obtained_at=written).assuming(assumed_life) if token else None


def to_text(record: TokenRecord) -> str:
    """The text to keep. An assumed end is left out: the assumption may change."""
    values = {
        "access_token": record.access_token,
        "refresh_token": record.refresh_token,
        "expires_at": None if record.expiry_assumed else _moment_text(record.expires_at),
        "scopes": record.scopes,
        "user_id": record.user_id,
        "obtained_at": _moment_text(record.obtained_at),
    }
    return orjson.dumps(values, option=orjson.OPT_INDENT_2).decode() + "\n"


def _from_json(text: str, place: str) -> TokenRecord:
    try:
        values: dict[str, Any] = orjson.loads(text)
        token = private_file.one_line(values["access_token"], place)
        refresh = values.get("refresh_token")
        record = TokenRecord(
            token or "",
            private_file.one_line(refresh, place) if refresh else None,
            _moment(values.get("expires_at")),
            tuple(map(str, values.get("scopes") or ())),
            values.get("user_id"),
            _moment(values.get("obtained_at")),
        )
    except (ValueError, KeyError, TypeError, AttributeError):
        raise NotASecret(place) from None
    if token is None:
        raise NotASecret(place)
    return record


def _moment_text(moment: datetime | None) -> str | None:
    return moment.astimezone(UTC).isoformat(timespec="seconds") if moment else None


def _moment(text: str | None) -> datetime | None:
    if text is None:
        return None
    moment = datetime.fromisoformat(text)
    return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
