"""A slice is the unit of everything: fetch, retry, checkpoint, failure, re-sync, progress."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import date
from typing import Any, NamedTuple

import sqlalchemy as sa

from archive_store import history
from archive_store.checkpoints import Place
from archive_store.history import Absence, Scope
from archive_store.schema import Entity, R
from connector.api.calls import Call
from connector.api.errors import WrongShape
from connector.sync.answer import Answer
from connector.sync.batches import Batch, Mapped
from connector.sync.moments import MomentReader


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


class NeedsArchive(Exception):
    """An answer becomes records apart from the archive, and this one cannot."""


@dataclass(slots=True)
class Reading:
    """What the archive knows already that a slice needs to be mapped.

    Apart from the archive there are the lessons ``nearby`` alone.
    """

    archive: sa.Connection | None
    school_id: int
    nearby: Nearby

    @property
    def connection(self) -> sa.Connection:
        """The archive. Raises NeedsArchive where there is none."""
        if self.archive is None:
            raise NeedsArchive
        return self.archive


@dataclass(slots=True)
class Writing:
    """What an answer is to bring into the archive: batches, in order. Nothing is fetched or written here.

    ``unfiled`` counts the rows that cannot be filed, for what they belong to is not known.
    """

    reading: Reading
    moments: MomentReader
    answer: Answer
    batches: list[Batch] = field(default_factory=list)
    unfiled: int = 0

    def write(
        self,
        entity: Entity[R],
        records: Sequence[R],
        scope: Scope | None = None,
        absence: Absence = Absence.WITHDRAWN,
    ) -> None:
        """Let the record of an entity be brought in line with an answer.

        While a part of the answer could not be read or filed, nothing is withdrawn: it may be that part.
        """
        if absence is Absence.WITHDRAWN and self.incomplete:
            absence = Absence.UNKNOWN
        rows = history.prepared(entity, self.school_id, records)
        self.batches.append(Batch(entity, rows, scope, absence))

    @property
    def incomplete(self) -> bool:
        """Whether a part of the answer could not be read or filed."""
        return bool(self.unfiled or self.answer.unreadable)

    @property
    def school_id(self) -> int:
        """Whose archive it is."""
        return self.reading.school_id

    @property
    def connection(self) -> sa.Connection:
        """The archive as the writing transaction sees it. Raises NeedsArchive where there is none."""
        return self.reading.connection


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


def mapped(reading: Reading, slice_: Slice, answer: Answer, moments: MomentReader) -> Mapped:
    """What an answer brings into the archive. Raises WrongShape, NeedsArchive."""
    writing = Writing(reading, moments, answer)
    try:
        slice_.kind.write(writing, slice_, answer)
    except (TypeError, ValueError, OverflowError) as error:
        # A value that the documented shape allows and no record can hold: no date, a huge number.
        label = answer.calls[0].label if answer.calls else slice_.kind.name
        raise WrongShape(label, "?", type(error).__name__) from None
    return Mapped(writing.batches, writing.unfiled)
