"""Retention terms of what is sealed, from the nomenclature."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from archive_store.nomenclature import kinds
from archive_store.nomenclature.kinds import FileKind, Nomenclature


@dataclass(frozen=True, slots=True)
class Term:
    """How long a kind of bags is kept, by which line of the nomenclature, and whether the school said so."""

    years: int
    file: FileKind
    confirmed: bool = False

    def as_json(self) -> dict[str, Any]:
        """What a passport says of it beside the number of years."""
        file = self.file
        return {
            "index": file.index,
            "title": file.title,
            "article": file.article,
            "confirmed": self.confirmed,
        }


@dataclass(frozen=True, slots=True)
class YearTerms:
    """The terms of the bags of a year."""

    journal: Term
    summary: Term


def year_terms(nomenclature: Nomenclature | None = None, *, confirmed: bool = False) -> YearTerms:
    """The terms by a nomenclature; by default those that come with the program, which nobody confirmed."""
    known = nomenclature or kinds.default()
    return YearTerms(_term(known, kinds.JOURNAL, confirmed), _term(known, kinds.SUMMARY, confirmed))


def may_destroy_from(study_year: int, term_years: int) -> str:
    """The first day on which a sealed year may be destroyed.

    Terms run from 1 January after the calendar year in which the academic year ends.
    """
    return f"{study_year + 2 + term_years}-01-01"


def _term(nomenclature: Nomenclature, kind: str, confirmed: bool) -> Term:
    file = nomenclature.of(kind)
    assert file.years is not None  # noqa: S101 - refused where it is read
    return Term(file.years, file, confirmed)
