"""Any row altered, added or deleted behind the ledger's back is found, in every table that it covers."""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import orjson
import pytest
import sqlalchemy as sa
from vouched_for import COVERED, NOT_COVERED, SCHOOL, fill_covered, record

from archive_store import anchors, ledger, schema
from archive_store.canonical import version_digest
from archive_store.schema import ENTITIES, Entity
from archive_store.store import make_store
from archive_store.verification.whole import verify

OTHERS: tuple[Any, ...] = (0, 1, 2, -7, 3.5, "", "1", "forged", '«»\x00\x1f"\\', b"\xff\xfe", b"", None)


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[sa.Engine]:
    file: Path = tmp_path_factory.mktemp("alterations") / "archive.sqlite"
    made = make_store(f"sqlite:///{file}")
    fill_covered(made)
    yield made
    made.dispose()


@pytest.fixture
def archive(engine: sa.Engine) -> Iterator[sa.Connection]:
    """What is altered is not kept."""
    with engine.connect() as connection:
        yield connection
        connection.rollback()


def test_untouched_it_verifies(archive: sa.Connection) -> None:
    verdict = verify(archive, SCHOOL)
    assert verdict.findings == ()
    assert verdict.answers == 3  # of four calls, two got the same
    assert verdict.versions == sum(
        archive.execute(sa.select(sa.func.count()).select_from(entity.table)).scalar_one()
        for entity in ENTITIES
    )


@pytest.mark.parametrize("table", COVERED, ids=lambda table: table.name)
def test_every_column_altered_in_any_row_is_found(archive: sa.Connection, table: sa.Table) -> None:
    chance = random.Random(table.name)  # noqa: S311 - to be repeated
    rowids = archive.exec_driver_sql(f"SELECT rowid FROM {table.name}").scalars().all()
    for column in table.columns:
        rowid = chance.choice(rowids)
        before = archive.exec_driver_sql(
            f'SELECT "{column.name}" FROM {table.name} WHERE rowid = ?', (rowid,)
        ).scalar()
        # One of the ways to spoil it each time keeps the test quick; the kind differs from column to column.
        ways = [*_spoilt(before, chance), *OTHERS]
        _altered(archive, table, column, rowid, before, chance.choice(ways))


def _altered(
    archive: sa.Connection, table: sa.Table, column: sa.Column[Any], rowid: int, before: Any, other: Any
) -> None:
    update = f'UPDATE {table.name} SET "{column.name}" = ? WHERE rowid = ?'
    with archive.begin_nested() as part:
        try:
            archive.exec_driver_sql(update, (other, rowid))
        except sa.exc.IntegrityError:
            part.rollback()  # the database itself refuses it
            return
        now = archive.exec_driver_sql(
            f'SELECT "{column.name}" FROM {table.name} WHERE rowid = ?', (rowid,)
        ).first()
        findings = verify(archive, SCHOOL).findings
        part.rollback()
    is_same = now is not None and now[0] == before and type(now[0]) is type(before)
    if is_same or (table.name, column.name) in NOT_COVERED:
        return
    assert findings, f"{table.name}.{column.name}: {before!r} became {now!r}"


def _spoilt(value: Any, chance: random.Random) -> list[Any]:
    """A value with one bit of it turned, as text and as bytes."""
    if isinstance(value, int):
        return [value ^ 1, value + 1]
    if not value:
        return []
    place, bit = chance.randrange(len(value)), 1 << chance.randrange(7)
    if isinstance(value, str):
        spoilt = value[:place] + chr(ord(value[place]) ^ bit) + value[place + 1 :]
        return [spoilt, value.upper() + " ", value.encode()]
    return [value[:place] + bytes([value[place] ^ bit]) + value[place + 1 :]]


@pytest.mark.parametrize("table", COVERED, ids=lambda table: table.name)
def test_every_deleted_row_is_found(archive: sa.Connection, table: sa.Table) -> None:
    rowids = archive.exec_driver_sql(f"SELECT rowid FROM {table.name}").scalars().all()
    assert rowids
    last_entry = archive.exec_driver_sql("SELECT max(rowid) FROM ledger").scalar()
    for rowid in {rowids[0], rowids[-1]}:
        with archive.begin_nested() as part:
            archive.exec_driver_sql(f"DELETE FROM {table.name} WHERE rowid = ?", (rowid,))
            findings = verify(archive, SCHOOL).findings
            part.rollback()
        assert findings or (table is schema.LEDGER and rowid > last_entry), f"{table.name} {rowid}"


@pytest.mark.parametrize("entity", [schema.MARK, schema.WORK, schema.SCHOOL], ids=lambda entity: entity.name)
@pytest.mark.parametrize(
    ("seen_from", "seen_to", "school"),
    [(1, None, SCHOOL), (2, 2, SCHOOL), (2, 1, SCHOOL), (1, 2, SCHOOL), (9, None, SCHOOL), (1, None, 77)],
)
def test_every_added_row_is_found_also_one_that_never_stood(
    archive: sa.Connection, entity: Entity[Any], seen_from: int, seen_to: int | None, school: int
) -> None:
    made = record(entity, 5, 5)
    archive.execute(
        entity.table.delete().where(entity.table.c.seen_from == seen_from)
    ) if not entity.key else None
    values = dict(zip(entity.columns, made, strict=True))
    digest = version_digest(entity.name, school, made)
    archive.execute(
        entity.table.insert().values(
            **values, school_id=school, digest=digest, seen_from=seen_from, seen_to=seen_to
        )
    )
    assert verify(archive, SCHOOL).findings


@pytest.mark.parametrize(
    "table",
    [
        schema.SNAPSHOT,
        schema.CLOSING,
        schema.TERMS_CONFIRMATION,
        schema.CARRIER_EVENT,
        schema.ACCESS,
        schema.RETENTION_EVENT,
    ],
    ids=lambda table: table.name,
)
@pytest.mark.parametrize("school", [SCHOOL, 77])
def test_every_row_added_to_a_register_is_found(archive: sa.Connection, table: sa.Table, school: int) -> None:
    row = dict(archive.execute(sa.select(table)).mappings().first() or {})
    other = "study_year" if "study_year" in row else "number"
    archive.execute(table.insert().values({**row, "school_id": school, other: row[other] + 7}))
    kinds_found = {one.kind for one in verify(archive, SCHOOL).findings}
    assert kinds_found == {"register" if school == SCHOOL else "unvouched"}


@pytest.mark.parametrize("spoilt", ['{"rows": 3}', b'{"rows":3}', '{"rows":3,"rows":3}'])
def test_a_scope_that_says_the_same_in_other_bytes_is_found(archive: sa.Connection, spoilt: Any) -> None:
    archive.exec_driver_sql("UPDATE access SET about = ? WHERE number = 2", (spoilt,))
    assert [one.place for one in verify(archive, SCHOOL).findings] == ["access"]


def test_a_chain_of_a_school_that_never_had_a_run_is_found(archive: sa.Connection) -> None:
    archive.exec_driver_sql("CREATE TEMP TABLE one AS SELECT * FROM ledger WHERE entry = 1")
    archive.exec_driver_sql("UPDATE one SET school_id = 77")
    archive.exec_driver_sql("INSERT INTO ledger SELECT * FROM one")
    archive.exec_driver_sql("DROP TABLE one")
    assert [one.place for one in verify(archive, SCHOOL).findings] == ["school 77, ledger"]


def test_an_altered_closing_is_named_as_one_and_not_as_a_sealed_year(archive: sa.Connection) -> None:
    archive.exec_driver_sql("UPDATE closing SET reason = 'forged' WHERE edition = 2")
    assert [one.place for one in verify(archive, SCHOOL).findings] == ["closing"]


def test_a_version_found_altered_is_named(archive: sa.Connection) -> None:
    archive.exec_driver_sql("UPDATE mark SET value = 'forged' WHERE mark_id = 3")
    (finding,) = verify(archive, SCHOOL).findings
    assert (finding.kind, finding.entity, finding.key) == ("version", "mark", (3,))


def test_a_tail_cut_off_with_all_that_it_vouched_for_is_found_by_an_anchor_alone(
    archive: sa.Connection,
) -> None:
    kept = anchors.newest(archive, SCHOOL)
    archive.execute(schema.LEDGER.delete().where(schema.LEDGER.c.kind == "access"))
    archive.execute(schema.ACCESS.delete())
    assert verify(archive, SCHOOL).findings == ()
    finding = anchors.check(archive, SCHOOL, kept)
    assert finding is not None
    assert finding.place == "cut"


def test_a_ledger_rewritten_from_its_first_entry_is_found_by_an_anchor_alone(archive: sa.Connection) -> None:
    kept = anchors.newest(archive, SCHOOL)
    table = schema.LEDGER
    rows = archive.execute(sa.select(table).order_by(table.c.entry)).all()
    archive.execute(table.delete())
    archive.exec_driver_sql("UPDATE run SET program = 'forged' WHERE run_id = 1")
    for row in rows:  # whoever can write all can also make it agree with itself
        if row.kind == "run":
            run_id = 1 if row.entry == 1 else 2
            ledger.append_run(archive, SCHOOL, run_id, row.at)
        else:
            ledger.append(archive, SCHOOL, row.kind, row.at, orjson.loads(row.about))
    assert verify(archive, SCHOOL).findings == ()
    finding = anchors.check(archive, SCHOOL, kept)
    assert finding is not None
    assert finding.place == "rewritten"
