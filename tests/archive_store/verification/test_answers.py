"""The platform's answers are vouched for: which a run got, and every byte of each."""

from __future__ import annotations

import tracemalloc
import zlib

import orjson
import pytest
import sqlalchemy as sa

from archive_store import answers, ledger, runs, schema
from archive_store.verification.findings import Finding
from archive_store.verification.memory import Checked
from archive_store.verification.whole import verify

SCHOOL = 1_000_000_000_901
CALLS = {"/v2/marks?a=1": b"[1]", "/v2/Marks": b"[2]", "/v2/ёй": b"[1]"}


def _night(store: sa.Engine, said: dict[str, bytes], day: int) -> int:
    at = f"2025-09-{day:02}T00:00:00Z"
    with store.begin() as connection:
        run_id = runs.begin(connection, SCHOOL, "sync", at, "test")
        for call, body in said.items():
            answers.keep(connection, SCHOOL, run_id, call, answers.pack(body))
        runs.end(connection, SCHOOL, run_id, at, "done", {})
    return run_id


@pytest.fixture
def archive(store: sa.Engine) -> sa.Engine:
    _night(store, CALLS, 1)
    _night(store, {"/v2/marks?a=1": b"[3]"}, 2)
    return store


def _findings(store: sa.Engine, statement: sa.sql.Executable, since: Checked | None = None) -> list[Finding]:
    """What is found after a statement behind the ledger's back, which is not kept."""
    with store.connect() as connection:
        connection.execute(statement)
        found = verify(connection, SCHOOL, since).findings
        connection.rollback()
    return list(found)


def _checked_after_the_first_run(archive: sa.Engine) -> Checked:
    with archive.connect() as connection:
        query = sa.select(schema.LEDGER).where(schema.LEDGER.c.entry == 1)
        first = connection.execute(query).one()
    return Checked(1, bytes(first.head), first.at, full=True)


BODY, RAW, ANSWER = schema.RAW_ANSWER.c.body, schema.RAW_ANSWER, schema.ANSWER
FIRST, THIRD = answers.pack(b"[1]").digest, answers.pack(b"[3]").digest


def test_untouched_answers_are_counted(archive: sa.Engine) -> None:
    with archive.connect() as connection:
        verdict = verify(connection, SCHOOL)
    assert (verdict.findings, verdict.answers) == ((), 3)


def test_an_altered_answer_is_named_by_its_call_and_run(archive: sa.Engine) -> None:
    forged = RAW.update().where(RAW.c.digest == THIRD).values(body=zlib.compress(b"[5]"))
    assert _findings(archive, forged) == [Finding("answer", 0, "altered", run=2, key=("/v2/marks?a=1",))]


def test_an_answer_that_is_gone_is_named_for_each_call_that_got_it(archive: sa.Engine) -> None:
    found = _findings(archive, RAW.delete().where(RAW.c.digest == FIRST))
    assert {(one.place, one.run, one.key[0]) for one in found} == {
        ("lost", 1, "/v2/marks?a=1"),
        ("lost", 1, "/v2/ёй"),
    }


def test_an_answer_that_no_run_got_is_found(archive: sa.Engine) -> None:
    new = answers.pack(b"[9]")
    added = RAW.insert().values(school_id=SCHOOL, digest=new.digest, body=new.body)
    (found,) = _findings(archive, added)
    assert (found.kind, found.place, found.key) == ("answer", "strange", (new.digest.hex()[:16],))


def test_a_call_deleted_added_or_led_to_another_answer_is_found_in_its_run(archive: sa.Engine) -> None:
    same_run = (ANSWER.c.run_id == 1, ANSWER.c.call == "/v2/Marks")
    deleted = _findings(archive, ANSWER.delete().where(*same_run))
    sets = [one for one in deleted if one.kind == "answers"]
    assert [(one.run, one.expected, one.found) for one in sets] == [(1, (3,), (2,))]
    added = ANSWER.insert().values(school_id=SCHOOL, run_id=2, call="/v2/new", digest=FIRST)
    assert [(one.kind, one.run) for one in _findings(archive, added)] == [("answers", 2)]
    led = ANSWER.update().where(*same_run).values(digest=FIRST)
    kinds = [(one.kind, one.place) for one in _findings(archive, led)]
    assert sorted(kinds) == [("answer", "strange"), ("answers", "answers")]
    of_no_run = ANSWER.insert().values(school_id=SCHOOL, run_id=77, call="/v2/new", digest=FIRST)
    assert [(one.kind, one.entity) for one in _findings(archive, of_no_run)] == [("unvouched", "answer")]


def test_an_incremental_verification_unpacks_the_new_answers_alone(archive: sa.Engine) -> None:
    since = _checked_after_the_first_run(archive)
    with archive.connect() as connection:
        verdict = verify(connection, SCHOOL, since)
    assert (verdict.findings, verdict.answers) == ((), 1)
    forged = RAW.update().where(RAW.c.digest == THIRD).values(body=b"no zlib")
    assert [one.place for one in _findings(archive, forged, since)] == ["altered"]
    deleted = ANSWER.delete().where(ANSWER.c.run_id == 2)
    assert {one.kind for one in _findings(archive, deleted, since)} == {"answers", "answer"}


def test_answers_of_runs_whose_entries_say_nothing_are_vouched_for_by_the_next_run(
    store: sa.Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As in an archive of an earlier version of the program, before and after its first new night."""
    real = ledger.append

    def as_before(connection: sa.Connection, school: int, kind: str, at: str, about: dict) -> ledger.Head:  # type: ignore[type-arg]
        return real(connection, school, kind, at, {n: v for n, v in about.items() if "answers" not in n})

    monkeypatch.setattr(ledger, "append", as_before)
    _night(store, CALLS, 1)
    _night(store, {"/v2/marks?a=1": b"[3]"}, 2)
    monkeypatch.undo()
    with store.connect() as connection:
        assert verify(connection, SCHOOL).findings == ()
    led = ANSWER.update().where(ANSWER.c.run_id == 1, ANSWER.c.call == "/v2/Marks").values(digest=THIRD)
    assert "answers" not in {one.kind for one in _findings(store, led)}  # nobody has vouched for them yet

    third = _night(store, {}, 3)
    with store.connect() as connection:
        assert verify(connection, SCHOOL).findings == ()
        entry = next(ledger.entries(connection, SCHOOL, "run"))
    assert (entry.about["answers"]["count"], entry.about["earlier_answers"]["count"]) == (0, 4)
    sets = [one for one in _findings(store, led) if one.kind == "answers"]
    assert [(one.place, one.run) for one in sets] == [("earlier_answers", third)]

    _night(store, {}, 4)
    with store.connect() as connection:
        assert "earlier_answers" not in next(ledger.entries(connection, SCHOOL, "run")).about


def test_an_entry_that_was_spoilt_is_found_and_no_end_of_the_verification(archive: sa.Engine) -> None:
    spoilt = schema.LEDGER.update().where(schema.LEDGER.c.entry == 1).values(
        about=orjson.dumps({"run": 1, "answers": [1]}).decode()
    )  # fmt: skip
    assert {"chain", "answers"} <= {one.kind for one in _findings(archive, spoilt)}


def test_an_answer_that_unpacks_without_end_takes_no_memory(sqlite_store: sa.Engine) -> None:
    bomb = zlib.compress(bytes(64 << 20), 9)
    _night(sqlite_store, {"/v2/marks": b"[1]"}, 1)
    with sqlite_store.connect() as connection:
        connection.execute(RAW.update().values(body=bomb))
        tracemalloc.start()
        (found,) = verify(connection, SCHOOL).findings
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
    assert found.place == "altered"
    assert peak < 16 << 20
