"""When and by which rules an academic year is closed."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Final

from pydantic import BaseModel, Field, field_validator

from config import wishes

_FIRST_MONTH_OF_CLOSING: Final = 6


class ClosingSettings(BaseModel):
    """The list of files, acts, and what stops a closing."""

    nomenclature_file: Path = Path("nomenclature.toml")
    acts_dir: Path = Path("acts")
    final_closing_from: str = "08-31"
    checks_stop: list[str] = [
        "year-not-ended", "not-read-in-full", "withdrawals-waiting",
        "last-sync-old", "ledger-not-verified",
    ]  # fmt: skip
    checks_stop_final: list[str] = [
        "reading-failed", "differences", "section-empty",
        "year-mark-missing", "final-mark-missing",
    ]  # fmt: skip
    checks_accept: list[str] = [
        "not-read-in-full", "last-sync-old", "reading-failed",
        "differences", "section-empty", "year-mark-missing",
        "final-mark-missing",
    ]  # fmt: skip
    last_sync_days: int = Field(default=3, ge=0, le=365)
    longest_unread_days: int = Field(default=200, ge=1, le=1000)
    average_tolerance: float = Field(default=1.0, ge=0.01, le=100)
    fewest_marks: int = Field(default=1, ge=0, le=100)
    share_of_class: int = Field(default=60, ge=1, le=100)

    @field_validator("final_closing_from")
    @classmethod
    def _month_and_day(cls, value: str) -> str:
        try:
            day = date.fromisoformat(f"2001-{value}")
        except ValueError:
            raise ValueError(wishes.MONTH_AND_DAY) from None
        if day.month < _FIRST_MONTH_OF_CLOSING:
            raise ValueError(wishes.MONTH_AND_DAY)
        return value
