"""Which slices of the grid a run fetches, in which order, and why each.

Every night the months whose records still change; every week the current reporting period from its
first day, since marks are filed under the day of their lesson; every few weeks the rest of the year, a
portion each night, the longest unread first, so that nothing older than that is unverified.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum
from typing import Final

from archive_store.checkpoints import Checkpoint, Place
from connector.sync import averages, criteria, diary, finals, journal, reference, thematic
from connector.sync.grid import JournalGroup, months_of, of_days, of_group, of_school, study_year_of
from connector.sync.sections import RECEIVED
from connector.sync.slices import Kind, Slice
from connector.sync.window import Window

Done = Mapping[Place, Checkpoint]

# Final marks are set around the end of a period.
_BEFORE_PERIOD_END: Final = timedelta(days=14)
_AFTER_PERIOD_END: Final = timedelta(days=7)


class Why(StrEnum):
    """Why a slice is read."""

    NIGHTLY = "nightly"  # small, and changed at any time
    NEW = "new"  # never read before
    DISTRUSTED = "distrusted"  # the last answer no longer says what stands in the archive
    OPEN = "open"  # its records still change
    DEEP = "deep"  # in the current reporting period, not read for some days
    VERIFY = "verify"  # settled, and verified once in a while
    RARELY = "rarely"  # changes rarely, not read for some days


@dataclass(frozen=True, slots=True)
class _Turn:
    """Why a slice is to be read, and the day since which (None: since it was read last)."""

    why: Why
    since: date | None = None

    def of(self, slice_: Slice) -> Slice:
        return replace(slice_, why=self.why, due=self.since)


def school_slices(school_id: int) -> list[Slice]:
    """The slices of the whole school, read by every run: few and small."""
    return [of_school(kind, school_id, Why.NIGHTLY) for kind in reference.SCHOOL_KINDS]


def rare_school_slices(school_id: int, done: Done, window: Window) -> list[Slice]:
    """The slices of the whole school that rarely change."""
    slices = [of_school(kind, school_id) for kind in reference.RARE_SCHOOL_KINDS]
    turns = [_rarely(done.get(one.place), window.reference_days, window) for one in slices]
    return [turn.of(one) for one, turn in zip(slices, turns, strict=True) if turn]


def group_list_slices(school_id: int) -> list[Slice]:
    """The list of classes, after the teachers: where it is closed it is gathered from them."""
    return [of_school(reference.EDU_GROUPS, school_id, Why.NIGHTLY)]


def past_group_slices(school_id: int, years: Sequence[int], done: Done, window: Window) -> list[Slice]:
    """The classes of wanted years of which the platform's list shows none."""
    slice_ = of_school(reference.PAST_GROUPS, school_id)
    if all(year in years for year in range(window.first_year, window.year)):
        return []
    turn = _rarely(done.get(slice_.place), window.past_days, window)
    return [turn.of(slice_)] if turn else []


def group_slices(groups: Sequence[JournalGroup], done: Done, window: Window) -> list[Slice]:
    """Rosters of every run for the current year; what rarely changes, and past years, when due."""
    slices = []
    for one in groups:
        kinds = reference.GROUP_KINDS if one.is_class else reference.SUBGROUP_KINDS
        current = one.group.study_year == window.year
        days = window.reference_days if current else window.past_days
        for slice_ in (of_group(kind, one) for kind in kinds):
            checkpoint = done.get(slice_.place)
            if current and slice_.kind is reference.ROSTER:
                turn: _Turn | None = _Turn(Why.NIGHTLY, _since(checkpoint, 1, window.year_begins))
            else:
                begins = window.year_begins if current else date.min
                turn = _rarely(checkpoint, days, window, not_before=begins)
            slices += [turn.of(slice_)] if turn else []
    return slices


def lesson_slices(groups: Sequence[JournalGroup], done: Done, window: Window) -> list[Slice]:
    """Lessons of the months that are due. They come first: they file marks and attendance."""
    return _by_months((journal.LESSONS,), groups, done, window)


def mark_slices(groups: Sequence[JournalGroup], done: Done, window: Window) -> list[Slice]:
    """Marks and attendance of the months that are due, and final marks."""
    by_months = _by_months((journal.MARKS, journal.ATTENDANCE), groups, done, window)
    classes = [one for one in groups if one.is_class]
    of_classes = [(of_group(finals.FINAL_MARKS, one), _final(one, done, window)) for one in classes]
    apart = [one for one in classes if one.year_marks_apart]
    of_classes += [(of_group(finals.YEAR_MARKS, one), _year_marks(one, done, window)) for one in apart]
    return by_months + [turn.of(slice_) for slice_, turn in of_classes if turn]


def average_slices(groups: Sequence[JournalGroup], done: Done, window: Window) -> list[Slice]:
    """The platform's averages of periods that have ended: once more when they have settled, then rarely."""
    slices = []
    for one in groups:
        ended = [span for span in one.periods if span[1] < window.today and one.is_class]
        for kind in averages.KINDS:
            for first, last in ended:
                slice_ = of_days(kind, one, first, last)
                checkpoint = done.get(slice_.place)
                cycle = window.full_days if one.group.study_year == window.year else window.past_days
                # Nothing is added to what the platform sent: an absurd end has no day after it.
                settled = last < window.today - _AFTER_PERIOD_END
                if settled and checkpoint and _day(checkpoint) - _AFTER_PERIOD_END <= last:
                    turn: _Turn | None = _Turn(Why.OPEN, _since(checkpoint, 1, last + _AFTER_PERIOD_END))
                else:
                    turn = _rarely(checkpoint, cycle, window, not_before=last)
                slices += [turn.of(slice_)] if turn else []
    return slices


def special_slices(
    groups: Sequence[JournalGroup], traits: Mapping[str, str], done: Done, window: Window
) -> tuple[list[Slice], list[Slice]]:
    """Thematic marks and the criteria journal, where the school has them; the second list after the first.

    Once in ``deep_days`` of the current year, but the criteria marks of a period that is under way every
    time; its sections, which change rarely, when the archive knows in which subjects there are marks.
    """
    classes = [one for one in groups if one.is_class]
    has = {name for name, state in traits.items() if state == RECEIVED}
    due: list[Slice] = []
    if thematic.THEMATIC_MARKS.name in has:
        due += [_weekly(of_group(thematic.THEMATIC_MARKS, one), one, done, window) for one in classes]
    if criteria.CRITERIA_MARKS.name not in has:
        return [one for one in due if one.why], []
    listed = [one for one in classes if one.keeps_criteria_journal]
    sections: list[Slice] = []
    for one in listed or classes:
        due.append(_weekly(of_group(criteria.CRITERIA_TOTALS, one), one, done, window))
        for span in one.periods:
            if span[0] <= window.today:
                due.append(_of_period(of_days(criteria.CRITERIA_MARKS, one, *span), span[1], done, window))
                sections.append(_weekly(of_days(criteria.CRITERIA_SECTIONS, one, *span), one, done, window))
    return [one for one in due if one.why], [one for one in sections if one.why]


def _weekly(slice_: Slice, one: JournalGroup, done: Done, window: Window) -> Slice:
    days = window.deep_days if one.group.study_year == window.year else window.past_days
    return _in_turn(slice_, _rarely(done.get(slice_.place), days, window))


def _of_period(slice_: Slice, last: date, done: Done, window: Window) -> Slice:
    checkpoint = done.get(slice_.place)
    if window.today <= last or (checkpoint and _day(checkpoint) <= last + _AFTER_PERIOD_END):
        return _in_turn(slice_, _Turn(Why.OPEN if checkpoint else Why.NEW))
    current = study_year_of(last) == window.year
    return _in_turn(slice_, _rarely(checkpoint, window.full_days if current else window.past_days, window))


def _in_turn(slice_: Slice, turn: _Turn | None) -> Slice:
    """The slice with its reason, or without one."""
    return turn.of(slice_) if turn else slice_


def diary_slices(
    groups: Sequence[JournalGroup], homework: diary.Homework, done: Done, window: Window
) -> list[Slice]:
    """Files and states of homework: of months that still change once in ``deep_days``, else when due."""
    wanted = {diary.HOMEWORK_FILES: window.homework_files, diary.HOMEWORK_TASKS: window.homework_tasks}
    slices = _by_months([kind for kind, is_wanted in wanted.items() if is_wanted], groups, done, window)
    wanted_now = [one for one in slices if one.place in done or _has_homework(one, homework)]
    settled = [one for one in wanted_now if one.why is not Why.OPEN]
    still_open = [
        (one, _since(done[one.place], window.deep_days)) for one in wanted_now if one.why is Why.OPEN
    ]
    return settled + [_Turn(Why.OPEN, since).of(one) for one, since in still_open if since <= window.today]


def _has_homework(one: Slice, homework: diary.Homework) -> bool:
    month = one.place.first_day[:7]
    return any((group, month) in homework[one.kind.name] for group in one.owned)


def _by_months(
    kinds: Sequence[Kind], groups: Sequence[JournalGroup], done: Done, window: Window
) -> list[Slice]:
    horizon = window.today + timedelta(days=window.days_ahead)
    due: list[Slice] = []
    settled: dict[int, list[Slice]] = {}
    for one in groups:
        deep_from = _period_start(one, window)
        for first, last in months_of(one.group.study_year or window.year):
            if first > horizon:
                break
            # Of days to come only the timetable is of interest: nothing has been filed under its lessons.
            for kind in kinds if first <= window.today else [one for one in kinds if not one.filed_by]:
                slice_ = of_days(kind, one, first, last)
                turn = _month(done.get(slice_.place), first, last, deep_from, window)
                if turn:
                    due.append(turn.of(slice_))
                else:
                    settled.setdefault(one.group.study_year or window.year, []).append(slice_)
    for year, slices in settled.items():
        due += _portion(slices, done, window.full_days if year == window.year else window.past_days, window)
    return due


def _portion(slices: Sequence[Slice], done: Done, cycle: int, window: Window) -> list[Slice]:
    """So many of the longest unread slices that each is read within ``cycle`` days."""
    rest = max(1, cycle - window.deep_days)
    oldest = sorted(slices, key=lambda one: done[one.place].done_at)
    portion = -(-len(oldest) // rest)
    ages = [(window.today - _day(done[one.place])).days for one in oldest]
    return [
        _Turn(Why.VERIFY, _since(done[one.place], cycle)).of(one)
        for number, (one, age) in enumerate(zip(oldest, ages, strict=True))
        if age >= cycle or (number < portion and age >= window.deep_days)
    ]


def _month(
    checkpoint: Checkpoint | None, first: date, last: date, deep_from: date, window: Window
) -> _Turn | None:
    if checkpoint is None or not checkpoint.answer_digest:
        return _unsettled(checkpoint, since=first)
    read_on = _day(checkpoint)
    if _by_a_wrong_clock(read_on, window):
        return _Turn(Why.DISTRUSTED)
    if read_on <= last + timedelta(days=window.days_back):
        return _Turn(Why.OPEN)
    since = _since(checkpoint, window.deep_days)
    return _Turn(Why.DEEP, since) if last >= deep_from and since <= window.today else None


def _rarely(
    checkpoint: Checkpoint | None, days: int, window: Window, *, not_before: date = date.min
) -> _Turn | None:
    """What changes rarely. It was not due before a day from which on this is its turn."""
    if checkpoint is None or not checkpoint.answer_digest:
        return _unsettled(checkpoint, not_before)
    if _by_a_wrong_clock(_day(checkpoint), window):
        return _Turn(Why.DISTRUSTED)
    is_due = _since(checkpoint, days) <= window.today
    return _Turn(Why.RARELY, _since(checkpoint, days, not_before)) if is_due else None


def _final(one: JournalGroup, done: Done, window: Window) -> _Turn | None:
    checkpoint = done.get(of_group(finals.FINAL_MARKS, one).place)
    if one.group.study_year != window.year:
        # Debts of the year before are cleared in autumn.
        return _rarely(checkpoint, window.full_days, window)
    ends = [last for _, last in one.periods]
    # Nothing is added to what the platform sent: an absurd end has no day after it.
    first, last = window.today - _AFTER_PERIOD_END, window.today + _BEFORE_PERIOD_END
    near = [end for end in ends if first <= end <= last]
    if not near and ends:
        return _rarely(checkpoint, window.deep_days, window)
    begins = min(near) - _BEFORE_PERIOD_END if near else date.min
    return _Turn(Why.NIGHTLY, _since(checkpoint, 1, begins))


def _year_marks(one: JournalGroup, done: Done, window: Window) -> _Turn | None:
    """A call for each pupil: once a week from two weeks before the year's end, as long as it lasts."""
    checkpoint = done.get(of_group(finals.YEAR_MARKS, one).place)
    if one.group.study_year != window.year:
        return _rarely(checkpoint, window.full_days, window)
    end = max((last for _, last in one.periods), default=None)
    near = end is not None and window.today + _BEFORE_PERIOD_END >= end
    return _rarely(checkpoint, window.deep_days, window) if near else None


def _period_start(one: JournalGroup, window: Window) -> date:
    """The first day of the current reporting period; of the year, if no period is known."""
    begun = [first for first, _ in one.periods if first <= window.today]
    return max(begun, default=window.year_begins)


def _unsettled(checkpoint: Checkpoint | None, since: date) -> _Turn:
    return _Turn(Why.NEW, since) if checkpoint is None else _Turn(Why.DISTRUSTED)


def _since(checkpoint: Checkpoint | None, days: int, not_before: date = date.min) -> date:
    """The day on which what is read every so many days comes due, which it does not do before another."""
    return max(not_before, _day(checkpoint) + timedelta(days=days)) if checkpoint else not_before


def _day(checkpoint: Checkpoint) -> date:
    return date.fromisoformat(checkpoint.done_at[:10])


def _by_a_wrong_clock(read_on: date, window: Window) -> bool:
    """Whether a slice was read in a future that has not come (UTC may be a day ahead of the school)."""
    return read_on > window.today + timedelta(days=1)
