"""Make the texts of the record fit the columns of a page, without losing a character."""

from __future__ import annotations

import re
from typing import Final, TypeAlias

from archive_store.forms.spread import Cell
from archive_store.render.glyphs import showable

# What a template takes: a text; a text with its size in points; or texts among which lists may be broken.
Fitted: TypeAlias = str | list[str | float]
Breakable: TypeAlias = str | list[str | list[str]]

_LINE: Final = 4  # characters of full size that a column of a lesson is wide
_SMALL_LINE: Final = 7
_SMALL: Final = 5.2
_LONG_WORD: Final = re.compile(r"\S{19,}")
_PIECE: Final = 6


def cell(one: Cell) -> Fitted:
    """The contents of a cell in lines as wide as its column; smaller if a mark is a long word."""
    if not one.letters and not one.marks:
        return ""
    words = [*(showable(letter) for letter in one.letters), *_marks(one.marks)]
    longest = max(map(len, words), default=0)
    if longest <= _LINE:
        return "\n".join(_lines(words, _LINE))
    pieces = [
        word[start : start + _SMALL_LINE] for word in words for start in range(0, len(word), _SMALL_LINE)
    ]
    return ["\n".join(_lines(pieces, _SMALL_LINE)), _SMALL]


def breakable(text: str) -> Breakable:
    """A text in which very long words, such as links, may be broken between pieces."""
    text = showable(text).strip()
    if not _LONG_WORD.search(text):
        return text
    parts: list[str | list[str]] = []
    end = 0
    for word in _LONG_WORD.finditer(text):
        parts.append(text[end : word.start()])
        parts.append(_pieces(word[0], _PIECE))
        end = word.end()
    return [*parts, text[end:]]


def _pieces(word: str, size: int) -> list[str]:
    return [word[start : start + size] for start in range(0, len(word), size)]


def _marks(marks: tuple[str, ...]) -> list[str]:
    """The marks, each but the last with the stroke that divides it from the next."""
    texts = [showable(mark) for mark in marks]
    return [f"{text}/" for text in texts[:-1]] + texts[-1:]


def _lines(words: list[str], width: int) -> list[str]:
    lines: list[str] = []
    for word in words:
        is_first_mark = lines and not lines[-1].endswith("/")
        joined = f"{lines[-1]}{' ' if is_first_mark else ''}{word}" if lines else word
        if lines and len(joined) <= width:
            lines[-1] = joined
        else:
            lines.append(word)
    return lines
