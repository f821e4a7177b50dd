"""A verification goes on from the last one, and what was remembered hides nothing."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa

from archive_store import ledger, runs, schema
from archive_store.carriers.book import Kind, Scribe
from archive_store.history import write
from archive_store.nomenclature import kinds
from archive_store.nomenclature.confirmations import Confirmation, confirm
from archive_store.records import Subject
from archive_store.verification import memory, versions
from archive_store.verification.findings import Finding
from archive_store.verification.whole import one_state, verify

SCHOOL = 1_000_000_000_901
NOW = datetime(2025, 9, 10, tzinfo=UTC)
NASTY = "\"\\/\b\f\n\r\t\x01\x1f\x7f\u2028\u00a0«ё» 𝄞 'x' %s ? null"


def _night(store: sa.Engine, names: dict[int, str], day: int) -> None:
    at = f"2025-09-{day:02}T00:00:00Z"
    with store.begin() as connection:
        run_id = runs.begin(connection, SCHOOL, "sync", at, "test")
        subjects = [Subject(number, name, None, None) for number, name in names.items()]
        write(connection, schema.SUBJECT, SCHOOL, run_id, subjects)
        runs.end(connection, SCHOOL, run_id, at, "done", {})


def _verified(store: sa.Engine, at: datetime = NOW, program: str = "1") -> memory.Checked | None:
    """Verify all, put it on record, and say where the next one may begin."""
    with store.begin() as connection:
        verdict = verify(connection, SCHOOL)
        memory.record(connection, SCHOOL, verdict, at.isoformat(), program)
        return memory.to_go_on_from(connection, SCHOOL, NOW, 28, "1")


@pytest.fixture
def archive(store: sa.Engine) -> sa.Engine:
    _night(store, {1: "a", 2: "b"}, 1)
    return store


def test_only_what_later_runs_wrote_is_read_again(archive: sa.Engine) -> None:
    since = _verified(archive)
    _night(archive, {1: "A", 2: "b"}, 2)
    with one_state(archive) as connection:
        verdict = verify(connection, SCHOOL, since)
    assert (verdict.full, verdict.findings) == (False, ())
    assert verdict.versions == 2  # the one that was closed, and the one that was opened


def test_a_version_altered_before_it_was_closed_is_found_by_the_run_that_closed_it(
    archive: sa.Engine,
) -> None:
    since = _verified(archive)
    with archive.begin() as connection:
        connection.execute(sa.text("UPDATE subject SET name = 'forged' WHERE subject_id = 1"))
    with archive.connect() as connection:
        assert verify(connection, SCHOOL, since).findings == ()  # that is what sparing it means ...
    _night(archive, {1: "A", 2: "b"}, 2)
    with archive.connect() as connection:
        (finding,) = verify(connection, SCHOOL, since).findings  # ... and this is where it ends
    assert (finding.kind, finding.key) == ("version", (1,))


@pytest.mark.parametrize(
    ("at", "program", "spared"),
    [
        (NOW - timedelta(days=27), "1", True),
        (NOW - timedelta(days=29), "1", False),
        (NOW + timedelta(days=1), "1", False),  # by a clock that was wrong
        (NOW, "0", False),  # by another version of the program
    ],
)
def test_everything_is_verified_anew_when_the_last_time_does_not_count(
    archive: sa.Engine, at: datetime, program: str, spared: bool
) -> None:
    assert (_verified(archive, at, program) is not None) is spared


def test_a_verification_that_found_something_spares_nothing(archive: sa.Engine) -> None:
    assert _verified(archive) is not None
    with archive.begin() as connection:
        connection.execute(sa.text("UPDATE subject SET name = 'forged' WHERE subject_id = 1"))
    assert _verified(archive) is None


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE carrier_event SET details = '{}'",
        "DELETE FROM carrier_event",
        "UPDATE terms_confirmation SET document = 'another'",
        "DELETE FROM terms_confirmation",
    ],
)
def test_the_registers_are_held_against_every_entry_also_one_verified_before(
    archive: sa.Engine, statement: str
) -> None:
    at = "2025-09-02T00:00:00Z"
    with archive.begin() as connection:
        confirm(connection, SCHOOL, kinds.default(), Confirmation(at, "the head", "list of files 3"))
        Scribe(SCHOOL, "deputy", at).enter(connection, Kind.ADDED, "c-1", {"name": "no. 101"})
    since = _verified(archive)
    assert since is not None
    with archive.begin() as connection:
        assert verify(connection, SCHOOL, since).findings == ()
        connection.execute(sa.text(statement))
        assert {one.kind for one in verify(connection, SCHOOL, since).findings} == {"register"}


def test_what_was_verified_cannot_be_rewritten_afterwards(archive: sa.Engine) -> None:
    since = _verified(archive)
    with archive.begin() as connection:
        connection.execute(schema.LEDGER.delete())
        ledger.append_run(connection, SCHOOL, 1, "2025-09-01T00:00:01Z")
        findings = verify(connection, SCHOOL, since).findings
    assert Finding("checked", 1, "run") in findings


def test_the_database_writes_the_canonical_form_as_python_does(archive: sa.Engine) -> None:
    _night(archive, {1: NASTY, 2: "b"}, 2)
    with archive.connect() as connection:
        query = f"SELECT digest, {versions._form(schema.SUBJECT, connection.dialect.name)} FROM subject"
        assert versions._compared(connection, query, ()) == (3, 0)
