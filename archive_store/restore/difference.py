"""``snapshot diff``: what two bags, editions or years have of each other's records, table by table.

Both sides are read side by side in the order of their keys, in which every table is sealed, so that memory
does not grow with them. A table that is not in this order was not written by this program.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import groupby
from pathlib import Path
from typing import Any, Final

from archive_store.restore.editions import newest
from archive_store.restore.errors import BagNotReadable
from archive_store.restore.reading import Bag, Table, Value, open_bag, rows
from archive_store.snapshot import verifier
from archive_store.snapshot.naming import stem_of

_HISTORY: Final = "history_"
Record = dict[str, Value]


@dataclass(frozen=True, slots=True)
class Change:
    """A record that only one side has (the other is None), or that both have, each with its own values."""

    bag: str
    table: str
    key: tuple[Value, ...]
    first: Record | None
    second: Record | None

    @property
    def kind(self) -> str:
        """Such as ``only in A``, for programs."""
        return "only in B" if self.first is None else "only in A" if self.second is None else "changed"

    @property
    def fields(self) -> dict[str, tuple[Value, Value]]:
        """The fields that differ, with both values; of a changed record alone."""
        first, second = self.first or {}, self.second or {}
        names = dict.fromkeys([*first, *second])
        return {
            name: (first.get(name), second.get(name)) for name in names if first.get(name) != second.get(name)
        }


@dataclass(slots=True)
class Tally:
    """Counts of a table."""

    bag: str
    table: str
    only_in_first: int = 0
    only_in_second: int = 0
    changed: int = 0
    same: int = 0

    @property
    def differs(self) -> bool:
        """Whether the two sides differ."""
        return bool(self.only_in_first or self.only_in_second or self.changed)


@dataclass(frozen=True, slots=True)
class Pair:
    """Two bags to be compared; one of them may not be there."""

    name: str
    first: Bag | None
    second: Bag | None


@dataclass(slots=True)
class Comparison:
    """A comparison under way; ``tallies`` are complete when ``changes`` is exhausted."""

    pairs: list[Pair]
    tallies: list[Tally] = field(default_factory=list)

    def changes(self) -> Iterator[Change]:
        """Every difference. Raises BagNotReadable."""
        for pair in self.pairs:
            first = pair.first.tables if pair.first else {}
            second = pair.second.tables if pair.second else {}
            for name in dict.fromkeys([*first, *second]):
                tally = Tally(pair.name, name)
                self.tallies.append(tally)
                yield from _of_table(pair.name, first.get(name), second.get(name), first | second, tally)


def compare(first: Path, second: Path) -> Comparison | None:
    """Prepare the comparison of two bags or two years; None if one of the folders holds no bag.

    Two single bags are compared whatever their names; bags of years by their names without the edition.
    Raises BagNotReadable.
    """
    sides = [_bags(path) for path in (first, second)]
    if not all(sides):
        return None
    if all(len(side) == 1 for side in sides):
        (one,), (other,) = (side.values() for side in sides)
        return Comparison([Pair(_both(one, other), one, other)])
    names = dict.fromkeys(name for side in sides for name in side)
    return Comparison([Pair(name, sides[0].get(name), sides[1].get(name)) for name in names])


def _bags(path: Path) -> dict[str, Bag]:
    last, _superseded = newest(verifier.bags_in(path.resolve()))
    alone = len(last) == 1
    opened = [open_bag(one) for one in last]
    return {_name(one, alone): one for one in opened}


def _name(bag: Bag, alone: bool) -> str:
    name = stem_of(bag.name)
    return name if alone or bag.study_year is None else f"{bag.study_year}-{bag.study_year + 1}/{name}"


def _both(one: Bag, other: Bag) -> str:
    return one.name if one.name == other.name else f"{one.name} / {other.name}"


def _of_table(
    bag: str, first: Table | None, second: Table | None, known: dict[str, Table], tally: Tally
) -> Iterator[Change]:
    some = first or second
    assert some is not None  # noqa: S101 - the name came from one of them
    order = _order(some, known)
    groups = [_groups(table, order) if table else iter(()) for table in (first, second)]
    for key, all_ours, all_theirs in _merged(*groups):
        ours, theirs = _without_equal(all_ours, all_theirs, tally)
        yield from _changes(bag, some.name, key, ours, theirs, tally)


def _changes(
    bag: str, table: str, key: tuple[Any, ...], ours: list[Record], theirs: list[Record], tally: Tally
) -> Iterator[Change]:
    shown = tuple(None if one is None else str(one) for one in key)
    if len(ours) == len(theirs) == 1:
        tally.changed += 1
        yield Change(bag, table, shown, ours[0], theirs[0])
        return
    tally.only_in_first += len(ours)
    tally.only_in_second += len(theirs)
    yield from (Change(bag, table, shown, one, None) for one in ours)
    yield from (Change(bag, table, shown, None, one) for one in theirs)


def _order(table: Table, known: dict[str, Table]) -> tuple[str, ...]:
    """The columns by which a table is in order: earlier versions are by the record's key and by age."""
    if table.name.startswith(_HISTORY):
        main = known.get(table.name.removeprefix(_HISTORY))
        return (*(main.key if main else ()), "seen_from")
    return table.key


def _groups(table: Table, order: tuple[str, ...]) -> Iterator[tuple[tuple[Any, ...], list[Record]]]:
    positions = [table.columns.index(name) for name in order]
    whole = [table.types[i] == "integer" for i in positions]

    def key(row: tuple[Value, ...]) -> tuple[Any, ...]:
        values = [row[i] for i in positions]
        return tuple(int(v) if is_whole and v else v or "" for v, is_whole in zip(values, whole, strict=True))

    before: tuple[Any, ...] | None = None
    for one, some in groupby(rows(table), key):
        if before is not None and one < before:
            raise BagNotReadable(table.path.name, "order")
        before = one
        yield one, [dict(zip(table.columns, row, strict=True)) for row in some]


def _merged(
    first: Iterator[tuple[Any, list[Record]]], second: Iterator[tuple[Any, list[Record]]]
) -> Iterator[tuple[Any, list[Record], list[Record]]]:
    ours, theirs = next(first, None), next(second, None)
    while ours or theirs:
        if theirs is None or (ours is not None and ours[0] < theirs[0]):
            assert ours is not None  # noqa: S101 - one of them is there
            yield ours[0], ours[1], []
            ours = next(first, None)
        elif ours is None or theirs[0] < ours[0]:
            yield theirs[0], [], theirs[1]
            theirs = next(second, None)
        else:
            yield ours[0], ours[1], theirs[1]
            ours, theirs = next(first, None), next(second, None)


def _without_equal(
    ours: list[Record], theirs: list[Record], tally: Tally
) -> tuple[list[Record], list[Record]]:
    equal = Counter(map(_hashable, ours)) & Counter(map(_hashable, theirs))
    tally.same += equal.total()
    return _beyond(ours, equal.copy()), _beyond(theirs, equal)


def _beyond(records: list[Record], equal: Counter[Any]) -> list[Record]:
    kept = []
    for one in records:
        if equal[_hashable(one)]:
            equal[_hashable(one)] -= 1
        else:
            kept.append(one)
    return kept


def _hashable(record: Record) -> tuple[tuple[str, Value], ...]:
    return tuple(sorted(record.items()))
