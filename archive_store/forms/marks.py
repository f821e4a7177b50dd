"""What a mark means. One table, so that every form reads the same mark in the same way.

The raw text is never replaced by its meaning: a form shows what the teacher wrote.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from archive_store.forms.signs import DEFAULT_SCALE, STANDARD, Meaning, Signs, folded


@dataclass(frozen=True, slots=True)
class Reading:
    """A mark as it was read: its meaning and, for a mark in digits, the number without its sign."""

    raw: str
    meaning: Meaning
    number: int | None = None


_OF_LETTERS: Final = {"markabcdf": frozenset("авсdf")}
_FROM_NOUGHT: Final = "mark100"
_DIGITS: Final = re.compile(r"([0-9]{1,3})[+-]?")
_AT_EACH_ABSENCE: Final = re.compile(r"[нh]|[^нh]+", re.IGNORECASE)


@lru_cache(maxsize=4096)
def read_mark(raw: str, scale: str | None = None, signs: Signs = STANDARD) -> Reading:
    """What the mark ``raw`` means on ``scale`` (the platform's name of it; five points by default)."""
    text = folded(raw)
    scale = (scale or DEFAULT_SCALE).casefold()
    if text in _OF_LETTERS.get(scale, ()):
        return Reading(raw, Meaning.MARK)
    if digits := _DIGITS.fullmatch(text):
        return _read_number(raw, int(digits[1]), scale, signs)
    known = signs.meanings
    return Reading(raw, known.get(text, known.get(text.removesuffix("."), Meaning.UNKNOWN)))


def _read_number(raw: str, number: int, scale: str, signs: Signs) -> Reading:
    if number == 0 and scale != _FROM_NOUGHT:
        return Reading(raw, Meaning.NOT_ASSESSED)
    known = signs.all_scales
    if number <= known.get(scale, known[DEFAULT_SCALE]).highest:
        return Reading(raw, Meaning.MARK, number)
    return Reading(raw, Meaning.UNKNOWN)


def is_of_other_scale(scale: str | None, signs: Signs = STANDARD) -> bool:
    """Whether the platform's name of a scale is that of another one than five points."""
    name = (scale or DEFAULT_SCALE).casefold()
    return name != DEFAULT_SCALE and (name in signs.all_scales or name in _OF_LETTERS)


@lru_cache(maxsize=4096)
def split(raw: str, scale: str | None = None, signs: Signs = STANDARD) -> tuple[str, ...]:
    """The marks in one cell: ``4/5``, ``4 5``, ``3 4н``, ``нн5``. What is not understood stays whole."""
    return tuple(mark for part in raw.split() for mark in _split_part(part, scale, signs))


def _split_part(part: str, scale: str | None, signs: Signs) -> Iterator[str]:
    if _is_known(part, scale, signs):
        yield part
        return
    pieces = [
        mark
        for piece in part.split("/")
        for mark in ([piece] if _is_known(piece, scale, signs) else _AT_EACH_ABSENCE.findall(piece))
    ]
    if all(_is_known(piece, scale, signs) for piece in pieces):
        yield from (piece for piece in pieces if piece)
    else:
        yield part


def _is_known(text: str, scale: str | None, signs: Signs) -> bool:
    return read_mark(text, scale, signs).meaning is not Meaning.UNKNOWN
