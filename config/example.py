"""The commented example of the settings, in the language of the person who will read it."""

from __future__ import annotations

from pathlib import Path
from typing import Final

_EXAMPLES: Final = Path(__file__).parent / "examples"


def text(language: str) -> str:
    """The example in Russian or English. Every setting stands in it, commented out at its default."""
    named = _EXAMPLES / f"dnevnik-archive.{language}.toml"
    file = named if named.exists() else _EXAMPLES / "dnevnik-archive.ru.toml"
    return file.read_text(encoding="utf-8")
