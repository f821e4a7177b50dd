"""The answer to the calls of a slice, as it came and as far as it has been read."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, TypeVar, cast

from archive_store.answers import PackedAnswer, pack
from connector.api.calls import Call
from connector.api.errors import WrongShape
from connector.api.parsing import parse_what_can_be
from connector.sync.batches import Mapped

T = TypeVar("T")


@dataclass(slots=True)
class Answer:
    """The calls of a slice and their bodies, in order; a body is parsed once, however often it is read.

    The ``first`` of them answer the slice's own calls, cut up where the platform gives little at once;
    the rest are follow-ups. ``way`` is the number of the kind's way that was gone. ``packed`` holds the
    bodies that are ready to be kept; ``unreadable`` is what is wrong with the first row that had to be
    left out, ``useless`` what is wrong with an answer of which nothing can be read. ``mapped`` is what it
    brings, where that needed no look into the archive.
    """

    calls: list[Call]
    bodies: list[bytes]
    first: int = 1
    way: int = 0
    packed: list[PackedAnswer] = field(default_factory=list)
    unreadable: WrongShape | None = None
    useless: WrongShape | None = None
    mapped: Mapped | None = None
    _parsed: dict[int, Any] = field(default_factory=dict)

    def parsed(self, model: type[T]) -> T:
        """The slice's own answer as ``model``; parts of a list are one list. Raises WrongShape."""
        if self.first == 1:
            return self._body(model, 0)
        joined: Any = [item for number in range(self.first) for item in cast(Any, self._body(model, number))]
        whole: T = joined
        return whole

    def parts(self, model: type[T]) -> list[T]:
        """The parts of the slice's own answer, each as ``model``. Raises WrongShape."""
        return [self._body(model, number) for number in range(self.first)]

    def follow_ups(self, model: type[T]) -> list[T]:
        """The answers to the follow-up calls, each as ``model``. Raises WrongShape."""
        return [self._body(model, number) for number in range(self.first, len(self.calls))]

    def add(self, parts: Iterable[tuple[Call, bytes]]) -> None:
        """Add the answers to a follow-up call."""
        for call, body in parts:
            self.calls.append(call)
            self.bodies.append(body)

    def settle(self, mapped: Mapped) -> None:
        """It has been mapped: its models are no longer needed."""
        self.mapped = mapped
        self._parsed.clear()

    def pack(self) -> None:
        """Pack what has not been packed yet."""
        self.packed += [pack(body) for body in self.bodies[len(self.packed) :]]

    def _body(self, model: type[T], number: int) -> T:
        if number not in self._parsed:
            parsed, wrong = parse_what_can_be(model, self.bodies[number], self.calls[number].label)
            self._parsed[number] = parsed
            self.unreadable = self.unreadable or wrong
        known: T = self._parsed[number]
        return known
