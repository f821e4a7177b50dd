"""ASCII names for what is sealed: Cyrillic file names do not survive every carrier."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from archive_store.records import EduGroup

_LETTERS: Final = {
    "а": "a", "б": "b", "в": "v", "г": "g", "д": "d", "е": "e", "ё": "yo", "ж": "zh", "з": "z", "и": "i",
    "й": "y", "к": "k", "л": "l", "м": "m", "н": "n", "о": "o", "п": "p", "р": "r", "с": "s", "т": "t",
    "у": "u", "ф": "f", "х": "kh", "ц": "ts", "ч": "ch", "ш": "sh", "щ": "shch", "ъ": "", "ы": "y",
    "ь": "", "э": "e", "ю": "yu", "я": "ya",
}  # fmt: skip
SUMMARY: Final = "summary"
SUMMARY_BAG: Final = "summary-ed01"
_EDITION: Final = re.compile(r"(.+)-ed(\d+)")
_DIGITS: Final = re.compile(r"(\d+)")
_LONGEST: Final = 60  # of a class's name; file systems take 255 in all


def year_folder(study_year: int) -> str:
    """The folder of an academic year: 2025-2026."""
    return f"{study_year}-{study_year + 1}"


def transliterated(name: str) -> str:
    """A name in ASCII letters, digits and hyphens; empty if nothing is left."""
    latin = "".join(_cased(letter) for letter in name)
    return re.sub(r"[^A-Za-z0-9]+", "-", latin).strip("-")


def class_stems(groups: Iterable[EduGroup]) -> list[str]:
    """What the files of each class are called: 9a; the id where two classes would be called alike."""
    stems: list[str] = []
    for group in groups:
        name = transliterated(group.name).lower() or str(group.group_id)
        stems.append(str(group.group_id) if name in stems else name)
    return stems


def journal_bags(
    classes: Sequence[EduGroup], edition: int = 1, before: Mapping[int, str] | None = None
) -> dict[int, str]:
    """The bag name of each class by its id; the id is added where two names fall together.

    A class that had a bag ``before`` keeps its name, even if it is called otherwise by now.
    """
    known = before or {}
    short = {one.group_id: transliterated(one.name)[:_LONGEST].strip("-") for one in classes}
    taken = [name.casefold() for group_id, name in short.items() if group_id not in known]
    old = {stem_of(name).casefold() for name in known.values()}

    def stem(group_id: int, name: str) -> str:
        if group_id in known:
            return stem_of(known[group_id])
        alone = name and taken.count(name.casefold()) == 1 and f"journal-{name}".casefold() not in old
        return f"journal-{name}" if alone else f"journal-{name or 'class'}-{group_id}"

    return {group_id: in_edition(stem(group_id, name), edition) for group_id, name in short.items()}


def in_edition(stem: str, edition: int) -> str:
    """The name of a bag in an edition: journal-9A-ed02."""
    return f"{stem}-ed{edition:02}"


def stem_of(bag: str) -> str:
    """The name of a bag without its edition."""
    return edition_of(bag)[0]


def edition_of(bag: str) -> tuple[str, int]:
    """The name of a bag without its edition, and the edition: journal-9A, 2. Without one it is the first."""
    match = _EDITION.fullmatch(bag)
    return (match[1], int(match[2])) if match else (bag, 1)


def natural(name: str) -> tuple[tuple[bool, int, str], ...]:
    """What a name is sorted by so that 2Б comes before 10А: numbers by their value."""
    parts = (one for one in _DIGITS.split(name.casefold()) if one)
    return tuple((not one.isdecimal(), int(one) if one.isdecimal() else 0, one) for one in parts)


def is_summary(bag: str) -> bool:
    """Whether a bag of this name holds the summary sheets of a year."""
    return bag.startswith(f"{SUMMARY}-")


def _cased(letter: str) -> str:
    latin = _LETTERS.get(letter.lower())
    if latin is None:
        return letter if letter.isascii() else "-"
    return latin.capitalize() if letter.isupper() else latin
