"""The request that an export answers: «№ 07-15/123 от 03.11.2026», as people write it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import Final

from archive_store.export.errors import RequestNotRead

_MONTHS: Final = {
    name: number
    for number, name in enumerate(
        ("января", "февраля", "марта", "апреля", "мая", "июня",
         "июля", "августа", "сентября", "октября", "ноября", "декабря"),
        start=1,
    )
}  # fmt: skip
_REQUEST: Final = re.compile(
    r"\s*(?:№|N[oº°]?\.?)?\s*(?P<number>\S(?:.*\S)?)\s+от\s+(?P<day>.+?)\s*(?:г\.?|года)?\s*", re.IGNORECASE
)
_DAY_MONTH_YEAR: Final = re.compile(r"(\d{1,2})[.\s]+(\d{1,2}|[а-я]+)[.\s]+(\d{4})")
_LONGEST_NUMBER: Final = 60
EXAMPLE: Final = "№ 07-15/123 от 03.11.2026"


@dataclass(frozen=True, slots=True)
class Request:
    """Number and date of a request, as they stand on it."""

    number: str
    day: date

    def __str__(self) -> str:
        return f"№ {self.number} от {self.day:%d.%m.%Y}"


def read_request(text: str, today: date) -> Request:
    """Read «№ 07-15/123 от 03.11.2026»; the date may be 3 ноября 2026 г. or 2026-11-03 too.

    Raises RequestNotRead, also for a request that comes from after ``today``.
    """
    match = _REQUEST.fullmatch(text)
    if match is None:
        raise RequestNotRead(text, "form")
    if len(match["number"]) > _LONGEST_NUMBER:
        raise RequestNotRead(text, "long")
    day = _day(match["day"])
    if day is None:
        raise RequestNotRead(text, "day")
    if day > today:
        raise RequestNotRead(text, "future")
    return Request(match["number"], day)


def _day(text: str) -> date | None:
    match = _DAY_MONTH_YEAR.fullmatch(text.lower())
    try:
        if match is None:
            return date.fromisoformat(text)
        month = int(match[2]) if match[2].isdigit() else _MONTHS[match[2]]
        return date(int(match[3]), month, int(match[1]))
    except (KeyError, ValueError):
        return None
