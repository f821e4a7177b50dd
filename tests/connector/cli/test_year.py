"""The commands of a year, before a small served school."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from archive_store.year.readiness import CODES
from archive_store.year.rules import Rules, Thresholds
from config.settings import Settings
from connector.cli.exit_codes import ExitCode
from connector.cli.year_gate import rules_of


def test_the_settings_have_the_rules_that_the_archive_has() -> None:
    assert rules_of(Settings()) == Rules(thresholds=Thresholds())


def test_a_year_from_the_check_to_the_supplement(
    archive: Any, closed_year: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    checked = archive("year", "check", closed_year, "--json", "--limit", "2", "--report", "check.pdf")
    assert checked.code == ExitCode.OK
    found = {one["code"]: one for one in json.loads(checked.out)["checks"]}
    assert found.keys() == CODES
    assert found["terms-not-confirmed"]["count"] == 1
    assert found["copies-missing"]["count"] == 0  # nothing is sealed yet
    places = found["lesson-without-homework"]["places"]
    assert len(places) == 2
    assert all(one["class"] and one["subject"] and one["day"] for one in places)
    assert Path("check.pdf").read_bytes().startswith(b"%PDF")

    early = archive("year", "act", closed_year)
    assert early.code == ExitCode.NOT_IN_ARCHIVE
    assert "has not been closed yet" in early.err

    assert archive("terms", "show").code == ExitCode.ATTENTION
    archive("terms", "init")
    assert archive("terms", "confirm", "--by", "директор", "--document", "приказ № 45").code == ExitCode.OK
    assert archive("terms", "show").code == ExitCode.OK

    assert (
        archive("year", "amend", closed_year, "--reason", "a", "--order", "1").code == ExitCode.NOT_IN_ARCHIVE
    )
    monkeypatch.setenv("DNEVNIK_ARCHIVE_LAST_SYNC_DAYS", "0")
    with sa.create_engine("sqlite:///archive.sqlite").begin() as connection:
        connection.execute(sa.text("DELETE FROM checkpoint WHERE entity = 'marks'"))
    refused = archive("year", "close", closed_year, "--final")
    assert refused.code == ExitCode.NOT_READY
    assert "not-read-in-full" in refused.err
    assert "--accept" in refused.err
    closed = archive("year", "close", closed_year, "--final", "--accept", "the platform is gone")
    assert closed.code == ExitCode.OK
    assert "closed for good" in closed.out
    (act,) = Path("acts").iterdir()
    assert act.name == f"{closed_year}-{int(closed_year) + 1}-ed01-final.pdf"
    (passport,) = Path("snapshots").glob("*/summary-ed01/data/passport.json")
    stated = json.loads(passport.read_bytes())
    assert stated["edition"]["reason"] == "the platform is gone"
    assert "not-read-in-full" in stated["edition"]["accepted"]
    assert stated["retention"]["confirmed"] is True

    unchanged = archive("year", "amend", closed_year, "--reason", "a", "--order", "1")
    assert unchanged.code == ExitCode.NOT_IN_ARCHIVE
    assert "are as they were sealed" in unchanged.err
    ninth = archive("year", "act", closed_year, "--edition", "9")
    assert ninth.code == ExitCode.NOT_IN_ARCHIVE
    assert f"The sealed academic year {closed_year}/{int(closed_year) + 1} has no edition 9." in ninth.err
    assert "It has these editions: 1." in ninth.err
    again = archive("year", "act", closed_year, "--out", str(act))
    assert (again.code, "nothing is ever written over" in again.err) == (ExitCode.FILES, True)
    assert archive("ledger", "verify").code == ExitCode.OK
    assert archive("snapshot", "verify", "snapshots").code == ExitCode.OK


def test_a_check_that_there_is_not_is_named(command: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    command("init")
    monkeypatch.setenv("DNEVNIK_ARCHIVE_CHECKS_STOP", '["lessons-without-joy"]')
    ended = command("year", "check", "2024")
    assert ended.code == ExitCode.SETTINGS
    assert "lessons-without-joy" in ended.err
    assert "year-not-ended" in ended.err


def test_a_wrong_list_of_files_is_explained(command: Any) -> None:
    command("init")
    command("terms", "init")
    file = Path("nomenclature.toml")
    whole = file.read_text("utf-8")
    file.write_text(f"[[file]\n{whole}", "utf-8")
    ended = command("terms", "show")
    assert ended.code == ExitCode.SETTINGS
    assert "(line 1, column 7)" in ended.err
    assert "Expected" not in ended.err
    file.write_text(whole.replace("years = 5\n", "years = 500\n", 1), "utf-8")
    ended = command("terms", "show")
    assert ended.code == ExitCode.SETTINGS
    assert "journal" in ended.err
    assert "500" in ended.err
