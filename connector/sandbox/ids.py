"""Ids of the magnitudes the platform uses: unique, stable, computed and never stored."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from enum import IntEnum

_STEP = 22  # even, so that base + serial * _STEP + 1 stays odd: no such id survives a double
_PER_SEED = 10**10
_PER_YEAR = 5 * 10**13
_SEEDS = 1000


class Kind(IntEnum):
    """Kinds of records with ids above 2**53, by their base."""

    TIMETABLE = 2_290_000_000_000_000_000
    PERIOD = 2_300_000_000_000_000_000
    PERIOD_GROUP = 2_310_000_000_000_000_000
    HOLIDAY = 2_320_000_000_000_000_000
    GROUP = 2_400_000_000_000_000_000
    LESSON = 2_410_000_000_000_000_000
    WORK = 2_420_000_000_000_000_000
    MARK = 2_430_000_000_000_000_000
    TASK = 2_440_000_000_000_000_000
    THEMATIC_MARK = 2_450_000_000_000_000_000
    THEMATIC_WORK = 2_460_000_000_000_000_000
    CRITERIA_MARK = 2_470_000_000_000_000_000


@dataclass(frozen=True, slots=True)
class IdSpace:
    """Turns (kind, year, serial) into ids and back; `mix` sets one seed's ids apart from another's."""

    mix: int

    @classmethod
    def of(cls, seed: int) -> IdSpace:
        """Return the id space of a seed."""
        digest = hashlib.sha256(f"ids/{seed}".encode()).digest()
        return cls(int.from_bytes(digest[:4], "big") % _SEEDS)

    def big(self, kind: Kind, year: int, serial: int) -> int:
        """Return the id of the `serial`-th record of a kind in an academic year."""
        return kind + year % 100 * _PER_YEAR + self.mix * _PER_SEED + serial * _STEP + 1

    def split(self, kind: Kind, ident: int) -> tuple[int, int] | None:
        """Return (year, serial) of an id of a kind, None if it is no such id of this school."""
        rest = ident - kind - 1
        if not 0 <= rest < 100 * _PER_YEAR:
            return None
        year, rest = divmod(rest, _PER_YEAR)
        serial, odd = divmod(rest - self.mix * _PER_SEED, _STEP)
        if odd or not 0 <= serial < _PER_SEED // _STEP:
            return None
        return 2000 + year, serial

    def _small(self, base: int, index: int, step: int) -> int:
        return base + self.mix * 10**8 + index * step

    def school(self) -> int:
        """Return the school's id."""
        return self._small(1_000_000_000_901, 0, 1)

    def person(self, index: int) -> int:
        """Return the person id of the `index`-th person."""
        return self._small(1_100_000_000_003, index, 11)

    def person_index(self, ident: int) -> int:
        """Return the index of a person id; -1 if it cannot be one."""
        index, odd = divmod(ident - self.person(0), 11)
        return -1 if odd else index

    def user(self, index: int) -> int:
        """Return the user (account) id of the `index`-th person."""
        return self._small(1_300_000_000_007, index, 13)

    def user_index(self, ident: int) -> int:
        """Return the person index of a user id; -1 if it cannot be one."""
        index, odd = divmod(ident - self.user(0), 13)
        return -1 if odd else index

    def subject(self, index: int) -> int:
        """Return the id of the `index`-th subject."""
        return 630_000_000_000_001 + self.mix * 10**6 + index * 7

    def subject_index(self, ident: int) -> int:
        """Return the index of a subject id; -1 if it cannot be one."""
        index, odd = divmod(ident - self.subject(0), 7)
        return -1 if odd else index

    def work_type(self, index: int) -> int:
        """Return the id of the `index`-th work type."""
        return 1_500_001 + self.mix * 100 + index

    def file(self, year: int, serial: int) -> int:
        """Return the id of the `serial`-th file of a year."""
        return 1_700_000_000 + year % 100 * 1_000_000 + serial

    def file_parts(self, ident: int) -> tuple[int, int]:
        """Return (year, serial) of a file id."""
        year, serial = divmod(ident - 1_700_000_000, 1_000_000)
        return 2000 + year, serial
