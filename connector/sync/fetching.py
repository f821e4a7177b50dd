"""Fetch slices by a few threads: their calls, their answers, and whether these are the same as last time."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from hashlib import sha256

from connector.api.calls import Call
from connector.api.client import Client
from connector.api.errors import NotThere, WrongShape
from connector.sync.answer import Answer
from connector.sync.answer_reading import AnswerReading
from connector.sync.limits import Limits, fetch_whole
from connector.sync.slices import Slice
from connector.sync.threads import by_threads


@dataclass(frozen=True, slots=True)
class Order:
    """A slice to fetch by these calls, which are its kind's way number ``way``; ``tried`` are all so far.

    ``known`` is the digest of its answer last time (None: no matter what it was). ``salt`` goes into the
    digest: it stands for the answer under which this one's records are filed. ``keep``: whether the
    answer is to be kept as it came. ``again``: a second look, since the first would have withdrawn too much.
    ``repair``: a part that was asked for, whatever the digest of the slice that it is part of says.
    """

    slice: Slice
    calls: Sequence[Call]
    known: bytes | None
    salt: bytes
    keep: bool = False
    way: int = 0
    tried: frozenset[int] = frozenset((0,))
    again: bool = False
    repair: bool = False


Fetched = Future[Answer | None]


def fetched(
    client: Client, take: Callable[[], Order | None], connections: int, limits: Limits, reading: AnswerReading
) -> Iterator[tuple[Order, Fetched]]:
    """Each order with its answer (None: the same as last time) or its error, as they come in.

    ``take`` gives the next order, or None if there is none at the moment.
    """
    return by_threads(lambda order: _fetch(client, order, limits, reading), take, connections)


def digest_of(answer: Answer, salt: bytes) -> bytes:
    """SHA-256 of the first answer and the salt; follow-up calls depend on the first answer."""
    summed = sha256()
    for body in answer.bodies[: answer.first]:
        summed.update(body)
    summed.update(salt)
    return summed.digest()


def _fetch(client: Client, order: Order, limits: Limits, reading: AnswerReading) -> Answer | None:
    try:
        parts = [part for call in order.calls for part in fetch_whole(client, call, limits)]
    except NotThere:
        if not order.slice.kind.may_be_absent:
            raise
        parts = [(order.calls[0], b"null")]
    answer = Answer([call for call, _ in parts], [body for _, body in parts], len(parts), order.way)
    if order.known is not None and order.known == digest_of(answer, order.salt):
        return None
    try:
        reading.read(order.slice, answer)  # here, while another thread writes
    except WrongShape as error:
        answer.useless = error  # who writes keeps it before it says so
    if order.keep:
        answer.pack()  # here, for compression leaves the other threads alone
    return answer
