"""The log of disclosures of the first releases goes on in the log of access, and stays vouched for."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from alembic import command

from archive_store import ledger, schema
from archive_store.access import checking, log
from archive_store.access.readings import readings
from archive_store.store import alembic_config, make_store
from archive_store.verification.whole import verify

SCHOOL = 1_000_000_000_901
AT = "2026-03-01T06:00:00Z"


def _older(url: str) -> None:
    """An archive of the revision before, with two disclosures as the program wrote them then."""
    parsed = sa.make_url(url)
    if parsed.get_backend_name() == "postgresql":
        parsed = parsed.set(drivername="postgresql+psycopg")
    engine = sa.create_engine(parsed)
    with engine.connect() as connection:
        configuration = alembic_config()
        configuration.attributes["connection"] = connection
        command.upgrade(configuration, "0007")
        names = "school_id number at user action scope target digest"
        table = sa.table("disclosure", *(sa.column(name) for name in names.split()))
        for number, digest in ((1, bytes([7]) * 32), (2, None)):
            scope = '{"group":"2410000000000000001","year":2025}'
            values = (SCHOOL, number, AT, "zavuch", "export", scope, "/usb", digest)
            row = dict(zip(names.split(), values, strict=True))
            connection.execute(table.insert().values(row))
            about = {
                "number": number, "user": "zavuch", "action": "export",
                "scope": {"group": "2410000000000000001", "year": 2025}, "target": "/usb",
                "digest": digest.hex() if digest else None,
            }  # fmt: skip
            ledger.append(connection, SCHOOL, "disclosure", AT, about)
        connection.commit()
    engine.dispose()


@pytest.fixture(params=["sqlite_url", "postgresql_url"])
def migrated(request: pytest.FixtureRequest) -> sa.Engine:
    url: str = request.getfixturevalue(request.param)
    _older(url)
    return make_store(url)


def test_old_entries_are_read_verified_and_followed_by_new_ones(migrated: sa.Engine) -> None:
    with migrated.begin() as connection:
        first, second = readings(connection, SCHOOL)
        assert (first.begun.occasion.account, first.begun.kind, first.state) == ("zavuch", "export", "given")
        assert first.ended is not None
        assert first.ended.digest == bytes([7]) * 32
        assert second.begun.about["year"] == 2025
        log.begin(connection, SCHOOL, AT, log.Occasion("x"), log.Read(log.Kind.DATA, log.About(), "stdout"))
        assert verify(connection, SCHOOL).findings == ()
        verdict = checking.verify(connection, SCHOOL)
        assert (verdict.entries, verdict.faults) == (3, ())
    migrated.dispose()


@pytest.mark.parametrize("column", ["at", "account", "person", "kind", "about", "purpose", "digest"])
def test_an_old_entry_that_is_altered_is_found_by_both_checks(migrated: sa.Engine, column: str) -> None:
    with migrated.begin() as connection:
        value: object = bytes(32) if column == "digest" else '{"year":1}'
        where = schema.ACCESS.c.number == 2
        connection.execute(schema.ACCESS.update().where(where).values({column: value}))
        assert [one.number for one in checking.verify(connection, SCHOOL).faults] == [2]
        assert [one.kind for one in verify(connection, SCHOOL).findings] == ["register"]
    migrated.dispose()
