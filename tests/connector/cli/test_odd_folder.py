"""The archive's folder may have any name that the system allows, also one with signs of a URL."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest

from connector.cli.exit_codes import ExitCode


@pytest.mark.skipif(os.name == "nt", reason="Windows allows no such name")
def test_all_of_it_lies_in_the_folder(
    platform: None, command: Any, closed_year: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "школа №1? #2 100%25"
    folder.mkdir()
    monkeypatch.chdir(folder)
    assert command("init").code == 0
    assert command("sync").code == 0
    assert command("year", "close", closed_year).code == 0
    assert command("snapshot", "verify", "snapshots").code == 0
    assert command("status").code == ExitCode.ATTENTION  # the sealed year has no copies yet
    restored = command("restore", "snapshots", "--into", "again.sqlite")
    assert f"Archive: {folder / 'again.sqlite'}" in restored.out
    assert len(command("data", "persons").out.splitlines()) > 20
    assert [one.name for one in tmp_path.iterdir()] == [folder.name]
    assert {"archive.sqlite", "schedule.sqlite", "snapshots"} <= {one.name for one in folder.iterdir()}
