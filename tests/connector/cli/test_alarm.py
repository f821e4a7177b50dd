"""``alarm test`` tries each way that is set and says what happened."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from alarm_servers import Watcher, postman, watcher
from connector.cli.exit_codes import ExitCode


@pytest.fixture
def web() -> Iterator[Watcher]:
    with watcher() as served:
        yield served


def test_without_any_alarm_it_says_what_to_set(command: Any) -> None:
    ended = command("alarm", "test")
    assert ended.code == ExitCode.SETTINGS
    assert "mail_to" in ended.err


def test_each_way_is_tried(command: Any, web: Watcher) -> None:
    with postman() as server:
        Path("mail-password").write_text("secret\n")
        Path("mail-password").chmod(0o600)
        Path("dnevnik-archive.toml").write_text(
            f'language = "en"\nheartbeat_url = "{web.url}/beat"\nwebhook_url = "{web.url}/hook"\n'
            f'mail_to = ["deputy@school.example"]\nmail_from = "archive@school.example"\n'
            f'mail_user = "archive"\n'
            f'mail_server = "localhost"\nmail_port = {server.port}\nmail_security = "none"\n'
        )
        ended = command("alarm", "test")
        assert ended.code == ExitCode.OK, ended
        assert ended.out.splitlines() == ["Heartbeat: given.", "Mail: given.", "Webhook: given."]
        assert server.logins == [("archive", "secret", False)]
        assert len(server.mails) == 1
    assert web.paths() == ["/beat/start", "/beat", "/hook"]
    assert web.told[-1][2]["event"] == "test"


def test_a_way_that_fails_is_named_and_the_others_are_tried(command: Any, web: Watcher) -> None:
    web.status = 404
    Path("dnevnik-archive.toml").write_text(
        f'language = "en"\nheartbeat_url = "http://127.0.0.1:9/beat-secret"\nwebhook_url = "{web.url}/hook"\n'
    )
    ended = command("alarm", "test")
    assert ended.code == ExitCode.ATTENTION
    assert ended.out.splitlines() == ["Heartbeat: failed (ConnectError).", "Webhook: failed (HTTP 404)."]
    assert "secret" not in ended.out + ended.err


def test_a_password_that_others_can_read_is_not_used(command: Any) -> None:
    with postman() as server:
        Path("mail-password").write_text("secret")
        Path("mail-password").chmod(0o644)
        Path("dnevnik-archive.toml").write_text(
            f'language = "en"\nmail_to = ["deputy@school.example"]\nmail_from = "archive@school.example"\n'
            f'mail_server = "localhost"\nmail_port = {server.port}\nmail_security = "none"\n'
        )
        ended = command("alarm", "test")
        assert ended.code == ExitCode.ATTENTION
        assert "SettingsError" in ended.out
        assert server.mails == []
