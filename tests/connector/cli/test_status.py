"""``status``: when the last good run ended, what failed, what waits for a person; also for programs."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from connector.cli.exit_codes import ExitCode

DOCS = Path(__file__).parents[3] / "docs" / "status.md"


@pytest.fixture
def faults(school: Any) -> Iterator[Any]:
    """The faults of the served school, taken back afterwards."""
    before = {name: getattr(school.faults, name) for name in ("path", "refuse_tokens_after", "server_errors")}
    yield school.faults
    for name, value in before.items():
        setattr(school.faults, name, value)


def state(command: Any, code: ExitCode) -> Any:
    ended = command("status", "--json")
    assert ended.code == code, ended
    return json.loads(ended.out)


def kinds(value: Any) -> list[str]:
    return [one["kind"] for school in value["schools"] for one in school["waiting"]]


def in_archive(statement: str, *values: object) -> list[Any]:
    with sqlite3.connect("archive.sqlite") as connection:
        rows = connection.execute(statement, values).fetchall()
    connection.close()
    return rows


def test_after_a_good_run_all_is_well(archive: Any) -> None:
    value = state(archive, ExitCode.OK)
    (school,) = value["schools"]
    assert (value["ok"], school["ok"], kinds(value)) == (True, True, [])
    assert school["last_good_run"] == school["last_run"]
    assert school["last_run"]["outcome"] == "done"
    assert {one["entity"] for one in school["freshness"]} >= {"lessons", "marks", "roster", "teachers"}
    assert sum(one["overdue"] for one in school["freshness"]) == 0
    assert school["ledger"]["head"] == archive("ledger", "head").out.split()[1]
    assert value["archive"]["bytes"] >= Path("archive.sqlite").stat().st_size
    ended = archive("status")
    assert ended.code == ExitCode.OK
    assert "Nothing waits for you" in ended.out


def test_an_archive_that_was_never_filled_waits_for_its_first_run(command: Any, platform: None) -> None:
    command("init")
    value = state(command, ExitCode.ATTENTION)
    assert kinds(value) == ["silence"]
    assert value["schools"][0]["school"] is None
    assert "dnevnik-archive sync" in command("status").out


def test_without_an_archive_it_says_how_to_make_one(command: Any) -> None:
    ended = command("status")
    assert ended.code == ExitCode.SETTINGS
    assert "dnevnik-archive init" in ended.err


def test_a_part_that_failed_is_named_and_the_good_run_is_the_one_before(archive: Any, faults: Any) -> None:
    good = state(archive, ExitCode.OK)["schools"][0]["last_good_run"]
    faults.path, faults.server_errors = "/teachers", 1
    assert archive("sync").code == ExitCode.PARTIAL
    (school,) = state(archive, ExitCode.OK)["schools"]  # it mends itself: nobody is waited for
    assert school["last_good_run"] == good
    assert school["last_run"]["outcome"] == "partial"
    (failed,) = school["last_run"]["failed"]
    assert failed["entity"] == "teachers"
    assert school["last_attempt"]["exit_code"] == ExitCode.PARTIAL
    assert "Failed in the last run: Teachers" in archive("status").out


@pytest.mark.parametrize("after", [0, 5])
def test_a_refused_token_waits_for_a_sign_in_until_a_run_succeeds(
    archive: Any, faults: Any, after: int
) -> None:
    faults.refuse_tokens_after = after  # before the run has begun, or amid it
    assert archive("sync").code == ExitCode.SIGN_IN
    assert kinds(state(archive, ExitCode.ATTENTION)) == ["sign-in"]
    faults.refuse_tokens_after = None
    assert archive("sync").code == ExitCode.OK
    assert kinds(state(archive, ExitCode.OK)) == []


def test_a_token_refused_amid_a_run_is_known_from_the_archive_alone(archive: Any, faults: Any) -> None:
    faults.refuse_tokens_after = 5
    archive("sync")
    Path("schedule.sqlite").unlink()
    value = state(archive, ExitCode.ATTENTION)
    assert kinds(value) == ["sign-in"]
    assert value["schools"][0]["last_run"]["stopped_by"] == "TokenRefused"


def test_a_missing_token_waits_for_a_person(archive: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DNEVNIK_ARCHIVE_TOKEN")
    assert kinds(state(archive, ExitCode.ATTENTION)) == ["sign-in"]


def test_an_archive_that_was_silent_for_too_long_says_so(archive: Any) -> None:
    long_ago = (datetime.now(UTC) - timedelta(hours=37)).strftime("%Y-%m-%dT%H:%M:%SZ")
    in_archive("UPDATE run SET ended_at = ?", long_ago)
    assert kinds(state(archive, ExitCode.ATTENTION)) == ["silence"]
    assert "more than 36 h" in archive("status").out


def test_the_hours_of_silence_are_a_setting(archive: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DNEVNIK_ARCHIVE_SILENCE_HOURS", "40")
    long_ago = (datetime.now(UTC) - timedelta(hours=37)).strftime("%Y-%m-%dT%H:%M:%SZ")
    in_archive("UPDATE run SET ended_at = ?", long_ago)
    state(archive, ExitCode.OK)


def test_held_back_withdrawals_wait_for_a_person_but_are_no_silence(archive: Any) -> None:
    in_archive(
        "INSERT INTO quarantine (school_id, number, entity, group_id, first_day, last_day, name, withheld,"
        " answer_digest, since, run_id) SELECT school_id, 1, entity, group_id, first_day, last_day, '9А',"
        " '{\"lesson\":40}', x'00', done_at, run_id FROM checkpoint WHERE entity = 'lessons' LIMIT 1"
    )
    in_archive("UPDATE run SET outcome = 'partial'")
    value = state(archive, ExitCode.ATTENTION)
    assert kinds(value) == ["held-back"]
    assert len(value["schools"][0]["held_back"]) == 1
    assert value["schools"][0]["held_back"][0]["records"] == {"lesson": 40}
    assert "quarantine list" in archive("status").out


def test_what_was_not_read_for_long_is_counted(archive: Any) -> None:
    in_archive("UPDATE checkpoint SET done_at = '2020-01-01T00:00:00Z' WHERE entity = 'roster'")
    (school,) = state(archive, ExitCode.OK)["schools"]
    overdue = {one["entity"]: one["overdue"] for one in school["freshness"]}
    ((rosters,),) = in_archive("SELECT count(*) FROM checkpoint WHERE entity = 'roster'")
    assert overdue.pop("roster") == rosters > 0
    assert not any(overdue.values())
    assert "Not read for long: Pupils in classes" in archive("status").out


def test_before_the_first_good_run_the_parts_are_not_told_one_by_one(archive: Any) -> None:
    in_archive("UPDATE run SET outcome = 'interrupted'")
    in_archive("DELETE FROM checkpoint WHERE entity <> 'school'")
    (school,) = state(archive, ExitCode.ATTENTION)["schools"]
    assert not any(one["overdue"] for one in school["freshness"])
    assert "Not read for long" not in archive("status").out


def test_it_answers_while_a_run_is_writing(archive: Any) -> None:
    writer = sqlite3.connect("archive.sqlite", isolation_level=None)
    writer.execute("BEGIN IMMEDIATE")
    writer.execute(
        "INSERT INTO run (school_id, kind, started_at, outcome, program)"
        " SELECT school_id, 'sync', '2026-03-01T00:00:00Z', 'running', '0' FROM run LIMIT 1"
    )
    assert state(archive, ExitCode.OK)["schools"][0]["under_way_since"] is None  # not committed yet
    writer.execute("COMMIT")
    assert state(archive, ExitCode.OK)["schools"][0]["under_way_since"] == "2026-03-01T00:00:00Z"
    writer.close()


def test_it_changes_nothing(archive: Any) -> None:
    before = in_archive("SELECT max(run_id), count(*) FROM run"), archive("ledger", "head").out
    archive("status")
    assert (in_archive("SELECT max(run_id), count(*) FROM run"), archive("ledger", "head").out) == before


def test_the_documented_form_is_the_real_one(archive: Any) -> None:
    value = state(archive, ExitCode.OK)
    documented = {
        line.split("`")[1] for line in DOCS.read_text(encoding="utf-8").splitlines() if line.startswith("| `")
    }
    assert {name for name in _members(value) if "changes." not in name} <= documented
    assert all(name.partition(".")[0].removesuffix("[]") in value for name in documented)


def _members(value: Any, above: str = "") -> Iterator[str]:
    if isinstance(value, dict):
        for name, one in value.items():
            yield above + name
            yield from _members(one, f"{above}{name}.")
    elif isinstance(value, list):
        for one in value:
            yield from _members(one, above.removesuffix(".") + "[].")
