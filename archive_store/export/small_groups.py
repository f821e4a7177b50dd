"""No value may stand for so few people that they can be told: such values are hidden."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterable, Mapping, Sequence
from typing import Final, TypeVar

FEWEST: Final = 5
"""What fewer people did would tell of each of them; it is not given (REGULATION §9: n < 5)."""
HIDDEN: Final = "*"

V = TypeVar("V", bound=Hashable)


def hidden(people: Mapping[V, set[int]]) -> set[V]:
    """The values to be hidden, so that each value left, and those hidden taken together, stand for enough.

    One value hidden alone could be told from a total; so the next smallest goes with it.
    """
    ordered = sorted(people, key=lambda value: (len(people[value]), str(value)))
    out = {value for value in ordered if len(people[value]) < FEWEST}
    together = set().union(*(people[value] for value in out))
    for value in ordered:
        if not out or (len(together) >= FEWEST and len(out) > 1):
            break
        if value not in out:
            out.add(value)
            together |= people[value]
    return out


def people_by(rows: Iterable[tuple[V, int]]) -> dict[V, set[int]]:
    """For each value, the people that it stands for."""
    found: dict[V, set[int]] = defaultdict(set)
    for value, person in rows:
        found[value].add(person)
    return found


def hide(rows: Sequence[tuple[int, Hashable, str]]) -> tuple[list[str | None], int]:
    """The value of each row (person, cell, value), HIDDEN where too few share it within the cell.

    None: the cell itself is of too few people, and its row is to be left out. Also how many were hidden.
    """
    cells: dict[Hashable, list[tuple[str, int]]] = defaultdict(list)
    for person, cell, value in rows:
        cells[cell].append((value, person))
    secret: dict[Hashable, set[str] | None] = {}
    for cell, found in cells.items():
        enough = len({person for _value, person in found}) >= FEWEST
        secret[cell] = hidden(people_by(found)) if enough else None
    values: list[str | None] = []
    for _person, cell, value in rows:
        out = secret[cell]
        values.append(None if out is None else HIDDEN if value in out else value)
    return values, sum(value is None or value == HIDDEN for value in values)
