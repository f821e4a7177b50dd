"""The demo: the whole main job in one command, on a school of its own."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import openpyxl
import pytest

from reading import needs_poppler, pdf_text

PROGRAM = [sys.executable, "-c", "from connector.cli import main; main()"]


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """The folder of a demo of a small school, and what it said."""
    folder = tmp_path_factory.mktemp("demo") / "made"
    # The settings of a person's own school are there, and must not lead the demo to it.
    own_school = {"DNEVNIK_ARCHIVE_API_URL": "http://127.0.0.1:9/v2/", "DNEVNIK_ARCHIVE_TOKEN": "of-my-own"}
    settings = {name: value for name, value in os.environ.items() if name != "LANGUAGE"}
    ended = subprocess.run(
        # So many that the closed year has all years of study, like the school of the default size.
        [*PROGRAM, "demo", "--dir", str(folder), "--pupils", "66"],
        env={**settings, **own_school, "PYTHONIOENCODING": "utf-8", "COLUMNS": "120"},
        capture_output=True, text=True, encoding="utf-8",
    )  # fmt: skip
    assert ended.returncode == 0, ended.stdout + ended.stderr
    return folder, ended.stdout


def test_the_archive_equals_the_schools_own_truth(demo: tuple[Path, str]) -> None:
    compared = re.findall(r"^ *\d{4}/\d{4} .*? (\d+) +(\d+) +(\S)$", demo[1], re.MULTILINE)
    assert len(compared) == 16
    assert all(school == archive and verdict == "=" for school, archive, verdict in compared)


def test_the_second_sync_parses_nothing(demo: tuple[Path, str]) -> None:
    assert "ответов разобрано: 0;" in demo[1]


def test_everything_it_names_is_there(demo: tuple[Path, str]) -> None:
    folder, said = demo
    named = {Path(match.rstrip(",")) for match in re.findall(rf"{re.escape(str(folder))}\S*", said)}
    assert named >= {folder / "export" / "01-journal.pdf", folder / "snapshots", folder / "archive.sqlite"}
    assert all(path.exists() for path in named)


def test_the_sealed_year_is_accepted_by_sha256sum(demo: tuple[Path, str]) -> None:
    bags = sorted((demo[0] / "snapshots").glob("*/*-ed01"))
    assert len(bags) > 2
    for bag in bags:
        for manifest in ("manifest-sha256.txt", "tagmanifest-sha256.txt"):
            subprocess.run(["sha256sum", "-c", "--quiet", "--strict", manifest], cwd=bag, check=True)


def test_the_export_is_whole_and_opens(demo: tuple[Path, str]) -> None:
    export = demo[0] / "export"
    subprocess.run(["sha256sum", "-c", "--quiet", "--strict", "CHECKSUMS.sha256"], cwd=export, check=True)
    book = openpyxl.load_workbook(export / "02-summary-sheet.xlsx", read_only=True)
    assert book.sheetnames


def test_the_files_are_their_owners_alone(demo: tuple[Path, str]) -> None:
    if os.name == "nt":
        pytest.skip("Windows has no mode bits")
    assert [path for path in demo[0].rglob("*") if path.stat().st_mode & 0o077] == []


@needs_poppler
def test_the_journal_reads_as_what_it_is(demo: tuple[Path, str], tmp_path: Path) -> None:
    text = pdf_text((demo[0] / "export" / "01-journal.pdf").read_bytes(), tmp_path)
    assert "Классный журнал" in text
