"""Whatever leaves is on record before it leaves; the log is chained and bound by the ledger."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
import sqlalchemy as sa

from archive_store import ledger, schema
from archive_store.access import checking, log
from archive_store.access.errors import AccessNotCompleted, AccessNotLogged
from archive_store.access.giving import giving
from archive_store.access.readings import readings
from archive_store.verification.whole import verify

SCHOOL = 1_000_000_000_901
AT = "2026-09-01T06:00:00Z"
WHO = log.Occasion("zavuch", "Deputy head Агапова А. А.", "an inspection", "no. 12 of 01.09.2026", "district")
READ = log.Read(log.Kind.EXPORT, log.About("class", (2025,), (2410000000000000001,)), "/media/usb/7b")
DIGEST = bytes([1]) * 32


def _read(engine: sa.Engine, school: int = SCHOOL) -> None:
    with giving(engine, school, WHO, READ, lambda: AT) as given:
        given.digest = DIGEST
        given.counts["rows"] = 9115


def _entries(engine: sa.Engine) -> list[log.Entry]:
    with engine.connect() as connection:
        return list(log.entries(connection, SCHOOL))


def test_a_read_has_an_entry_before_and_one_after(store: sa.Engine) -> None:
    with giving(store, SCHOOL, WHO, READ, lambda: AT) as given:
        (begun,) = _entries(store)
        assert begun.state == log.State.BEGUN
        given.digest = DIGEST
        given.counts["rows"] = 9115
    begun, ended = _entries(store)
    assert (begun.occasion, begun.target) == (WHO, "/media/usb/7b")
    assert begun.about == {"what": "class", "years": [2025], "groups": ["2410000000000000001"]}
    assert (ended.state, ended.begun, ended.digest) == (log.State.GIVEN, 1, DIGEST)
    assert ended.about == {"rows": 9115}


def test_a_read_that_fails_says_so_without_the_words_of_the_error(store: sa.Engine) -> None:
    with pytest.raises(ValueError, match="Агапова"), giving(store, SCHOOL, WHO, READ, lambda: AT):
        raise ValueError("Агапова Анна")
    ended = _entries(store)[-1]
    assert (ended.state, ended.about) == (log.State.FAILED, {"reason": "ValueError"})


def _full(connection: sa.Connection) -> None:
    connection.exec_driver_sql(
        "CREATE TRIGGER full BEFORE INSERT ON access BEGIN SELECT RAISE(ABORT, 'disk is full'); END"
    )


def test_nothing_leaves_if_the_entry_cannot_be_written(sqlite_store: sa.Engine) -> None:
    with sqlite_store.begin() as connection:
        _full(connection)
    reading = giving(sqlite_store, SCHOOL, WHO, READ, lambda: AT)
    with pytest.raises(AccessNotLogged, match="disk is full"), reading:
        pytest.fail("something left")
    assert _entries(sqlite_store) == []


def test_what_was_given_is_told_even_if_its_end_cannot_be_entered(sqlite_store: sa.Engine) -> None:
    def read() -> None:
        with giving(sqlite_store, SCHOOL, WHO, READ, lambda: AT), sqlite_store.begin() as connection:
            _full(connection)

    with pytest.raises(AccessNotCompleted) as caught:
        read()
    assert caught.value.number == 1
    with sqlite_store.connect() as connection:
        assert checking.verify(connection, SCHOOL).unended == (1,)


_KILLED = """
import os, signal, sys
import sqlalchemy as sa
from archive_store.access import log
from archive_store.access.giving import giving
engine = sa.create_engine(sys.argv[1])
read = log.Read(log.Kind.EXPORT, log.About("class"), "out")
with giving(engine, 1_000_000_000_901, log.Occasion("zavuch"), read, lambda: "2026-09-01T06:00:00Z"):
    print("given out", flush=True)
    os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.mark.skipif(os.name == "nt", reason="Windows knows no SIGKILL")
def test_a_process_that_is_killed_in_between_leaves_the_first_entry(store: sa.Engine) -> None:
    url = store.url.render_as_string(hide_password=False)
    killed = subprocess.run([sys.executable, "-c", _KILLED, url], capture_output=True, text=True)
    assert (killed.returncode, killed.stdout) == (-signal.SIGKILL, "given out\n")
    _read(store)
    with store.connect() as connection:
        cut, whole = readings(connection, SCHOOL)
        assert (cut.state, whole.state) == (None, log.State.GIVEN)
        found = checking.verify(connection, SCHOOL)
        assert (found.unended, found.faults) == ((1,), ())
        assert verify(connection, SCHOOL).findings == ()


def test_entries_are_numbered_within_a_school(store: sa.Engine) -> None:
    for school in (SCHOOL, 902, SCHOOL):
        _read(store, school)
    assert [one.number for one in _entries(store)] == [1, 2, 3, 4]


def test_many_reads_at_once_are_all_logged(store: sa.Engine) -> None:
    with ThreadPoolExecutor(8) as threads:
        list(threads.map(lambda _number: _read(store), range(20)))
    with store.connect() as connection:
        assert verify(connection, SCHOOL).findings == ()
        verdict = checking.verify(connection, SCHOOL)
    assert (verdict.entries, verdict.faults, verdict.unended) == (40, (), ())


def test_the_ledger_binds_the_head_of_each_entry_at_once(store: sa.Engine) -> None:
    _read(store)
    with store.connect() as connection:
        found = [one.about for one in ledger.entries(connection, SCHOOL, "access")]
    assert {one["number"]: one["head"] for one in found} == {
        one.number: one.head.hex() for one in _entries(store)
    }


def _forge(connection: sa.Connection, what: str) -> None:
    table = schema.ACCESS
    if what == "altered":
        connection.execute(table.update().where(table.c.number == 3).values(purpose="curiosity"))
    elif what == "rechained":
        _forge(connection, "altered")
        _rechain(connection)
    elif what == "deleted":
        connection.execute(table.delete().where(table.c.number == 3))
    elif what == "cut":
        connection.execute(table.delete().where(table.c.number > 4))
    else:
        row = dict(connection.execute(sa.select(table).where(table.c.number == 6)).mappings().one())
        connection.execute(table.insert().values({**row, "number": 7}))


def _rechain(connection: sa.Connection) -> None:
    """What somebody would do who knows how the chain is made."""
    from archive_store.access.chain import chained

    previous = ledger.NO_HEAD
    for row in connection.execute(sa.select(schema.ACCESS).order_by(schema.ACCESS.c.number)).all():
        previous = chained(previous, row)
        where = schema.ACCESS.c.number == row.number
        connection.execute(schema.ACCESS.update().where(where).values(head=previous))


@pytest.mark.parametrize(
    ("what", "faults"),
    [
        ("altered", [("altered", 3)]),
        ("rechained", [("altered", number) for number in (3, 4, 5, 6)]),
        ("deleted", [("deleted", 3)]),
        ("cut", [("cut", 5), ("cut", 6)]),
        ("inserted", [("inserted", 7)]),
    ],
)
def test_each_way_of_forging_the_log_is_found_and_named(
    store: sa.Engine, what: str, faults: list[tuple[str, int]]
) -> None:
    for _time in range(3):
        _read(store)
    with store.begin() as connection:
        assert checking.verify(connection, SCHOOL).faults == ()
        _forge(connection, what)
        assert [(one.problem, one.number) for one in checking.verify(connection, SCHOOL).faults] == faults
        assert {one.kind for one in verify(connection, SCHOOL).findings} == {"register"}


OTHERS: tuple[Any, ...] = (0, 7, 3.5, "", "forged", b"\xff\xfe", None)


def test_whatever_stands_in_a_column_instead_is_found(sqlite_store: sa.Engine) -> None:
    _read(sqlite_store)
    with sqlite_store.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE kept AS SELECT * FROM access")
        connection.exec_driver_sql("DROP TABLE access")  # a forger's table has no constraints
        connection.exec_driver_sql("CREATE TABLE access AS SELECT * FROM kept")
        for column in [one.name for one in schema.ACCESS.columns if one.name != "school_id"]:
            before = connection.exec_driver_sql(f"SELECT {column} FROM kept ORDER BY number").scalars().all()
            for other in OTHERS:
                if other == before[1] or (column == "number" and other is None):
                    continue
                connection.exec_driver_sql(f"UPDATE access SET {column} = ? WHERE begun = 1", (other,))
                assert checking.verify(connection, SCHOOL).faults, (column, other)
                connection.exec_driver_sql("DELETE FROM access")
                connection.exec_driver_sql("INSERT INTO access SELECT * FROM kept")
