"""What a person is told of an error, and how the command ends."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from archive_store.texts import _
from connector.cli.exit_codes import ExitCode


@dataclass(frozen=True, slots=True)
class Explanation:
    """What is wrong, what to do about it, and how the command ends."""

    wrong: str
    remedy: str
    exit_code: ExitCode


Explain = Callable[[Any], Explanation]


def listed(known: list[str]) -> str:
    """Names in a row; "none" if there are none."""
    return ", ".join(known) or _("none")
