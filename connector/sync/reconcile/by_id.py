"""Compare records by their ids, and tell the likely cause of each difference."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Final, Generic

from archive_store import schema
from archive_store.records import Attendance, FinalMark, Lesson, Mark
from archive_store.schema import Entity, R
from connector.sync.reconcile.archive import Archive, moment
from connector.sync.reconcile.verdict import Cause, Difference, What


@dataclass(frozen=True, slots=True)
class Compared(Generic[R]):
    """How the records of an entity are compared.

    ``watched`` columns must be equal; ``set_at`` is when a record was made, where the platform says it;
    ``shown`` is what a person is told of it; ``kind`` is the slice that reads it.
    """

    what: What
    kind: str
    entity: Entity[R]
    watched: tuple[str, ...]
    shown: Callable[[R], str | None]
    set_at: str | None = None

    def key(self, record: R) -> tuple[Any, ...]:
        """The record's key within the school."""
        return tuple(getattr(record, name) for name in self.entity.key)

    def content(self, record: R) -> tuple[Any, ...]:
        """What must be equal."""
        return tuple(getattr(record, name) for name in self.watched)


def _mark(one: Mark | FinalMark) -> str:
    """A mark as the diary shows it, with the stored value where that is another."""
    shown = one.text_value or one.value
    return shown if shown == one.value else f"{shown} ({one.value})"


LESSONS: Final[Compared[Lesson]] = Compared(
    What.LESSON,
    "lessons",
    schema.LESSON,
    ("group_id", "subject_id", "day", "number", "topic", "status"),
    lambda one: one.topic or "",
)
MARKS: Final[Compared[Mark]] = Compared(
    What.MARK,
    "marks",
    schema.MARK,
    ("person_id", "lesson_id", "subject_id", "day", "value", "text_value", "work_type_id", "in_average"),
    _mark,
    "set_at",
)
ATTENDANCE: Final[Compared[Attendance]] = Compared(
    What.ATTENDANCE,
    "attendance",
    schema.ATTENDANCE,
    ("day", "status", "comment"),
    lambda one: one.status,
    "recorded_at",
)
FINAL_MARKS: Final[Compared[FinalMark]] = Compared(
    What.FINAL_MARK,
    "final_marks",
    schema.FINAL_MARK,
    ("person_id", "subject_id", "period_id", "value", "text_value"),
    _mark,
    "set_at",
)


def differences(
    compared: Compared[R], archive: Archive, class_id: int, ours: Iterable[R], theirs: Iterable[R]
) -> tuple[int, list[Difference]]:
    """How many records either side has, and those on which they differ."""
    here = {compared.key(one): one for one in ours}
    there = {compared.key(one): one for one in theirs}
    keys = sorted(here.keys() | there.keys())
    found = (_difference(compared, archive, class_id, here.get(key), there.get(key)) for key in keys)
    return len(keys), [one for one in found if one]


def _difference(
    compared: Compared[R], archive: Archive, class_id: int, ours: R | None, theirs: R | None
) -> Difference | None:
    if ours is not None and theirs is not None and compared.content(ours) == compared.content(theirs):
        return None
    known: Any = ours if ours is not None else theirs
    return Difference(
        compared.what,
        class_id,
        getattr(known, "person_id", None),
        known.subject_id,
        getattr(known, "period_id", None),
        getattr(known, "day", None),
        compared.key(known)[0],
        *_texts(compared, ours, theirs),
        _cause(compared, archive, class_id, ours, theirs),
    )


def _texts(compared: Compared[R], ours: R | None, theirs: R | None) -> tuple[str | None, str | None]:
    """What a person is told of both sides; if that is the same, the fields on which they differ."""
    here, there = (compared.shown(one) if one is not None else None for one in (ours, theirs))
    if ours is None or theirs is None or here != there:
        return here, there
    pairs = zip(compared.watched, compared.content(ours), compared.content(theirs), strict=True)
    differing = [(name, one, other) for name, one, other in pairs if one != other]
    return (
        ", ".join(f"{name}: {one}" for name, one, _ in differing),
        ", ".join(f"{name}: {other}" for name, _, other in differing),
    )


def _cause(compared: Compared[R], archive: Archive, class_id: int, ours: R | None, theirs: R | None) -> Cause:
    if ours is not None:
        # A version that agrees with its digest is what the platform showed when it was last read.
        if archive.is_altered(compared.entity, ours):
            return Cause.ALTERED
        return Cause.WITHDRAWN if theirs is None else Cause.CHANGED
    assert theirs is not None  # noqa: S101 - one of the two is there
    if archive.stands_elsewhere(compared.entity, theirs):
        return Cause.CHANGED
    day = getattr(theirs, "day", None)
    last_read = archive.last_read(compared.kind, class_id, day)
    if last_read is None:
        return Cause.NEVER_READ
    made = moment(getattr(theirs, compared.set_at)) if compared.set_at else None
    newer = made >= last_read if made else day is not None and day >= last_read.date().isoformat()
    return Cause.NEWER if newer else Cause.MISSING


def worst(causes: Iterable[Cause]) -> Cause | None:
    """The cause to look at first: the enumeration begins with those that nothing excuses."""
    order = list(Cause)
    return min(causes, key=order.index, default=None)


def of_cell(
    found: Iterable[Difference], person_id: int, subject_id: int, first_day: str, last_day: str
) -> Iterator[Difference]:
    """The differences in marks that bear on one average."""
    for one in found:
        same = one.what is What.MARK and (one.person_id, one.subject_id) == (person_id, subject_id)
        if same and one.day is not None and first_day <= one.day <= last_day:
            yield one
