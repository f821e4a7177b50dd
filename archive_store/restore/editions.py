"""Bags of a year by name and edition: a later edition supersedes the one before."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path
from typing import Final

_EDITION: Final = re.compile(r"(.+)-ed(\d+)")


def edition_of(bag: str) -> tuple[str, int]:
    """The name of a bag without its edition, and the edition: journal-9A, 2. Without one it is the first."""
    match = _EDITION.fullmatch(bag)
    return (match[1], int(match[2])) if match else (bag, 1)


def newest(bags: Iterable[Path]) -> tuple[list[Path], list[Path]]:
    """The bags in their last editions, and those that are superseded."""
    last: dict[tuple[Path, str], Path] = {}
    before: list[Path] = []
    for bag in sorted(bags, key=lambda one: (one.parent, *edition_of(one.name))):
        key = bag.parent, edition_of(bag.name)[0]
        if key in last:
            before.append(last[key])
        last[key] = bag
    return list(last.values()), before
