"""What differs between two sealed records is said record by record, field by field, in the school's words."""

from __future__ import annotations

import gzip
import re
from pathlib import Path
from typing import Any

import pytest

from archive_store import texts
from archive_store.restore.difference import Change, Comparison, compare
from archive_store.restore.errors import BagNotReadable
from archive_store.restore.wording import change_text, names_of, reason_text
from handling import JOURNAL, OTHER_JOURNAL, copied


def edited(bag: Path, table: str, change: Any) -> Path:
    path = bag / "data" / "tables" / f"{table}.csv.gz"
    lines = change(gzip.decompress(path.read_bytes()).decode())
    path.write_bytes(gzip.compress(lines.encode(), mtime=0))
    return bag


def compared(first: Path, second: Path) -> tuple[list[Change], Comparison]:
    comparison = compare(first, second)
    assert comparison is not None
    return list(comparison.changes()), comparison


def test_a_record_does_not_differ_from_itself(sealed: Path) -> None:
    changes, comparison = compared(sealed, sealed)
    assert changes == []
    assert sum(tally.same for tally in comparison.tallies) > 90
    assert len(comparison.pairs) == 3


def test_changed_removed_and_added_records_are_named_in_words(sealed: Path, tmp_path: Path) -> None:
    def change(text: str) -> str:
        head, first, _second, *rest = text.splitlines(keepends=True)
        added = rest[-1].replace("2440000000000000004", "2440000000000000009", 1)
        return "".join([head, first.replace(",5,5,", ",4,4,"), *rest, added])

    other = edited(copied(sealed / JOURNAL, tmp_path), "mark", change)
    changes, comparison = compared(sealed / JOURNAL, other)
    assert [one.kind for one in changes] == ["changed", "only in A", "only in B"]
    assert changes[0].fields == {"value": ("5", "4"), "text_value": ("5", "4")}
    names = names_of(comparison)
    assert change_text(changes[0], names) == (
        "changed: 9А, Алгебра, Фамилия1 Имя, 09.09.2024: "
        "Mark as the platform stores it: «5» → «4»; Mark as the diary shows it: «5» → «4»"
    )
    assert change_text(changes[1], names).startswith("only in the first: 9А англ, Английский язык, Фамилия1")
    (tally,) = [one for one in comparison.tallies if one.differs]
    assert (tally.table, tally.changed, tally.only_in_first, tally.only_in_second) == ("mark", 1, 1, 1)


@pytest.mark.parametrize(
    "reason", ["line 7", "link", "order", "JSON", "BadGzipFile", "KeyError: 'school'", "UnicodeDecodeError"]
)
def test_why_a_bag_cannot_be_read_is_said_without_names_of_the_language(reason: str) -> None:
    texts.activate("ru")
    try:
        said = reason_text(reason)
    finally:
        texts.activate("en")
    assert not re.search("[A-Za-z]", said)
    assert ("7" in said) == (reason == "line 7")


def test_earlier_versions_are_compared_too(sealed: Path, tmp_path: Path) -> None:
    other = edited(
        copied(sealed / JOURNAL, tmp_path), "history_mark", lambda text: text.replace("T20:00", "T21:00", 1)
    )
    changes, _comparison = compared(sealed / JOURNAL, other)
    assert {one.table for one in changes} == {"history_mark"}


def test_nothing_is_not_the_empty_text(sealed: Path, tmp_path: Path) -> None:
    other = edited(copied(sealed / JOURNAL, tmp_path), "lesson", lambda text: text.replace(',"",', ",,", 1))
    (change,) = compared(sealed / JOURNAL, other)[0]
    assert change.fields == {"topic": ("", None)}


def test_editions_and_years_are_matched_by_name_and_a_bag_of_one_side_is_all_new(
    sealed: Path, tmp_path: Path
) -> None:
    year = copied(sealed, tmp_path)
    (year / JOURNAL).rename(year / "journal-9A-ed02")
    assert compared(sealed, year)[0] == []
    for path in sorted((year / OTHER_JOURNAL).rglob("*"), reverse=True):
        path.rmdir() if path.is_dir() else path.unlink()
    (year / OTHER_JOURNAL).rmdir()
    changes, _comparison = compared(sealed, year)
    assert {one.kind for one in changes} == {"only in A"}
    assert {one.bag for one in changes} == {"2024-2025/journal-9B"}


def test_a_table_out_of_order_is_none_of_ours(sealed: Path, tmp_path: Path) -> None:
    def swapped(text: str) -> str:
        head, first, second, *rest = text.splitlines(keepends=True)
        return "".join([head, second, first, *rest])

    other = edited(copied(sealed / JOURNAL, tmp_path), "mark", swapped)
    with pytest.raises(BagNotReadable):
        compared(sealed / JOURNAL, other)


def test_a_folder_without_a_bag_is_told(sealed: Path, tmp_path: Path) -> None:
    assert compare(sealed, tmp_path) is None
