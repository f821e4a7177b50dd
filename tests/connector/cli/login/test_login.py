"""Signing in as a person does it: the browser comes back, or the address is pasted."""

from __future__ import annotations

import os
import socket
import stat
import subprocess
import sys
import webbrowser
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import httpx
import orjson
import pytest

from connector.cli.exit_codes import ExitCode
from connector.sandbox.routes.sign_in import CLIENT_SECRET
from connector.sandbox.serve import RunningSchool
from sign_in_people import (
    Browser,
    assert_explained,
    holders,
    kept,
    paste,
)

PROGRAM = [sys.executable, "-c", "from connector.cli import main; main()"]


def test_the_browser_comes_back_and_the_archive_is_signed_in(
    settings: Path, browser: Browser, command: Any, served: RunningSchool, tmp_path: Path
) -> None:
    ended = command("login")
    assert ended.code == 0, ended
    who = httpx.get(
        served.url + "users/me/context", headers={"Access-Token": served.token}, trust_env=False, timeout=60
    ).json()
    assert f"Signed in: {who['lastName']} {who['firstName']} {who['middleName']}." in ended.out
    assert f"({who['schools'][0]['id']})" in ended.out
    assert "employee of the school, administrator of the school" in ended.out
    assert "It is valid until 20" in ended.out
    assert "renews it by itself" in ended.out
    assert ended.err == ""
    (page,) = browser.pages
    assert page.status_code == 200
    assert "You are signed in. This window can be closed." in page.text
    assert page.headers["Cache-Control"] == "no-store"
    if os.name == "posix":
        assert stat.S_IMODE((tmp_path / "token").stat().st_mode) == 0o600
    assert command("sync").code == 0


def test_the_page_speaks_the_persons_language(
    settings: Path, browser: Browser, command: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    from archive_store import texts

    texts.activate("ru")
    ended = command("login")
    assert "Вход выполнен, окно можно закрыть." in browser.pages[0].text
    assert '<html lang="ru">' in browser.pages[0].text
    assert "администратор школы" in ended.out


def test_a_pasted_address_does_as_well(
    settings: Path, command: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    paste(monkeypatch, command)
    ended = command("login", "--paste")
    assert ended.code == 0, ended
    assert kept(tmp_path).renews_itself
    assert "paste it here" in ended.out


def test_without_a_browser_the_address_is_pasted(
    settings: Path, command: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def none() -> None:
        raise webbrowser.Error

    monkeypatch.setattr(webbrowser, "get", none)
    paste(monkeypatch, command)
    assert command("login").code == 0
    assert kept(tmp_path).renews_itself


def test_a_taken_port_is_said_and_the_address_is_pasted(
    settings: Path, browser: Browser, command: Any, monkeypatch: pytest.MonkeyPatch, port: int
) -> None:
    paste(monkeypatch, command)
    with socket.socket() as other:
        other.bind(("127.0.0.1", port))
        other.listen()
        ended = command("login")
    assert ended.code == 0
    assert f"The port {port} is taken" in ended.out
    assert browser.opened == []


def test_an_application_with_another_way_back_is_signed_in_by_paste(
    settings: Path, browser: Browser, command: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DNEVNIK_ARCHIVE_REDIRECT_URL", "http://localhost/landing")
    paste(monkeypatch, command)
    ended = command("login")
    assert ended.code == 0
    assert "redirect_uri=http%3A%2F%2Flocalhost%2Flanding" in ended.out


@pytest.mark.parametrize("by_hand", [True, False])
def test_the_implicit_way_needs_no_secret_and_is_not_renewed(
    settings: Path, browser: Browser, command: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
    by_hand: bool,
) -> None:  # fmt: skip
    (tmp_path / "client-secret").unlink()
    if by_hand:
        paste(monkeypatch, command)
    ended = command("login", "--implicit", *(["--paste"] if by_hand else []))
    assert ended.code == 0, ended
    record = kept(tmp_path)
    assert not record.renews_itself
    assert record.expiry_assumed
    assert "30 days are assumed" in ended.out
    assert by_hand or "You are signed in" in browser.pages[0].text
    assert command("sync").code == 0


def test_other_visitors_of_the_page_do_not_end_the_sign_in(
    settings: Path, browser: Browser, command: Any, port: int
) -> None:
    statuses: list[int] = []
    silent = socket.socket()

    def look_around(back: str) -> str:
        silent.connect(("127.0.0.1", port))  # a browser connects ahead and says nothing
        page = f"http://127.0.0.1:{port}/"
        others = [page + path for path in ("favicon.ico", "", "somewhere?code=1&state=2")]
        statuses.extend(httpx.get(other, trust_env=False, timeout=60).status_code for other in others)
        statuses.append(httpx.post(page, content="x", trust_env=False, timeout=60).status_code)
        return back

    browser.meddle = look_around
    assert command("login").code == 0
    silent.close()
    assert statuses == [404, 404, 404, 404]


def test_the_keyring_keeps_the_token_and_no_file_does(
    settings: Path, browser: Browser, command: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    import keyring

    entries: dict[tuple[str, str], str] = {}

    class Memory(keyring.backend.KeyringBackend):
        priority = 1  # type: ignore[assignment]

        def get_password(self, service: str, username: str) -> str | None:
            return entries.get((service, username))

        def set_password(self, service: str, username: str, password: str) -> None:
            entries[service, username] = password

        def delete_password(self, service: str, username: str) -> None:
            del entries[service, username]

    monkeypatch.setenv("DNEVNIK_ARCHIVE_TOKEN_STORE", "keyring")
    before = keyring.get_keyring()
    keyring.set_keyring(Memory())
    try:
        assert command("login").code == 0
        (text,) = entries.values()
        token = orjson.loads(text)["access_token"]
        assert holders(tmp_path, {token}) == set()
        assert command("sync").code == 0
        assert command("logout").code == 0
        assert entries == {}
        assert command("sync").code == ExitCode.SIGN_IN
    finally:
        keyring.set_keyring(before)


def test_a_token_of_somebody_else_is_kept_with_a_warning(
    settings: Path, browser: Browser, command: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr("connector.sandbox.wire.people.roles", lambda _school, _index: ["EduParent", "New"])
    monkeypatch.setenv("DNEVNIK_ARCHIVE_SCHOOL_ID", "5")
    ended = command("login")
    assert ended.code == 0
    assert "Roles: parent, New." in ended.out
    assert "not an employee of the school" in ended.err
    assert "the settings mean the school 5" in ended.err
    assert (tmp_path / "token").exists()


def test_logout_forgets_the_token(settings: Path, browser: Browser, command: Any, tmp_path: Path) -> None:
    command("login")
    assert "is removed from" in command("logout").out
    assert not (tmp_path / "token").exists()
    assert "There was no token" in command("logout").out
    assert_explained(command("sync"), "no token", "dnevnik-archive login")


def test_each_of_several_schools_signs_in_apart(
    settings: Path, browser: Browser, command: Any, served: RunningSchool, tmp_path: Path
) -> None:
    number = served.school.ids.school()
    with settings.open("a") as file:
        for one in (number, 5):
            file.write(f'[[schools]]\nschool_id = {one}\ntoken_file = "token-{one}"\n')
    ended = command("login")
    assert ended.code == ExitCode.SETTINGS
    assert "--school" in ended.err
    assert command("--school", str(number), "login").code == 0
    assert (tmp_path / f"token-{number}").exists()
    assert not (tmp_path / "token-5").exists()
    assert not (tmp_path / "token").exists()


@pytest.mark.skipif(os.name == "nt", reason="a browser that is a POSIX script")
def test_a_real_browser_program_is_started_and_no_command_line_tells_a_secret(
    settings: Path, served: RunningSchool, tmp_path: Path
) -> None:
    script = tmp_path / "browser"
    script.write_text(
        f"#!{sys.executable}\n"
        "import pathlib, sys, urllib.request as web\n"
        f"pathlib.Path({str(tmp_path / 'argv')!r}).write_text(' '.join(sys.argv))\n"
        "page = web.build_opener(web.ProxyHandler({})).open(sys.argv[1] + '&consent=yes').read()\n"
        f"pathlib.Path({str(tmp_path / 'page')!r}).write_bytes(page)\n"
    )
    script.chmod(0o700)
    environment = {**os.environ, "BROWSER": f"{script} %s"}
    ended = subprocess.run(
        [*PROGRAM, "login"], env=environment, cwd=tmp_path, capture_output=True, text=True, timeout=60,
        encoding="utf-8",
    )  # fmt: skip
    assert ended.returncode == 0, ended.stderr
    assert "This window can be closed" in (tmp_path / "page").read_text()
    argv = (tmp_path / "argv").read_text()
    assert "response_type=code" in argv
    record = kept(tmp_path)
    for secret in (CLIENT_SECRET, record.access_token, record.refresh_token or ""):
        assert secret not in argv + ended.stdout + ended.stderr


def test_the_expiry_is_told_in_the_schools_zone(
    settings: Path, browser: Browser, command: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DNEVNIK_ARCHIVE_TIME_ZONE", "Asia/Vladivostok")
    ended = command("login")
    expires = kept(tmp_path).expires_at
    assert isinstance(expires, datetime)
    assert f"{expires.astimezone(ZoneInfo('Asia/Vladivostok')):%Y-%m-%d %H:%M}" in ended.out
