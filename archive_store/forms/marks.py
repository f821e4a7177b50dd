"""What a mark means. One table, so that every form reads the same mark in the same way.

The raw text is never replaced by its meaning: a form shows what the teacher wrote.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from functools import lru_cache
from typing import Final


class Meaning(Enum):
    """What the text of a mark says."""

    MARK = "mark"
    NOT_ASSESSED = "not assessed"
    RELEASED = "released"
    PASS = "pass"  # noqa: S105 - a pass in an examination
    FAIL = "fail"
    ABSENCE = "absence"
    PROMISE = "promise"  # a point: the teacher waits for the work
    EMPTY = "empty"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Reading:
    """A mark as it was read: its meaning and, for a mark in digits, the number without its sign."""

    raw: str
    meaning: Meaning
    number: int | None = None


# Teachers type on either keyboard, and in either case: each Latin letter is read as its Cyrillic double.
_FOLDED: Final = str.maketrans(
    {
        **dict(zip("abcehkmoptxy", "авсенкмортху", strict=True)),
        "ё": "е",
        "\N{MINUS SIGN}": "-",
        "\N{EN DASH}": "-",
    }
)
_WORDS: Final = {
    "": Meaning.EMPTY,
    ".": Meaning.PROMISE,
    "н": Meaning.ABSENCE,
    "н/а": Meaning.NOT_ASSESSED,
    "н\\а": Meaning.NOT_ASSESSED,
    "на": Meaning.NOT_ASSESSED,
    "осв": Meaning.RELEASED,
    "зач": Meaning.PASS,
    "зч": Meaning.PASS,
    "зачет": Meaning.PASS,
    "незач": Meaning.FAIL,
    "нз": Meaning.FAIL,
    "незачет": Meaning.FAIL,
}
_DEFAULT_SCALE: Final = "mark5"
_HIGHEST: Final = {"mark5": 5, "mark6": 6, "mark7": 7, "mark10": 10, "mark12": 12, "mark100": 100}
_OF_LETTERS: Final = {"markabcdf": frozenset("авсdf")}
_DIGITS: Final = re.compile(r"([0-9]{1,3})[+-]?")
_AT_EACH_ABSENCE: Final = re.compile(r"[нh]|[^нh]+", re.IGNORECASE)


def folded(text: str) -> str:
    """A mark's text as it is meant: case, ё, Latin look-alikes and the kind of minus do not matter."""
    return text.strip().casefold().translate(_FOLDED)


@lru_cache(maxsize=4096)
def read_mark(raw: str, scale: str | None = None) -> Reading:
    """What the mark ``raw`` means on ``scale`` (the platform's name of it; five points by default)."""
    text = folded(raw)
    scale = (scale or _DEFAULT_SCALE).casefold()
    if text in _OF_LETTERS.get(scale, ()):
        return Reading(raw, Meaning.MARK)
    if digits := _DIGITS.fullmatch(text):
        return _read_number(raw, int(digits[1]), scale)
    return Reading(raw, _WORDS.get(text, _WORDS.get(text.removesuffix("."), Meaning.UNKNOWN)))


def _read_number(raw: str, number: int, scale: str) -> Reading:
    highest = _HIGHEST.get(scale, _HIGHEST[_DEFAULT_SCALE])
    if number == 0 and scale != "mark100":
        return Reading(raw, Meaning.NOT_ASSESSED)
    if number <= highest:
        return Reading(raw, Meaning.MARK, number)
    return Reading(raw, Meaning.UNKNOWN)


def is_of_other_scale(scale: str | None) -> bool:
    """Whether the platform's name of a scale is that of another one than five points."""
    name = (scale or _DEFAULT_SCALE).casefold()
    return name != _DEFAULT_SCALE and (name in _HIGHEST or name in _OF_LETTERS)


@lru_cache(maxsize=4096)
def split(raw: str, scale: str | None = None) -> tuple[str, ...]:
    """The marks in one cell: ``4/5``, ``4 5``, ``3 4н``, ``нн5``. What is not understood stays whole."""
    return tuple(mark for part in raw.split() for mark in _split_part(part, scale))


def _split_part(part: str, scale: str | None) -> Iterator[str]:
    if _is_known(part, scale):
        yield part
        return
    pieces = [
        mark
        for piece in part.split("/")
        for mark in ([piece] if _is_known(piece, scale) else _AT_EACH_ABSENCE.findall(piece))
    ]
    if all(_is_known(piece, scale) for piece in pieces):
        yield from (piece for piece in pieces if piece)
    else:
        yield part


def _is_known(text: str, scale: str | None) -> bool:
    return read_mark(text, scale).meaning is not Meaning.UNKNOWN
