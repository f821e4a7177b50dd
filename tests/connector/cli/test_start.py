"""The start of the program: the table of commands, and what a command does not wait for."""

from __future__ import annotations

import os
import pkgutil
import subprocess
import sys
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any

import click
import pytest
import typer

import connector.cli
from connector.cli.app import app
from connector.cli.commands import COMMANDS
from connector.cli.exit_codes import ExitCode

# What takes long to import and few commands need.
_HEAVY = (
    "alembic", "apscheduler", "asn1crypto", "asyncpg", "gostcrypto", "httpx", "keyring", "pikepdf", "psycopg",
    "pyarrow", "sqlalchemy.dialects.postgresql", "starlette", "typst", "uvicorn", "xlsxwriter",
)  # fmt: skip
# What the others need: the settings and the archive.
_COMMON = ("pydantic", "pydantic_settings", "sqlalchemy")
_WHAT_IS_IMPORTED = f"""
import atexit, sys
atexit.register(lambda: print("imported:", *(one for one in {_HEAVY + _COMMON!r} if one in sys.modules)))
from connector.cli import main
main()
"""


def _group() -> click.Group:
    group = typer.main.get_command(app)
    assert isinstance(group, click.Group)
    return group


def _registered(module: str) -> dict[str, click.Command]:
    """The commands that a module adds."""
    alone = typer.Typer()
    import_module(f"connector.cli.{module}").register(alone)
    return dict(typer.main.get_group(alone).commands)


def test_the_table_names_every_command_with_the_module_that_has_it() -> None:
    modules = {one.name for one in pkgutil.iter_modules(connector.cli.__path__)}
    of_all = {name for name in modules if hasattr(import_module(f"connector.cli.{name}"), "register")}
    known = {(name, module) for module in of_all - {"siard"} for name in _registered(module)}
    assert known == {(name, one.module) for name, one in COMMANDS.items()}


@pytest.mark.parametrize("name", COMMANDS)
def test_the_table_tells_what_the_command_tells_of_itself(name: str) -> None:
    alone = click.Command(name, help=COMMANDS[name].text)
    assert alone.get_short_help_str(200) == _registered(COMMANDS[name].module)[name].get_short_help_str(200)


def test_the_help_lists_the_commands_in_the_order_of_the_table() -> None:
    lines = _group().get_help(click.Context(_group())).partition("Commands:\n")[2].splitlines()
    assert [line.split()[0] for line in lines] == list(COMMANDS)


@pytest.mark.parametrize("arguments", [["statu"], ["ledger", "verif"]])
def test_a_command_that_is_misspelt_is_guessed_once(
    arguments: list[str], command: Callable[..., Any]
) -> None:
    ended = command(*arguments)
    assert ended.code == 2
    assert ended.err.count("Did you mean") == 1


def _imported(folder: Path, *arguments: str) -> set[str]:
    """What a command imports in a fresh process, of the modules above."""
    environment = {**os.environ, "PYTHONIOENCODING": "utf-8", "DNEVNIK_ARCHIVE_TOKEN": "of-nobody"}
    ended = subprocess.run(
        [sys.executable, "-c", _WHAT_IS_IMPORTED, *arguments],
        capture_output=True, cwd=folder, encoding="utf-8", check=False, env=environment,
    )  # fmt: skip
    return set(ended.stdout.splitlines()[-1].removeprefix("imported:").split())


@pytest.mark.parametrize("arguments", ["--version", "--help", "statu"])
def test_what_needs_no_archive_imports_none(arguments: str, tmp_path: Path) -> None:
    assert _imported(tmp_path, *arguments.split()) == set()


@pytest.mark.parametrize(
    "arguments", ["status", "ledger verify", "history mark 1", "data persons", "forms", "sync --plan"]
)
def test_a_command_imports_nothing_heavy_that_another_needs(
    arguments: str, archive: object, tmp_path: Path
) -> None:
    assert _imported(tmp_path, *arguments.split()) == set(_COMMON)


def test_the_settings_choose_the_language_even_if_another_setting_is_wrong(tmp_path: Path) -> None:
    (tmp_path / "dnevnik-archive.toml").write_text('language = "en"\nlangage = "en"\n', encoding="utf-8")
    environment = {name: value for name, value in os.environ.items() if not name.startswith("DNEVNIK_")}
    ended = subprocess.run(
        [sys.executable, "-c", "from connector.cli import main; main()", "status"],
        capture_output=True, cwd=tmp_path, encoding="utf-8", check=False, env=environment,
    )  # fmt: skip
    assert ended.returncode == ExitCode.SETTINGS
    assert "langage" in ended.stderr
    assert ended.stderr.isascii()
