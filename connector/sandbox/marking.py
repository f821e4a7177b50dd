"""Which mark a pupil gets: tables of values by level, and what a value is on the wire."""

from __future__ import annotations

_TABLE = 64
_MEANS = (2.9, 3.3, 3.7, 4.0, 4.3, 4.6, 4.85)
_SPREAD = 1.5
DIGITS = {f"{digit}{sign}": digit for digit in range(1, 6) for sign in ("-", "", "+")}
PASSED, FAILED = "зач", "незач"
NOT_ASSESSED, RELEASED, PROMISED = "н/а", "ОСВ", "."
_TYPES = {
    PASSED: "Test",
    FAILED: "Test",
    NOT_ASSESSED: "MarkNA",
    RELEASED: "MarkDismiss",
    PROMISED: "NotSet",
}


def _table(mean: float) -> tuple[str, ...]:
    weights = [max(0.0, _SPREAD - abs(value - mean)) ** 2 for value in range(2, 6)]
    total = sum(weights)
    values: list[str] = []
    for value, weight in zip(range(2, 6), weights, strict=True):
        values += [str(value)] * round(weight / total * _TABLE)
    values = (values + ["4"] * _TABLE)[:_TABLE]
    for position in range(7, _TABLE, 16):
        values[position] += "-"
    for position in range(13, _TABLE, 25):
        values[position] += "+"
    return tuple(values)


MARK_TABLES = tuple(_table(mean) for mean in _MEANS)
TABLE_SIZE = _TABLE


def mark_type(value: str) -> str:
    """Return the API's mark type of a value."""
    return _TYPES.get(value, "Mark5")


def mood(value: str) -> str:
    """Return the API's mood of a value."""
    digit = DIGITS.get(value)
    if digit is None:
        return "NotSet"
    return ("Bad", "Bad", "Bad", "Average", "Average", "Good")[digit]


def rounded(total: int, weight: int) -> int:
    """Return the whole mark nearest to total/weight, half upwards."""
    return (2 * total + weight) // (2 * weight)
