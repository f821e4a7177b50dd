"""The summary sheet of attendance: days and lessons missed by each pupil in each period and in the year.

FORMS §4. A missed lesson is one of absence, illness or a good reason; being late is counted apart. A full
day is one on which a pupil missed every lesson of his own; it is of illness if all of them were. His
lessons are those held in his class and his subgroups while he was there, cancelled ones left out. Those of a
subject from which he is released are among them, though FORMS leaves them out: the platform does not say
since when he is. A status that the archive does not know counts as no missed lesson, and is counted by
itself.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction

from archive_store.forms.class_record import ClassRecord
from archive_store.forms.counts import Counts, per_cent
from archive_store.forms.gathering import gather
from archive_store.forms.held import is_held
from archive_store.forms.people import Pupil
from archive_store.forms.periods import Period, YearPlan, year_plan
from archive_store.forms.sections import list_of_pupils
from archive_store.forms.signs import Presence
from archive_store.forms.stays import Stays
from archive_store.records import Lesson


@dataclass(slots=True)
class Missed(Counts):
    """What a pupil, or a class, missed in a span. ``held`` counts the lessons that could be attended."""

    held: int = 0
    full_days: int = 0
    full_days_ill: int = 0
    ill: int = 0
    for_good_reason: int = 0
    without_reason: int = 0
    late: int = 0

    @property
    def lessons(self) -> int:
        """Missed lessons of any reason."""
        return self.ill + self.for_good_reason + self.without_reason

    @property
    def attended(self) -> Fraction | None:
        """The share of lessons attended, in per cent; None if none was held."""
        return per_cent(self.held - self.lessons, self.held)


@dataclass(frozen=True, slots=True)
class AttendanceRow:
    """A pupil: what was missed in each period, and in all."""

    pupil: Pupil
    periods: tuple[Missed, ...]
    total: Missed


@dataclass(frozen=True, slots=True)
class AttendanceSummary:
    """The sheet. ``unknown`` counts the statuses that have no letter, as the platform sent them.

    An absence on a lesson of before the pupil came counts as missed, and its lesson as held.
    """

    record: ClassRecord
    periods: tuple[Period, ...]
    rows: tuple[AttendanceRow, ...]
    total_by_period: tuple[Missed, ...]
    total: Missed
    unknown: tuple[tuple[str, int], ...]


def build(record: ClassRecord, stays: Stays) -> AttendanceSummary:
    """The sheet of the class of ``record``; ``stays`` of the class and its subgroups."""
    plan = year_plan(record.periods)
    sheet = _Sheet(record, plan, stays)
    class_id = record.group.group_id
    people = set(record.members.get(class_id, ())) | {
        one.person_id for one in record.attendance if one.group_id == class_id
    }
    pupils = list_of_pupils(people, class_id, record)
    periods = tuple(block.period for block in plan.blocks if block.period)
    rows = tuple(sheet.row(pupil, len(periods)) for pupil in pupils)
    unknown = Counter(one.status or "" for one in record.attendance if record.signs.is_unknown(one.status))
    return AttendanceSummary(
        record,
        periods,
        rows,
        tuple(Missed.total(row.periods[index] for row in rows) for index in range(len(periods))),
        Missed.total(row.total for row in rows),
        tuple(sorted(unknown.items())),
    )


@dataclass(slots=True)
class _Sheet:
    """What the rows are counted from."""

    record: ClassRecord
    plan: YearPlan
    stays: Stays
    held: Mapping[int, list[Lesson]] = field(init=False)
    status: Mapping[tuple[int, int], str] = field(init=False)

    def __post_init__(self) -> None:
        self.status = {(one.lesson_id, one.person_id): one.status or "" for one in self.record.attendance}
        self.held = self._held()

    def _held(self) -> dict[int, list[Lesson]]:
        """The lessons of each pupil: held, in his sections, while he was in their group."""
        found: dict[int, list[Lesson]] = defaultdict(list)
        until = self.record.known_on
        for (_subject, group_id), section in gather(self.record, self.plan).items():
            lessons = [one for one in section.lessons if is_held(one, until)]
            for person_id in section.pupils:
                mine = self.stays.get((group_id, person_id), ())
                found[person_id].extend(
                    one
                    for one in lessons
                    if (one.lesson_id, person_id) in self.status
                    # A lesson that is not on record is held for him alone whose absence names it.
                    or (
                        one.lesson_id not in section.missing
                        and (not mine or any(one.day in stay for stay in mine))
                    )
                )
        return found

    def row(self, pupil: Pupil, periods: int) -> AttendanceRow:
        """A pupil's row. What lies after the last period is in the total alone."""
        by_day: dict[str, list[Lesson]] = defaultdict(list)
        for lesson in self.held.get(pupil.person_id, ()):
            by_day[lesson.day].append(lesson)
        counted = [Missed() for _ in range(max(periods, 1) + 1)]
        total = Missed()
        for day, lessons in by_day.items():
            missed = self._day(pupil.person_id, lessons)
            counted[min(self.plan.block_of(day), len(counted) - 1)].add(missed)
            total.add(missed)
        return AttendanceRow(pupil, tuple(counted[:periods]), total)

    def _day(self, person_id: int, lessons: Iterable[Lesson]) -> Missed:
        presence = self.record.signs.presence
        entries = [presence(self.status.get((one.lesson_id, person_id))) for one in lessons]
        count = Counter(entries)
        missed = Missed(
            held=len(entries),
            ill=count[Presence.ILL],
            for_good_reason=count[Presence.GOOD_REASON],
            without_reason=count[Presence.ABSENT],
            late=count[Presence.LATE],
        )
        if missed.lessons == missed.held:
            missed.full_days = 1
            missed.full_days_ill = int(missed.ill == missed.held)
        return missed
