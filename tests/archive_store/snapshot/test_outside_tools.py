"""Programs of other people accept the bags, and refuse them when one bit of a byte is wrong."""

from __future__ import annotations

import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from handling import (
    DATABASE,
    JOURNAL,
    MANIFEST,
    MARKS,
    OTHER_JOURNAL,
    SUMMARY,
    TAG_MANIFEST,
    altered,
    flipped,
    repacked,
)

BAGS = (JOURNAL, OTHER_JOURNAL, SUMMARY)


def _bagit(*bags: Path) -> int:
    command = [sys.executable, "-W", "ignore", "-m", "bagit", "--validate", *map(str, bags)]
    return subprocess.run(command, check=False, capture_output=True).returncode


def _sha256sum(bag: Path, manifest: str) -> int:
    assert shutil.which("sha256sum"), "install coreutils"
    command = ["sha256sum", "--strict", "--quiet", "-c", manifest]
    return subprocess.run(command, cwd=bag, check=False, capture_output=True).returncode


def _verify_py(bag: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """The verifier of the bag itself, run by a Python without this project and without any package."""
    assert shutil.which("python3"), "install python3"
    command = ["python3", "-I", "-S", "verify.py", *arguments]
    return subprocess.run(command, cwd=bag, check=False, capture_output=True, encoding="utf-8")


def test_bagit_of_the_library_of_congress_accepts_every_bag(sealed: Path) -> None:
    assert _bagit(*(sealed / name for name in BAGS)) == 0


@pytest.mark.parametrize("damaged", [MARKS, DATABASE, "bag-info.txt", "verify.py"])
def test_bagit_refuses_a_byte_that_was_changed(bag: Path, damaged: str) -> None:
    altered(bag / damaged, flipped)
    assert _bagit(bag) == 1


@pytest.mark.parametrize("name", BAGS)
def test_sha256sum_accepts_every_bag(sealed: Path, name: str) -> None:
    assert _sha256sum(sealed / name, MANIFEST) == 0
    assert _sha256sum(sealed / name, TAG_MANIFEST) == 0


@pytest.mark.parametrize(("damaged", "manifest"), [(MARKS, MANIFEST), ("read-me.txt", TAG_MANIFEST)])
def test_sha256sum_refuses_a_byte_that_was_changed(bag: Path, damaged: str, manifest: str) -> None:
    altered(bag / damaged, flipped)
    assert _sha256sum(bag, manifest) == 1


def test_a_bag_alone_proves_itself_with_nothing_but_python(bag: Path) -> None:
    result = _verify_py(bag)
    assert (result.returncode, result.stderr) == (0, "")
    assert "АРХИВ ЦЕЛ / SOUND" in result.stdout
    assert not list(bag.rglob("__pycache__"))


def test_a_bag_alone_betrays_damage_in_both_languages(bag: Path) -> None:
    altered(bag / MARKS, flipped)
    result = _verify_py(bag)
    assert (result.returncode, result.stderr) == (1, "")
    assert f"{JOURNAL}/{MARKS}: содержимое файла изменено / the file's contents were changed" in result.stdout
    assert "АРХИВ ПОВРЕЖДЁН / NOT SOUND" in result.stdout


def test_no_archive_is_not_a_sound_archive(bag: Path, tmp_path: Path) -> None:
    (tmp_path / "empty" / "2024-2025").mkdir(parents=True)
    for where in (
        tmp_path / "empty",
        tmp_path / "empty" / "2024-2025",
        tmp_path / "nowhere",
        bag / "verify.py",
    ):
        assert _verify_py(bag, str(where)).returncode == 2


def test_a_whole_year_is_checked_from_any_of_its_bags(year: Path) -> None:
    for where in ("..", str(year), "../.."):
        result = _verify_py(year / JOURNAL, where)
        assert (result.returncode, result.stderr) == (0, "")
        assert "Дел / bags: 3." in result.stdout


def _frictionless(bag: Path, folder: Path) -> subprocess.CompletedProcess[str]:
    """Frictionless' own tool over the tables of a bag; it trusts no path beyond its folder."""
    assert not folder.exists()
    shutil.copytree(bag / "data" / "tables", folder)
    command = [sys.executable, "-W", "ignore", "-m", "frictionless", "validate", "datapackage.json"]
    return subprocess.run(command, cwd=folder, check=False, capture_output=True, encoding="utf-8")


def test_frictionless_accepts_the_tables(sealed: Path, tmp_path: Path) -> None:
    result = _frictionless(sealed / JOURNAL, tmp_path / "tables")
    assert result.returncode == 0, result.stdout


def test_frictionless_refuses_a_value_of_another_type(bag: Path, tmp_path: Path) -> None:
    repacked(bag / MARKS, lambda content: content.replace(b",2024-09-09,", b",9 September,"))
    result = _frictionless(bag, tmp_path / "tables")
    assert result.returncode == 1
    assert "type-error" in result.stdout


def test_sqlite_itself_tells_what_every_column_means(sealed: Path) -> None:
    """The comments stand in the statements that SQLite keeps."""
    address = f"file:{sealed / JOURNAL / DATABASE}?mode=ro&immutable=1"
    with closing(sqlite3.connect(address, uri=True)) as database:
        (statement,) = database.execute("SELECT sql FROM sqlite_master WHERE name = 'mark'").fetchone()
        (meaning,) = database.execute(
            "SELECT meaning FROM table_meaning WHERE table_name = 'mark'"
        ).fetchone()
    assert statement.startswith("CREATE TABLE mark (  -- Marks of lessons\n")
    assert "    mark_id INTEGER NOT NULL,  -- Id of the mark\n" in statement
    assert "    PRIMARY KEY (mark_id)\n) STRICT" in statement
    assert meaning == "Marks of lessons"
