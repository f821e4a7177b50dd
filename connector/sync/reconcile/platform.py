"""The averages that the platform computes itself."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from archive_store.forms.averages import Key
from archive_store.records import ReportingPeriod
from connector.api import calls
from connector.api import models as wire
from connector.api.client import Client
from connector.api.errors import REFUSALS
from connector.api.parsing import parse

_DECIMAL: Final = re.compile(r"\d{1,4}(?:[.,](\d+))?")
# A JSON number has passed through a double: more places than these say nothing.
_MOST_DECIMALS: Final = 6


@dataclass(frozen=True, slots=True)
class Shown:
    """What the platform shows: a value per pupil and subject, and to how many places it shows them."""

    values: dict[Key, Fraction]
    decimals: int


def simple_averages(client: Client, group_id: int, period: ReportingPeriod, last_day: str) -> Shown:
    """The simple averages of a class from the period's beginning to ``last_day``.

    Where the call by days is refused, that by period is asked. Raises ApiError, one of REFUSALS among them.
    """
    try:
        call = calls.averages(group_id, period.starts, last_day)
        body = client.fetch(call)
    except REFUSALS:
        call = calls.period_averages(group_id, period.period_id, last_day)
        body = client.fetch(call)
    rows = parse(list[wire.PersonAverages] | None, body, call.label) or []  # type: ignore[arg-type]
    return read_shown(((row.person, one.subject), one.value) for row in rows for one in row.averages or ())


def weighted_averages(client: Client, group_id: int, period: ReportingPeriod, last_day: str) -> Shown:
    """The weighted averages of a class from the period's beginning to ``last_day``. Raises ApiError."""
    call = calls.weighted_averages(group_id, period.starts, last_day)
    body = client.fetch(call)
    answer: wire.WeightedAverages | None = parse(wire.WeightedAverages | None, body, call.label)  # type: ignore[arg-type]
    subjects = (answer.subject_marks or []) if answer else []
    return read_shown(
        ((mark.person, one.subject), mark.value) for one in subjects for mark in one.marks or ()
    )


def read_shown(values: Iterable[tuple[Key, str | int | float | None]]) -> Shown:
    """Read the values of an answer: texts with a decimal comma, or numbers. What is no number is left out.

    The answer is taken to be shown to as many places as its longest value: 4,5 beside 4,33 means 4,50.
    """
    found: dict[Key, Fraction] = {}
    decimals = 0
    for key, value in values:
        text = str(value).strip()
        match = _DECIMAL.fullmatch(text)
        if match:
            found[key] = Fraction(text.replace(",", "."))
            decimals = max(decimals, min(len(match[1] or ""), _MOST_DECIMALS))
    return Shown(found, decimals)
