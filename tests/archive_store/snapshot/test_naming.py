"""Names of bags: ASCII, readable, and no two alike on any file system."""

from __future__ import annotations

import pytest

from archive_store.records import EduGroup
from archive_store.snapshot import terms
from archive_store.snapshot.naming import journal_bags, transliterated, year_folder


def _class(group_id: int, name: str) -> EduGroup:
    return EduGroup(group_id, name, None, "Group", 9, 2024, None, None, None, None, None, None)


@pytest.mark.parametrize(
    ("name", "latin"),
    [
        ("9А", "9A"),
        ("10 «Б»", "10-B"),
        ("11-Щ", "11-Shch"),
        ("5 ё", "5-yo"),
        ("Подъезд", "Podezd"),
        ("1Х/2", "1Kh-2"),
        ("7Ж жаворонки", "7Zh-zhavoronki"),
        ("ЮЯЭЫЬ", "YuYaEY"),
        ("9A", "9A"),
        ("../../etc", "etc"),
        ("a\nb", "a-b"),
        ("Ґ", ""),
        ("—", ""),
        ("", ""),
    ],
)
def test_a_name_in_ascii(name: str, latin: str) -> None:
    assert transliterated(name) == latin


@pytest.mark.parametrize(
    ("names", "bags"),
    [
        (["9А", "9Б"], ["journal-9A-ed01", "journal-9B-ed01"]),
        (["9А", "9A"], ["journal-9A-1-ed01", "journal-9A-2-ed01"]),  # Cyrillic and Latin
        (["9А", "9а", "9Б"], ["journal-9A-1-ed01", "journal-9a-2-ed01", "journal-9B-ed01"]),
        (["9-А", "9 А"], ["journal-9-A-1-ed01", "journal-9-A-2-ed01"]),
        (["—", "…"], ["journal-class-1-ed01", "journal-class-2-ed01"]),
    ],
)
def test_names_that_fall_together_get_the_id(names: list[str], bags: list[str]) -> None:
    made = journal_bags([_class(n, name) for n, name in enumerate(names, start=1)])
    assert list(made.values()) == bags


def test_terms_run_from_the_year_after_the_one_in_which_the_academic_year_ends() -> None:
    assert year_folder(2024) == "2024-2025"
    assert terms.may_destroy_from(2024, terms.year_terms().journal.years) == "2031-01-01"
    assert terms.may_destroy_from(2024, terms.year_terms().summary.years) == "2051-01-01"


def test_a_name_of_any_length_fits_into_a_file_system() -> None:
    names = [f"9А {'щ' * 80} {n}" for n in range(2)]
    bags = journal_bags([_class(n, name) for n, name in enumerate(names, start=1)])
    assert all(len(bag) < 120 for bag in bags.values())
    assert len(set(bags.values())) == 2
