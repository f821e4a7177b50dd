"""Whatever is given out is on record, and the ledger vouches for the record."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import orjson
import pytest
import sqlalchemy as sa

from archive_store import ledger, schema
from archive_store.export import disclosures
from archive_store.verification.whole import verify

SCHOOL = 1_000_000_000_901
SCOPE = {"groups": ["2410000000000000001"], "study_year": 2025, "pupils": 30, "marks": 9115}
AT = "2026-09-01T06:00:00Z"


def _log(connection: sa.Connection, school_id: int = SCHOOL, digest: bytes | None = b"\x01" * 32) -> int:
    return disclosures.log(connection, school_id, AT, "zavuch", "export", SCOPE, "/media/usb/7b", digest)


def test_a_disclosure_is_logged_with_its_scope(store: sa.Engine) -> None:
    with store.begin() as connection:
        assert _log(connection) == 1
    with store.connect() as connection:
        (entry,) = disclosures.entries(connection, SCHOOL)
    assert entry == disclosures.Disclosure(1, AT, "zavuch", "export", SCOPE, "/media/usb/7b", b"\x01" * 32)


def test_entries_are_numbered_within_a_school(store: sa.Engine) -> None:
    with store.begin() as connection:
        assert [_log(connection), _log(connection, school_id=902), _log(connection)] == [1, 1, 2]


def test_the_ledger_vouches_for_each_entry(store: sa.Engine) -> None:
    with store.begin() as connection:
        _log(connection)
        _log(connection, digest=None)
    with store.connect() as connection:
        rows = connection.execute(sa.select(schema.LEDGER).order_by(schema.LEDGER.c.entry)).all()
        assert verify(connection, SCHOOL).findings == ()
    about = [orjson.loads(row.about) for row in rows]
    assert [row.kind for row in rows] == ["disclosure", "disclosure"]
    assert about[0]["scope"] == SCOPE
    assert [one["digest"] for one in about] == ["01" * 32, None]


def test_a_transaction_that_fails_logs_nothing(sqlite_store: sa.Engine) -> None:
    def fails() -> None:
        with sqlite_store.begin() as connection:
            _log(connection)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fails()
    with sqlite_store.connect() as connection:
        assert list(disclosures.entries(connection, SCHOOL)) == []
        assert ledger.head(connection, SCHOOL).entry == 0


def test_many_disclosures_at_once_are_all_logged(store: sa.Engine) -> None:
    def disclose(_number: int) -> int:
        with store.begin() as connection:
            return _log(connection)

    with ThreadPoolExecutor(8) as threads:
        assert sorted(threads.map(disclose, range(40))) == list(range(1, 41))
    with store.connect() as connection:
        verdict = verify(connection, SCHOOL)
    assert (verdict.entries, verdict.findings) == (40, ())
