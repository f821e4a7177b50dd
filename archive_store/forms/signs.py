"""What the signs of a journal mean: words of marks, signs of attendance, scales. A school may add its own.

FORMS §1. The raw text is never replaced by its meaning: a form shows what the teacher wrote, and a sign
that has no meaning here is shown and counted as it is.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import Enum, StrEnum
from functools import cached_property
from types import MappingProxyType
from typing import Final, TypeVar

from archive_store.texts import N_

T = TypeVar("T")


class Meaning(Enum):
    """What the text of a mark says."""

    MARK = "mark"
    NOT_ASSESSED = "not-assessed"
    RELEASED = "released"
    PASS = "pass"  # noqa: S105 - a pass in an examination
    FAIL = "fail"
    ABSENCE = "absence"
    PROMISE = "promise"  # a point: the teacher waits for the work
    EMPTY = "empty"
    UNKNOWN = "unknown"


class Presence(StrEnum):
    """What an entry of attendance says."""

    PRESENT = "present"
    ABSENT = "absent"
    ILL = "ill"
    GOOD_REASON = "good-reason"
    LATE = "late"


MISSED: Final = frozenset({Presence.ABSENT, Presence.ILL, Presence.GOOD_REASON})
"""A lesson was missed; who is late was there (FORMS §1.2)."""
MEANINGS: Final[Mapping[Presence, str]] = MappingProxyType(
    {
        Presence.ABSENT: N_("absent without a good reason"),
        Presence.ILL: N_("absent through illness"),
        Presence.GOOD_REASON: N_("absent for a good reason"),
        Presence.LATE: N_("late for the lesson"),
    }
)
"""In the order of a legend; to be translated."""


@dataclass(frozen=True, slots=True)
class Scale:
    """A scale of marks in digits: the highest, and the lowest of «5», «4» and «3» if it has such levels."""

    highest: int
    lowest: tuple[int, int, int] | None = None


# Teachers type on either keyboard, and in either case: each Latin letter is read as its Cyrillic double.
_FOLDED: Final = str.maketrans(
    {
        **dict(zip("abcehkmoptxy", "авсенкмортху", strict=True)),
        "ё": "е",
        "\N{MINUS SIGN}": "-",
        "\N{EN DASH}": "-",
    }
)


def folded(text: str) -> str:
    """A sign's text as it is meant: case, ё, Latin look-alikes and the kind of minus do not matter."""
    return text.strip().casefold().translate(_FOLDED)


_LETTERS: Final[Mapping[Presence, str]] = MappingProxyType(
    {Presence.ABSENT: "Н", Presence.ILL: "Б", Presence.GOOD_REASON: "П", Presence.LATE: "О"}
)
# The words of the platform; the letters of NetSchool; those of a paper journal (FORMS §1.2).
_ATTENDANCE: Final = {
    "": Presence.PRESENT,
    "Attend": Presence.PRESENT,
    "NotSet": Presence.PRESENT,
    "Absent": Presence.ABSENT,
    "Ill": Presence.ILL,
    "Pass": Presence.GOOD_REASON,
    "Late": Presence.LATE,
    "ОТ": Presence.ABSENT,
    "НП": Presence.ABSENT,
    "УП": Presence.GOOD_REASON,
    "ОП": Presence.LATE,
    "н/б": Presence.ABSENT,
    "у": Presence.GOOD_REASON,
    **{letter: presence for presence, letter in _LETTERS.items()},
}
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
NOT_SAID: Final = ("", "NotSet")  # statuses of an entry of attendance that says nothing yet
DEFAULT_SCALE: Final = "mark5"
_SCALES: Final = {
    DEFAULT_SCALE: Scale(5, (5, 4, 3)),
    "mark6": Scale(6),
    "mark7": Scale(7),
    "mark10": Scale(10, (9, 7, 5)),
    "mark12": Scale(12, (10, 7, 4)),
    "mark100": Scale(100),
}


@dataclass
class TwoMeanings(ValueError):
    """A sign would have two meanings; ``table`` is that of :class:`Signs` in which it has the second."""

    table: str
    sign: str


@dataclass(frozen=True, eq=False)
class Signs:
    """How a school's signs are read. What it says itself is added to what the program knows, and wins.

    ``letters`` are printed for an absence, and read with that meaning too. ``attendance`` are other signs of
    attendance, ``words`` words of marks, ``scales`` scales by the platform's name of them. Raises
    TwoMeanings, and ValueError of a word that would be read as digits.
    """

    letters: Mapping[Presence, str] = field(default_factory=dict)
    attendance: Mapping[str, Presence] = field(default_factory=dict)
    words: Mapping[str, Meaning] = field(default_factory=dict)
    scales: Mapping[str, Scale] = field(default_factory=dict)

    def __post_init__(self) -> None:
        _ = self.presences, self.meanings
        for word in self.meanings:
            if word[:1].isdigit():
                raise ValueError(word)

    @cached_property
    def printed(self) -> Mapping[Presence, str]:
        """The letter of each kind of absence."""
        return {**_LETTERS, **self.letters}

    @cached_property
    def presences(self) -> Mapping[str, Presence]:
        """What each sign of attendance means, by its folded text."""
        printed = _by_sign("letters", ((letter, one) for one, letter in self.printed.items()))
        own = _by_sign("attendance", self.attendance.items(), printed)
        return {**_by_sign("attendance", _ATTENDANCE.items()), **own}

    @cached_property
    def meanings(self) -> Mapping[str, Meaning]:
        """What each word of a mark means, by its folded text."""
        return {**_WORDS, **_by_sign("words", self.words.items())}

    @cached_property
    def all_scales(self) -> Mapping[str, Scale]:
        """The scales in digits by their names."""
        return {**_SCALES, **{name.casefold(): scale for name, scale in self.scales.items()}}

    @property
    def legend(self) -> tuple[tuple[str, str], ...]:
        """The letters with their meaning, which is to be translated."""
        return tuple((self.printed[one], meaning) for one, meaning in MEANINGS.items())

    def presence(self, status: str | None) -> Presence | None:
        """What a status of attendance means; None if it is not known."""
        return self.presences.get(folded(status or ""))

    def letter(self, status: str | None) -> str:
        """What stands in the cell: nothing for presence, the status as it was sent if it is not known."""
        presence = self.presence(status)
        return (status or "").strip() if presence is None else self.printed.get(presence, "")

    def is_unknown(self, status: str | None) -> bool:
        """Whether a status has no meaning: it is shown as it was sent, and counted."""
        return self.presence(status) is None


def _by_sign(
    table: str, signs: Iterable[tuple[str, T]], known: Mapping[str, T] | None = None
) -> dict[str, T]:
    """The meanings by folded text, with those ``known`` already. Raises TwoMeanings."""
    found = dict(known or {})
    for sign, meaning in signs:
        if found.setdefault(folded(sign), meaning) != meaning:
            raise TwoMeanings(table, sign)
    return found


STANDARD: Final = Signs()
"""What the program knows by itself."""
