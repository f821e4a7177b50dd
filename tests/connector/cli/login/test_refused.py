"""What goes wrong with signing in: one sentence, one remedy, a documented code, and nothing kept."""

from __future__ import annotations

import io
import os
import sys
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from connector.cli import login
from connector.cli.exit_codes import ExitCode
from connector.sandbox.serve import RunningSchool
from sign_in_people import (
    Browser,
    assert_explained,
    kept,
    paste,
    private,
)


@pytest.mark.parametrize(
    ("meddle", "wrong", "remedy"),
    [
        (lambda back: back.replace("state=", "state=x"), "belongs to another sign-in", "Run login again"),
        (lambda back: back.split("&state=")[0], "belongs to another sign-in", "Run login again"),
        (lambda back: back.replace("code=", "code=x"), "gave no token for this sign-in: Can't authorize",
         "a few minutes and only once"),
    ],
)  # fmt: skip
def test_a_meddled_return_signs_nobody_in(
    settings: Path, browser: Browser, command: Any, tmp_path: Path, meddle: Any, wrong: str, remedy: str
) -> None:
    browser.meddle = meddle
    assert_explained(command("login"), wrong, remedy)
    assert browser.pages[0].status_code == 400
    assert "did not succeed" in browser.pages[0].text
    assert not (tmp_path / "token").exists()


@pytest.mark.parametrize("flags", [(), ("--implicit",)])
def test_a_refusal_is_said(settings: Path, browser: Browser, command: Any, flags: tuple[str, ...]) -> None:
    browser.consent = "no"
    assert_explained(command("login", *flags), "refused on the platform's page (access_denied)", "Run login")


def test_an_expired_code(
    settings: Path, command: Any, served: RunningSchool, monkeypatch: pytest.MonkeyPatch
) -> None:
    def late(back: str) -> str:
        served.school.now += timedelta(hours=1)
        return back

    paste(monkeypatch, command, late)
    assert_explained(command("login", "--paste"), "gave no token for this sign-in", "only once")


@pytest.mark.parametrize("pasted", ["rubbish", "https://dnevnik.ru/feed", "", "\x00"])
def test_pasted_rubbish(settings: Path, command: Any, monkeypatch: pytest.MonkeyPatch, pasted: str) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO(pasted))
    assert_explained(command("login", "--paste"), "not the address", "copy the whole address")


def test_nobody_comes(settings: Path, command: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(login, "PATIENCE_SECONDS", 0.1)
    assert_explained(command("login", "--no-browser"), "Nobody has signed in", "login --paste")


def test_without_an_application_both_ways_out_are_said(
    settings: Path, command: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.write_text('language = "en"\n')
    assert_explained(command("login"), "registered with the platform", "client_id")
    assert_explained(command("login"), "none is named", str(settings.parent / "token"))


def test_without_the_secret_of_the_application(settings: Path, command: Any) -> None:
    (settings.parent / "client-secret").unlink()
    assert_explained(command("login"), "secret of the application", "login --implicit")


@pytest.mark.skipif(os.name == "nt", reason="Windows has no mode bits")
def test_a_secret_that_others_can_read(settings: Path, command: Any) -> None:
    (settings.parent / "client-secret").chmod(0o644)
    assert_explained(command("login"), "can be read by others", "chmod 600", ExitCode.SETTINGS)


def test_a_token_in_the_environment_stands_in_the_way(
    settings: Path, command: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DNEVNIK_ARCHIVE_TOKEN", "secret-of-the-environment")
    ended = command("login")
    assert_explained(ended, "DNEVNIK_ARCHIVE_TOKEN", "Take the variable away", ExitCode.SETTINGS)
    assert "secret-of-the-environment" not in ended.err


def test_a_keyring_that_is_not_installed_is_said_before_anyone_signs_in(
    settings: Path, browser: Browser, command: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DNEVNIK_ARCHIVE_TOKEN_STORE", "keyring")
    monkeypatch.setitem(sys.modules, "keyring", None)
    assert_explained(command("login"), "keyring is not installed", "pip install keyring", ExitCode.SETTINGS)
    assert browser.opened == []


def test_a_platform_that_fails_after_the_sign_in_does_not_cost_it(
    settings: Path, browser: Browser, command: Any, served: RunningSchool, tmp_path: Path
) -> None:
    served.faults.path, served.faults.server_errors = "/users/me/context", 1
    assert command("login").code == ExitCode.PLATFORM
    assert kept(tmp_path).renews_itself
    assert command("sync").code == 0


def test_a_token_that_is_refused_at_once_does_not_replace_the_old_one(
    settings: Path, browser: Browser, command: Any, served: RunningSchool, tmp_path: Path
) -> None:
    private(tmp_path / "token", "old-token")
    served.sign_in.token_seconds = -1
    assert command("login").code == ExitCode.SIGN_IN
    assert kept(tmp_path).access_token == "old-token"
