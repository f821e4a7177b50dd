"""Who takes part in a sign-in of the tests: a browser, a person who pastes, and what is to be kept secret."""

from __future__ import annotations

import io
import sys
import threading
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from connector.api.tokens import TokenFile, TokenRecord
from connector.cli import login
from connector.cli.exit_codes import ExitCode
from connector.sandbox.serve import RunningSchool


def private(file: Path, text: str) -> None:
    file.write_text(text)
    file.chmod(0o600)


def consented(address: str, consent: str = "yes") -> str:
    """The address to which the platform sends the browser back."""
    answer = httpx.get(f"{address}&consent={consent}", trust_env=False, timeout=60)
    return answer.headers["location"]


class Browser:
    """Plays the browser of ``webbrowser.open``. ``meddle`` changes the address of the return."""

    def __init__(self) -> None:
        self.consent = "yes"
        self.meddle: Callable[[str], str] = lambda back: back
        self.pages: list[httpx.Response] = []
        self.opened: list[str] = []
        self.secrets: set[str] = set()

    def open(self, address: str) -> bool:
        self.opened.append(address)
        back = self.meddle(consented(address, self.consent))
        url, _hash, fragment = back.partition("#")
        self.secrets |= {part.partition("=")[2] for part in fragment.split("&") if "access_token=" in part}
        self.secrets |= {part.partition("=")[2] for part in url.split("?")[1].split("&") if "code=" in part}
        shown = httpx.get(url, trust_env=False, timeout=30)
        if fragment or "fetch(" in shown.text:  # what the page's script does
            shown = httpx.post(url.split("?")[0], content=back, trust_env=False, timeout=30)
        self.pages.append(shown)
        return True


def kept(folder: Path) -> TokenRecord:
    record = TokenFile(folder / "token", timedelta(days=30)).read()
    assert record is not None
    return record


def paste(monkeypatch: pytest.MonkeyPatch, command: Any, meddle: Any = lambda back: back) -> None:
    """What a person does: take the address that is shown, consent, and paste where they land."""
    shown: list[str] = []

    class Keyboard(io.StringIO):
        def readline(self, *_size: Any) -> str:
            return meddle(consented(shown[-1])) + "\n"

    original = login._Attempt._show_address

    def show(attempt: Any) -> None:
        shown.append(attempt.sign_in.address)
        original(attempt)

    monkeypatch.setattr(login._Attempt, "_show_address", show)
    monkeypatch.setattr(sys, "stdin", Keyboard())


def assert_explained(ended: Any, wrong: str, remedy: str, code: ExitCode = ExitCode.SIGN_IN) -> None:
    assert ended.code == code, ended
    assert "Traceback" not in ended.err
    (line,) = ended.err.strip().splitlines()
    assert wrong in line
    assert remedy in line


def holders(folder: Path, secrets: set[str]) -> set[str]:
    """The files that hold one of the secrets."""
    return {
        str(file.relative_to(folder))
        for file in folder.rglob("*")
        if file.is_file() and any(secret.encode() in file.read_bytes() for secret in secrets)
    }


def ends_during_the_run(served: RunningSchool, after: int) -> threading.Thread:
    """End all tokens once the platform has answered so many calls."""

    def watch() -> None:
        deadline = time.monotonic() + 60
        while served.requests.total < after and time.monotonic() < deadline:
            time.sleep(0.002)
        served.sign_in.end_tokens()

    served.requests.clear()
    thread = threading.Thread(target=watch)
    thread.start()
    return thread
