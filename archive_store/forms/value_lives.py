"""The life of each value of a class journal: what stood in a cell, since when, and what became of it.

It is read from the lives of records, wherever these come from, so that a sealed snapshot serves as well.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import chain
from typing import Any, Final, Literal, TypeAlias

import sqlalchemy as sa

from archive_store import schema
from archive_store.asof import AsOf
from archive_store.forms.class_record import ClassRecord
from archive_store.forms.gathering import Place, lesson_of, shown
from archive_store.forms.periods import FinalColumn, column_of, finals_with_year, year_plan
from archive_store.forms.signs import Signs
from archive_store.history_of import Event, Life, Moments, What, ever_in, lives, moments
from archive_store.records import Attendance, FinalMark, Mark

Kind: TypeAlias = Literal["mark", "attendance", "final-mark"]
FinalPlace: TypeAlias = tuple[int, FinalColumn, int]
"""A subject, a column of final marks and a pupil."""

_KINDS: Final[dict[str, Kind]] = {
    schema.MARK.name: "mark",
    schema.ATTENDANCE.name: "attendance",
    schema.FINAL_MARK.name: "final-mark",
}


@dataclass(frozen=True, slots=True)
class ValueEvent:
    """Something that a run noticed at the moment ``at`` (ISO 8601, UTC).

    ``value`` is what stood from then on, as the journal shows it; None when it was withdrawn. ``day`` is the
    day of the lesson under which it stood.
    """

    what: What
    at: str
    value: str | None
    day: str | None = None


@dataclass(frozen=True, slots=True)
class ValueLife:
    """All that is known of one mark or attendance, the oldest event first, with what stood last beside it.

    ``set_at`` is the moment that the platform names (UTC); ``work`` the type of work and ``weight`` its
    weight; ``note`` the comment of an attendance, or the mark as stored where the diary shows another text.
    """

    kind: Kind
    record_id: str
    events: tuple[ValueEvent, ...]
    set_at: str | None = None
    work: str | None = None
    weight: int | None = None
    note: str | None = None

    @property
    def is_corrected(self) -> bool:
        """Whether another value stood once, or it was withdrawn or moved: more than a change beside it."""
        if len(self.events) == 1:
            return False
        return self.was_moved or len({event.value for event in self.events}) > 1

    @property
    def was_moved(self) -> bool:
        """Whether it stood under more than one day."""
        return (
            len(self.events) > 1 and len({event.day for event in self.events if event.value is not None}) > 1
        )


@dataclass(frozen=True, slots=True)
class ClassLives:
    """The lives of a class by their place in the journal: a cell, or a column of final marks."""

    cells: Mapping[Place, tuple[ValueLife, ...]]
    finals: Mapping[FinalPlace, tuple[ValueLife, ...]]


def load_lives(connection: sa.Connection, at: AsOf, record: ClassRecord) -> ClassLives:
    """The lives of the class's marks, absences and final marks, as known by ``at``."""
    when = moments(connection, at.school_id)
    ids = [one.group_id for one in record.groups]
    is_absence = schema.ATTENDANCE.table.c.status != "Attend"
    found = chain(
        lives(connection, schema.MARK, at, ever_in(schema.MARK, at, ids)),
        lives(connection, schema.ATTENDANCE, at, ever_in(schema.ATTENDANCE, at, ids, is_absence)),
        lives(connection, schema.FINAL_MARK, at, ever_in(schema.FINAL_MARK, at, ids)),
    )
    return class_lives(found, when, record)


def class_lives(found: Iterable[Life], when: Moments, record: ClassRecord) -> ClassLives:
    """The lives of marks, attendance and final marks, put in their places.

    A record that was moved stands in each place where it ever stood.
    """
    cells: dict[Place, list[ValueLife]] = defaultdict(list)
    finals: dict[FinalPlace, list[ValueLife]] = defaultdict(list)
    plan = year_plan(record.periods)
    for life in found:
        value = _value_life(life, when, record)
        for stood in _stood(life):
            if isinstance(stood, FinalMark):
                (final,) = finals_with_year([stood], record.periods)
                _put(value, finals[final.subject_id, column_of(final, plan), final.person_id])
            else:
                lesson = lesson_of(stood) if isinstance(stood, Mark) else stood.lesson_id
                _put(value, cells[lesson, stood.person_id])
    return ClassLives(_frozen(cells), _frozen(finals))


def _value_life(life: Life, when: Moments, record: ClassRecord) -> ValueLife:
    last = life.last_record
    events = tuple(_event(event, when, record.signs) for event in life.events)
    kind = _KINDS[life.entity.name]
    record_id = " ".join(str(one) for one in life.key)
    if isinstance(last, Attendance):
        return ValueLife(kind, record_id, events, last.recorded_at, note=last.comment)
    note = last.value if last.value != shown(last) else None
    if isinstance(last, FinalMark):
        return ValueLife(kind, record_id, events, last.set_at, note=note)
    work = record.work_types.get(last.work_type_id or 0)
    title, weight = (work.title, work.weight) if work else (None, None)
    return ValueLife(kind, record_id, events, last.set_at, title, weight, note)


def _event(event: Event, when: Moments, signs: Signs) -> ValueEvent:
    stood = event.record
    if stood is None:
        return ValueEvent(event.what, when[event.run_id], None)
    return ValueEvent(event.what, when[event.run_id], _text(stood, signs), getattr(stood, "day", None))


def _text(stood: Mark | Attendance | FinalMark, signs: Signs) -> str:
    """What the journal shows: a mark, or the letter of an absence (nothing for presence)."""
    return signs.letter(stood.status) if isinstance(stood, Attendance) else shown(stood)


def _stood(life: Life) -> Iterator[Mark | Attendance | FinalMark]:
    return (event.record for event in life.events if event.record is not None)


def _put(value: ValueLife, place: list[ValueLife]) -> None:
    if value not in place[-1:]:
        place.append(value)


def _frozen(places: Mapping[Any, list[ValueLife]]) -> dict[Any, tuple[ValueLife, ...]]:
    return {place: tuple(found) for place, found in places.items()}
