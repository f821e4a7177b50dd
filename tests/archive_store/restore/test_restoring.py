"""A sealed year comes back as the record that it was, whatever version of the program sealed it."""

from __future__ import annotations

import gzip
import json
import tarfile
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from archive_store import ledger, runs, texts
from archive_store.asof import AsOf, read
from archive_store.catalogue import find_class
from archive_store.data import DATA_SETS, Selection, rows
from archive_store.restore.drill import Drill
from archive_store.restore.errors import ArchiveNotEmpty, BagNotReadable, BagsOfSeveralSchools, NotVerified
from archive_store.restore.reading import open_bag
from archive_store.restore.restoring import Restored, read_source, restore
from archive_store.schema import ENTITIES, LESSON, MARK
from archive_store.snapshot.seal import Extras
from archive_store.snapshot.verifier import Report, verify
from archive_store.verification.whole import verify as verify_ledger
from archive_store.year.closing import Order, close_year
from handling import JOURNAL, MARKS, OTHER_JOURNAL, PASSPORT, SUMMARY, altered, copied, flipped, rehashed
from small_year import AT, CLASS_A, SCHOOL, YEAR, put_files

FORMAT_1 = Path(__file__).parents[1] / "snapshot" / "formats" / "snapshot-1.tar.gz"
PACKAGE = "data/tables/datapackage.json"


def restored(store: sa.Engine, path: Path, *, unverified: bool = False) -> Restored:
    source = read_source(path, unverified=unverified)
    assert source is not None
    with store.begin() as connection:
        return restore(connection, source, AT, "test")


def digests(year: Path) -> dict[str, str]:
    """The digests of all tables but those of earlier versions, by bag and table."""
    return {
        f"{bag.name}/{name}": table["sha256"]
        for bag in sorted(year.iterdir())
        for name, table in json.loads((bag / PASSPORT).read_text())["tables"].items()
        if not name.startswith("history_")
    }


def test_what_is_restored_and_sealed_again_has_the_same_tables(
    store: sa.Engine, sealed: Path, tmp_path: Path
) -> None:
    restored(store, sealed)
    with store.begin() as connection:
        assert verify_ledger(connection, SCHOOL).findings == ()
        again = close_year(connection, SCHOOL, YEAR, tmp_path, AT).sealed.path
    assert digests(again) == digests(sealed)
    assert len(digests(again)) == 65


def test_data_and_classes_are_there_and_the_ledger_begins_anew_with_a_note_of_the_origin(
    sqlite_store: sa.Engine, sealed: Path
) -> None:
    found = restored(sqlite_store, sealed)
    with sqlite_store.connect() as connection:
        at = AsOf(SCHOOL, found.run_id)
        assert find_class(connection, at, YEAR, "9А").group_id == CLASS_A
        marks = list(rows(connection, DATA_SETS["marks"], at, Selection(study_year=YEAR)))
        assert {row["subject_name"] for row in marks} == {"Алгебра", "Английский язык", "Физкультура"}
        run = runs.last(connection, SCHOOL)
        assert run is not None
        assert run.summary["restored"]["roots"] == verify(sealed).roots
        assert (run.kind, found.head.entry) == ("restore", 2)
    assert {(left.code, left.table) for left in found.left} == {
        ("history", "history_mark"), ("history", "history_teacher"),
    }  # fmt: skip


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE run SET summary = replace(summary, '2024-2025/summary-ed01', 'x')",
        "DELETE FROM ledger WHERE entry = 2",
    ],
)
def test_the_note_of_the_origin_cannot_be_altered_behind_the_ledgers_back(
    sqlite_store: sa.Engine, sealed: Path, statement: str
) -> None:
    restored(sqlite_store, sealed)
    head = ledger.head(sqlite_store.connect(), SCHOOL)
    with sqlite_store.begin() as connection:
        connection.execute(sa.text(statement))
        assert verify_ledger(connection, SCHOOL).findings or ledger.head(connection, SCHOOL) != head


def test_files_of_homework_come_back_too_and_what_does_not_is_told(
    filled: sa.Engine, sqlite_store: sa.Engine, tmp_path: Path
) -> None:
    extras = Extras(put_files(tmp_path / "before"))
    with filled.connect() as connection:
        year = close_year(connection, SCHOOL, YEAR, tmp_path / "sealed", AT, Order(extras=extras)).sealed.path
    source = read_source(year)
    assert source is not None
    with sqlite_store.connect() as connection:
        without = restore(connection, source, AT, "test")
        connection.rollback()
        assert [(one.code, one.rows) for one in without.left if one.code == "files"] == [("files", 1)]
        found = restore(connection, source, AT, "test", tmp_path / "files")
        connection.rollback()
        assert (found.files, [one for one in found.left if one.code == "files"]) == (1, [])
        assert contents(tmp_path / "files") == contents(tmp_path / "before")
        (spoilt,) = (copied(year / JOURNAL, tmp_path / "spoilt") / "data" / "files").iterdir()
        altered(spoilt, flipped)
        hostile = read_source(tmp_path / "spoilt" / JOURNAL, unverified=True)
        assert hostile is not None
        found = restore(connection, hostile, AT, "test", tmp_path / "others")
        connection.rollback()
    assert (found.files, [one.rows for one in found.left if one.code == "files"]) == (0, [1])
    assert contents(tmp_path / "others") == {}


def contents(folder: Path) -> dict[str, bytes]:
    return {str(p.relative_to(folder)): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


def test_what_does_not_verify_is_told_in_the_language_that_is_set(sealed: Path, tmp_path: Path) -> None:
    (copied(sealed / JOURNAL, tmp_path) / "read-me.txt").unlink()
    texts.activate("ru")
    try:
        with pytest.raises(NotVerified) as refused:
            read_source(tmp_path / JOURNAL)
    finally:
        texts.activate("en")
    assert refused.value.findings == [f"{JOURNAL}/read-me.txt: файла нет"]


def test_one_bag_alone_is_restored_as_far_as_it_goes(sqlite_store: sa.Engine, sealed: Path) -> None:
    restored(sqlite_store, sealed / OTHER_JOURNAL)
    with sqlite_store.connect() as connection:
        lessons = list(read(connection, LESSON, AsOf(SCHOOL)))
    assert {one.day[:7] for one in lessons} == {"2025-02", "2025-05"}


def test_a_restore_never_adds_to_what_is_there(sqlite_store: sa.Engine, sealed: Path) -> None:
    restored(sqlite_store, sealed)
    with pytest.raises(ArchiveNotEmpty):
        restored(sqlite_store, sealed)


def test_what_does_not_verify_is_refused_unless_told_and_then_said(
    sqlite_store: sa.Engine, sealed: Path, tmp_path: Path
) -> None:
    year = copied(sealed, tmp_path)
    altered(year / JOURNAL / "data" / "passport.txt", flipped)
    with pytest.raises(NotVerified):
        read_source(year)
    source = read_source(year, unverified=True)
    assert source is not None
    assert any("passport.txt" in finding for finding in source.findings)
    restored(sqlite_store, year, unverified=True)
    with sqlite_store.connect() as connection:
        assert runs.last(connection, SCHOOL).summary["restored"]["verified"] is False  # type: ignore[union-attr]


def test_a_table_that_breaks_off_restores_nothing(
    sqlite_store: sa.Engine, sealed: Path, tmp_path: Path
) -> None:
    year = copied(sealed, tmp_path)
    altered(year / JOURNAL / MARKS, lambda content: content[: len(content) // 2])
    with pytest.raises(BagNotReadable):
        restored(sqlite_store, year, unverified=True)
    with sqlite_store.connect() as connection:
        assert runs.last(connection, SCHOOL) is None
        assert all(not list(read(connection, entity, AsOf(SCHOOL))) for entity in ENTITIES)


def test_a_later_edition_supersedes_the_one_before(
    sqlite_store: sa.Engine, sealed: Path, tmp_path: Path
) -> None:
    bag = copied(sealed / JOURNAL, tmp_path)
    year = tmp_path / "2024-2025"
    bag.rename(copied(sealed, tmp_path / "x").rename(year) / "journal-9A-ed02")
    edited = year / "journal-9A-ed02"
    _edit_table(edited, "mark", lambda text: text.replace(",5,5,", ",3,3,"))
    altered(edited / PASSPORT, lambda content: content.replace(b'"run": 3', b'"run": 4'))
    found = restored(sqlite_store, year, unverified=True)
    assert [left.bag for left in found.left if left.code == "superseded"] == [JOURNAL]
    with sqlite_store.connect() as connection:
        values = {one.value for one in read(connection, MARK, AsOf(SCHOOL))}
    assert "3" in values
    assert "5" not in values


def test_bags_of_two_schools_are_not_mixed(sealed: Path, tmp_path: Path) -> None:
    year = copied(sealed, tmp_path)
    altered(year / JOURNAL / PASSPORT, lambda content: content.replace(str(SCHOOL).encode(), b"7"))
    with pytest.raises(BagsOfSeveralSchools):
        read_source(year, unverified=True)


# Other versions of the program


def _edit_table(bag: Path, table: str, change: Any) -> None:
    path = bag / "data" / "tables" / f"{table}.csv.gz"
    path.write_bytes(gzip.compress(change(gzip.decompress(path.read_bytes()).decode()).encode(), mtime=0))


def _describe(bag: Path, change: Any) -> None:
    package = json.loads((bag / PACKAGE).read_text())
    change({one["path"]: one for one in package["resources"]}, package)
    (bag / PACKAGE).write_text(json.dumps(package))


def test_unknown_tables_and_columns_are_left_and_named_and_absent_ones_are_empty(
    sqlite_store: sa.Engine, sealed: Path, tmp_path: Path
) -> None:
    bag = copied(sealed / JOURNAL, tmp_path)

    def newer(resources: dict[str, Any], package: dict[str, Any]) -> None:
        bell = resources["bell.csv.gz"]
        bell["schema"]["fields"][0]["name"] = "unheard_of"  # its key goes with it
        subject = resources["subject.csv.gz"]["schema"]["fields"]
        subject[2]["name"] = "colour"
        package["resources"].append({**resources["school.csv.gz"], "path": "club.csv.gz"})

    _describe(bag, newer)
    _edit_table(bag, "bell", lambda text: text.replace("timetable,", "unheard_of,", 1))
    _edit_table(bag, "subject", lambda text: text.replace("knowledge_area", "colour", 1))
    found = restored(sqlite_store, bag, unverified=True)
    assert {(left.code, left.table, left.columns) for left in found.left} == {
        ("key", "bell", ()),
        ("columns", "subject", ("colour",)),
        ("absent", "subject", ("knowledge_area",)),
        ("table", "club", ()),
        ("history", "history_mark", ()),
        ("history", "history_teacher", ()),
    }
    assert found.records["subject"] == 3


def test_a_bag_that_leads_out_of_itself_is_not_read(sealed: Path, tmp_path: Path) -> None:
    bag = copied(sealed / JOURNAL, tmp_path)
    (tmp_path / "mark.csv.gz").write_bytes((bag / MARKS).read_bytes())

    def leading_out(resources: dict[str, Any], _package: Any) -> None:
        resources["mark.csv.gz"]["path"] = "../../../mark.csv.gz"

    _describe(bag, leading_out)
    assert "mark" not in open_bag(bag).tables
    (bag / MARKS).unlink()
    (bag / MARKS).symlink_to(tmp_path / "mark.csv.gz")
    with pytest.raises(BagNotReadable):
        open_bag(
            copied(sealed / JOURNAL, tmp_path / "y") if not (bag / MARKS).is_symlink() else _relinked(bag)
        )


def _relinked(bag: Path) -> Path:
    def back(resources: dict[str, Any], _package: Any) -> None:
        resources["../../../mark.csv.gz"]["path"] = "mark.csv.gz"

    _describe(bag, back)
    return bag


def test_a_year_sealed_in_format_1_is_restored_for_ever(sqlite_store: sa.Engine, tmp_path: Path) -> None:
    """Bytes that the first version wrote, kept as they are."""
    with tarfile.open(FORMAT_1) as packed:
        packed.extractall(tmp_path, filter="data")
    year = tmp_path / "2024-2025"
    assert verify(year).sound
    found = restored(sqlite_store, year)
    assert (found.records["lesson"], found.records["mark"], found.records["final_mark"]) == (15, 5, 7)
    with Drill() as drill:
        for bag in sorted(year.iterdir()):
            assert drill.of(bag, bag.name, Report()) == []


@pytest.mark.parametrize("bag", [JOURNAL, SUMMARY])
def test_a_drill_compares_every_table(sealed: Path, tmp_path: Path, bag: str) -> None:
    there = copied(sealed / bag, tmp_path)
    _edit_table(there, "final_mark", lambda text: text.replace(",year,5,5", ",year,4,4"))
    rehashed(there)
    report = Report()
    with Drill() as drill:
        (finding,) = drill.of(there, bag, report)
    assert finding.path == f"{bag}/data/tables/final_mark.csv.gz"
    assert (report.checked, report.bad) == (report.expected, 1)
