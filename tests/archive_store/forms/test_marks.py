"""What a mark means, whatever keyboard it was typed on."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive_store.forms.marks import read_mark, split
from archive_store.forms.signs import Meaning

WORDS = {
    Meaning.NOT_ASSESSED: ["н/а", "Н/А", "н\\а", "на", "0", "H/A", "Н/a"],
    Meaning.RELEASED: ["осв", "ОСВ", "Осв.", "OCB"],
    Meaning.PASS: ["зач", "ЗЧ", "зачёт", "зачет", "ЗАЧЁТ", "зaч"],
    Meaning.FAIL: ["незач", "нз", "НЗ", "незачёт", "HЗ"],
    Meaning.ABSENCE: ["н", "Н", "H"],
    Meaning.PROMISE: ["."],
    Meaning.EMPTY: ["", "  "],
    Meaning.UNKNOWN: ["6", "55", "усвоил", "5++", "A", "²", "٣", "-"],
}


@pytest.mark.parametrize(("meaning", "raw"), [(meaning, raw) for meaning in WORDS for raw in WORDS[meaning]])
def test_words_mean_what_teachers_mean(meaning: Meaning, raw: str) -> None:
    assert read_mark(raw).meaning is meaning
    assert read_mark(raw).raw == raw


@pytest.mark.parametrize(
    ("raw", "number"), [("5", 5), ("4-", 4), ("3+", 3), (" 2 ", 2), ("4−", 4), ("4–", 4), ("1", 1)]
)
def test_a_sign_is_kept_in_the_text_and_does_not_count(raw: str, number: int) -> None:
    assert read_mark(raw) == read_mark(raw)
    assert (read_mark(raw).meaning, read_mark(raw).number) == (Meaning.MARK, number)


@pytest.mark.parametrize(
    ("scale", "raw", "number"),
    [("Mark10", "10", 10), ("mark12", "12", 12), ("Mark100", "0", 0), ("Mark100", "87", 87)],
)
def test_a_scale_has_its_own_highest_mark(scale: str, raw: str, number: int) -> None:
    assert read_mark(raw, scale).number == number


def test_letters_are_marks_on_their_own_scale_only() -> None:
    assert read_mark("B", "MarkAbcdf").meaning is Meaning.MARK
    assert read_mark("B").meaning is Meaning.UNKNOWN


@pytest.mark.parametrize(
    ("cell", "marks"),
    [
        ("4/5", ("4", "5")),
        ("4 5", ("4", "5")),
        ("3 4н", ("3", "4", "н")),
        ("нн5", ("н", "н", "5")),
        ("н/а", ("н/а",)),
        ("н/а 5", ("н/а", "5")),
        ("незач", ("незач",)),
        ("отлично", ("отлично",)),
        ("5-/4+", ("5-", "4+")),
        ("", ()),
    ],
)
def test_a_cell_of_several_marks_is_split(cell: str, marks: tuple[str, ...]) -> None:
    assert split(cell) == marks


@given(st.lists(st.sampled_from(["5", "4-", "3+", "2", "н/а", "осв", "зач"]), max_size=8))
def test_joined_marks_are_split_as_they_were(marks: list[str]) -> None:
    assert split(" ".join(marks)) == tuple(marks)


@given(st.text(max_size=12))
def test_nothing_of_a_cell_is_dropped_but_strokes_and_spaces(cell: str) -> None:
    def plain(text: str) -> str:
        return "".join(text.split()).replace("/", "")

    assert plain("".join(split(cell))) == plain(cell)


@given(st.text(max_size=8), st.sampled_from([None, "Mark5", "mark100", "Test", "?"]))
def test_any_text_is_read(raw: str, scale: str | None) -> None:
    reading = read_mark(raw, scale)
    assert reading.raw == raw
    assert (reading.number is None) or reading.meaning is Meaning.MARK
