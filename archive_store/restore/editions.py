"""Bags of a year by name and edition: a later edition supersedes the one before."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from archive_store.snapshot.naming import edition_of, stem_of


def newest(bags: Iterable[Path]) -> tuple[list[Path], list[Path]]:
    """The bags in their last editions, and those that are superseded."""
    last: dict[tuple[Path, str], Path] = {}
    before: list[Path] = []
    for bag in sorted(bags, key=lambda one: (one.parent, *edition_of(one.name))):
        key = bag.parent, stem_of(bag.name)
        if key in last:
            before.append(last[key])
        last[key] = bag
    return list(last.values()), before
