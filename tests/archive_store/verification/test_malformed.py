"""What is chained in by one who can write the ledger, but says it in no way that can be read, is named."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import orjson
import pytest
import sqlalchemy as sa
from vouched_for import SCHOOL, fill_covered

from archive_store import anchors, ledger, schema
from archive_store.access import checking
from archive_store.retention.book import Clerk, Kind
from archive_store.retention.tombstones import tombstones
from archive_store.store import make_store
from archive_store.verification import memory
from archive_store.verification.whole import verify

AT = "2025-09-04T00:00:00Z"
STONE = {
    "study_year": 2019, "bag": "journal-9A-ed01", "root": "0" * 64, "group": "77", "files": 3, "size": 900,
    "years": 5, "act": 1, "at": AT,
}  # fmt: skip
ODD: tuple[Any, ...] = (
    None, -1, 1.5, True, 1 << 63, "x", [], [1], [["mark", 1]], {"a": 1}, {"count": "x"}, {"opened": []},
)  # fmt: skip


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[sa.Engine]:
    file: Path = tmp_path_factory.mktemp("malformed") / "archive.sqlite"
    made = make_store(f"sqlite:///{file}")
    fill_covered(made)
    with made.begin() as connection:
        clerk = Clerk(SCHOOL, "deputy", AT)
        told = {"mark": ledger.digests_of_run(connection, SCHOOL, 2, schema.MARK)}
        told["answers"] = ledger.answers_digest(connection, SCHOOL, 2)
        clerk.enter(connection, Kind.DESTROYED, STONE)
        clerk.enter(connection, Kind.CLEARED, {"act": 1, "files": [], "runs": {"2": told}})
    yield made
    made.dispose()


@pytest.fixture
def archive(engine: sa.Engine) -> Iterator[sa.Connection]:
    """What is altered is not kept."""
    with engine.connect() as connection:
        yield connection
        connection.rollback()


def _with(value: Any, path: tuple[str, ...], odd: Any) -> Any:
    """The value with something odd at a place in it; without a path, the odd thing alone."""
    if not path:
        return odd
    value = copy.deepcopy(value)
    inner = value
    for name in path[:-1]:
        inner = inner[name]
    inner[path[-1]] = odd
    return value


def _chain_in(archive: sa.Connection, entry: int, about: Any) -> None:
    """Let an entry say something else, and make the chain follow, as one would who knows how."""
    table, head = schema.LEDGER, ledger.NO_HEAD
    for row in archive.execute(sa.select(table).order_by(table.c.entry)).all():
        text = orjson.dumps(about, option=orjson.OPT_SORT_KEYS).decode() if row.entry == entry else row.about
        head = ledger.chained(head, row.entry, row.kind, row.at, text)
        archive.execute(table.update().where(table.c.entry == row.entry).values(about=text, head=head))


def _entry(archive: sa.Connection, kind: str) -> Any:
    """The last entry of a kind."""
    table = schema.LEDGER.c
    query = sa.select(schema.LEDGER).where(table.kind == kind).order_by(table.entry.desc())
    return archive.execute(query).first()


PLACES = [
    ("run", ()), ("run", ("run",)), ("run", ("entities",)), ("run", ("entities", "mark")),
    ("run", ("entities", "mark", "opened")), ("run", ("answers",)), ("run", ("answers", "count")),
    ("snapshot", ()), ("snapshot", ("roots",)), ("snapshot", ("study_year",)), ("snapshot", ("edition",)),
    ("terms", ("number",)), ("carrier", ("number",)), ("retention", ("number",)), ("access", ("number",)),
    ("access", ("head",)),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "path"), PLACES, ids=lambda value: ".".join(value) if value else "all")
def test_an_entry_of_an_odd_shape_is_a_finding_that_names_it(
    archive: sa.Connection, kind: str, path: tuple[str, ...]
) -> None:
    entry = _entry(archive, kind)
    for odd in ODD:
        with archive.begin_nested() as part:
            _chain_in(archive, entry.entry, _with(orjson.loads(entry.about), path, odd))
            assert entry.entry in {one.entry for one in verify(archive, SCHOOL).findings}, odd
            checking.verify(archive, SCHOOL)  # whatever it finds, it goes to its end
            part.rollback()


LINES = [
    (Kind.CLEARED, ()), (Kind.CLEARED, ("runs",)), (Kind.CLEARED, ("runs", "2")),
    (Kind.CLEARED, ("runs", "2", "mark")), (Kind.CLEARED, ("runs", "2", "mark", "opened")),
    (Kind.CLEARED, ("runs", "2", "answers")), (Kind.CLEARED, ("runs", "2", "answers", "count")),
    (Kind.DESTROYED, ()), (Kind.DESTROYED, ("root",)), (Kind.DESTROYED, ("years",)),
    (Kind.DESTROYED, ("act",)),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "path"), LINES, ids=lambda value: ".".join(value) if value else "all")
def test_a_line_on_destruction_of_an_odd_shape_is_named_by_its_entry_though_both_agree(
    archive: sa.Connection, kind: Kind, path: tuple[str, ...]
) -> None:
    table = schema.RETENTION_EVENT
    line = archive.execute(sa.select(table).where(table.c.kind == kind.value)).one()
    vouching = [
        row.entry
        for row in archive.execute(sa.select(schema.LEDGER).where(schema.LEDGER.c.kind == "retention"))
        if orjson.loads(row.about)["number"] == line.number
    ]
    for odd in ODD:
        with archive.begin_nested() as part:
            details = orjson.dumps(_with(orjson.loads(line.details), path, odd)).decode()
            archive.execute(table.update().where(table.c.number == line.number).values(details=details))
            changed = archive.execute(sa.select(table).where(table.c.number == line.number)).one()
            _chain_in(archive, vouching[0], ledger.retention_entry(changed))
            assert vouching[0] in {one.entry for one in verify(archive, SCHOOL).findings}, odd
            if kind is Kind.DESTROYED:
                assert tombstones(archive, SCHOOL) == []
            part.rollback()


def test_a_verification_on_record_that_cannot_be_read_spares_nothing(archive: sa.Connection) -> None:
    now = datetime.fromisoformat("2025-09-05T00:00:00+00:00")
    memory.record(archive, SCHOOL, verify(archive, SCHOOL), AT, "1.0")
    assert memory.to_go_on_from(archive, SCHOOL, now, 30, "1.0") is not None
    entry = _entry(archive, memory.KIND)
    said = orjson.loads(entry.about)
    for about in [*ODD, *(_with(said, (name,), odd) for name in ("up_to", "head") for odd in ODD)]:
        _chain_in(archive, entry.entry, about)
        assert memory.to_go_on_from(archive, SCHOOL, now, 30, "1.0") is None, about


def test_a_head_that_is_no_bytes_misses_an_anchor(archive: sa.Connection) -> None:
    kept = anchors.newest(archive, SCHOOL)
    archive.exec_driver_sql("UPDATE ledger SET head = 'forged'")
    assert anchors.check(archive, SCHOOL, kept) is not None


def test_a_text_that_is_none_is_a_fault_of_the_log_of_access_and_not_its_end(archive: sa.Connection) -> None:
    archive.exec_driver_sql("UPDATE access SET purpose = CAST(X'ff' AS TEXT) WHERE number = 1")
    assert [one.number for one in checking.verify(archive, SCHOOL).faults] == [1]
