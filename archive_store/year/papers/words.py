"""Words that the papers of a year share."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final

from archive_store.texts import N_, _
from archive_store.year.rules import Severity

_SEVERITIES: Final = {
    Severity.STOP: N_("stops any closing"),
    Severity.STOP_FINAL: N_("stops the final closing"),
    Severity.WARNING: N_("warning"),
}


@dataclass(frozen=True, slots=True)
class SeverityWords:
    """A severity in words, and whether it stops a closing."""

    text: str
    stops: bool


def severity(value: str) -> SeverityWords:
    """The words for a severity as it is kept."""
    known = Severity(value)
    return SeverityWords(_(_SEVERITIES[known]), known is not Severity.WARNING)


def year_name(study_year: int) -> str:
    """An academic year as people write it: 2024/25."""
    return f"{study_year}/{(study_year + 1) % 100:02}"


def day(text: str | None) -> str:
    """A day as people write it: 30.06.2025; what is no day stays as it is."""
    try:
        return f"{date.fromisoformat(text):%d.%m.%Y}" if text else ""
    except ValueError:
        return text or ""
