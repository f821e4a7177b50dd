"""An answer that cannot be written is kept as it came, to be looked into; its records are not written."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
import sqlalchemy as sa

from archive_store import answers, runs, schema
from archive_store.checkpoints import Place
from archive_store.records import Subject
from connector.api.calls import Call
from connector.api.client import Client
from connector.api.errors import WrongShape
from connector.sandbox.faults import ALWAYS
from connector.sync.answer import Answer
from connector.sync.fetching import Order
from connector.sync.ordering import Ordering
from connector.sync.slices import Kind, Slice, Writing
from connector.sync.source import Source
from connector.sync.summary import Summary
from connector.sync.writing import SliceWriter

CALL = Call("schools/1/subjects")
BODY = b'[{"id": 63}]'


def kept(store: sa.Engine, run_id: int, call: str, school_id: int = 1) -> bytes | None:
    with store.connect() as connection:
        return answers.answer(connection, school_id, run_id, call)


def subjects(store: sa.Engine) -> int:
    with store.connect() as connection:
        return connection.execute(sa.select(sa.func.count()).select_from(schema.SUBJECT.table)).scalar_one()


@dataclass
class Desk:
    """A run that is under way on a store, to which no platform answers."""

    store: sa.Engine
    writer: SliceWriter

    def write(self, kind: Kind, *, keep: bool = True) -> None:
        order = Order(Slice(kind, Place(kind.name), owned=(1,)), [CALL], None, b"", keep)
        self.writer.write(order, Answer([CALL], [BODY]))


@pytest.fixture
def desk(store: sa.Engine) -> Any:
    with store.begin() as connection:
        run_id = runs.begin(connection, 1, "sync", "2026-03-01T00:00:00Z", "test")
    with Client("http://127.0.0.1:9/v2/", "token-of-nobody") as client:
        source, nearby = Source(client, 1), {}
        ordering = Ordering("UTC", True, lambda: None)  # type: ignore[arg-type,return-value]
        yield Desk(store, SliceWriter(store, source, Summary(run_id), ordering, nearby))


def _huge(writing: Writing, _slice: Slice, _answer: Answer) -> None:
    """A number that no database can hold, after a record that it can."""
    writing.write(schema.SUBJECT, [Subject(63, "Algebra", None, None)])
    writing.write(schema.SUBJECT, [Subject(10**40, "Geometry", None, None)])


def _no_date(writing: Writing, _slice: Slice, _answer: Answer) -> None:
    writing.write(schema.SUBJECT, [Subject(63, "Algebra", None, None)])
    raise ValueError("no date")


def _unreadable_later(_writing: Writing, _slice: Slice, answer: Answer) -> None:
    raise WrongShape(answer.calls[0].label, "0.name", "Field required")


@pytest.mark.parametrize("write", [_huge, _no_date, _unreadable_later])
def test_what_cannot_be_written_is_kept_and_nothing_of_it_is_on_record(
    desk: Desk, write: Callable[[Writing, Slice, Answer], None]
) -> None:
    kind = Kind("subjects", lambda _one: [CALL], write)
    with pytest.raises(WrongShape):
        desk.write(kind)
    assert kept(desk.store, desk.writer.summary.run_id, CALL.label) == BODY
    assert subjects(desk.store) == 0
    assert not desk.writer.ordering.done


def test_what_is_not_to_be_kept_is_not_kept_then_either(desk: Desk) -> None:
    with pytest.raises(WrongShape):
        desk.write(Kind("staff", lambda _one: [CALL], _no_date, private=True), keep=False)
    assert kept(desk.store, desk.writer.summary.run_id, CALL.label) is None


def test_an_answer_of_which_nothing_can_be_read_is_kept(installation: Any) -> None:
    faults = installation.school.faults
    faults.path, faults.missing_required = f"schools/{installation.school_id}", ALWAYS
    summary = installation.sync()
    (failed,) = [one for one in summary.failures if one.slice.kind.name == "school"]
    assert isinstance(failed.error, WrongShape)
    body = kept(installation.engine, summary.run_id, failed.error.call, installation.school_id)
    assert body is not None
    assert body.startswith(b"{")
    with installation.engine.connect() as connection:
        assert not connection.execute(sa.select(schema.SCHOOL.table)).all()
    faults.missing_required = 0
    assert installation.sync().outcome == "done"
