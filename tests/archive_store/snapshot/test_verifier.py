"""The verifier finds every kind of damage, names it, counts it, and never stops at the first."""

from __future__ import annotations

import contextlib
import gzip
import json
import os
import random
import shutil
import socket
import sqlite3
import tarfile
import tempfile
import tracemalloc
from collections.abc import Callable, Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from archive_store.snapshot import verifier
from archive_store.snapshot.verifier import Report, verify
from handling import (
    DATABASE,
    JOURNAL,
    MANIFEST,
    MARKS,
    OTHER_JOURNAL,
    PASSPORT,
    SUMMARY,
    TAG_MANIFEST,
    altered,
    copied,
    flipped,
    rehashed,
    repacked,
)

LESSONS = "data/tables/lesson.csv.gz"
Damage = Callable[[Path], object]


def _codes(report: Report) -> set[str]:
    return {finding.code for finding in report.findings}


def _counted(report: Report) -> Report:
    """The report, whose counts must agree whatever was found."""
    assert report.expected == report.checked + report.not_checked
    assert report.checked == report.ok + report.bad
    assert report.missing <= report.not_checked
    assert report.bad <= len(report.findings)
    assert report.sound == (not report.findings)
    return report


def _rewritten(path: Path, **changes: Any) -> None:
    passport = json.loads(path.read_bytes())
    path.write_text(json.dumps({**passport, **changes}, ensure_ascii=False), "utf-8")


# A sound archive


def test_everything_is_counted_once(sealed: Path) -> None:
    report = _counted(verify(sealed))
    files = sum(1 for path in sealed.rglob("*") if path.is_file() and path.name != TAG_MANIFEST)
    tables = sum(1 for _ in sealed.rglob("*.csv.gz"))
    databases, bags_in_the_list = 3, 2
    assert report.sound
    assert (report.bags, report.expected) == (3, files + tables + databases + bags_in_the_list)
    assert report.ok == report.checked == report.expected
    assert report.extra == 0


def test_the_roots_are_those_of_the_closing(sealed: Path, closing: Any) -> None:
    roots = {bag.name: bag.root.hex() for bag, _term in closing.sealed.bags}
    assert verify(sealed).roots == {f"2024-2025/{name}": root for name, root in roots.items()}


def test_years_are_told_apart_though_their_bags_have_the_same_names(year: Path) -> None:
    """Another year: the same, with another book of a class."""
    other = copied(year, year.parent / "made").rename(year.parent / "2025-2026")
    shutil.rmtree(other.parent / "made")
    altered(other / JOURNAL / "bag-info.txt", lambda content: content + b"Bag-Count: 1 of 2\n")
    rehashed(other / JOURNAL)
    root = sha256((other / JOURNAL / TAG_MANIFEST).read_bytes()).hexdigest()
    stated = json.loads((other / SUMMARY / PASSPORT).read_bytes())["bags"]
    _rewritten(other / SUMMARY / PASSPORT, bags={**stated, JOURNAL: root})
    size = sum(path.stat().st_size for path in (other / SUMMARY / "data").rglob("*") if path.is_file())
    _oxum(other / SUMMARY, size)
    rehashed(other / SUMMARY)
    report = _counted(verify(year.parent))
    assert report.sound
    assert (report.bags, len(report.roots)) == (6, 6)
    altered(other / JOURNAL / MARKS, flipped)
    assert {finding.path for finding in verify(year.parent).findings} == {f"2025-2026/{JOURNAL}/{MARKS}"}


def _oxum(bag: Path, size: int) -> None:
    info = (bag / "bag-info.txt").read_text("utf-8")
    head, _, tail = info.partition("Payload-Oxum: ")
    files = tail.split(".")[1]
    (bag / "bag-info.txt").write_text(f"{head}Payload-Oxum: {size}.{files}", "utf-8")


def test_a_year_is_found_by_a_relative_path(year: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(year)
    assert verify(Path()).bags == 3
    monkeypatch.chdir(year / JOURNAL)
    assert verify(Path()).bags == 1


def test_signatures_may_be_added_later_and_nothing_else(bag: Path) -> None:
    (bag / "signatures" / "director").mkdir(parents=True)
    (bag / "signatures" / "director" / "tagmanifest.p7s").write_bytes(b"signed")
    assert _counted(verify(bag)).sound
    (bag / "signatures.txt").touch()
    assert _codes(verify(bag)) == {"extra"}


# One damage to one bag

MUTANTS: list[Any] = []


def _mutant(*codes: str) -> Callable[[Damage], Damage]:
    """Register a damage with all that must be found then, and no more."""

    def register(damage: Damage) -> Damage:
        MUTANTS.append(pytest.param(damage, set(codes), id=damage.__name__.strip("_").replace("_", " ")))
        return damage

    return register


def _line_added(bag: Path, line: str, manifest: str = MANIFEST) -> None:
    """A line in a manifest whose own digest is made right."""
    altered(bag / manifest, lambda content: content + line.encode())
    if manifest == MANIFEST:
        digest = sha256((bag / MANIFEST).read_bytes()).hexdigest()
        tags = (bag / TAG_MANIFEST).read_text().splitlines()
        lines = [f"{digest}  {MANIFEST}" if one.endswith(f"  {MANIFEST}") else one for one in tags]
        (bag / TAG_MANIFEST).write_text("\n".join(lines) + "\n")


@_mutant("changed")
def _a_byte_flipped(bag: Path) -> None:
    altered(bag / "data/passport.txt", flipped)


@_mutant("changed", "unreadable")
def _a_byte_of_a_table_flipped(bag: Path) -> None:
    altered(bag / LESSONS, lambda content: flipped(content, len(content) // 2))


@_mutant("changed")
def _the_free_bytes_of_a_table_altered(bag: Path) -> None:
    altered(bag / MARKS, lambda content: flipped(content, 4))  # gzip's clock: the rows are as they were


@_mutant("changed", "unreadable", "oxum")
def _a_table_cut_short(bag: Path) -> None:
    altered(bag / LESSONS, lambda content: content[:-9])


@_mutant("changed", "oxum", "table-size")
def _a_table_grown(bag: Path) -> None:
    altered(bag / MARKS, lambda content: content + gzip.compress(b"1,2\n"))


@_mutant("missing", "oxum")
def _a_file_deleted(bag: Path) -> None:
    (bag / MARKS).unlink()


@_mutant("missing", "oxum")
def _the_database_deleted(bag: Path) -> None:
    (bag / DATABASE).unlink()


@_mutant("missing")
def _the_page_for_people_deleted(bag: Path) -> None:
    (bag / "read-me.txt").unlink()


@_mutant("extra")
def _a_file_added_to_the_data(bag: Path) -> None:
    (bag / "data" / "extra.txt").touch()


@_mutant("extra")
def _a_hidden_file_added(bag: Path) -> None:
    (bag / ".hidden").touch()


@_mutant("changed", "table-rows", "table-size")
def _two_files_swapped(bag: Path) -> None:
    (bag / MARKS).rename(bag / "aside")
    (bag / LESSONS).rename(bag / MARKS)
    (bag / "aside").rename(bag / LESSONS)


@_mutant("changed", "table-rows", "oxum")
def _a_file_of_no_length(bag: Path) -> None:
    (bag / MARKS).write_bytes(b"")


@_mutant("changed", "database", "oxum")
def _a_database_of_no_length(bag: Path) -> None:
    (bag / DATABASE).write_bytes(b"")


@_mutant("changed", "database")
def _a_page_of_the_database_overwritten(bag: Path) -> None:
    altered(bag / DATABASE, lambda content: content[:4096] + b"\xff" * 4096 + content[8192:])


@_mutant("not-a-file", "oxum")
def _a_symbolic_link_to_the_same_contents(bag: Path) -> None:
    (bag / MARKS).rename(bag.parent / "mark.csv.gz")
    (bag / MARKS).symlink_to(bag.parent / "mark.csv.gz")


@_mutant("not-a-file", "oxum")
def _a_folder_that_is_a_symbolic_link(bag: Path) -> None:
    (bag / "data").rename(bag.parent / "data")
    (bag / "data").symlink_to(bag.parent / "data", target_is_directory=True)


@_mutant("not-a-file", "no-tag-manifest", "extra")
def _a_tag_manifest_that_is_a_symbolic_link(bag: Path) -> None:
    (bag / TAG_MANIFEST).rename(bag.parent / TAG_MANIFEST)
    (bag / TAG_MANIFEST).symlink_to(bag.parent / TAG_MANIFEST)


@_mutant("not-a-file")
def _a_folder_of_signatures_elsewhere(bag: Path) -> None:
    (bag / "signatures").symlink_to(bag.parent)


@_mutant("not-a-file", "oxum")
def _a_pipe_in_the_place_of_a_table(bag: Path) -> None:
    (bag / MARKS).unlink()
    os.mkfifo(bag / MARKS)


@_mutant("not-a-file", "passport", "oxum")
def _a_pipe_in_the_place_of_the_passport(bag: Path) -> None:
    (bag / PASSPORT).unlink()
    os.mkfifo(bag / PASSPORT)


@_mutant("not-a-file", "no-manifest", "extra", "oxum")
def _a_pipe_in_the_place_of_the_manifest(bag: Path) -> None:
    (bag / MANIFEST).unlink()
    os.mkfifo(bag / MANIFEST)


@_mutant("unreadable", "oxum")
def _a_folder_in_the_place_of_a_file(bag: Path) -> None:
    (bag / MARKS).unlink()
    (bag / MARKS).mkdir()


def _line_mutants() -> Iterator[Any]:
    digest = "0" * 64
    for name, path in {
        "out of the bag": "data/../../outside",
        "here and back": "data/./x",
        "absolute": "/etc/passwd",
        "absolute on Windows": "C:/x",
        "with a backslash": "data\\x",
        "of a Windows device": "data/NUL",
        "of a Windows device with an ending": "data/com1.txt",
        "with a double stroke": "data//x",
        "in Cyrillic": "data/й.txt",
        "that Windows cuts off at the dot": "data/x.",
        "that Windows cuts off at the space": "data/x ",
        "with a control character": "data/x\ty",
        "with a wildcard": "data/*",
        "in the home folder": "~/x",
        "beyond measure": f"data/{'x' * 300}",
        "of a tag file among the payload": "read-me.txt",
    }.items():
        line = f"{digest}  {path}\n"
        yield pytest.param(
            lambda bag, line=line: _line_added(bag, line), {"unsafe-path"}, id=f"a name {name}"
        )
    for name, line in {
        "a comment": "# by hand\n",
        "an empty line": "\n",
        "a line of one space": f"{digest} data/x\n",
        "a digest in capitals": f"{'A' * 64}  data/x\n",
        "a digest of another kind": f"{'0' * 32}  data/x\n",
        "no name": f"{digest}  \n",
        "white space before the digest": f" {digest}  data/x\n",
        "three spaces": f"{digest}   data/x\n",
        "a tabulator": f"{digest}\tdata/x\n",
        "a binary mark": f"{digest} *data/x\n",
        "a digest that is cut short": f"{digest[:-1]}  data/x\n",
    }.items():
        yield pytest.param(lambda bag, line=line: _line_added(bag, line), {"manifest-line"}, id=name)


@_mutant("duplicate")
def _a_line_that_is_there_twice(bag: Path) -> None:
    _line_added(bag, (bag / MANIFEST).read_text().splitlines()[0] + "\n")


@_mutant("duplicate")
def _a_second_line_with_another_digest(bag: Path) -> None:
    _line_added(bag, f"{'0' * 64}  {MARKS}\n")


@_mutant("duplicate")
def _two_names_that_differ_in_case_alone(bag: Path) -> None:
    _line_added(bag, f"{'0' * 64}  data/tables/MARK.csv.gz\n")


@_mutant("unsafe-path", "changed")
def _payload_among_the_tag_files(bag: Path) -> None:
    altered(bag / MARKS, lambda content: flipped(content, 4))
    digest = sha256((bag / MARKS).read_bytes()).hexdigest()
    _line_added(bag, f"{digest}  {MARKS}\n", TAG_MANIFEST)


@_mutant("manifest-form", "changed")
def _a_manifest_with_windows_line_ends(bag: Path) -> None:
    altered(bag / MANIFEST, lambda content: content.replace(b"\n", b"\r\n"))


@_mutant("manifest-form", "changed")
def _a_manifest_with_a_byte_order_mark(bag: Path) -> None:
    altered(bag / MANIFEST, lambda content: b"\xef\xbb\xbf" + content)


@_mutant("manifest-form")
def _a_tag_manifest_with_windows_line_ends(bag: Path) -> None:
    altered(bag / TAG_MANIFEST, lambda content: content.replace(b"\n", b"\r\n"))


@_mutant("no-tag-manifest", "extra")
def _the_tag_manifest_removed(bag: Path) -> None:
    (bag / TAG_MANIFEST).unlink()


@_mutant("no-manifest", "missing", "extra", "oxum")
def _the_manifest_removed(bag: Path) -> None:
    (bag / MANIFEST).unlink()


@_mutant("unlisted", "extra")
def _a_tag_manifest_that_does_not_name_the_label(bag: Path) -> None:
    altered(bag / TAG_MANIFEST, lambda content: b"".join(
        line for line in content.splitlines(keepends=True) if b"bag-info" not in line
    ))  # fmt: skip


@_mutant("declaration", "changed")
def _a_declaration_with_needless_white_space(bag: Path) -> None:
    altered(bag / "bagit.txt", lambda content: content.replace(b": 1.0", b":  1.0"))


@_mutant("declaration", "missing")
def _no_declaration(bag: Path) -> None:
    (bag / "bagit.txt").unlink()


@_mutant("declaration")
def _a_declaration_of_another_version_rehashed(bag: Path) -> None:
    altered(bag / "bagit.txt", lambda content: content.replace(b"1.0", b"0.9"))
    rehashed(bag)


@_mutant("oxum")
def _a_wrong_total_rehashed(bag: Path) -> None:
    _oxum(bag, 1)
    rehashed(bag)


@_mutant("oxum")
def _no_total_rehashed(bag: Path) -> None:
    altered(bag / "bag-info.txt", lambda content: content.replace(b"Payload-Oxum", b"Payload"))
    rehashed(bag)


@_mutant("changed", "passport")
def _a_passport_that_is_no_json(bag: Path) -> None:
    altered(bag / PASSPORT, lambda content: content.replace(b"{", b"[", 1))


@_mutant("passport")
def _a_passport_of_another_make_rehashed(bag: Path) -> None:
    _same_size(bag / PASSPORT, tables={"mark": 5})
    rehashed(bag)


@_mutant("passport")
def _a_passport_that_leads_out_of_the_bag_rehashed(bag: Path) -> None:
    _same_size(bag / PASSPORT, tables={"../../secret": {"rows": 1, "sha256": ""}})
    rehashed(bag)


@_mutant("table-rows", "database-rows")
def _a_passport_with_other_counts_rehashed(bag: Path) -> None:
    tables = json.loads((bag / PASSPORT).read_bytes())["tables"]
    _same_size(bag / PASSPORT, tables={**tables, "mark": {**tables["mark"], "rows": 5}})
    rehashed(bag)


@_mutant("missing", "database")
def _a_table_that_the_bag_never_had_rehashed(bag: Path) -> None:
    tables = json.loads((bag / PASSPORT).read_bytes())["tables"]
    _same_size(bag / PASSPORT, tables={**tables, "other": tables["mark"]})
    rehashed(bag)


def _same_size(path: Path, **changes: Any) -> None:
    """Rewrite a JSON file and state its bag's total anew."""
    _rewritten(path, **changes)
    bag = path.parent.parent
    _oxum(bag, sum(one.stat().st_size for one in (bag / "data").rglob("*") if one.is_file()))


@_mutant("table-digest")
def _a_mark_edited_in_the_table_rehashed(bag: Path) -> None:
    repacked(bag / MARKS, lambda content: content.replace(b",4,4,", b",5,5,", 1))
    _same_size(bag / PASSPORT)
    rehashed(bag)


@_mutant("table-rows")
def _a_row_deleted_from_the_table_rehashed(bag: Path) -> None:
    repacked(bag / MARKS, lambda content: content[: content[:-1].rindex(b"\n") + 1])
    _same_size(bag / PASSPORT)
    rehashed(bag)


@_mutant("unreadable")
def _a_table_with_a_quote_that_never_ends_rehashed(bag: Path) -> None:
    repacked(bag / MARKS, lambda content: content[:-1] + b'"')
    _same_size(bag / PASSPORT)
    rehashed(bag)


@_mutant("database-digest")
def _a_mark_edited_in_the_database_rehashed(bag: Path) -> None:
    with contextlib.closing(sqlite3.connect(bag / DATABASE)) as database, database:
        assert database.execute("UPDATE mark SET value = '2' WHERE value = '5'").rowcount == 1
    rehashed(bag)


@_mutant("database-digest")
def _an_empty_text_made_null_in_the_database_rehashed(bag: Path) -> None:
    with contextlib.closing(sqlite3.connect(bag / DATABASE)) as database, database:
        assert database.execute("UPDATE lesson SET topic = NULL WHERE topic = ''").rowcount
    rehashed(bag)


@_mutant("database-digest")
def _a_truth_value_turned_in_the_database_rehashed(bag: Path) -> None:
    with contextlib.closing(sqlite3.connect(bag / DATABASE)) as database, database:
        assert database.execute("UPDATE mark SET in_average = 0").rowcount
    rehashed(bag)


@_mutant("database")
def _a_view_without_end_in_the_place_of_a_table_rehashed(bag: Path) -> None:
    with contextlib.closing(sqlite3.connect(bag / DATABASE)) as database, database:
        database.execute("DROP VIEW view_marks")
        database.execute("DROP TABLE mark")
        database.execute(
            "CREATE VIEW mark AS WITH RECURSIVE r(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM r) "
            "SELECT x FROM r"
        )
    _same_size(bag / PASSPORT)
    rehashed(bag)


@_mutant("database-rows")
def _a_row_deleted_from_the_database_rehashed(bag: Path) -> None:
    with contextlib.closing(sqlite3.connect(bag / DATABASE)) as database, database:
        assert database.execute("DELETE FROM mark WHERE value = '5'").rowcount == 1
    rehashed(bag)


@_mutant("database")
def _a_table_dropped_from_the_database_rehashed(bag: Path) -> None:
    with contextlib.closing(sqlite3.connect(bag / DATABASE)) as database, database:
        database.execute("DROP VIEW view_marks")
        database.execute("DROP TABLE mark")
    _same_size(bag / PASSPORT)
    rehashed(bag)


# What a bag of a hostile source may hold


@_mutant("table-size")
def _a_table_that_unpacks_without_end_rehashed(bag: Path) -> None:
    (bag / MARKS).write_bytes(gzip.compress(bytes(64 << 20), mtime=0))  # 64 MiB of one line, packed to 64 KiB
    _same_size(bag / PASSPORT)
    rehashed(bag)


@_mutant("oversized", "changed", "extra", "oxum")
def _a_manifest_beyond_measure(bag: Path) -> None:
    _grown(bag / MANIFEST)


@_mutant("passport", "changed", "oxum")
def _a_passport_beyond_measure(bag: Path) -> None:
    _grown(bag / PASSPORT)


def _grown(path: Path) -> None:
    """A file of a size that no such file has, of which the disk stores next to nothing."""
    with path.open("r+b") as file:
        file.truncate(verifier.LARGEST_PAPER + 1)


@_mutant("passport")
def _a_passport_that_says_two_things_rehashed(bag: Path) -> None:
    altered(bag / PASSPORT, lambda content: content.replace(b'"tables":', b'"tables": {}, "tables":', 1))
    _oxum(bag, _payload_size(bag))
    rehashed(bag)


@_mutant("passport")
def _a_passport_nested_without_end_rehashed(bag: Path) -> None:
    (bag / PASSPORT).write_bytes(b"[" * 200_000)
    _oxum(bag, _payload_size(bag))
    rehashed(bag)


@_mutant("format")
def _a_passport_of_a_later_format_rehashed(bag: Path) -> None:
    _same_size(bag / PASSPORT, format="dnevnik-archive snapshot 99")
    rehashed(bag)


@_mutant("database-objects")
def _a_trigger_in_the_database_rehashed(bag: Path) -> None:
    _executed(bag, "CREATE TRIGGER t AFTER DELETE ON mark BEGIN DELETE FROM lesson; END")


@_mutant("database-objects")
def _another_table_in_the_database_rehashed(bag: Path) -> None:
    _executed(bag, "CREATE TABLE other (x)")


@_mutant("database-objects")
def _another_view_in_the_database_rehashed(bag: Path) -> None:
    _executed(bag, "CREATE VIEW marks AS SELECT 5 AS value FROM mark")


@_mutant("database-objects")
def _an_index_on_an_expression_rehashed(bag: Path) -> None:
    _executed(bag, "CREATE INDEX i ON mark (abs(mark_id))")


@_mutant("database-objects")
def _a_virtual_table_in_the_database_rehashed(bag: Path) -> None:
    _executed(bag, "CREATE VIRTUAL TABLE f USING fts5(x)")


def _executed(bag: Path, statement: str) -> None:
    with contextlib.closing(sqlite3.connect(bag / DATABASE)) as database, database:
        database.execute(statement)
    _oxum(bag, _payload_size(bag))
    rehashed(bag)


@_mutant("file-name")
def _a_file_of_homework_put_under_another_name_rehashed(bag: Path) -> None:
    (one,) = (bag / "data" / "files").iterdir()
    one.rename(one.with_name("0" * 64))
    rehashed(bag)


@_mutant("file-name")
def _a_file_of_homework_exchanged_rehashed(bag: Path) -> None:
    (one,) = (bag / "data" / "files").iterdir()
    altered(one, flipped)
    rehashed(bag)


@_mutant("file-count")
def _a_file_of_homework_removed_rehashed(bag: Path) -> None:
    (one,) = (bag / "data" / "files").iterdir()
    one.unlink()
    info = (bag / "bag-info.txt").read_text("utf-8")
    files = int(info.partition("Payload-Oxum: ")[2].split(".")[1]) - 1
    head = info.partition("Payload-Oxum: ")[0]
    (bag / "bag-info.txt").write_text(f"{head}Payload-Oxum: {_payload_size(bag)}.{files}\n", "utf-8")
    rehashed(bag)


@_mutant("not-a-file", "oxum")
def _a_socket_in_the_place_of_a_table(bag: Path) -> None:
    (bag / MARKS).unlink()
    here = Path.cwd()
    os.chdir(bag)  # a socket's path must be short
    try:
        with socket.socket(socket.AF_UNIX) as made:
            made.bind(MARKS)
    finally:
        os.chdir(here)


@_mutant("extra")
def _a_name_that_writes_on_the_terminal(bag: Path) -> None:
    (bag / "data" / "\x1b[2J\x1b[HАРХИВ ЦЕЛ").touch()


@_mutant("extra")
def _a_name_in_decomposed_letters(bag: Path) -> None:
    (bag / "data" / "и\u0306.txt").touch()


@_mutant("extra")
def _a_name_that_differs_in_case_alone_added(bag: Path) -> None:
    shutil.copy(bag / MARKS, bag / "data/tables/MARK.csv.gz")


@_mutant("fetch")
def _a_list_of_files_to_fetch(bag: Path) -> None:
    """RFC 8493 lets a bag name files that lie elsewhere: ours is whole, and nothing is fetched."""
    (bag / "fetch.txt").write_text("http://localhost/x - data/x\n")


@_mutant("fetch")
def _a_list_of_files_to_fetch_that_the_tag_manifest_names(bag: Path) -> None:
    (bag / "fetch.txt").write_text("http://localhost/x - data/x\n")
    rehashed(bag)


@_mutant("foreign-manifest")
def _a_manifest_of_another_algorithm(bag: Path) -> None:
    (bag / "manifest-md5.txt").write_text("")


@_mutant("foreign-manifest")
def _a_manifest_of_another_algorithm_that_the_tag_manifest_names(bag: Path) -> None:
    """Other tools would read it and might find the bag sound, or not, where this verifier does not look."""
    (bag / "manifest-md5.txt").write_text(f"{'0' * 32}  {MARKS}\n")
    rehashed(bag)


@_mutant("foreign-manifest")
def _a_tag_manifest_of_another_algorithm(bag: Path) -> None:
    (bag / "tagmanifest-sha512.txt").write_text(f"{'0' * 128}  bagit.txt\n")


@_mutant("encoding")
def _a_label_that_is_not_utf8_rehashed(bag: Path) -> None:
    altered(bag / "bag-info.txt", lambda content: content + "Contact-Name: Иванова\n".encode("cp1251"))
    rehashed(bag)


@_mutant("encoding")
def _instructions_that_are_not_utf8_rehashed(bag: Path) -> None:
    altered(bag / "read-me.txt", lambda content: content + b"\xff")
    rehashed(bag)


@_mutant("not-a-file")
def _a_link_among_the_signatures(bag: Path) -> None:
    (bag / "signatures").mkdir(exist_ok=True)
    (bag.parent / "elsewhere.sig").write_bytes(b"signed")
    (bag / "signatures" / "head-01.sig").symlink_to(bag.parent / "elsewhere.sig")


@_mutant("not-a-file", "signature-half")
def _a_link_in_the_place_of_the_programs_signature(bag: Path) -> None:
    (bag / "signatures").mkdir(exist_ok=True)
    (bag / "signatures" / "dnevnik-archive.sig").symlink_to(bag.parent / "elsewhere.sig")


def _payload_size(bag: Path) -> int:
    return sum(one.stat().st_size for one in (bag / "data").rglob("*") if one.is_file())


MUTANTS.extend(_line_mutants())


@pytest.mark.parametrize(("damage", "codes"), MUTANTS)
def test_damage_to_a_bag_is_found_and_named(bag: Path, damage: Damage, codes: set[str]) -> None:
    damage(bag)
    report = _counted(verify(bag))
    assert not report.sound
    # A line added names a file that is not there: that follows from it.
    assert _codes(report) - ({"missing"} if "duplicate" in codes else set()) == codes


def test_a_table_may_be_damaged_at_any_byte(bag: Path) -> None:
    whole = (bag / MARKS).read_bytes()
    for position in range(len(whole)):
        (bag / MARKS).write_bytes(flipped(whole, position))
        report = Report()
        verifier._check_file(bag, MARKS, sha256(whole).hexdigest(), report)
        verifier._check_table(bag, "mark", {"rows": 4, "sha256": "?"}, report)
        assert "changed" in _codes(report)
        assert report.checked == 2


def test_the_database_may_be_damaged_at_any_byte(bag: Path) -> None:
    """SQLite quotes damaged names in its messages, and they need not be UTF-8 any more."""
    whole = (bag / DATABASE).read_bytes()
    for position in range(0, len(whole), len(whole) // 60):
        (bag / DATABASE).write_bytes(flipped(whole, position))
        assert not _counted(verify(bag)).sound
    schema_page = whole.index(b"CREATE TABLE lesson")
    (bag / DATABASE).write_bytes(flipped(whole, schema_page))
    assert _codes(_counted(verify(bag))) == {"changed", "database"}


def test_random_bits_are_all_found(bag: Path) -> None:
    """A few of what bench/alterations.py does ten thousand times."""
    chance = random.Random(1)  # noqa: S311 - repeatable, not secret
    whole = {path: path.read_bytes() for path in sorted(bag.rglob("*")) if path.is_file()}
    weights = [len(content) for content in whole.values()]
    for number in range(60):
        (path,) = chance.choices(list(whole), weights if number % 2 else None)
        content = bytearray(whole[path])
        content[chance.randrange(len(content))] ^= 1 << chance.randrange(8)
        path.write_bytes(content)
        assert not _counted(verify(bag)).sound, path
        path.write_bytes(whole[path])


def test_all_damage_is_listed_not_only_the_first(bag: Path) -> None:
    altered(bag / MARKS, flipped)
    (bag / "data/tables/bell.csv.gz").unlink()
    (bag / "bagit.txt").write_text("")
    (bag / "data/extra").touch()
    altered(bag / DATABASE, lambda content: content[:-1])
    _line_added(bag, "# by hand\n")
    report = _counted(verify(bag))
    places = {(finding.code, finding.path.removeprefix(f"{JOURNAL}/")) for finding in report.findings}
    assert places >= {
        ("changed", MARKS), ("missing", "data/tables/bell.csv.gz"), ("changed", "bagit.txt"),
        ("declaration", "bagit.txt"), ("extra", "data/extra"), ("changed", DATABASE),
        ("manifest-line", MANIFEST), ("oxum", "bag-info.txt"),
    }  # fmt: skip
    assert (report.missing, report.extra) == (2, 1)  # the file, and the table in it
    assert len(report.findings) == len(set(report.findings))


@pytest.fixture
def open_bag(sealed: Path) -> Iterator[Path]:
    """A copy that anybody can read, where anybody gets to."""
    with tempfile.TemporaryDirectory() as place:
        Path(place).chmod(0o755)
        bag = copied(sealed / JOURNAL, Path(place))
        for path in (bag, *bag.rglob("*")):
            path.chmod(0o755 if path.is_dir() else 0o644)
        yield bag


@contextlib.contextmanager
def _powerless() -> Iterator[None]:
    """Without root's power to read everything."""
    root = os.geteuid() == 0
    if root:
        os.seteuid(65534)
    try:
        yield
    finally:
        if root:
            os.seteuid(0)


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such modes")
@pytest.mark.parametrize(
    "hidden", [MARKS, "bagit.txt", MANIFEST, TAG_MANIFEST, "bag-info.txt", PASSPORT, "data"]
)
def test_what_cannot_be_read_is_found_and_not_checked(open_bag: Path, hidden: str) -> None:
    (open_bag / hidden).chmod(0)
    with _powerless():
        report = _counted(verify(open_bag))
    assert report.bags == 1
    assert _codes(report) & {"unreadable", "no-manifest", "no-tag-manifest"}
    assert report.not_checked or hidden == TAG_MANIFEST


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such modes")
def test_a_year_that_cannot_be_read_is_found(open_bag: Path) -> None:
    year = open_bag.parent / "root" / "2024-2025"
    year.mkdir(parents=True)
    open_bag.rename(year / open_bag.name)
    year.parent.chmod(0o755)
    year.chmod(0)
    try:
        with _powerless():
            report = _counted(verify(year.parent))
    finally:
        year.chmod(0o755)
    assert not report.sound
    assert "unreadable" in _codes(report)


# Damage to a year


def _a_bag_removed(year: Path) -> None:
    shutil.rmtree(year / OTHER_JOURNAL)


def _a_bag_emptied(year: Path) -> None:
    for path in (year / OTHER_JOURNAL).iterdir():
        shutil.rmtree(path) if path.is_dir() else path.unlink()


def _a_bag_renamed(year: Path) -> None:
    (year / OTHER_JOURNAL).rename(year / "journal-9V-ed01")


def _a_bag_of_elsewhere_added(year: Path) -> None:
    copied(year / JOURNAL, year / "made").rename(year / "journal-9C-ed01")
    (year / "made").rmdir()


def _the_summary_removed(year: Path) -> None:
    shutil.rmtree(year / SUMMARY)


def _a_mark_edited_everywhere_and_everything_rehashed(year: Path) -> None:
    """The attacker knows the format: table, database, passport and manifests agree."""
    bag = year / JOURNAL
    content = repacked(bag / MARKS, lambda content: content.replace(b",4,4,", b",5,5,", 1))
    with contextlib.closing(sqlite3.connect(bag / DATABASE)) as database, database:
        first = "(SELECT min(mark_id) FROM mark WHERE value = '4')"
        database.execute(f"UPDATE mark SET value = '5', text_value = '5' WHERE mark_id = {first}")
    tables = json.loads((bag / PASSPORT).read_bytes())["tables"]
    stated = {**tables["mark"], "sha256": sha256(content).hexdigest()}
    _same_size(bag / PASSPORT, tables={**tables, "mark": stated})
    rehashed(bag)
    assert verify(bag).sound, "a bag alone cannot know: its root tells"


def _the_list_of_the_summary_spoiled(year: Path) -> None:
    altered(year / SUMMARY / PASSPORT, lambda content: content.replace(b'"bags"', b'"bugs"'))
    rehashed(year / SUMMARY)


def _the_list_of_the_summary_of_another_kind(year: Path) -> None:
    _same_size(year / SUMMARY / PASSPORT, bags=["journal-9A-ed01"])
    rehashed(year / SUMMARY)


@pytest.mark.parametrize(
    ("damage", "codes"),
    [
        (_a_bag_removed, {"bag-missing"}),
        (
            _a_bag_emptied,
            {"bag-missing", "declaration", "no-manifest", "no-tag-manifest", "oxum", "passport"},
        ),
        (_a_bag_renamed, {"bag-missing", "bag-extra"}),
        (_a_bag_of_elsewhere_added, {"bag-extra"}),
        (_the_summary_removed, {"no-list"}),
        (_a_mark_edited_everywhere_and_everything_rehashed, {"bag-other"}),
        (_the_list_of_the_summary_spoiled, {"no-list"}),
        (_the_list_of_the_summary_of_another_kind, {"no-list"}),
    ],
)
def test_damage_to_a_year_is_found_and_named(year: Path, damage: Damage, codes: set[str]) -> None:
    damage(year)
    report = _counted(verify(year))
    assert not report.sound
    assert _codes(report) == codes


@pytest.mark.parametrize("name", ["2024-2025 копия", "Школа", "2024_2025"])
def test_a_year_whose_folder_was_renamed_is_found_and_named(year: Path, name: str) -> None:
    renamed = year.rename(year.parent / name)
    for path in (renamed, renamed.parent):
        report = _counted(verify(path))
        assert report.bags == 3
        assert [(one.code, one.path) for one in report.findings] == [("year-name", name)]
    (renamed / JOURNAL / "read-me.txt").unlink()
    assert _codes(verify(renamed)) == {"year-name", "missing"}


def test_a_folder_of_something_else_is_no_year(year: Path) -> None:
    (year.parent / "photos" / "holidays").mkdir(parents=True)
    (year.parent / "photos" / "holidays" / "one.jpg").touch()
    assert verify(year.parent).sound
    assert verify(year.parent / "photos").bags == 0


def test_damage_in_several_bags_is_listed_bag_by_bag(year: Path) -> None:
    for name in (JOURNAL, OTHER_JOURNAL, SUMMARY):
        altered(year / name / DATABASE, flipped)
    found = [one.path for one in _counted(verify(year)).findings if one.code == "changed"]
    assert found == [f"2024-2025/{name}/{DATABASE}" for name in (JOURNAL, OTHER_JOURNAL, SUMMARY)]


def test_what_is_printed_of_a_hostile_name_is_harmless(bag: Path) -> None:
    _a_name_that_writes_on_the_terminal(bag)
    (finding,) = verify(bag).findings
    assert "\x1b" not in finding.text(russian=True)
    assert "\\x1b[2J" in finding.text(russian=True)


def test_no_more_memory_is_taken_than_for_a_sound_bag(bag: Path) -> None:
    """The table of 64 MiB is refused after a piece; the papers beyond measure are not read."""
    _a_table_that_unpacks_without_end_rehashed(bag)
    _grown(bag / MANIFEST)
    tracemalloc.start()
    verify(bag)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 16 << 20


# A year of an older format


def test_a_year_of_format_1_is_sound_for_ever_and_its_damage_is_found(tmp_path: Path) -> None:
    with tarfile.open(Path(__file__).parent / "formats" / "snapshot-1.tar.gz") as packed:
        packed.extractall(tmp_path, filter="data")
    year = tmp_path / "2024-2025"
    report = _counted(verify(year))
    assert report.sound
    assert (report.bags, json.loads((year / JOURNAL / PASSPORT).read_bytes())["format"][-1]) == (3, "1")
    with contextlib.closing(sqlite3.connect(year / JOURNAL / DATABASE)) as database, database:
        database.execute("UPDATE mark SET value = '2' WHERE value = '5'")
    repacked(year / SUMMARY / "data/tables/final_mark.csv.gz", lambda content: content[:-1] + b"0\n")
    assert {"changed", "database-digest", "table-digest"} <= _codes(_counted(verify(year)))


def test_every_finding_has_words_in_both_languages() -> None:
    for russian, english in verifier.WORDS.values():
        assert any("а" <= letter <= "я" for letter in russian)
        assert english.isascii()
    assert verifier.Finding("oxum", "x", "1 / 1").text(russian=True) == (
        "x: объём и число файлов данных не те, что записаны при опечатывании; сейчас байт / файлов (1 / 1)"
    )
