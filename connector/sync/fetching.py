"""Fetch slices by a few threads, never more than a few answers ahead of the writer: memory stays flat."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from hashlib import sha256
from queue import SimpleQueue

from connector.api.client import Client
from connector.api.errors import NotThere
from connector.sync.slices import Answer, Slice


@dataclass(frozen=True, slots=True)
class Order:
    """A slice to fetch. ``known`` is the digest of its answer last time (None: no matter what it was).

    ``salt`` goes into the digest: it stands for the answer under which this one's records are filed.
    ``keep``: whether the answer is to be kept as it came.
    """

    slice: Slice
    known: bytes | None
    salt: bytes
    keep: bool = False


Fetched = Future[Answer | None]


def fetched(client: Client, orders: Iterable[Order], connections: int) -> Iterator[tuple[Order, Fetched]]:
    """Each order with its answer (None: the same as last time) or its error, as they come in."""
    waiting = iter(orders)
    under_way: dict[Fetched, Order] = {}
    finished: SimpleQueue[Fetched] = SimpleQueue()
    with ThreadPoolExecutor(connections) as threads:
        try:
            while True:
                while len(under_way) < 2 * connections and (order := next(waiting, None)):
                    future = threads.submit(_fetch, client, order)
                    under_way[future] = order
                    future.add_done_callback(finished.put)
                if not under_way:
                    return
                future = finished.get()
                yield under_way.pop(future), future
        finally:
            for future in under_way:
                future.cancel()


def digest_of(answer: Answer, salt: bytes) -> bytes:
    """SHA-256 of the first body and the salt; follow-up calls depend on the first body."""
    return sha256(answer.bodies[0] + salt).digest()


def _fetch(client: Client, order: Order) -> Answer | None:
    kind = order.slice.kind
    calls = list(kind.calls(order.slice))
    try:
        answer = Answer(calls, [client.fetch(call) for call in calls])
    except NotThere:
        if not kind.may_be_absent:
            raise
        answer = Answer(calls, [b"null"])
    if order.known is not None and order.known == digest_of(answer, order.salt):
        return None
    if kind.model is not None:
        answer.parsed(kind.model)
    for call in kind.follow_up(answer) if kind.follow_up else ():
        answer.bodies.append(client.fetch(call))
        answer.calls.append(call)
    if order.keep:
        answer.pack()  # here, for compression leaves the other threads alone
    return answer
