"""Texts are made to fit without losing a character."""

from __future__ import annotations

import re
import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from archive_store.forms.spread import Cell
from archive_store.render.fitting import breakable, cell
from archive_store.render.glyphs import showable

MARKS = st.lists(st.sampled_from(["5", "4-", "3+", "н/а", "осв", "незачёт", "превосходно!"]), max_size=9)


def _joined(fitted: object) -> str:
    text = fitted if isinstance(fitted, str) else fitted[0]  # type: ignore[index]
    return "".join(str(text).split())


@given(MARKS, st.lists(st.sampled_from("НБПО"), max_size=2))
def test_a_cell_keeps_all_its_marks_and_letters(marks: list[str], letters: list[str]) -> None:
    one = Cell(tuple(letters), tuple(marks))
    assert _joined(cell(one)) == "".join(one.text.split())


@given(MARKS)
def test_no_line_of_a_cell_is_wider_than_its_column(marks: list[str]) -> None:
    fitted = cell(Cell((), tuple(marks)))
    lines, width = (fitted.split("\n"), 4) if isinstance(fitted, str) else (str(fitted[0]).split("\n"), 7)
    assert all(len(line) <= width for line in lines)


@given(st.text("абв /-", max_size=80))
def test_long_words_come_in_pieces_that_make_the_text(text: str) -> None:
    parts = breakable(text)
    whole = (
        parts
        if isinstance(parts, str)
        else "".join(one if isinstance(one, str) else "".join(one) for one in parts)
    )
    assert whole == text.strip()


def test_only_long_words_are_broken() -> None:
    assert breakable("§ 12, № 345–350; повторить") == "§ 12, № 345–350; повторить"
    assert breakable("см. " + "a" * 20) == ["см. ", ["aaaaaa", "aaaaaa", "aaaaaa", "aa"], ""]


def test_letters_of_the_peoples_of_russia_and_signs_of_lessons_have_glyphs() -> None:
    for text in ("Әәғҗҙқҡңөҫүһі ӑӗҫӳ", "x² − √y ≤ π → ∞ ≠ ½ α β", "«ёлочки» „лапки“ — … № §", "é"):
        assert showable(text) == text


def test_signs_without_glyphs_are_spelled_out() -> None:
    assert showable("\U0001f9ff \uf0b7 \x07 漢") == "[U+1F9FF] [U+F0B7] [U+0007] [U+6F22]"


def test_signs_that_show_nothing_are_left_out_and_line_ends_are_one() -> None:
    assert showable("а\u200bб\u00adв\ufeff\r\nг\u2028д\tе") == "абв\nг\nд е"


@given(st.text(max_size=20))
def test_whatever_is_shown_can_be_shown(text: str) -> None:
    shown = showable(text)
    assert showable(shown) == shown
    assert not re.search("[\ue000-\uf8ff]", shown)
    assert unicodedata.normalize("NFC", shown) == shown
