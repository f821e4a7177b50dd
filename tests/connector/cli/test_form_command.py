"""The command ``form``: forms by name, in a folder that can be checked, and on record."""

from __future__ import annotations

import subprocess
from pathlib import Path
from typing import Any

import pytest

from connector.cli.exit_codes import ExitCode


def test_a_form_of_a_class_in_all_formats(
    archive: Any, closed_year: str, a_class: str, tmp_path: Path
) -> None:
    ended = archive("form", "attendance-summary", "--year", closed_year, "--group", a_class, "--out", "forms")
    assert ended.code == 0, ended.err
    assert sorted(path.name for path in (tmp_path / "forms").iterdir()) == [
        "CHECKSUMS.sha256", "attendance-summary.csv", "attendance-summary.json", "attendance-summary.pdf",
        "attendance-summary.xlsx",
    ]  # fmt: skip
    subprocess.run(["sha256sum", "-c", "--quiet", "CHECKSUMS.sha256"], cwd=tmp_path / "forms", check=True)


def test_without_a_class_every_class_has_its_own(archive: Any, closed_year: str, tmp_path: Path) -> None:
    names = ("summary-sheet", "attendance-summary")
    ended = archive("form", *names, "--year", closed_year, "--format", "pdf", "--out", "forms")
    assert ended.code == 0, ended.err
    stems = {path.stem for path in (tmp_path / "forms").glob("*.pdf")}
    classes = {stem.removeprefix("summary-sheet-") for stem in stems if stem.startswith("summary-sheet-")}
    assert len(classes) == 2
    assert stems == {f"{name}-{one}" for name in names for one in classes}


def test_all_forms_are_listed(command: Any) -> None:
    out = command("forms").out
    assert "attendance-summary" in out
    assert "class-journal" in out


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("no-such-form",), "attendance-summary"),
        (("attendance-summary", "--format", "docx"), "pdf, xlsx, csv, json"),
        (("attendance-summary", "--from", "2026-05-01", "--to", "2026-01-01"), "The last day is before"),
    ],
)
def test_what_is_not_there_is_told_and_nothing_is_written(
    archive: Any, closed_year: str, tmp_path: Path, arguments: tuple[str, ...], said: str
) -> None:
    ended = archive("form", *arguments, "--year", closed_year, "--out", "forms")
    assert ended.code == ExitCode.USAGE
    assert said in ended.err
    assert not (tmp_path / "forms").exists()
