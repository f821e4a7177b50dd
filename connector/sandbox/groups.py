"""Edu groups of an academic year: classes, their subgroups and who belongs to them when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from connector.sandbox.cohorts import LETTERS, Cohort
from connector.sandbox.content.subjects import HOURS, SUBJECTS, Split
from connector.sandbox.people import MALE, Pupil

CLASS, SUBGROUP = "Group", "Subgroup"
_SMALLEST_SPLIT = 2


@dataclass(frozen=True, slots=True)
class Member:
    """A pupil's membership in a group, both days included; `last` None: to the year's end."""

    pupil: Pupil
    first: date
    last: date | None

    def on(self, day: date) -> bool:
        """Tell whether the pupil belongs to the group on a day."""
        return self.first <= day and (self.last is None or day <= self.last)


@dataclass(slots=True)
class EduGroup:
    """A class or subgroup of one academic year; `subject` is a subgroup's only subject."""

    index: int
    kind: str
    name: str
    full_name: str
    grade: int
    start: int
    letter: int
    parents: tuple[int, ...]
    subject: int | None
    members: list[Member]


SUBJECT_INDEX = {plan.key: index for index, plan in enumerate(SUBJECTS)}


class GroupPlan:
    """Makes the groups of a year: classes by year of study and letter, then subgroups."""

    def __init__(self, year: int, cohorts: tuple[Cohort, ...], pupils: list[Pupil]) -> None:
        self.year = year
        self.groups: list[EduGroup] = []
        self._pupils = pupils
        present = [cohort for cohort in reversed(cohorts) if cohort.present(year)]
        for cohort in present:
            for letter in range(len(cohort.sizes)):
                self._class(cohort, letter)
        for edu_class in list(self.groups):
            self._split(edu_class)
        for cohort in present:
            self._unite(cohort.grade(year))

    def _class(self, cohort: Cohort, letter: int) -> None:
        grade = cohort.grade(self.year)
        members = [
            member
            for pupil in self._pupils
            if pupil.start == cohort.start
            for member in _memberships(pupil, letter, self.year)
        ]
        members.sort(key=_by_name)
        name = f"{grade}{_letters(letter)}"
        self._add(CLASS, name, "", grade, cohort.start, letter, (), None, members)

    def _add(
        self,
        kind: str,
        name: str,
        full_name: str,
        grade: int,
        start: int,
        letter: int,
        parents: tuple[int, ...],
        subject: int | None,
        members: list[Member],
    ) -> None:
        index = len(self.groups)
        self.groups.append(
            EduGroup(index, kind, name, full_name, grade, start, letter, parents, subject, members)
        )

    def _split(self, edu_class: EduGroup) -> None:
        if len(edu_class.members) < _SMALLEST_SPLIT:
            return
        for key, _ in HOURS[edu_class.grade]:
            plan = SUBJECTS[SUBJECT_INDEX[key]]
            if plan.split in (Split.WHOLE, Split.UNITED) or edu_class.grade < plan.split_from:
                continue
            for part, members in enumerate(_parts(edu_class.members, plan.split)):
                number = part + 1
                full = f"{edu_class.name}, {plan.name}, группа {number}"
                self._add(
                    SUBGROUP,
                    f"{plan.short}{number} {edu_class.name}",
                    full if part else "",
                    edu_class.grade,
                    edu_class.start,
                    edu_class.letter,
                    (edu_class.index,),
                    SUBJECT_INDEX[key],
                    members,
                )

    def _unite(self, grade: int) -> None:
        """Add one subgroup for each pair of classes of a senior parallel."""
        united = [SUBJECT_INDEX[key] for key, _ in HOURS[grade] if _is_united(key)]
        classes = [g for g in self.groups if g.kind == CLASS and g.grade == grade]
        for subject in united:
            for left, right in zip(classes[::2], classes[1::2], strict=False):
                members = sorted((*left.members[::2], *right.members[::2]), key=_by_name)
                name = f"{SUBJECTS[subject].short} {left.name}+{right.name}"
                parents = (left.index, right.index)
                self._add(
                    SUBGROUP, name, "", grade, left.start, left.letter, parents, subject,
                    _once_each(members),
                )  # fmt: skip


def _is_united(key: str) -> bool:
    return SUBJECTS[SUBJECT_INDEX[key]].split is Split.UNITED


def _by_name(member: Member) -> tuple[str, str, int, date]:
    person = member.pupil.person
    return person.last, person.first, person.index, member.first


def _memberships(pupil: Pupil, letter: int, year: int) -> list[Member]:
    opening, closing = date(year, 9, 1), date(year + 1, 8, 31)
    return [
        Member(pupil, max(stay.first, opening), stay.last if _within(stay.last, closing) else None)
        for stay in pupil.stays
        if stay.letter == letter and stay.first <= closing and not _within(stay.last, opening)
    ]


def _within(last: date | None, day: date) -> bool:
    return last is not None and last <= day


def _parts(members: list[Member], split: Split) -> tuple[list[Member], list[Member]]:
    if split is Split.HALVES:
        return members[::2], members[1::2]
    boys = [member for member in members if member.pupil.person.sex == MALE]
    return boys, [member for member in members if member.pupil.person.sex != MALE]


def _once_each(members: list[Member]) -> list[Member]:
    """Keep one row a pupil: who moved between two united classes stays in their subgroup."""
    rows: dict[int, Member] = {}
    for member in members:
        key = member.pupil.person.index
        seen = rows.get(key)
        rows[key] = Member(member.pupil, seen.first, member.last) if seen else member
    return list(rows.values())


def _letters(number: int) -> str:
    """The letters of a class in its year of study: А to Я, and АА to АЯ where a big school has so many."""
    further, last = divmod(number, len(LETTERS))
    return (LETTERS[further - 1] if further else "") + LETTERS[last]
