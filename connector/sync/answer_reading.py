"""Read an answer that has come: parse it, fetch what it leads to, and map it where that needs no archive."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from threading import Lock

import sqlalchemy as sa

from connector.api.calls import Call
from connector.api.client import Client
from connector.api.errors import REFUSALS
from connector.sync.answer import Answer
from connector.sync.limits import Limits, fetch_whole
from connector.sync.moments import MomentReader
from connector.sync.slices import Nearby, NeedsArchive, Reading, Slice, mapped


@dataclass(slots=True)
class AnswerReading:
    """Reads answers in the threads that fetch them, while another one writes: for that one only rows wait."""

    engine: sa.Engine
    client: Client
    school_id: int
    moments: MomentReader
    limits: Limits
    # Not the writer's own: the threads share it, under the lock.
    _nearby: Nearby = field(default_factory=dict)
    _lock: Lock = field(default_factory=Lock)

    def read(self, slice_: Slice, answer: Answer) -> None:
        """Complete an answer. Raises WrongShape if nothing of it can be read, and what its calls raise."""
        kind = slice_.kind
        model = kind.models.get(answer.way, kind.model)
        if model is not None:
            answer.parts(model)
        if kind.follow_up:
            self._follow_up(answer, kind.follow_up(answer))
        nearby: Nearby = {}
        if kind.look_up:
            with self._lock, self._reading() as reading:
                wanted = kind.look_up(reading, slice_, answer)
                nearby = dict(self._nearby)  # another thread may make room
            self._look_up(answer, wanted)
        with suppress(NeedsArchive):  # then whoever writes maps it
            reading = Reading(None, self.school_id, nearby)
            answer.settle(mapped(reading, slice_, answer, self.moments))

    def forget(self) -> None:
        """Forget what was read of the archive: it has changed."""
        with self._lock:
            self._nearby.clear()

    def _follow_up(self, answer: Answer, wanted: Sequence[Call]) -> None:
        for call in wanted:
            answer.add(fetch_whole(self.client, call, self.limits))

    def _look_up(self, answer: Answer, wanted: Sequence[Call]) -> None:
        """Fetch what the archive does not know and the mapping needs; what cannot be had is left out."""
        waiting = list(wanted)
        while waiting:
            call = waiting.pop()
            try:
                answer.add([(call, self.client.fetch(call))])
            except REFUSALS:
                # One bad id may have refused them all.
                waiting += call.cut_to(1) if call.size > 1 else []

    @contextmanager
    def _reading(self) -> Iterator[Reading]:
        with self.engine.connect() as connection:
            yield Reading(connection, self.school_id, self._nearby)
