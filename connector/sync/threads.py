"""Work done by a few threads, never more than a few results ahead of who takes them: memory stays flat."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from queue import Empty, SimpleQueue
from typing import Final, TypeVar

_LOOK_SECONDS: Final = 0.5
# Results that may wait for the taker while all threads are at work: no thread stands still for want of it.
_AHEAD: Final = 2

Order = TypeVar("Order")
Result = TypeVar("Result")


def by_threads(
    work: Callable[[Order], Result], take: Callable[[], Order | None], threads: int
) -> Iterator[tuple[Order, Future[Result]]]:
    """Each order with its result or its error, as they come in; ``work`` runs in other threads.

    ``take`` gives the next order, or None if there is none at the moment. Whoever stops in the middle waits
    for what is under way, and no more is begun.
    """
    under_way: dict[Future[Result], Order] = {}
    finished: SimpleQueue[Future[Result]] = SimpleQueue()
    with ThreadPoolExecutor(threads) as pool:
        try:
            while True:
                while len(under_way) < threads + _AHEAD and (order := take()):
                    future = pool.submit(work, order)
                    under_way[future] = order
                    future.add_done_callback(finished.put)
                if not under_way:
                    return
                future = _first_of(finished)
                yield under_way.pop(future), future
        finally:
            for future in under_way:
                future.cancel()


def _first_of(finished: SimpleQueue[Future[Result]]) -> Future[Result]:
    """Wait, but not without end: on Windows a request to stop is heard only between two waits."""
    while True:
        with suppress(Empty):
            return finished.get(timeout=_LOOK_SECONDS)
