"""A table's canonical CSV: one form for each content, and any CSV reader gets the content back."""

from __future__ import annotations

import csv
import gzip
import io
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive_store.snapshot import canonical_csv

_TEXTS = st.text(st.one_of(st.sampled_from(",\"\r\n= \t;\\'а"), st.characters(exclude_categories=["Cs"])))
_VALUES = st.one_of(st.none(), st.booleans(), st.integers(-(2**63), 2**63 - 1), _TEXTS)


def _as_read(value: Any) -> str:
    if value is None:
        return ""
    return str(value).lower() if isinstance(value, bool) else str(value)


@given(st.lists(st.tuples(_VALUES, _VALUES, _VALUES), max_size=5))
def test_pythons_reader_gives_back_what_was_written(rows: list[tuple[Any, ...]]) -> None:
    text = "".join(map(canonical_csv.line, rows))
    read = csv.reader(io.StringIO(text, newline=""), strict=True)
    assert list(read) == [[_as_read(value) for value in row] for row in rows]


@given(st.lists(st.tuples(_VALUES, _VALUES), max_size=5), st.sampled_from([int, str, object]))
def test_many_records_are_written_as_each_alone(rows: list[tuple[Any, ...]], kind: type) -> None:
    """Columns of one type are written in another way, which must come to the same."""
    some = [row for row in rows if all(value is None or isinstance(value, kind) for value in row)]
    assert canonical_csv.lines(some) == "".join(map(canonical_csv.line, some))


@given(_VALUES, _VALUES)
def test_two_contents_never_look_alike(one: Any, other: Any) -> None:
    # A text "1" or "true" looks like the number or the truth value: the schema tells the types apart.
    same = _as_read(one) == _as_read(other) and (one is None) == (other is None)
    assert (canonical_csv.line([one]) == canonical_csv.line([other])) == same


@pytest.mark.parametrize(
    ("values", "written"),
    [
        ((None, ""), ',""\n'),
        (("", None), '"",\n'),
        ((None,), "\n"),
        ((True, False, 1, 0), "true,false,1,0\n"),
        ((2**53 + 1, -1), "9007199254740993,-1\n"),
        (("а", "=1+1", " b "), "а,=1+1, b \n"),
        (('"', "a,b", "a\nb", "a\rb"), '"""","a,b","a\nb","a\rb"\n'),
    ],
)
def test_the_form_to_the_byte(values: tuple[Any, ...], written: str) -> None:
    assert canonical_csv.line(values) == written


def test_the_digest_is_that_of_the_unpacked_table_and_no_clock_goes_in(tmp_path: Path) -> None:
    rows = [(1, "Ё" * 100_000), (2, None)]
    one, other = tmp_path / "one.csv.gz", tmp_path / "other.csv.gz"
    written = canonical_csv.write(one, ("id", "text"), [rows])
    assert written == canonical_csv.write(other, ("id", "text"), ([row] for row in rows))
    assert one.read_bytes() == other.read_bytes()
    content = gzip.decompress(one.read_bytes())
    assert written == canonical_csv.Written(2, sha256(content).hexdigest(), len(content))
    assert content.startswith("id,text\n1,Ё".encode())


def test_nothing_is_written_over(tmp_path: Path) -> None:
    (tmp_path / "there.csv.gz").touch()
    with pytest.raises(FileExistsError):
        canonical_csv.write(tmp_path / "there.csv.gz", ("id",), [])
