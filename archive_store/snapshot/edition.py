"""Editions: a sealed year is never changed; what was corrected since is sealed beside it as a new edition."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any


class Stage(StrEnum):
    """What an edition is: a closing in June, the closing for good, or a correction afterwards."""

    PRELIMINARY = "preliminary"
    FINAL = "final"
    AMENDMENT = "amendment"


@dataclass(frozen=True, slots=True)
class Before:
    """A bag of the edition before: its name and its root in hexadecimal digits."""

    bag: str
    root: str


Changes = Callable[[int | None], Iterable[tuple[Any, ...]]]
"""Rows of CHANGE_COLUMNS for a class, or for the whole year (None)."""

CHANGE_COLUMNS = (
    "table", "id", "class_id", "day", "person_id", "subject_id", "field", "before", "after", "since",
)  # fmt: skip


def _no_changes(_group_id: int | None) -> Iterable[tuple[Any, ...]]:
    return ()


@dataclass(frozen=True, slots=True)
class Edition:
    """Which edition is sealed, why, and what it follows.

    ``before`` holds the newest bag of each class by its id (None: the summary sheets); ``changed`` are the
    classes that get a new bag (None: all). ``accepted`` are the stops that were passed over for ``reason``.
    """

    number: int = 1
    stage: Stage = Stage.PRELIMINARY
    reason: str = ""
    order_number: str = ""
    accepted: Mapping[str, int] = field(default_factory=dict)
    before: Mapping[int | None, Before] = field(default_factory=dict)
    changed: frozenset[int] | None = None
    changes: Changes = _no_changes

    def concerns(self, group_id: int) -> bool:
        """Whether the class gets a bag in this edition."""
        return self.changed is None or group_id in self.changed or group_id not in self.before

    def previous(self, group_id: int | None) -> dict[str, str]:
        """The bag that a class's bag follows, with its root; for the summary, all that are superseded."""
        if group_id is not None:
            followed = [self.before[group_id]] if group_id in self.before else []
        else:
            followed = [one for key, one in self.before.items() if key is None or self.concerns(key)]
        return {one.bag: one.root for one in sorted(followed, key=lambda one: one.bag)}

    def note(self) -> dict[str, Any]:
        """What the passport says of it."""
        return {
            "number": self.number,
            "stage": self.stage.value,
            "reason": self.reason,
            "order": self.order_number,
            "accepted": dict(self.accepted),
        }


FIRST = Edition()
