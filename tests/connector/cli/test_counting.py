"""A request to stop is heard between two copies, wherever the signal struck."""

from __future__ import annotations

import os
import signal

import pytest

from connector.cli.progress import counting


@pytest.mark.skipif(os.name == "nt", reason="signals of POSIX")
@pytest.mark.parametrize("request_to_stop", [signal.SIGINT, signal.SIGTERM])
def test_a_request_to_stop_ends_the_work_where_it_is_counted_next(request_to_stop: signal.Signals) -> None:
    before = signal.getsignal(request_to_stop)
    done = []

    def work() -> None:
        with counting("Forms") as told:
            for number in range(5):
                told(number, 5)
                done.append(number)
                if number == 2:
                    os.kill(os.getpid(), request_to_stop)  # the copy that is being made is made

    with pytest.raises(KeyboardInterrupt):
        work()
    assert done == [0, 1, 2]
    assert signal.getsignal(request_to_stop) is before
