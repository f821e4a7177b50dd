"""The command line in a folder of its own, before a small served school."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path

import pytest

from connector.cli.app import run
from connector.cli.commands import COMMANDS
from connector.sandbox.parameters import SchoolParameters
from connector.sandbox.school import School
from connector.sandbox.serve import RunningSchool, running

for named in COMMANDS.values():
    # Before a test speaks another language: the help of a command is translated as its module is imported.
    import_module(f"connector.cli.{named.module}")

TOKEN = "token-of-nobody-0123456789abcdef"


@dataclass
class Ended:
    """How a command ended, and what it said."""

    code: int
    out: str
    err: str


Command = Callable[..., Ended]


@pytest.fixture(scope="session")
def school() -> Iterator[RunningSchool]:
    """A served school of two classes with a closed year and the current one. Tests leave it as it is."""
    with running(_two_classes(), TOKEN) as served:
        yield served


def _two_classes() -> School:
    return School(SchoolParameters(pupils=12, seed=3))


@pytest.fixture
def changing_school(platform: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[School]:
    """The same school served once more, for changes; the settings point there."""
    with running(_two_classes(), TOKEN) as served:
        monkeypatch.setenv("DNEVNIK_ARCHIVE_API_URL", served.url)
        yield served.school


@pytest.fixture
def command(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> Command:
    """Run a command line in an empty folder, without settings of this machine."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DNEVNIK_ARCHIVE_ATTEMPTS", "1")

    def run_command(*arguments: str) -> Ended:
        code = run(list(arguments))
        out, err = capfd.readouterr()
        return Ended(int(code), out, err)

    return run_command


@pytest.fixture
def platform(monkeypatch: pytest.MonkeyPatch, school: RunningSchool) -> None:
    """The settings point at the served school, with its token."""
    _name_in_environment(monkeypatch, school)


def _name_in_environment(patch: pytest.MonkeyPatch, school: RunningSchool) -> None:
    patch.setenv("DNEVNIK_ARCHIVE_API_URL", school.url)
    patch.setenv("DNEVNIK_ARCHIVE_TOKEN", TOKEN)


@pytest.fixture(scope="session")
def synced_folder(school: RunningSchool, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of an archive that has been synced once. To be copied."""
    folder = tmp_path_factory.mktemp("synced")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        patch.setenv("LANGUAGE", "en")
        _name_in_environment(patch, school)
        assert run(["init"]) == 0
        assert run(["sync"]) == 0
    return folder


@pytest.fixture
def archive(platform: None, command: Command, synced_folder: Path, tmp_path: Path) -> Command:
    """An archive that has been synced once; returns the command line."""
    shutil.copytree(synced_folder, tmp_path, dirs_exist_ok=True)
    return command


def last_closed_year() -> int:
    """The academic year that ended last, by today's date."""
    today = datetime.now(UTC).date()
    return today.year - 1 if today.month >= 9 else today.year - 2


@pytest.fixture
def closed_year() -> str:
    """The academic year that ended last, as a command takes it."""
    return str(last_closed_year())


@pytest.fixture
def a_class(archive: Command, closed_year: str) -> str:
    """The name of a class of the closed year."""
    lines = archive("data", "groups", "--year", closed_year).out.splitlines()
    names = [line.split(",")[1] for line in lines[1:] if ",Group," in line]
    return names[-1]


@pytest.fixture(scope="session")
def sealed_folder(school: RunningSchool, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of an archive with a sealed year. Read only."""
    folder = tmp_path_factory.mktemp("sealed")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        patch.setenv("DNEVNIK_ARCHIVE_API_URL", school.url)
        patch.setenv("DNEVNIK_ARCHIVE_TOKEN", TOKEN)
        for arguments in (["init"], ["sync"], ["year", "close", str(last_closed_year())]):
            assert run(arguments) == 0
    return folder
