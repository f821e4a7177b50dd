"""A request to stop (Ctrl-C, Ctrl-Break, SIGTERM): no call begins any more, and what has come is written."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final


class Stop:
    """Whether this process was asked to stop. A plain flag: a handler must not wait for a lock."""

    def __init__(self) -> None:
        self._asked = False

    def is_set(self) -> bool:
        """Whether it was asked."""
        return self._asked

    def ask(self) -> None:
        """Ask it."""
        self._asked = True

    def forget(self) -> None:
        """Take the request back."""
        self._asked = False


STOP: Final = Stop()


@contextmanager
def asked_by_signals() -> Iterator[Stop]:
    """Set by the first signal; a second one ends the process at once.

    Not by an exception out of the handler: it may strike where it is lost. In another thread than the
    main one, to which signals do not come, it is what the main thread has been asked.
    """
    if threading.current_thread() is not threading.main_thread():
        yield STOP
        return
    names = ("SIGINT", "SIGTERM", "SIGBREAK")  # the last one is of Windows
    before = {
        number: signal.getsignal(number)
        for number in (getattr(signal, name, None) for name in names)
        if number is not None
    }

    def ask(number: int, _frame: object) -> None:
        STOP.ask()
        signal.signal(number, before[signal.Signals(number)])

    STOP.forget()
    try:
        for number in before:
            signal.signal(number, ask)
        yield STOP
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
        STOP.forget()
