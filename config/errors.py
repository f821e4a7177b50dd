"""What is wrong with settings."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal


@dataclass
class SettingsError(Exception):
    """A setting, or the file of settings, is wrong. ``setting`` is empty when the file itself is.

    ``detail`` is the file; with a wrong value, what is wanted instead. ``values`` stand in these texts.
    """

    problem: Literal[
        "not found",
        "not TOML",
        "unknown",
        "missing",
        "wrong value",
        "secret in file",
        "one token",
        "not private",
        "unreadable",
    ]
    setting: str
    detail: str
    values: dict[str, str] = field(default_factory=dict)
