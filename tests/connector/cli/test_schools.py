"""Several schools in one archive, each with its token; the trouble of one is not the others'."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from connector.cli.exit_codes import ExitCode
from connector.sandbox.parameters import SchoolParameters
from connector.sandbox.school import School
from connector.sandbox.serve import RunningSchool, running

TOKENS = ("token-of-the-first", "token-of-the-second")


@pytest.fixture
def schools() -> Iterator[list[RunningSchool]]:
    """Two small schools that know nothing of each other."""
    first, second = (School(SchoolParameters(pupils=12, seed=seed)) for seed in (11, 12))
    with running(first, TOKENS[0]) as one, running(second, TOKENS[1]) as other:
        yield [one, other]


@pytest.fixture
def numbers(schools: list[RunningSchool], command: Any, tmp_path: Path) -> list[str]:
    """An archive whose settings name both; the schools' numbers."""
    text = 'language = "en"\n'
    for served, token in zip(schools, TOKENS, strict=True):
        number = served.school.ids.school()
        text += f'[[schools]]\nschool_id = {number}\napi_url = "{served.url}"\ntoken_file = "{number}"\n'
        file = tmp_path / str(number)
        file.write_text(token)
        file.chmod(0o600)
    (tmp_path / "dnevnik-archive.toml").write_text(text)
    assert command("init").code == 0
    return [str(served.school.ids.school()) for served in schools]


def test_both_are_synced_and_read_apart(numbers: list[str], command: Any) -> None:
    assert command("sync").code == 0
    first, second = (command("--school", number, "data", "persons").out for number in numbers)
    assert len(first.splitlines()) > 12
    assert len(second.splitlines()) > 12
    assert not set(first.splitlines()[1:]) & set(second.splitlines()[1:])


def test_a_refused_token_of_one_leaves_the_other_alone(
    numbers: list[str], command: Any, tmp_path: Path
) -> None:
    (tmp_path / numbers[0]).write_text("expired")
    ended = command("sync")
    assert ended.code == ExitCode.SIGN_IN
    assert "refuses the token" in ended.out
    assert len(command("--school", numbers[1], "data", "persons").out.splitlines()) > 12


def test_a_command_for_one_school_asks_which(numbers: list[str], command: Any) -> None:
    ended = command("resync", "--from", "2026-01-01", "--to", "2026-01-02")
    assert ended.code == ExitCode.SETTINGS
    assert all(number in ended.err for number in numbers)
    assert command("--school", "5", "sync").code == ExitCode.SETTINGS


def test_each_school_is_compared_apart(numbers: list[str], command: Any, tmp_path: Path) -> None:
    assert command("sync").code == 0
    both = command("reconcile", "--sample", "1")
    assert both.code == 0
    assert both.out.count("Compared: ") == 2
    (tmp_path / numbers[0]).write_text("expired")
    ended = command("reconcile", "--sample", "1")
    assert ended.code == ExitCode.SIGN_IN
    assert "refuses the token" in ended.err
    assert ended.out.count("Compared: ") == 1
