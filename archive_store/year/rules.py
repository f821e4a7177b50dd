"""Which findings stop a closing, and from when on a finding is one: the school's decision, as data."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from archive_store.snapshot.edition import Stage


class Severity(StrEnum):
    """What findings of a check mean for a closing."""

    STOP = "stop"  # of any closing
    STOP_FINAL = "stop at the final closing"
    WARNING = "warning"

    def stops(self, stage: Stage) -> bool:
        """Whether a closing of this stage must not go on."""
        return self is Severity.STOP or (self is Severity.STOP_FINAL and stage is not Stage.PRELIMINARY)


@dataclass(frozen=True, slots=True)
class Thresholds:
    """From when on a finding is one.

    ``average_tolerance`` is in points of a mark; ``share_of_class`` in per cent of its pupils; the others
    are days, or numbers of marks.
    """

    last_sync_days: int = 3
    longest_unread_days: int = 200
    average_tolerance: float = 1.0
    fewest_marks: int = 1
    share_of_class: int = 60


@dataclass(frozen=True, slots=True)
class Rules:
    """Codes of the checks that stop a closing, the final one alone, and that may be passed over."""

    stop: frozenset[str] = frozenset(
        {"year-not-ended", "withdrawals-waiting", "ledger-not-verified", "last-sync-old", "not-read-in-full"}
    )
    stop_final: frozenset[str] = frozenset(
        {"reading-failed", "section-empty", "year-mark-missing", "final-mark-missing", "differences"}
    )
    acceptable: frozenset[str] = frozenset(
        {
            "last-sync-old", "not-read-in-full", "reading-failed", "section-empty", "year-mark-missing",
            "final-mark-missing", "differences",
        }
    )  # fmt: skip
    thresholds: Thresholds = Thresholds()

    def severity(self, code: str) -> Severity:
        """What findings of this check mean."""
        if code in self.stop:
            return Severity.STOP
        return Severity.STOP_FINAL if code in self.stop_final else Severity.WARNING


@dataclass(frozen=True, slots=True)
class Facts:
    """What a year's record does not tell by itself.

    ``today`` is the day in the school's zone, ``now`` the moment (UTC). ``ledger`` recomputes the ledger and
    gives the places where it does not agree; ``copies`` tells how many verified copies in different rooms a
    sealed bag has. None of both: nobody has looked, and the check says so.
    """

    today: str
    now: str
    ledger: Callable[[], Iterable[str]] | None = None
    copies: Mapping[str, int] | None = None
    terms_confirmed: bool = False


NOTHING_BESIDE: Final = Facts("9999-12-31", "9999-12-31T00:00:00Z")
"""Of a year that is read from its record alone: all of its days are over."""
