"""Work by a few threads: never far ahead of who takes it, and nothing begun after the end."""

from __future__ import annotations

from itertools import count
from threading import Lock

from connector.sync.threads import by_threads


def test_each_order_comes_with_its_result_or_its_error() -> None:
    orders = iter(range(1, 20))

    def work(order: int) -> int:
        if order == 7:
            raise ValueError(order)
        return order * order

    done = dict(by_threads(work, lambda: next(orders, None), 3))
    assert set(done) == set(range(1, 20))
    assert isinstance(done.pop(7).exception(), ValueError)
    assert all(future.result() == order * order for order, future in done.items())


def test_no_more_is_begun_than_a_few_ahead_and_nothing_after_the_taker_stops() -> None:
    begun, lock, orders = [0], Lock(), count(1)

    def work(order: int) -> int:
        with lock:
            begun[0] += 1
        return order

    results = by_threads(work, lambda: next(orders), 2)
    for number, _done in enumerate(results, start=1):
        assert begun[0] <= number + 4
        if number == 10:
            break
    results.close()
    assert next(orders) <= 10 + 4 + 1


def test_orders_may_be_added_while_others_are_under_way() -> None:
    waiting = [1]
    seen = []
    for order, _done in by_threads(lambda one: one, lambda: waiting.pop() if waiting else None, 2):
        seen.append(order)
        if order < 3:
            waiting.append(order + 1)
    assert seen == [1, 2, 3]
