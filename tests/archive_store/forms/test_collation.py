"""The order of a class list: the Russian alphabet with ё as a letter of its own."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from archive_store.forms.collation import alphabetical
from archive_store.forms.people import in_order
from archive_store.records import Person

ALPHABET = "абвгдеёжзийклмнопрстуфхцчшщъыьэюя"


def _person(number: int, last: str | None, first: str = "", middle: str = "", short: str = "") -> Person:
    return Person(number, None, last, first or None, middle or None, short or None, None, None)


def test_yo_stands_after_every_name_with_ye() -> None:
    names = ["Ёлкин", "Жуков", "Еяшин", "Елкин", "ЕЛЬЦОВ", "Дёмин"]
    assert sorted(names, key=alphabetical) == ["Дёмин", "Елкин", "ЕЛЬЦОВ", "Еяшин", "Ёлкин", "Жуков"]


def test_letters_of_other_peoples_follow_the_one_they_are_made_from() -> None:
    names = ["Яшин", "Һадиев", "Цой", "Хасанов", "Әхмәтов", "Багров", "Аюпов"]
    expected = ["Аюпов", "Әхмәтов", "Багров", "Хасанов", "Һадиев", "Цой", "Яшин"]
    assert sorted(names, key=alphabetical) == expected


def test_a_short_name_stands_among_the_surnames() -> None:
    people = {
        1: _person(1, "Орлов", "Пётр"),
        2: _person(2, None, short="Иван П."),
        3: _person(3, "орлов", "Иван"),
        4: _person(4, "Орлов", "Пётр", "Ильич"),
    }
    assert in_order(people, people) == [2, 3, 1, 4]


def test_somebody_without_any_name_is_not_lost() -> None:
    assert in_order([7, 5], {}) == [5, 7]


@given(st.lists(st.text(ALPHABET + ALPHABET.upper(), min_size=1, max_size=6), max_size=10))
def test_the_order_is_that_of_the_alphabet(names: list[str]) -> None:
    by_place = sorted(names, key=lambda name: [ALPHABET.index(letter) for letter in name.lower()])
    ours = sorted(names, key=alphabetical)
    assert [name.lower() for name in ours] == [name.lower() for name in by_place]


@given(st.text(max_size=8))
def test_case_does_not_matter(text: str) -> None:
    assert alphabetical(text.upper().lower()) == alphabetical(text.lower().upper().lower())
