"""Which slices a run fetches, and in which order.

The grid is fixed: per class the months of the academic year, so that the slices of any two runs are the
same and their digests can be compared. A slice is due when it was never finished, when it was last read
before the days in which its records still change had passed, or when a repair took its digest away.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Final

from archive_store.catalogue import parents
from archive_store.checkpoints import Checkpoint, Place
from archive_store.records import EduGroup
from connector.sync import journal, reference
from connector.sync.slices import Kind, Slice

Done = Mapping[Place, Checkpoint]

KINDS: Final = {
    kind.name: kind
    for kind in (*reference.SCHOOL_KINDS, reference.EDU_GROUPS, *reference.GROUP_KINDS, *journal.KINDS)
}


@dataclass(frozen=True, slots=True)
class Window:
    """What a plan knows of time. Days are counted in the school's zone.

    A lesson's records may change for ``days_back`` days; the timetable is read ``days_ahead``; what
    rarely changes is read again after ``reference_days``. ``first_year`` is the oldest academic year.
    """

    today: date
    first_year: int
    days_back: int
    days_ahead: int
    reference_days: int


@dataclass(frozen=True, slots=True)
class JournalGroup:
    """A class with the subgroups that are its own, or a subgroup that several classes share.

    ``known`` adds the shared subgroups, whose records may occur in a class's answers.
    """

    group: EduGroup
    owned: tuple[int, ...]
    known: tuple[int, ...]


def study_year_of(day: date) -> int:
    """The calendar year in which the academic year of ``day`` begins (1 September)."""
    return day.year if day.month >= 9 else day.year - 1


def months_of(study_year: int) -> Iterator[tuple[date, date]]:
    """First and last day of each month of an academic year, September to August."""
    for month in (9, 10, 11, 12, 1, 2, 3, 4, 5, 6, 7, 8):
        year = study_year if month >= 9 else study_year + 1
        yield date(year, month, 1), date(year, month, monthrange(year, month)[1])


def journal_groups(groups: Sequence[EduGroup]) -> list[JournalGroup]:
    """The groups that have slices: classes, shared subgroups, and subgroups of unknown classes."""
    known_ids = {group.group_id for group in groups}
    above = {group.group_id: [p for p in parents(group) if p in known_ids] for group in groups}
    result = []
    for group in groups:
        if len(above[group.group_id]) == 1:
            continue
        below = [other.group_id for other in groups if group.group_id in above[other.group_id]]
        own = [other for other in below if len(above[other]) == 1]
        result.append(JournalGroup(group, (group.group_id, *own), (group.group_id, *below)))
    return result


def school_slices(school_id: int) -> list[Slice]:
    """The slices of the whole school, read by every run: few and small."""
    return [_of_school(kind, school_id) for kind in reference.SCHOOL_KINDS]


def group_list_slices(school_id: int) -> list[Slice]:
    """The list of classes, after the teachers: where it is closed it is gathered from them."""
    return [_of_school(reference.EDU_GROUPS, school_id)]


def group_slices(groups: Sequence[JournalGroup], done: Done, window: Window) -> list[Slice]:
    """Rosters of every run for the current year; what rarely changes, and past years, when due."""
    slices = []
    for one in groups:
        current = one.group.study_year == study_year_of(window.today)
        for kind in (reference.ROSTER, reference.REPORTING_PERIODS, reference.CLASS_TEACHER):
            slice_ = _of_group(kind, one)
            nightly = kind is reference.ROSTER and current
            if nightly or _rarely_due(done.get(slice_.place), window):
                slices.append(slice_)
    return slices


def lesson_slices(groups: Sequence[JournalGroup], done: Done, window: Window) -> list[Slice]:
    """Lessons of the months that are due. They come first: they file marks and attendance."""
    return _by_months((journal.LESSONS,), groups, done, window)


def mark_slices(groups: Sequence[JournalGroup], done: Done, window: Window) -> list[Slice]:
    """Marks and attendance of the months that are due, and final marks."""
    finals = [
        slice_
        for one in groups
        if not parents(one.group)
        for slice_ in [_of_group(journal.FINAL_MARKS, one)]
        if one.group.study_year == study_year_of(window.today) or _rarely_due(done.get(slice_.place), window)
    ]
    return _by_months((journal.MARKS, journal.ATTENDANCE), groups, done, window) + finals


def slices_at(places: Sequence[Place], school_id: int, groups: Sequence[JournalGroup]) -> list[Slice]:
    """The slices of the grid at these places; those of classes that are gone are left out."""
    of_group = {one.group.group_id: one for one in groups}
    slices = []
    for place in places:
        kind = KINDS[place.entity]
        one = of_group.get(place.group_id)
        if not place.group_id:
            slices.append(_of_school(kind, school_id))
        elif one is not None:
            slices.append(Slice(kind, place, one.group.name, one.owned, one.known))
    return slices


def filed_under(slices: Sequence[Slice]) -> list[Slice]:
    """The slices among these, and beside these, whose records others of these file."""
    found = {one.place: one for one in slices if one.kind.filed_by}
    for one in slices:
        for kind in journal.KINDS:
            if kind.filed_by == one.kind.name:
                filed = replace(one, kind=kind, place=replace(one.place, entity=kind.name))
                found[filed.place] = filed
    return list(found.values())


def repair_slices(
    kinds: Sequence[Kind], groups: Sequence[JournalGroup], first: date, last: date, subject_id: int | None
) -> list[Slice]:
    """Slices for exactly these days (inclusive), cut at the ends of months, whatever is done already."""
    slices = []
    for one in groups:
        for month_first, month_last in months_of(one.group.study_year or study_year_of(first)):
            start, end = max(first, month_first), min(last, month_last)
            if start <= end:
                slices += [_of_days(kind, one, start, end, subject_id) for kind in kinds]
    return slices


def roster_slices(groups: Sequence[JournalGroup]) -> list[Slice]:
    """The rosters of these groups."""
    return [_of_group(reference.ROSTER, one) for one in groups]


def final_mark_slices(groups: Sequence[JournalGroup]) -> list[Slice]:
    """The final marks of these classes."""
    return [_of_group(journal.FINAL_MARKS, one) for one in groups if not parents(one.group)]


def _by_months(
    kinds: Sequence[Kind], groups: Sequence[JournalGroup], done: Done, window: Window
) -> list[Slice]:
    horizon = window.today + timedelta(days=window.days_ahead)
    slices = []
    for one in groups:
        for first, last in months_of(one.group.study_year or study_year_of(window.today)):
            if first > horizon:
                break
            candidates = [_of_days(kind, one, first, last) for kind in kinds]
            slices += [slice_ for slice_ in candidates if _due(done.get(slice_.place), last, window)]
    return slices


def _due(checkpoint: Checkpoint | None, last: date, window: Window) -> bool:
    if checkpoint is None or not checkpoint.answer_digest:
        return True
    done = date.fromisoformat(checkpoint.done_at[:10])
    return done <= last + timedelta(days=window.days_back) or _by_a_wrong_clock(done, window)


def _rarely_due(checkpoint: Checkpoint | None, window: Window) -> bool:
    if checkpoint is None or not checkpoint.answer_digest:
        return True
    done = date.fromisoformat(checkpoint.done_at[:10])
    return window.today - done >= timedelta(days=window.reference_days) or _by_a_wrong_clock(done, window)


def _by_a_wrong_clock(done: date, window: Window) -> bool:
    """Whether a slice was read in a future that has not come (UTC may be a day ahead of the school)."""
    return done > window.today + timedelta(days=1)


def _of_school(kind: Kind, school_id: int) -> Slice:
    return Slice(kind, Place(kind.name), owned=(school_id,))


def _of_group(kind: Kind, one: JournalGroup) -> Slice:
    return Slice(kind, Place(kind.name, one.group.group_id), one.group.name, one.owned, one.known)


def _of_days(kind: Kind, one: JournalGroup, first: date, last: date, subject_id: int | None = None) -> Slice:
    place = Place(kind.name, one.group.group_id, first.isoformat(), last.isoformat())
    return Slice(kind, place, one.group.name, one.owned, one.known, subject_id)
