"""A slice is the unit of everything: fetch, retry, checkpoint, failure, re-sync, progress."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import date
from typing import Any, NamedTuple, TypeVar, cast

import sqlalchemy as sa

from archive_store import answers, history
from archive_store.answers import PackedAnswer, pack
from archive_store.checkpoints import Place
from archive_store.history import Absence, Changes, Scope
from archive_store.schema import Entity, R
from connector.api.calls import Call
from connector.api.errors import WrongShape
from connector.api.parsing import parse_what_can_be
from connector.sync.moments import MomentReader

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Slice:
    """What one fetch is to bring: a kind, a place, and whose journal.

    ``owned`` are the groups for which the answer is complete, ``known`` those that may occur in it;
    ``name`` is for people; a slice for one subject is complete for that subject only; ``why`` is the
    plan's reason to read it, and ``due`` the day since which it wants that (None: since it was read last);
    ``year_marks_apart``: see :mod:`connector.sync.finals`.
    """

    kind: Kind
    place: Place
    name: str = ""
    owned: tuple[int, ...] = ()
    known: tuple[int, ...] = ()
    subject_id: int | None = None
    why: str = ""
    due: date | None = None
    year_marks_apart: bool = False

    def scope(self) -> Scope:
        """What the absence of a journal record in a complete answer proves."""
        equal: list[tuple[str, tuple[int, ...]]] = [("group_id", self.owned)]
        if self.subject_id is not None:
            equal.append(("subject_id", (self.subject_id,)))
        return Scope(tuple(equal), self.place.first_day, self.place.last_day)


class Filing(NamedTuple):
    """What a lesson says of the marks and attendance that are filed under it."""

    lesson_id: int
    group_id: int
    subject_id: int | None
    day: str


Nearby = dict[tuple[tuple[int, ...], str, str], dict[int, Filing]]
"""The lessons under which the last slices were filed, by groups and days: the next ones need them too."""


@dataclass(slots=True)
class Reading:
    """What the archive knows already that a slice needs to be mapped."""

    connection: sa.Connection
    school_id: int
    nearby: Nearby


@dataclass(slots=True)
class Writing:
    """Where a slice's records go: one transaction of one run. Nothing is fetched in it."""

    connection: sa.Connection
    school_id: int
    run_id: int
    moments: MomentReader
    trust_withdrawals: bool = False
    held_back_before: bool = False
    nearby: Nearby = field(default_factory=dict)
    answer: Answer | None = None
    changes: dict[str, Changes] = field(default_factory=dict)
    unfiled: int = 0

    def write(
        self,
        entity: Entity[R],
        records: Sequence[R],
        scope: Scope | None = None,
        absence: Absence = Absence.WITHDRAWN,
    ) -> None:
        """Bring the record of an entity in line with an answer, and count.

        While a part of the answer could not be read or filed, nothing is withdrawn: it may be that part.
        """
        if absence is Absence.WITHDRAWN and self.incomplete:
            absence = Absence.UNKNOWN
        changes = history.write(
            self.connection,
            entity,
            self.school_id,
            self.run_id,
            records,
            scope,
            absence,
            trust_withdrawals=self.trust_withdrawals,
            held_back_before=self.held_back_before,
        )
        self.changes.setdefault(entity.name, Changes()).add(changes)

    @property
    def incomplete(self) -> bool:
        """Whether a part of the answer could not be read or filed."""
        return bool(self.unfiled or (self.answer and self.answer.unreadable))

    @property
    def reading(self) -> Reading:
        """The archive as this transaction sees it."""
        return Reading(self.connection, self.school_id, self.nearby)

    def keep(self, answer: Answer) -> None:
        """Keep the answers as they came."""
        answer.pack()
        for call, packed in zip(answer.calls, answer.packed, strict=True):
            answers.keep(self.connection, self.school_id, self.run_id, call.label, packed)


@dataclass(slots=True)
class Answer:
    """The calls of a slice and their bodies, in order; a body is parsed once, however often it is read.

    The ``first`` of them answer the slice's own calls, cut up where the platform gives little at once;
    the rest are follow-ups. ``way`` is the number of the kind's way that was gone. ``packed`` holds the
    bodies that are ready to be kept; ``unreadable`` is what is wrong with the first row that had to be
    left out, ``useless`` what is wrong with an answer of which nothing can be read.
    """

    calls: list[Call]
    bodies: list[bytes]
    first: int = 1
    way: int = 0
    packed: list[PackedAnswer] = field(default_factory=list)
    unreadable: WrongShape | None = None
    useless: WrongShape | None = None
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


Way = Callable[[Reading, Slice], Sequence[Call] | None]
"""Other calls that bring the same records, for rights or a platform that refuse the first ones.

None: this way cannot be gone, for the archive does not hold what the calls would follow from.
"""


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of slice: which calls it makes and how their answers become records.

    ``model`` is what the first answer is parsed as by the thread that fetched it, while another writes;
    ``models`` what it is on other ways, by their numbers, where that is not the same.
    ``follow_up`` tells the calls that the first answers ask for, ``look_up`` those for what the archive
    does not know, before the writing begins. ``filed_by`` names the kind whose record files this one's:
    if that changed, an equal answer is mapped again. ``private`` answers are not kept as they came.
    Where an answer ``may_be_absent``, "not found" means that there is none. ``other_ways`` are tried in
    turn when the platform refuses ``calls``; where the calls follow from what the archive holds, there are
    only these. An ``optional`` kind that is refused is no failure: not every platform offers it.
    """

    name: str
    calls: Callable[[Slice], Sequence[Call]] | None
    write: Callable[[Writing, Slice, Answer], None]
    model: Any = None
    models: Mapping[int, Any] = field(default_factory=dict, hash=False)
    follow_up: Callable[[Answer], Sequence[Call]] | None = None
    look_up: Callable[[Reading, Slice, Answer], Sequence[Call]] | None = None
    filed_by: str | None = None
    private: bool = False
    may_be_absent: bool = False
    optional: bool = False
    other_ways: tuple[Way, ...] = ()

    def calls_by(
        self, way: int, reading: Callable[[], AbstractContextManager[Reading]], slice_: Slice
    ) -> Sequence[Call] | None:
        """The calls of a way, by its number; the first one is 0. None if it cannot be gone."""
        if self.calls is not None and way == 0:
            return self.calls(slice_)
        with reading() as known:
            return self.other_ways[way - (self.calls is not None)](known, slice_)

    @property
    def ways(self) -> int:
        """How many ways there are."""
        return len(self.other_ways) + (self.calls is not None)
