"""The platform's texts carry no zone."""

from __future__ import annotations

from zoneinfo import ZoneInfo

import pytest

from connector.sync.moments import MomentReader, day_of, time_of

MOSCOW = ZoneInfo("Europe/Moscow")


@pytest.mark.parametrize(
    ("zone", "text", "moment"),
    [
        (None, "2026-02-10T08:41:12.407", "2026-02-10T08:41:12.407Z"),
        (None, "2026-02-10T08:41:12", "2026-02-10T08:41:12Z"),
        (None, "2019-09-15T16:35:53.853Z", "2019-09-15T16:35:53.853Z"),
        (None, "2026-02-10T08:41:12+05:00", "2026-02-10T03:41:12Z"),
        (MOSCOW, "2026-02-10T08:41:12", "2026-02-10T05:41:12Z"),
        (MOSCOW, "2026-02-10T08:41:12Z", "2026-02-10T08:41:12Z"),
        (None, "2026-02-10T08:41:12-05:00", "2026-02-10T13:41:12Z"),
        (MOSCOW, "no moment", None),
        (MOSCOW, "0001-01-01T00:00:00", None),
        (None, None, None),
        (None, "", None),
    ],
)
def test_a_moment_is_told_in_utc(zone: ZoneInfo | None, text: str | None, moment: str | None) -> None:
    assert MomentReader(zone).utc(text) == moment


def test_days_and_times_of_day() -> None:
    assert day_of("2026-02-10T00:00:00") == "2026-02-10"
    assert time_of("0001-01-01T08:30:00") == "08:30"
    assert time_of(None) is None


@pytest.mark.parametrize("text", ["10.11.2025 0:00:00", "", "2026-02-30T00:00:00"])
def test_what_is_no_day_is_not_taken_for_one(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        day_of(text)
