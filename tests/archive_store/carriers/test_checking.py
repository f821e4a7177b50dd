"""Every copy is counted and judged at each level; what is lost is named, with the command that mends it."""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from archive_store import ledger
from archive_store.carriers.checking import Counts, Verdict
from archive_store.carriers.copies import Level, own_place
from archive_store.carriers.protocol import protocol
from archive_store.carriers.rounds import Round, mending
from handling import (
    DATABASE,
    JOURNAL,
    MARKS,
    OTHER_JOURNAL,
    PASSPORT,
    SUMMARY,
    altered,
    copied,
    flipped,
    rehashed,
    repacked,
)
from small_year import SCHOOL

YEAR = "2024-2025"


def opened(bag: Path) -> Path:
    """A bag that can be damaged."""
    for path in (bag.parent, bag, *bag.rglob("*")):
        path.chmod(0o700 if path.is_dir() else 0o600)
    return bag


def bag_on(school: Any, disk: str, bag: str = JOURNAL) -> Path:
    return opened(school.disk(disk) / YEAR / bag)


def test_sound_copies_are_sound_at_every_level_and_deeper_ones_check_more(copied_twice: Any) -> None:
    files = sum(1 for path in (copied_twice.own.root).rglob("*") if path.is_file())
    counts: dict[Level, int] = {}
    for level in Level:
        found = copied_twice.check(level)
        assert found.is_sound
        assert len(found.verdicts) == 9
        total = sum((one.counts for one in found.verdicts), Counts())
        assert total.expected == total.checked + total.unread
        assert (total.ok, total.bad, total.missing, total.extra) == (total.checked, 0, 0, 0)
        assert bool(total.unread) == (level is Level.QUICK)
        assert total.files == 3 * files
        counts[level] = total.checked
    assert counts[Level.QUICK] < counts[Level.FULL] == counts[Level.CROSS]
    assert counts[Level.FULL] < counts[Level.DEEP] < counts[Level.DRILL]


def test_a_changed_byte_is_found_where_it_lies_and_by_quick_it_is_not(copied_twice: Any) -> None:
    altered(bag_on(copied_twice, "b") / MARKS, flipped)
    assert copied_twice.unsound(Level.QUICK) == []
    for level in (Level.FULL, Level.DEEP, Level.CROSS):
        assert copied_twice.unsound(level) == [("b", JOURNAL, "damaged")]


@pytest.mark.parametrize(
    "damage", ["truncated", "removed", "added", "bag removed", "manifest removed", "fetch", "encoding"]
)
def test_what_changes_names_or_sizes_is_found_at_every_level(copied_twice: Any, damage: str) -> None:
    bag = bag_on(copied_twice, "a")
    if damage == "truncated":
        altered(bag / MARKS, lambda content: content[:-1])
    elif damage == "removed":
        (bag / MARKS).unlink()
    elif damage == "added":
        (bag / "data" / "added.txt").write_text("added")
    elif damage == "fetch":
        (bag / "fetch.txt").write_text("http://localhost/x - data/x\n")
        rehashed(bag)
    elif damage == "encoding":
        altered(bag / "bag-info.txt", lambda content: content + b"\xff")
        rehashed(bag)
    elif damage == "manifest removed":
        (bag / "manifest-sha256.txt").unlink()
    else:
        shutil.rmtree(bag)
    state = "missing" if damage == "bag removed" else "damaged"
    for level in (Level.QUICK, Level.DEEP):
        assert copied_twice.unsound(level) == [("a", JOURNAL, state)]
    if damage in ("fetch", "encoding"):
        for level in (Level.QUICK, Level.DEEP):
            (found,) = [one for one in copied_twice.check(level).verdicts if not one.is_sound]
            assert damage in [one.code for one in found.findings]


def test_manifests_edited_to_match_do_not_deceive_the_register(copied_twice: Any) -> None:
    bag = bag_on(copied_twice, "a")
    repacked(bag / MARKS, lambda content: content.replace(b",5,5,", b",4,4,"))
    rehashed(bag)
    for level in (Level.QUICK, Level.FULL, Level.DEEP):
        (found,) = [one for one in copied_twice.check(level).verdicts if not one.is_sound]
        assert (found.place, found.bag) == ("a", JOURNAL)
        assert "bag-other" in [finding.code for finding in found.findings]


def test_a_bag_of_the_same_name_from_another_record_is_another_bag(copied_twice: Any) -> None:
    there = bag_on(copied_twice, "a")
    shutil.rmtree(there)
    copied(copied_twice.own.root / YEAR / OTHER_JOURNAL, copied_twice.disk("a")).rename(there)
    assert copied_twice.unsound(Level.FULL) == [("a", JOURNAL, "other")]


def test_what_the_book_does_not_know_is_extra_and_not_taken_for_a_copy(copied_twice: Any) -> None:
    stranger = copied(copied_twice.own.root / YEAR / JOURNAL, copied_twice.disk("a") / "x")
    opened(copied_twice.disk("a") / YEAR)
    stranger.rename(copied_twice.disk("a") / YEAR / "journal-1A-ed01")
    (found,) = [one for one in copied_twice.check().verdicts if not one.is_sound]
    assert (found.bag, found.state, found.why) == ("journal-1A-ed01", "extra", "not of this archive")
    assert found.counts.extra == 1
    assert mending(found, [found]) is None


@pytest.mark.skipif(os.name == "nt", reason="links need rights there")
@pytest.mark.parametrize(
    "what", [YEAR, f"{YEAR}/{JOURNAL}", f"{YEAR}/{JOURNAL}/data", f"{YEAR}/{JOURNAL}/{MARKS}"]
)
def test_a_link_to_the_sound_copy_is_no_copy(copied_twice: Any, what: str) -> None:
    opened(copied_twice.disk("a") / YEAR / JOURNAL)
    path = copied_twice.disk("a") / what
    path.rename(copied_twice.disk("a") / "moved")
    path.symlink_to(copied_twice.disk("b") / what)
    for level in (Level.QUICK, Level.FULL, Level.DEEP):
        assert ("a", JOURNAL, "damaged") in copied_twice.unsound(level)


def test_a_carrier_that_is_not_connected_is_not_checked_and_nothing_counts_as_lost(copied_twice: Any) -> None:
    copied_twice.disk("b").rename(copied_twice.disk("b").with_name("away"))
    found = copied_twice.check()
    assert not found.is_sound
    assert {(one.place, one.state, one.why) for one in found.verdicts if not one.is_sound} == {
        ("b", "not checked", "absent")
    }
    assert '--carrier "b"' in str(mending(found.verdicts[-1], found.verdicts))


def test_a_carrier_taken_out_amid_a_check_is_not_taken_for_damaged(copied_twice: Any) -> None:
    from archive_store.carriers.rounds import check_round, places_of

    disk = copied_twice.disk("b")
    with copied_twice.engine.connect() as connection:
        places = places_of(connection, SCHOOL, copied_twice.own.root, "b")

    def pulled(_place: Any, bag: str) -> None:
        if bag.endswith(SUMMARY):
            disk.rename(disk.with_name("away"))

    found = check_round(copied_twice.engine, copied_twice.scribe(), places, Level.FULL, pulled)
    assert {(one.state, one.why) for one in found.verdicts} == {("not checked", "absent")}


def test_cross_holds_the_register_the_copies_and_the_summaries_against_each_other(copied_twice: Any) -> None:
    assert copied_twice.check(Level.CROSS).disagreements == ()
    with (
        copied_twice.engine.begin() as connection
    ):  # the register itself is forged: all copies speak against it
        connection.execute(
            sa.text("UPDATE snapshot SET root = zeroblob(32) WHERE bag = :bag"), {"bag": JOURNAL}
        )
    (one,) = copied_twice.check(Level.CROSS).disagreements
    assert one.bag == JOURNAL
    assert {name for name, root in one.witnesses.items() if root == "00" * 32} == {"register"}
    places = {"archive", "a", "b"}
    assert {*one.witnesses} == {"register", *places, *(f"{place}: {SUMMARY}" for place in places)}


def test_a_drill_finds_that_what_is_sealed_cannot_be_restored(
    copied_twice: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A fault of the reader, not of the bag: nothing but a restore shows it."""
    from archive_store.restore import records

    monkeypatch.setitem(records._READ, str, str.strip)
    assert copied_twice.unsound(Level.DEEP) == []
    found = [one for one in copied_twice.check(Level.DRILL, "a").verdicts if not one.is_sound]
    assert {finding.path.rpartition("/")[2] for one in found for finding in one.findings} == {"lesson.csv.gz"}


def test_the_protocol_names_what_is_lost_and_the_command_that_mends_it(copied_twice: Any) -> None:
    bag = bag_on(copied_twice, "a")
    altered(bag / MARKS, flipped)
    altered(bag / DATABASE, flipped)
    altered(bag_on(copied_twice, "b", OTHER_JOURNAL) / PASSPORT, flipped)
    found = copied_twice.check(Level.DEEP)
    with copied_twice.engine.connect() as connection:
        made = protocol(connection, SCHOOL, "School", "tester", found)
        head = ledger.head(connection, SCHOOL)
    lines = {
        (part.place.name, line.verdict.bag): line for part in made.parts for line in part.lines
        if not line.verdict.is_sound
    }  # fmt: skip
    damaged = lines["a", JOURNAL]
    assert damaged.about.title == "journal of class 9А, 2024/2025"
    assert damaged.lost == ("the same record as a database", "Marks of lessons")
    assert damaged.mending == 'dnevnik-archive snapshot repair --carrier "a" --from "archive"'
    # Its passport is gone, but another copy tells whose journal it is.
    assert lines["b", OTHER_JOURNAL].about.title == "journal of class 9Б, 2024/2025"
    value = json.loads(made.as_json())
    assert value["ledger"] == {"entry": head.entry, "head": head.digest.hex()}
    assert [place["sound"] for place in value["places"]] == [True, False, False]
    assert value["places"][1]["counts"]["bad"] == 4  # two files, the table, the database
    (bag_json,) = [one for one in value["places"][1]["bags"] if one["state"] == "damaged"]
    assert bag_json["signatures"] == {"count": 0, "checked": False}


def test_the_protocol_counts_signatures_and_names_classes_in_their_order(
    copied_twice: Any, sqlite_store: sa.Engine, tmp_path: Path
) -> None:
    """Beside a signature lie its key, a time-stamp and notes of checks: none of them is a signature."""
    bag = bag_on(copied_twice, "a")
    (bag / "signatures").mkdir()
    beside = ("dnevnik-archive.pem", "head-01-time-01.tsr", "head-01.sig.check.json")
    for name in ("dnevnik-archive.sig", "head-01.sig", *beside):
        (bag / "signatures" / name).touch()
    (found,) = [one for one in copied_twice.check().verdicts if (one.place, one.bag) == ("a", JOURNAL)]
    assert found.signatures == 2

    place = own_place(tmp_path)
    stems = ("answers", "journal-10A", "journal-11V", "journal-1B", "journal-2A", "summary")
    verdicts = [
        Verdict("archive", place.key, year, f"{stem}-ed01", "sound", None, None)
        for year in (2025, 2024)
        for stem in stems
    ]
    one = Round(Level.QUICK, "2026-01-01T00:00:00Z", (place,), tuple(verdicts))
    with sqlite_store.connect() as connection:
        (part,) = protocol(connection, SCHOOL, "Школа", "tester", one).parts
    in_order = ("journal-1B", "journal-2A", "journal-10A", "journal-11V", "summary", "answers")
    assert [line.verdict.bag for line in part.lines] == [f"{stem}-ed01" for stem in in_order] * 2
    assert [line.verdict.study_year for line in part.lines] == [2024] * 6 + [2025] * 6


def test_both_copies_and_the_archives_own_damaged_alike_fail_loudly(copied_twice: Any) -> None:
    for bag in (
        bag_on(copied_twice, "a"),
        bag_on(copied_twice, "b"),
        opened(copied_twice.own.root / YEAR / JOURNAL),
    ):
        altered(bag / MARKS, flipped)
    found = copied_twice.check()
    bad = [one for one in found.verdicts if not one.is_sound]
    assert len(bad) == 3
    assert {mending(one, found.verdicts) for one in bad} == {None}
