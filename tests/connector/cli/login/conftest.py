"""An archive before a school that people sign in to."""

from __future__ import annotations

import socket
import webbrowser
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from connector.sandbox.parameters import SchoolParameters
from connector.sandbox.routes.sign_in import CLIENT_ID, CLIENT_SECRET
from connector.sandbox.school import School
from connector.sandbox.serve import RunningSchool, running
from sign_in_people import (
    Browser,
    private,
)


@pytest.fixture
def served() -> Iterator[RunningSchool]:
    """A school of its own: tests end its tokens."""
    with running(School(SchoolParameters(pupils=12, seed=4)), "fixed-token-of-nobody") as one:
        yield one


@pytest.fixture
def port() -> int:
    """A port that is free now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture
def settings(
    served: RunningSchool, port: int, command: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Path:
    """An archive whose settings name the invented application, and a desk with a screen."""
    file = tmp_path / "dnevnik-archive.toml"
    file.write_text(
        f'language = "en"\napi_url = "{served.url}"\nlogin_url = "{served.login_url}"\n'
        f'client_id = "{CLIENT_ID}"\nredirect_port = {port}\nattempts = 1\n'
    )
    file.chmod(0o600)
    private(tmp_path / "client-secret", CLIENT_SECRET)
    monkeypatch.setenv("BROWSER", "nothing-that-is-there")
    monkeypatch.delenv("DNEVNIK_ARCHIVE_TOKEN", raising=False)
    assert command("init").code == 0
    return file


@pytest.fixture
def browser(monkeypatch: pytest.MonkeyPatch) -> Browser:
    playing = Browser()
    monkeypatch.setattr(webbrowser, "open", playing.open)
    monkeypatch.setattr(webbrowser, "get", lambda: playing)
    return playing
