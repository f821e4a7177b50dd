"""The list of corrections: what the journal said, what it says since, and when that was noticed.

A correction is seen by a run: the platform changed between that run and the one before, and it does not say
who changed. Filling in what was empty - a topic, a text of homework - is none; a withdrawn record is one.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, tzinfo
from typing import Any, Final, Literal

import sqlalchemy as sa

from archive_store import schema
from archive_store.asof import AsOf, last_known
from archive_store.catalogue import parents
from archive_store.history_of import Event, Life, Moments, ever_closed, ever_in, lives, moments
from archive_store.record_names import Names
from archive_store.records import FinalMark
from archive_store.schema import REPORTING_PERIOD, RUN, SNAPSHOT, Entity

Flag = Literal[
    "upward", "downward", "withdrawn", "seen-again", "after-period", "after-closing", "after-7-days"
]
LATE_AFTER_DAYS: Final = 7

# What of an entity is said in the journal, so that another value is a correction.
_SAID: Final[tuple[tuple[str, Entity[Any], tuple[str, ...]], ...]] = (
    ("mark", schema.MARK, ("value", "day")),
    ("final-mark", schema.FINAL_MARK, ("value",)),
    ("attendance", schema.ATTENDANCE, ("status", "comment")),
    ("lesson", schema.LESSON, ("topic", "day", "number", "status")),
    ("homework", schema.WORK, ("text", "target_day")),
)
_ONCE_FILLED: Final = ("topic", "text", "comment", "target_day", "status", "number")
_TO_BE_RANKED: Final = ("mark", "final-mark")


@dataclass(frozen=True, slots=True)
class Correction:
    """One value that became another (``now`` None: withdrawn), with its place and its moments.

    ``seen_from`` and ``seen_until``: when the old value was first and last seen; ``noticed``: when the new
    one was (moments, UTC). ``days_after``: days from the lesson, or from the end of the period of a final
    mark, to the day on which it was noticed; None when there is no such day. ``period`` is, of a final mark,
    the name of its period, else its kind: year, exam, final.
    """

    kind: str
    record_id: str
    person_id: int | None
    person_name: str | None
    group_id: int | None
    group_name: str | None
    subject_id: int | None
    subject_name: str | None
    day: str | None
    what: str
    was: str | None
    now: str | None
    seen_from: str
    seen_until: str
    noticed: str
    days_after: int | None
    flags: tuple[Flag, ...]
    period: str | None = None


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which corrections: of these groups (None: all), of lessons on these days (inclusive; None: all).

    ``late_after_days`` is from when on one is flagged as late.
    """

    group_ids: Sequence[int] | None = None
    first_day: str | None = None
    last_day: str | None = None
    late_after_days: int = LATE_AFTER_DAYS


def corrections(
    connection: sa.Connection, at: AsOf, wanted: Wanted, zone: tzinfo | None = None
) -> Iterator[Correction]:
    """The corrections known by then, streamed: by kind, then by record, then by time.

    Days are counted in ``zone``, the school's (UTC if it is not given).
    """
    calendar = _Calendar.of(connection, at, zone, wanted.late_after_days)
    names = Names(connection, at)
    for kind, entity, fields in _SAID:
        where = [ever_closed(entity, at)]
        if wanted.group_ids is not None:
            where.append(ever_in(entity, at, wanted.group_ids))
        if kind == "homework":
            where.append(entity.table.c.type == "Homework")
        for life in lives(connection, entity, at, *where):
            if _is_wanted(life, wanted, calendar):
                yield from _of_life(kind, life, fields, calendar, names)


def _is_wanted(life: Life, wanted: Wanted, calendar: _Calendar) -> bool:
    last = life.last_record
    if wanted.group_ids is not None and last.group_id not in wanted.group_ids:
        return False
    day = calendar.day_of(last)
    after = wanted.first_day is None or (day is not None and day >= wanted.first_day)
    return after and (wanted.last_day is None or (day is not None and day <= wanted.last_day))


def _of_life(
    kind: str, life: Life, fields: tuple[str, ...], calendar: _Calendar, names: Names
) -> Iterator[Correction]:
    standing = life.events[0]
    since = dict.fromkeys(fields, standing.run_id)
    for event in life.events[1:]:
        for name, was, now in _differences(event, standing.record, fields):
            yield _correction(kind, life, event, since[name], (name, was, now), calendar, names)
        changed = {change.field for change in event.changes}
        since.update((name, event.run_id) for name in fields if event.what != "changed" or name in changed)
        if event.record is not None:
            standing = event


def _differences(
    event: Event,
    standing: Any,  # noqa: ANN401 - a record of any entity
    fields: tuple[str, ...],
) -> Iterator[tuple[str, Any, Any]]:
    """The fields that say something else since: for a withdrawn record, and one seen again, the first."""
    first = fields[0]
    if event.what == "withdrawn":
        yield first, getattr(standing, first), None
    elif event.what == "again":
        yield first, None, getattr(event.record, first)
    for change in event.changes if event.what == "changed" else ():
        if change.field in fields and not (change.field in _ONCE_FILLED and change.was in (None, "")):
            yield change.field, change.was, change.now


def _correction(
    kind: str,
    life: Life,
    event: Event,
    since: int,
    value: tuple[str, Any, Any],
    calendar: _Calendar,
    names: Names,
) -> Correction:
    name, was, now = value
    record = event.record or life.last_record
    noticed = calendar.moments[event.run_id]
    due = calendar.due_day(record)
    days = None if due is None else (calendar.local_day(noticed) - date.fromisoformat(due)).days
    person_id = getattr(record, "person_id", None)
    return Correction(
        kind=kind,
        record_id=str(life.key[0]),
        person_id=person_id,
        person_name=names.person(person_id),
        group_id=record.group_id,
        group_name=names.group(record.group_id),
        subject_id=record.subject_id,
        subject_name=names.subject(record.subject_id),
        day=getattr(record, "day", None),
        what=name,
        was=None if was is None else str(was),
        now=None if now is None else str(now),
        seen_from=calendar.moments[since],
        seen_until=calendar.moments[calendar.run_before(event.run_id, since)],
        noticed=noticed,
        days_after=days,
        flags=tuple(_flags(kind, event, value, record, days, calendar)),
        period=calendar.period_of(record) if kind == "final-mark" else None,
    )


def _flags(
    kind: str,
    event: Event,
    value: tuple[str, Any, Any],
    record: Any,  # noqa: ANN401
    days: int | None,
    calendar: _Calendar,
) -> Iterator[Flag]:
    name, was, now = value
    if kind in _TO_BE_RANKED and name == "value" and event.what == "changed":
        before, after = _grade(was), _grade(now)
        if before is not None and after is not None and before != after:
            yield "upward" if after > before else "downward"
    if event.what == "withdrawn":
        yield "withdrawn"
    if event.what == "again":
        yield "seen-again"
    noticed = calendar.moments[event.run_id]
    if calendar.is_after_period(record, noticed):
        yield "after-period"
    if calendar.is_after_closing(record, noticed):
        yield "after-closing"
    if days is not None and days > calendar.late_after:
        yield "after-7-days"


def _grade(value: str) -> float | None:
    """A mark as a number for telling up from down: 4- is less than 4, 4+ is more; None if it is none."""
    text = value.strip()
    sign = {"-": -0.3, "+": 0.3}.get(text[-1:], 0.0)
    digits = text.rstrip("+-")
    return int(digits) + sign if digits.isdecimal() else None


@dataclass(slots=True)
class _Calendar:
    """What a correction is held against: runs, ends of periods, the closing of years."""

    moments: Moments
    zone: tzinfo | None
    late_after: int
    runs: list[int]
    years: dict[int, int | None]
    periods: dict[int, list[tuple[int, str, str]]]
    names: dict[int, str]
    classes: dict[int, tuple[int, ...]]
    closings: dict[int, str] = field(default_factory=dict)

    @classmethod
    def of(cls, connection: sa.Connection, at: AsOf, zone: tzinfo | None, late_after: int) -> _Calendar:
        groups = list(last_known(connection, schema.EDU_GROUP, at))
        periods: dict[int, list[tuple[int, str, str]]] = {}
        names: dict[int, str] = {}
        for one in last_known(connection, REPORTING_PERIOD, at):
            if one.type != "Year":
                names[one.period_id] = one.name or ""
                periods.setdefault(one.group_id, []).append((one.period_id, one.starts, one.ends))
        ended = sa.select(RUN.c.run_id).where(RUN.c.school_id == at.school_id).order_by(RUN.c.run_id)
        closed = (
            sa.select(SNAPSHOT.c.study_year, sa.func.min(SNAPSHOT.c.sealed_at))
            .where(SNAPSHOT.c.school_id == at.school_id)
            .group_by(SNAPSHOT.c.study_year)
        )
        return cls(
            moments(connection, at.school_id),
            zone,
            late_after,
            list(connection.execute(ended).scalars()),
            {one.group_id: one.study_year for one in groups},
            periods,
            names,
            {one.group_id: (one.group_id, *parents(one)) for one in groups},
            {row[0]: row[1] for row in connection.execute(closed)},
        )

    def local_day(self, moment: str) -> date:
        """The school's day of a moment."""
        return datetime.fromisoformat(moment).astimezone(self.zone or UTC).date()

    def run_before(self, run_id: int, not_before: int) -> int:
        """The run that still saw the old value: the last one before, or the one that first saw it."""
        return max((one for one in self.runs if one < run_id), default=not_before)

    def day_of(self, record: Any) -> str | None:  # noqa: ANN401
        """The day under which a record is filed; of a final mark, the end of its period."""
        return getattr(record, "day", None) or self.due_day(record)

    def due_day(self, record: Any) -> str | None:  # noqa: ANN401
        """The day from which lateness counts: the lesson's, or the end of the period of a final mark.

        A mark of the year, of an exam or a final one counts from the end of the last period.
        """
        if hasattr(record, "day"):
            day: str | None = record.day
            return day
        spans = self._spans(record.group_id)
        last = max((ends for _period, _starts, ends in spans), default=None)
        return next((ends for period, _starts, ends in spans if period == record.period_id), last)

    def period_of(self, record: FinalMark) -> str:
        """The name of a final mark's period, else its kind; of a period that is the whole year, year."""
        if record.kind == "period" and record.period_id is not None:
            return self.names.get(record.period_id) or "year"
        return record.kind

    def is_after_period(self, record: Any, moment: str) -> bool:  # noqa: ANN401
        """Whether the reporting period of the record had ended."""
        due = self.due_day(record)
        if due is None:
            return False
        ends = next(
            (ends for _id, starts, ends in self._spans(record.group_id) if starts <= due <= ends), None
        )
        return ends is not None and self.local_day(moment).isoformat() > ends

    def is_after_closing(self, record: Any, moment: str) -> bool:  # noqa: ANN401
        """Whether the academic year of the record was closed."""
        closing = self.closings.get(self.years.get(record.group_id) or 0)
        return closing is not None and moment > closing

    def _spans(self, group_id: int) -> list[tuple[int, str, str]]:
        """The periods of a class; a subgroup has those of its classes."""
        ids = self.classes.get(group_id, (group_id,))
        return [span for one in ids for span in self.periods.get(one, ())]
