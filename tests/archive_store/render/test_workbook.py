"""What a workbook does with texts that are too much for a cell or a row."""

from __future__ import annotations

import textwrap

from hypothesis import given
from hypothesis import strategies as st

from archive_store.render.workbook import cell_parts

MOST_LINES = 30  # 405 of the 409 points that a row of Excel can have


@given(st.text("а \nб", max_size=4000), st.sampled_from([5.0, 26.0, 60.0]))
def test_a_long_text_is_parted_into_rows_that_can_be_seen_whole(text: str, width: float) -> None:
    parts = cell_parts(text, width)
    assert "".join(parts) == text
    assert all(parts)
    for part in parts:
        lines = [line for one in part.splitlines() for line in textwrap.wrap(one, int(width)) or [""]]
        assert len(lines) <= MOST_LINES


def test_a_text_is_parted_between_words() -> None:
    text = " ".join(f"слово{number:04}" for number in range(500))
    first, *others = cell_parts(text, 60)
    assert len(first) > 1000
    assert [word for part in (first, *others) for word in part.split()] == text.split()


def test_what_fits_stays_whole() -> None:
    assert cell_parts("Дроби", 5) == ["Дроби"]
    assert cell_parts("", 60) == []
