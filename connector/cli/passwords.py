"""A password for something that is written: from a file or typed twice, never from the command line."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path

import typer

from archive_store.texts import _


@dataclass
class NoPassword(Exception):
    """There is no password: the file cannot be read or is empty, or nobody is there to type one."""

    path: Path | None


def password_for(file: Path | None) -> str:
    """The first line of the file, else what a person types twice. Raises NoPassword."""
    if file is not None:
        try:
            lines = file.read_text(encoding="utf-8-sig").splitlines()
        except (OSError, UnicodeDecodeError) as error:
            raise NoPassword(file) from error
        if not lines or not lines[0]:
            raise NoPassword(file)
        return lines[0]
    if not sys.stdin.isatty():
        raise NoPassword(None)
    return str(typer.prompt(_("Password of the ZIP"), hide_input=True, confirmation_prompt=True))
