"""By which way a slice is fetched: the remembered one, another one, and never one that would ask nothing."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from archive_store.checkpoints import Place
from connector.api.calls import Call
from connector.sync.ordering import Ordering
from connector.sync.slices import Kind, Slice

FIRST, LAST = Call("first"), Call("last")


@contextmanager
def nothing() -> Iterator[Any]:
    yield None


def kind(*, known: bool) -> Kind:
    """A kind with a way that can only be gone if something is known."""
    return Kind(
        "kind",
        lambda _slice: [FIRST],
        lambda *_: None,
        other_ways=(lambda *_: [LAST] if known else None, lambda *_: []),
    )


def ordering(way: int = 0) -> Ordering:
    return Ordering("UTC", False, nothing, ways={"kind": way} if way else {})


def test_a_way_that_cannot_be_gone_is_passed_over() -> None:
    first = ordering().order(Slice(kind(known=False), Place("kind")))
    other = ordering().by_another_way(first)
    assert other is not None
    assert (other.way, list(other.calls)) == (2, [])
    assert ordering().by_another_way(other) is None


def test_a_remembered_way_that_cannot_be_gone_gives_way_to_the_first() -> None:
    order = ordering(way=1).order(Slice(kind(known=False), Place("kind")))
    assert (order.way, list(order.calls)) == (0, [FIRST])
    order = ordering(way=1).order(Slice(kind(known=True), Place("kind")))
    assert (order.way, list(order.calls)) == (1, [LAST])
