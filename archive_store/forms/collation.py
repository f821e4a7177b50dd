"""Alphabetical order as a Russian class list has it."""

from __future__ import annotations

from typing import Final

# Letters that the code points put after я: ё is a letter of its own after е; the letters of other peoples
# of Russia stand after the one that they are made from.
_AFTER: Final = {
    "ё": "е", "ә": "а", "ӑ": "а", "ғ": "г", "ӗ": "е", "җ": "ж", "ҙ": "з", "қ": "к", "ҡ": "к", "ң": "н",
    "ө": "о", "ҫ": "с", "ү": "у", "ұ": "у", "һ": "х", "і": "и",
}  # fmt: skip
_FOLLOWING: Final = {ord(letter): f"{before}\U0010ffff" for letter, before in _AFTER.items()}


def alphabetical(text: str) -> str:
    """A sort key: case does not matter, ё follows е, Latin precedes Cyrillic."""
    return text.strip().casefold().translate(_FOLLOWING)
