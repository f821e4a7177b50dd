"""The folder for an inspector: complete, checkable, for its owner's eyes alone; or not there at all."""

from __future__ import annotations

import csv
import os
import re
import shutil
import stat
import subprocess
from collections.abc import Iterator
from hashlib import sha256
from io import StringIO
from pathlib import Path

import pytest
import sqlalchemy as sa

from archive_store import schema
from archive_store.asof import AsOf
from archive_store.errors import FolderNotEmpty, FolderNotWritable
from archive_store.export import folder as export_folder
from archive_store.export.class_folder import Export, export_class
from archive_store.render.source import Source
from invented_class import InventedClass

PATHS = [
    "00-contents.txt",
    "01-journal.pdf",
    "01-journal.xlsx",
    "02-summary-sheet.pdf",
    "02-summary-sheet.xlsx",
    "CHECKSUMS.sha256",
    "data/attendance.csv",
    "data/final_marks.csv",
    "data/homework.csv",
    "data/lessons.csv",
    "data/marks.csv",
    "data/pupils.csv",
    "index.html",
    "viewer.html",
]


@pytest.fixture
def invented(connection: sa.Connection) -> InventedClass:
    """A class with a subgroup, a topic that looks like a formula, and entries of presence."""
    invented = InventedClass(connection)
    first, *_ = invented.quarters()
    maths, english = invented.subject("Математика"), invented.subject("Английский язык")
    group = invented.subgroup("7Б/1")
    teacher = invented.teacher("Иванова", "Мария", "Петровна")
    anna = invented.pupil("Агапова", "Анна", "Ильинична", groups=(invented.class_id, group))
    boris = invented.pupil("Бекетов", "Борис", "Львович")
    one = invented.lesson(maths, "2025-09-01", topic="=1+1", homework="№ 5", teachers=[teacher])
    two = invented.lesson(english, "2025-09-02", topic="Unit 1; a", group=group, number=None)
    invented.mark(one, anna, "5-")
    invented.mark(two, anna, "4")
    invented.attendance(one, boris, "Ill", "справка № 17")
    invented.attendance(one, anna, "Attend")
    invented.final(maths, boris, "н/а", first)
    return invented


@pytest.fixture
def at(invented: InventedClass) -> AsOf:
    return invented.write()


def _export(invented: InventedClass, at: AsOf, out: Path, source: Source) -> Export:
    return export_class(invented.connection, at, invented.edu_group, out, source)


def _files(folder: Path) -> list[str]:
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())


def _beside_the_viewer(paths: list[str]) -> list[str]:
    """The files that a person opens, without those that the viewer loads."""
    return sorted(path for path in paths if not path.startswith("viewer/"))


def _table(folder: Path, name: str) -> list[list[str]]:
    text = (folder / "data" / f"{name}.csv").read_bytes().decode("utf-8-sig")
    return list(csv.reader(StringIO(text, newline=""), delimiter=";"))


def test_the_folder_holds_forms_data_contents_and_checksums(
    invented: InventedClass, at: AsOf, source: Source, tmp_path: Path
) -> None:
    export = _export(invented, at, tmp_path / "out", source)
    assert _beside_the_viewer(_files(export.path)) == PATHS
    assert sorted(one.path for one in export.files) == _files(export.path)
    for one in export.files:
        content = (export.path / one.path).read_bytes()
        assert (len(content), sha256(content).hexdigest()) == (one.size, one.digest)
    assert export.digest == sha256((export.path / "CHECKSUMS.sha256").read_bytes()).digest()


@pytest.mark.skipif(shutil.which("sha256sum") is None, reason="checks with coreutils")
def test_checksums_are_checked_by_coreutils(
    invented: InventedClass, at: AsOf, source: Source, tmp_path: Path
) -> None:
    export = _export(invented, at, tmp_path / "out", source)
    command = ["sha256sum", "--strict", "-c", "CHECKSUMS.sha256"]
    checked = subprocess.run(command, cwd=export.path, check=True, capture_output=True, text=True).stdout
    assert checked.count(": OK\n") == len(_files(export.path)) - 1 > len(PATHS)
    (export.path / "data" / "marks.csv").write_bytes(b"")
    assert subprocess.run(command, cwd=export.path, check=False, capture_output=True).returncode == 1


def test_tables_hold_the_record_with_names(
    invented: InventedClass, at: AsOf, source: Source, tmp_path: Path
) -> None:
    export = _export(invented, at, tmp_path / "out", source)
    assert export.rows == {
        "pupils": 2, "lessons": 2, "homework": 1, "marks": 2, "attendance": 2, "final_marks": 1,
    }  # fmt: skip
    lessons = [row[:7] for row in _table(export.path, "lessons")[1:]]
    assert lessons == [
        ["2025-09-01", "1", "Математика", "7Б", "'=1+1", "Иванова Мария Петровна", ""],
        ["2025-09-02", "", "Английский язык", "7Б/1", "Unit 1; a", "", ""],
    ]
    marks = [row[:6] for row in _table(export.path, "marks")[1:]]
    assert marks == [
        ["2025-09-01", "1", "Математика", "7Б", "Агапова Анна Ильинична", "5-"],
        ["2025-09-02", "", "Английский язык", "7Б/1", "Агапова Анна Ильинична", "4"],
    ]
    assert [row[4:8] for row in _table(export.path, "attendance")[1:]] == [
        ["Агапова Анна Ильинична", "", "Attend", ""],
        ["Бекетов Борис Львович", "Б", "Ill", "справка № 17"],
    ]
    assert [row[:5] for row in _table(export.path, "final_marks")[1:]] == [
        ["Математика", "7Б", "Бекетов Борис Львович", "1 четверть", "н/а"]
    ]
    assert [row[1:4] for row in _table(export.path, "pupils")[1:]] == [
        ["Агапова Анна Ильинична", "7Б/1", "Active"],
        ["Бекетов Борис Львович", "", "Active"],
    ]
    assert _table(export.path, "homework")[1][4] == "№ 5"


def test_ids_are_texts_with_all_their_digits(
    invented: InventedClass, at: AsOf, source: Source, tmp_path: Path
) -> None:
    export = _export(invented, at, tmp_path / "out", source)
    ids = {row[-1].removeprefix("'") for row in _table(export.path, "marks")[1:]}
    assert ids == {str(one.mark_id) for one in invented.records[schema.MARK]}


def test_the_contents_are_readable_in_notepad(
    invented: InventedClass, at: AsOf, source: Source, tmp_path: Path
) -> None:
    content = (_export(invented, at, tmp_path / "out", source).path / "00-contents.txt").read_bytes()
    text = content.decode("utf-8-sig")
    assert content.startswith(b"\xef\xbb\xbf")
    assert content.count(b"\n") == content.count(b"\r\n")
    assert all(path in text for path in PATHS if path != "00-contents.txt")
    assert "rows: 2" in text
    assert "8f3c 0123 4567 89ab" in text


def test_only_the_owner_can_read_it(
    invented: InventedClass, at: AsOf, source: Source, tmp_path: Path
) -> None:
    out = _export(invented, at, tmp_path / "new" / "out", source).path
    for path in (tmp_path / "new", out, *out.rglob("*")):
        assert stat.S_IMODE(path.stat().st_mode) == (0o700 if path.is_dir() else 0o600)


def test_the_same_record_gives_the_same_bytes(
    invented: InventedClass, at: AsOf, source: Source, tmp_path: Path
) -> None:
    one, two = (_export(invented, at, tmp_path / name, source) for name in ("one", "two"))
    assert one.files == two.files
    assert one.digest == two.digest


def test_an_empty_folder_is_filled_and_a_full_one_is_left_alone(
    invented: InventedClass, at: AsOf, source: Source, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    out.mkdir()
    _export(invented, at, out, source)
    before = {path: path.stat().st_mtime_ns for path in out.rglob("*")}
    with pytest.raises(FolderNotEmpty):
        _export(invented, at, out, source)
    assert {path: path.stat().st_mtime_ns for path in out.rglob("*")} == before


def test_a_file_in_the_place_of_the_folder_is_left_alone(
    invented: InventedClass, at: AsOf, source: Source, tmp_path: Path
) -> None:
    (tmp_path / "out").write_text("mine", "utf-8")
    with pytest.raises(FolderNotEmpty):
        _export(invented, at, tmp_path / "out", source)
    assert (tmp_path / "out").read_text("utf-8") == "mine"


@pytest.mark.parametrize("step", ["fsync", "replace"])
def test_a_failing_disk_leaves_nothing_behind(
    invented: InventedClass,
    at: AsOf,
    source: Source,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    step: str,
) -> None:
    def fails(*_args: object) -> None:
        raise OSError(28, "No space left on device")

    place = tmp_path / "carrier"
    place.mkdir()
    with monkeypatch.context() as broken:
        broken.setattr(export_folder.os, step, fails)
        with pytest.raises(FolderNotWritable, match="No space left on device"):
            _export(invented, at, place / "2025" / "out", source)
    assert list(place.iterdir()) == []


def test_an_interruption_leaves_nothing_behind(
    invented: InventedClass, at: AsOf, source: Source, tmp_path: Path
) -> None:
    def interrupt(path: str) -> None:
        if path == "data/marks.csv":
            raise KeyboardInterrupt

    place = tmp_path / "carrier"
    place.mkdir()
    with pytest.raises(KeyboardInterrupt):
        export_class(invented.connection, at, invented.edu_group, place / "out", source, progress=interrupt)
    assert list(place.iterdir()) == []


@pytest.fixture
def read_only(tmp_path: Path) -> Iterator[Path]:
    """A folder that cannot be written: by its mode, or for root by a file where a folder should be."""
    place = tmp_path / "carrier"
    if os.geteuid() == 0:
        place.write_text("", "utf-8")
        yield place
        return
    place.mkdir(mode=0o500)
    yield place
    place.chmod(0o700)


def test_a_place_that_cannot_be_written_is_named(
    invented: InventedClass, at: AsOf, source: Source, read_only: Path
) -> None:
    with pytest.raises(FolderNotWritable) as caught:
        _export(invented, at, read_only / "out", source)
    assert caught.value.path == read_only / "out"
    assert caught.value.reason


def test_the_page_of_the_folder_links_the_viewer_and_every_product(
    invented: InventedClass, at: AsOf, source: Source, tmp_path: Path
) -> None:
    html = (_export(invented, at, tmp_path / "out", source).path / "index.html").read_text("utf-8")
    linked = re.findall('href="([^"]+)"', html)
    assert linked[0] == "viewer.html"
    assert set(linked) == set(PATHS) - {"00-contents.txt", "CHECKSUMS.sha256", "index.html"}
    assert all((tmp_path / "out" / path).is_file() for path in linked)


def test_progress_is_told_of_each_product(
    invented: InventedClass, at: AsOf, source: Source, tmp_path: Path
) -> None:
    told: list[str] = []
    export_class(invented.connection, at, invented.edu_group, tmp_path / "out", source, progress=told.append)
    assert sorted(told) == [
        path for path in PATHS if path not in {"00-contents.txt", "CHECKSUMS.sha256", "index.html"}
    ]
