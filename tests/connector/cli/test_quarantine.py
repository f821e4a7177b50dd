"""The commands of the quarantine, as the deputy head types them."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Any

import pytest

from connector.cli.exit_codes import ExitCode
from connector.sandbox import edits


@pytest.fixture
def lost(
    archive: Any, changing_school: Any, closed_year: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> Any:
    """An archive whose platform has lost a class's lessons of an October; the command line."""
    monkeypatch.setenv("DNEVNIK_ARCHIVE_LANGUAGE", "en")
    # A year that has just begun may hold too few lessons: the last one is always long.
    month = f"{closed_year}-10-%"
    with sqlite3.connect(tmp_path / "archive.sqlite") as database:
        (group,) = database.execute(
            "SELECT group_id FROM lesson WHERE day LIKE ? GROUP BY group_id ORDER BY count(*) DESC", (month,)
        ).fetchone()
        ids = database.execute(
            "SELECT lesson_id FROM lesson WHERE group_id = ? AND day LIKE ?", (group, month)
        ).fetchall()
        database.execute("UPDATE checkpoint SET answer_digest = NULL WHERE entity = 'lessons'")
    database.close()
    for (lesson,) in ids:
        edits.remove_lesson(changing_school, lesson)
    return archive


@pytest.fixture
def held_back(lost: Any) -> Any:
    """The same after a night that has seen it; the command line."""
    assert lost("sync").code == ExitCode.PARTIAL
    return lost


@pytest.fixture
def held_back_by_a_repair(lost: Any, closed_year: str) -> Any:
    """The same after a part of those days was fetched again; the command line."""
    days = ("--from", f"{closed_year}-10-05", "--to", f"{closed_year}-10-23")
    ended = lost("resync", *days, "--entity", "lessons")
    assert ended.code == ExitCode.PARTIAL
    assert "quarantine list" in ended.out
    return lost


def test_what_waits_is_listed_and_accepted(held_back: Any) -> None:
    listed = held_back("quarantine", "list").out
    assert "Lessons and topics" in listed
    assert held_back("quarantine", "accept", "1").code == 0
    held_back("sync")
    assert held_back("sync").code == 0
    assert "Nothing waits" in held_back("quarantine", "list").out


def test_what_a_repair_held_back_is_listed_and_accepted(held_back_by_a_repair: Any) -> None:
    command = held_back_by_a_repair
    before = command("data", "lessons").out
    assert "-10-31" in command("quarantine", "list").out
    assert command("quarantine", "accept", "1").code == 0
    assert "Nothing waits" in command("quarantine", "list").out
    assert len(command("data", "lessons").out) < len(before)


def test_what_a_repair_held_back_is_rejected(held_back_by_a_repair: Any) -> None:
    command = held_back_by_a_repair
    before = command("data", "lessons").out
    assert "stand: 1" in command("quarantine", "reject", "1").out
    assert "Nothing waits" in command("quarantine", "list").out
    command("sync")
    assert command("data", "lessons").out == before


def test_what_is_rejected_stands_and_is_not_asked_about_again(held_back: Any) -> None:
    before = held_back("data", "lessons").out
    assert "stand: 1" in held_back("quarantine", "reject", "1").out
    held_back("sync")
    assert held_back("data", "lessons").out == before
    assert "No case" in held_back("quarantine", "reject", "1").err


def test_a_number_that_is_none_is_named(held_back: Any) -> None:
    ended = held_back("quarantine", "accept", "77")
    assert ended.code == ExitCode.NOT_IN_ARCHIVE
    assert "77" in ended.err
