"""What a plan knows of time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from connector.sync.grid import study_year_of


@dataclass(frozen=True, slots=True)
class Window:
    """The days of a plan, and how often what is read. Days are counted in the school's zone.

    A lesson's records may change for ``days_back`` days; the timetable is read ``days_ahead``; what
    rarely changes is read again after ``reference_days``; the current reporting period after
    ``deep_days``; the rest of the current year within ``full_days``, past years within ``past_days``.
    ``first_year`` is the oldest academic year. ``homework_files`` and ``homework_tasks`` tell whether these
    are read at all.
    """

    today: date
    first_year: int
    days_back: int
    days_ahead: int
    reference_days: int
    deep_days: int = 7
    full_days: int = 28
    past_days: int = 182
    homework_files: bool = True
    homework_tasks: bool = False

    @property
    def year(self) -> int:
        """The current academic year."""
        return study_year_of(self.today)

    @property
    def year_begins(self) -> date:
        """The first day of the current academic year."""
        return date(self.year, 9, 1)
