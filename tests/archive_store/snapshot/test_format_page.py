"""docs/FORMAT.md says what is sealed: its list of tables is made from the code, its examples are true."""

from __future__ import annotations

import json
from pathlib import Path

from archive_store.snapshot.passport import FORMAT
from archive_store.snapshot.verifier import FORMATS
from format_tables import PAGE, listed, page_with
from handling import JOURNAL, PASSPORT, SUMMARY


def test_the_list_of_tables_is_that_of_the_code() -> None:
    """After a change: python tests/archive_store/snapshot/format_tables.py"""
    assert PAGE.read_text("utf-8") == page_with(listed())


def test_every_table_of_a_bag_and_every_name_of_a_passport_is_described(sealed: Path) -> None:
    page = PAGE.read_text("utf-8")
    for bag in (JOURNAL, SUMMARY):
        passport = json.loads((sealed / bag / PASSPORT).read_bytes())
        for name in passport["tables"]:
            assert f"### `{name.removeprefix('history_')}`" in page
        for name in passport:
            assert f"`{name}`" in page.partition("## Values")[0].partition("## The passport")[2]


def test_every_name_on_the_label_is_described(sealed: Path) -> None:
    page = PAGE.read_text("utf-8")
    of_rfc_8493 = {"Source-Organization", "External-Identifier", "Bag-Software-Agent", "Bag-Size"}
    for line in (sealed / JOURNAL / "bag-info.txt").read_text("utf-8").splitlines():
        name = line.partition(":")[0]
        assert name in of_rfc_8493 or f"`{name}`" in page


def test_every_format_is_known_to_the_verifier_and_described() -> None:
    page = PAGE.read_text("utf-8").partition("## Versions of the format")[2]
    assert FORMATS[-1] == FORMAT
    for one in FORMATS:
        assert f"**{one.rpartition(' ')[2]}**" in page
