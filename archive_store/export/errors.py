"""What can go wrong with a package for an addressee, as data. The commands word it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

SHORTEST_PASSWORD: Final = 12


@dataclass
class RequestNotRead(Exception):
    """A text is no number and date of a request: ``problem`` says which part is wrong."""

    text: str
    problem: Literal["form", "day", "future", "long"]


@dataclass
class EnclosureNotRead(Exception):
    """A file that is to go along cannot be read."""

    path: Path
    reason: str


@dataclass
class NameLeft(Exception):
    """A report that must name nobody names someone: a fault of the program. Nothing is given out."""

    form: str


@dataclass
class WeakPassword(Exception):
    """A password that a ZIP must not have."""

    problem: Literal["short", "letters"]


@dataclass
class ZipThere(Exception):
    """Where the ZIP is to be written lies something already; nothing is written over."""

    path: Path
