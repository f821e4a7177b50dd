"""Retention terms, as data: defaults that the school's own list of files confirms or changes."""

from __future__ import annotations

from typing import Final

JOURNAL_YEARS: Final = 5
SUMMARY_YEARS: Final = 25


def may_destroy_from(study_year: int, term_years: int) -> str:
    """The first day on which a sealed year may be destroyed.

    Terms run from 1 January after the calendar year in which the academic year ends.
    """
    return f"{study_year + 2 + term_years}-01-01"
