"""The letters of attendance, and what they mean."""

from __future__ import annotations

from typing import Final

from archive_store.texts import N_

LETTERS: Final = {"Absent": "Н", "Ill": "Б", "Pass": "П", "Late": "О"}
MEANINGS: Final = (
    ("Н", N_("absent without a good reason")),
    ("Б", N_("absent through illness")),
    ("П", N_("absent for a good reason")),
    ("О", N_("late for the lesson")),
)
_PRESENT: Final = frozenset({"", "Attend", "NotSet"})


def letter(status: str | None) -> str:
    """The letter in the cell for a status of the platform: empty if present, the status if unknown."""
    if status is None or status in _PRESENT:
        return ""
    return LETTERS.get(status, status)


def is_unknown(status: str | None) -> bool:
    """Whether a status has no letter: it is shown as the platform sent it, and counted."""
    return letter(status) == status and bool(status)
