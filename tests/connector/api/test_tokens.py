"""The token's places: a private file or the keyring, what they hold, and when a token ends."""

from __future__ import annotations

import os
import stat
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import keyring
import pytest
from keyring.backend import KeyringBackend
from keyring.errors import KeyringLocked

from connector.api.sign_in_errors import KeyringFails, KeyringMissing, NotASecret, NotKept, NotPrivate
from connector.api.token_keyring import TokenKeyring
from connector.api.tokens import ExpiryNotice, GivenToken, TokenFile, TokenRecord, expiry_notice

NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
MONTH = timedelta(days=30)
RECORD = TokenRecord(
    "access-secret", "refresh-secret", NOW + timedelta(days=20), ("CommonInfo", "Files"), 1000000000007, NOW
)


@pytest.fixture
def file(tmp_path: Path) -> TokenFile:
    return TokenFile(tmp_path / "token", MONTH)


def put(file: TokenFile, content: bytes, mode: int = 0o600) -> None:
    file.path.write_bytes(content)
    file.path.chmod(mode)


def test_a_record_comes_back_as_it_was_kept(file: TokenFile) -> None:
    file.write(RECORD)
    assert file.read() == RECORD


@pytest.mark.skipif(os.name == "nt", reason="Windows has no mode bits")
def test_the_file_is_for_its_owner_alone_whatever_the_umask_and_whatever_was_there(file: TokenFile) -> None:
    put(file, b"old", 0o644)
    before = os.umask(0)
    try:
        file.write(RECORD)
    finally:
        os.umask(before)
    assert stat.S_IMODE(file.path.stat().st_mode) == 0o600


def test_a_file_is_replaced_as_a_whole_or_stays_as_it_was(
    file: TokenFile, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(file, b"old-token")

    def full(_descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(NotKept, match="No space"):
        file.write(RECORD)
    assert file.path.read_bytes() == b"old-token"
    assert list(file.path.parent.iterdir()) == [file.path]


def test_a_bare_token_put_there_by_hand_ends_by_assumption(file: TokenFile) -> None:
    put(file, b"\xef\xbb\xbfbare-token\r\n")
    os.utime(file.path, (NOW.timestamp(), NOW.timestamp()))
    record = file.read()
    assert record is not None
    assert record.access_token == "bare-token"
    assert (record.expires_at, record.expiry_assumed) == (NOW + MONTH, True)
    assert not record.renews_itself


def test_an_assumed_end_is_not_kept_as_if_the_platform_had_said_it(file: TokenFile) -> None:
    file.write(TokenRecord("t", obtained_at=NOW).assuming(MONTH))
    other = TokenFile(file.path, timedelta(days=7)).read()
    assert other is not None
    assert (other.expires_at, other.expiry_assumed) == (NOW + timedelta(days=7), True)


def test_no_file_and_an_empty_file_hold_no_token(file: TokenFile) -> None:
    assert file.read() is None
    put(file, b"\n")
    assert file.read() is None


@pytest.mark.parametrize(
    "content",
    [b"one\ntwo", "секрет".encode(), "secret".encode("utf-16"), b"{", b"{}", b'{"access_token": 5}',
     b'{"access_token": ""}', b'{"access_token": "t", "expires_at": "soon"}'],
)  # fmt: skip
def test_what_is_no_token_is_refused_without_being_repeated(file: TokenFile, content: bytes) -> None:
    put(file, content)
    with pytest.raises(NotASecret) as caught:
        file.read()
    assert caught.value.where == str(file.path)


@pytest.mark.skipif(os.name == "nt", reason="Windows has no mode bits")
@pytest.mark.parametrize("mode", [0o644, 0o640, 0o604])
def test_a_file_that_others_can_read_is_refused(file: TokenFile, mode: int) -> None:
    put(file, b"secret", mode)
    with pytest.raises(NotPrivate) as caught:
        file.read()
    assert "secret" not in repr(caught.value)


def test_removing_says_whether_there_was_a_token(file: TokenFile) -> None:
    file.write(RECORD)
    assert file.remove()
    assert not file.remove()
    assert file.read() is None


def test_the_environments_token_has_no_known_end_and_no_place_to_keep() -> None:
    given = GivenToken("from-the-environment", "DNEVNIK_ARCHIVE_TOKEN")
    assert given.read() == TokenRecord("from-the-environment")
    with pytest.raises(NotKept):
        given.write(RECORD)
    with pytest.raises(NotASecret) as caught:
        GivenToken("two words", "DNEVNIK_ARCHIVE_TOKEN").read()
    assert "two words" not in repr(caught.value)
    assert "from-the-environment" not in repr(given)


def test_a_record_shows_no_secret() -> None:
    assert "secret" not in repr(RECORD)
    assert "secret" not in str(RECORD)


@pytest.mark.parametrize(
    ("left", "notice"),
    [
        (timedelta(days=15), ExpiryNotice.NONE),
        (timedelta(days=14, seconds=1), ExpiryNotice.NONE),
        (timedelta(days=14), ExpiryNotice.TWO_WEEKS),
        (timedelta(days=7, seconds=1), ExpiryNotice.TWO_WEEKS),
        (timedelta(days=7), ExpiryNotice.ONE_WEEK),
        (timedelta(days=1), ExpiryNotice.ONE_DAY),
        (timedelta(seconds=1), ExpiryNotice.ONE_DAY),
        (timedelta(0), ExpiryNotice.EXPIRED),
        (timedelta(days=-3), ExpiryNotice.EXPIRED),
    ],
)
def test_the_end_is_said_two_weeks_one_week_and_a_day_before(left: timedelta, notice: ExpiryNotice) -> None:
    assert expiry_notice(TokenRecord("t", expires_at=NOW + left), NOW) is notice


def test_a_token_that_renews_itself_is_no_news_until_it_has_ended() -> None:
    soon = TokenRecord("t", "r", NOW + timedelta(hours=1))
    assert expiry_notice(soon, NOW) is ExpiryNotice.NONE
    assert expiry_notice(soon, NOW + timedelta(hours=1)) is ExpiryNotice.EXPIRED


def test_nothing_is_said_of_an_end_that_nobody_knows() -> None:
    assert expiry_notice(TokenRecord("t"), NOW) is ExpiryNotice.NONE


class InMemory(KeyringBackend):
    """A keyring that forgets everything at the end of the test."""

    priority = 1  # type: ignore[assignment]

    def __init__(self) -> None:
        super().__init__()
        self.kept: dict[tuple[str, str], str] = {}
        self.locked = False

    def get_password(self, service: str, username: str) -> str | None:
        if self.locked:
            raise KeyringLocked("refresh-secret")
        return self.kept.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self.kept[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        del self.kept[service, username]


@pytest.fixture
def backend() -> Iterator[InMemory]:
    before = keyring.get_keyring()
    made = InMemory()
    keyring.set_keyring(made)
    yield made
    keyring.set_keyring(before)


def test_the_keyring_keeps_a_token_for_each_archive_and_school(backend: InMemory) -> None:
    first, second = (TokenKeyring(f"/archive/{name}", MONTH) for name in ("token-1", "token-2"))
    first.write(RECORD)
    assert first.read() == RECORD
    assert second.read() is None
    assert {service for service, _account in backend.kept} == {"dnevnik-archive"}
    assert first.remove()
    assert not first.remove()
    assert backend.kept == {}


def test_a_locked_keyring_is_said_without_what_it_holds(backend: InMemory) -> None:
    backend.locked = True
    with pytest.raises(KeyringFails) as caught:
        TokenKeyring("/archive/token", MONTH).read()
    assert caught.value.reason == "KeyringLocked"
    assert caught.value.__cause__ is None


def test_a_pc_without_the_library_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "keyring", None)
    with pytest.raises(KeyringMissing):
        TokenKeyring("/archive/token", MONTH).read()
