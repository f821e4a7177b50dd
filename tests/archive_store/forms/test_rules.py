"""A school's choices in the formulas."""

from __future__ import annotations

import pytest

from archive_store.forms.rules import COEFFICIENTS, Coefficients, coefficients


def test_a_set_has_a_name_or_five_numbers() -> None:
    assert coefficients("alt") is COEFFICIENTS["alt"]
    own = coefficients("100/70/40/10/0")
    assert own == Coefficients("100/70/40/10/0", 100, 70, 40, 10, 0)


@pytest.mark.parametrize(
    "text", ["", "none", "100/64/36", "100/64/36/16/7/0", "100/64/36/16/-7", "101/1/1/1/1"]
)
def test_anything_else_is_no_set(text: str) -> None:
    with pytest.raises(ValueError, match=r".*"):
        coefficients(text)
