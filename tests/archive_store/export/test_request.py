"""Number and date of a request, as people write them."""

from __future__ import annotations

from datetime import date

import pytest

from archive_store.export.errors import RequestNotRead
from archive_store.export.request import EXAMPLE, read_request

TODAY = date(2026, 11, 28)


@pytest.mark.parametrize(
    "text",
    [
        EXAMPLE,
        "07-15/123 от 03.11.2026",
        "№07-15/123  от  3.11.2026 г.",
        "N 07-15/123 от 3 ноября 2026 года",
        "№ 07-15/123 от 2026-11-03",
    ],
)
def test_a_request_is_read_as_people_write_it(text: str) -> None:
    read = read_request(text, TODAY)
    assert (read.number, read.day) == ("07-15/123", date(2026, 11, 3))
    assert str(read) == EXAMPLE


def test_a_number_may_hold_spaces_and_the_word_before_the_date() -> None:
    assert read_request("№ 12 от отдела 4 от 01.11.2026", TODAY).number == "12 от отдела 4"


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", "form"),
        ("№ 12", "form"),
        ("от 03.11.2026", "form"),
        ("№ 12 от вчера", "day"),
        ("№ 12 от 31.02.2026", "day"),
        ("№ 12 от 03.13.2026", "day"),
        ("№ 12 от 3 вересня 2026", "day"),
        ("№ 12 от 29.11.2026", "future"),
        (f"№ {'1' * 61} от 03.11.2026", "long"),
    ],
)
def test_what_is_no_request_is_told_by_its_part(text: str, problem: str) -> None:
    with pytest.raises(RequestNotRead) as raised:
        read_request(text, TODAY)
    assert raised.value.problem == problem
