"""The fixed grid of slices: per class the months of the academic year.

It never moves, so that the slices of any two runs are the same and their digests can be compared.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from sys import intern
from typing import Final

from archive_store.catalogue import parents
from archive_store.checkpoints import Place
from archive_store.records import EduGroup
from connector.sync import averages, criteria, diary, finals, journal, reference, thematic
from connector.sync.slices import Kind, Slice

KINDS: Final = {
    kind.name: kind
    for kind in (
        *reference.SCHOOL_KINDS,
        *reference.RARE_SCHOOL_KINDS,
        reference.EDU_GROUPS,
        reference.PAST_GROUPS,
        *reference.GROUP_KINDS,
        *journal.BY_DAYS,
        *finals.KINDS,
        thematic.THEMATIC_MARKS,
        *criteria.KINDS,
        diary.HOMEWORK_FILES,
        diary.HOMEWORK_TASKS,
        *averages.KINDS,
    )
}

_CRITERIA_JOURNAL: Final = "Criteria"
# What goes with a class's journal when it is destroyed; the rest is kept with the summary sheets.
_OF_JOURNAL: Final = {
    *journal.BY_DAYS, thematic.THEMATIC_MARKS, *criteria.KINDS, diary.HOMEWORK_FILES, diary.HOMEWORK_TASKS,
    *averages.KINDS,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class JournalGroup:
    """A class with the subgroups that are its own, or a subgroup that several classes share.

    ``known`` adds the shared subgroups, whose records may occur in a class's answers. ``periods`` are the
    first and last days of the reporting periods, as far as they are known. ``year_marks_apart``: the class's
    call leaves year and exam marks out.
    """

    group: EduGroup
    owned: tuple[int, ...]
    known: tuple[int, ...]
    periods: tuple[tuple[date, date], ...] = ()
    year_marks_apart: bool = False

    @property
    def is_class(self) -> bool:
        """Whether it is a class and not a subgroup."""
        return not parents(self.group)

    @property
    def keeps_criteria_journal(self) -> bool:
        """Whether it is listed with a criteria journal."""
        return self.group.journal_type == _CRITERIA_JOURNAL


def not_destroyed(slices: Sequence[Slice], destroyed: Mapping[int, int]) -> list[Slice]:
    """The slices without those of journals that were destroyed by an act: nothing brings them back."""
    return [one for one in slices if one.kind not in _OF_JOURNAL or one.place.group_id not in destroyed]


def study_year_of(day: date) -> int:
    """The calendar year in which the academic year of ``day`` begins (1 September)."""
    return day.year if day.month >= 9 else day.year - 1


def months_of(study_year: int) -> Iterator[tuple[date, date]]:
    """First and last day of each month of an academic year, September to August."""
    for month in (9, 10, 11, 12, 1, 2, 3, 4, 5, 6, 7, 8):
        year = study_year if month >= 9 else study_year + 1
        yield date(year, month, 1), date(year, month, monthrange(year, month)[1])


def journal_groups(
    groups: Sequence[EduGroup],
    periods: dict[int, list[tuple[date, date]]] | None = None,
    *,
    subgroups_apart: bool = False,
    year_marks_apart: bool = False,
) -> list[JournalGroup]:
    """The groups that have slices: classes, shared subgroups, and subgroups of unknown classes.

    All subgroups have, where the platform's calls for a class leave their records out.
    """
    known_ids = {group.group_id for group in groups}
    above = {group.group_id: [p for p in parents(group) if p in known_ids] for group in groups}
    result = []
    for group in groups:
        if len(above[group.group_id]) == 1 and not subgroups_apart:
            continue
        below = [other.group_id for other in groups if group.group_id in above[other.group_id]]
        own = [other for other in below if len(above[other]) == 1 and not subgroups_apart]
        its_periods = tuple((periods or {}).get(group.group_id, ()))
        owned, known = (group.group_id, *own), (group.group_id, *below)
        result.append(JournalGroup(group, owned, known, its_periods, year_marks_apart))
    return result


def of_school(kind: Kind, school_id: int, why: str = "") -> Slice:
    """The slice of the whole school."""
    return Slice(kind, Place(kind.name), owned=(school_id,), why=why)


def _slice(
    kind: Kind, place: Place, one: JournalGroup, subject_id: int | None = None, why: str = ""
) -> Slice:
    apart = one.year_marks_apart and kind is finals.FINAL_MARKS
    return Slice(kind, place, one.group.name, one.owned, one.known, subject_id, why, year_marks_apart=apart)


def of_group(kind: Kind, one: JournalGroup, why: str = "") -> Slice:
    """The slice of a class."""
    return _slice(kind, Place(kind.name, one.group.group_id), one, why=why)


def of_days(kind: Kind, one: JournalGroup, first: date, last: date, subject_id: int | None = None) -> Slice:
    """The slice of a class and a span of days, both inclusive."""
    days = intern(first.isoformat()), intern(last.isoformat())  # a big school has them by the ten thousand
    return _slice(kind, Place(kind.name, one.group.group_id, *days), one, subject_id)


def whole(part: Slice) -> Slice:
    """The slice of the grid that a repaired part belongs to: its whole month, all of its subjects."""
    place = part.place
    for first, last in (
        months_of(study_year_of(date.fromisoformat(place.first_day))) if place.first_day else ()
    ):
        if first.isoformat() <= place.first_day <= last.isoformat():
            place = replace(place, first_day=first.isoformat(), last_day=last.isoformat())
    return replace(part, place=place, subject_id=None)


def slices_at(places: Sequence[Place], school_id: int, groups: Sequence[JournalGroup]) -> list[Slice]:
    """The slices of the grid at these places; those of classes that are gone are left out."""
    of_id = {one.group.group_id: one for one in groups}
    slices = []
    for place in places:
        kind = KINDS[place.entity]
        one = of_id.get(place.group_id)
        if not place.group_id:
            slices.append(of_school(kind, school_id))
        elif one is not None:
            slices.append(_slice(kind, place, one))
    return slices


def filed_under(slices: Sequence[Slice]) -> list[Slice]:
    """The slices among these, and beside these, whose records others of these file."""
    found = {one.place: one for one in slices if one.kind.filed_by}
    for one in slices:
        for kind in journal.BY_DAYS:
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
                slices += [of_days(kind, one, start, end, subject_id) for kind in kinds]
    return slices


def roster_slices(groups: Sequence[JournalGroup]) -> list[Slice]:
    """The rosters of these groups."""
    return [of_group(reference.ROSTER, one) for one in groups]


def final_mark_slices(groups: Sequence[JournalGroup]) -> list[Slice]:
    """The final marks of these classes."""
    return [
        of_group(kind, one)
        for one in groups
        if one.is_class
        for kind in (finals.KINDS if one.year_marks_apart else (finals.FINAL_MARKS,))
    ]
