"""A secret for something that is written: from a private file or typed twice, never from the command line."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path

import typer

from archive_store.texts import _
from config.errors import SettingsError
from config.values import private_text


@dataclass
class NoPassword(Exception):
    """There is no password: the file cannot be read or is empty, or nobody is there to type one."""

    path: Path | None


def secret_text(file: Path, option: str) -> str | None:
    """What stands in the file that an option names; None if it is not there or cannot be read.

    Raises SettingsError for one that others can read too: it is no secret any more.
    """
    try:
        return private_text(file, option)
    except SettingsError as error:
        if error.problem == "not private":
            raise
        return None


def password_for(file: Path | None) -> str:
    """The first line of the file, else what a person types twice. Raises NoPassword, SettingsError."""
    if file is not None:
        lines = (secret_text(file, "--password-file") or "").splitlines()
        if not lines or not lines[0]:
            raise NoPassword(file)
        return lines[0]
    if not sys.stdin.isatty():
        raise NoPassword(None)
    return str(typer.prompt(_("Password of the ZIP"), hide_input=True, confirmation_prompt=True))
