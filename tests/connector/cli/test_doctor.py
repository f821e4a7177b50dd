"""The command doctor, as the technician types it."""

from __future__ import annotations

from typing import Any

import pytest

from connector.cli.exit_codes import ExitCode


def test_every_question_is_answered_in_words(archive: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "200")
    monkeypatch.setenv("DNEVNIK_ARCHIVE_LANGUAGE", "en")
    ended = archive("doctor")
    assert ended.code in (ExitCode.OK, ExitCode.ATTENTION)  # a full disk is told as well
    assert "The list of classes is open" in ended.out
    assert "Messages and the notice board are given" in ended.out
    assert "they are not in the archive" in ended.out
    assert len([line for line in ended.out.splitlines() if "  " in line]) >= 14


def test_a_refused_token_is_said_at_once(archive: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DNEVNIK_ARCHIVE_TOKEN", "expired")
    assert archive("doctor").code == ExitCode.SIGN_IN
