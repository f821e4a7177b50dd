"""The staff: how many teachers each department needs and who teaches what in a year."""

from __future__ import annotations

from dataclasses import dataclass, field
from random import Random

from connector.sandbox.cohorts import Cohort
from connector.sandbox.content.subjects import HOURS, SPECIALISTS_IN_PRIMARY, SUBJECTS, Split
from connector.sandbox.groups import CLASS, SUBJECT_INDEX, EduGroup
from connector.sandbox.people import Person, invent_person

_PRIMARY_LAST = 4
_USUAL_LOAD = 20
_FULL_LOAD = 27
OFFICES = ("Администратор журнала", "Директор", "Заместитель директора по УВР")
ADMINISTRATOR, DIRECTOR = 0, 1


@dataclass(frozen=True, slots=True)
class StaffMember:
    """A member of staff; `department` is empty for who does not teach."""

    person: Person
    department: str
    position: str


def department_of(subject: int, grade: int) -> str:
    """Return the department whose teachers give a subject in a year of study."""
    department = SUBJECTS[subject].department
    if grade <= _PRIMARY_LAST and department not in SPECIALISTS_IN_PRIMARY:
        return "primary"
    return department


def hire(seed: int, cohorts: tuple[Cohort, ...], years: tuple[int, ...]) -> list[StaffMember]:
    """Return the staff the years need, the administrator first; the same for every year."""
    rng = Random(f"staff/{seed}")
    posts = [("", office) for office in OFFICES]
    for department, count in sorted(_posts(cohorts, years).items()):
        title = "Учитель начальных классов" if department == "primary" else "Учитель"
        posts += [(department, title)] * count
    return [
        StaffMember(invent_person(rng, index, 1960 + int(rng.random() * 38), 0.8), *post)
        for index, post in enumerate(posts)
    ]


def _posts(cohorts: tuple[Cohort, ...], years: tuple[int, ...]) -> dict[str, int]:
    posts: dict[str, int] = {}
    for year in years:
        hours: dict[str, int] = {}
        for cohort in cohorts:
            if cohort.present(year):
                _add_hours(hours, cohort.grade(year), len(cohort.sizes))
        for department, total in hours.items():
            posts[department] = max(posts.get(department, 2), -(-total // _USUAL_LOAD) + 1)
    # A class teacher of years 1-4 takes a class through all four years, hence one per place.
    posts["primary"] = 4 * max(len(cohort.sizes) for cohort in cohorts)
    return posts


def _add_hours(hours: dict[str, int], grade: int, classes: int) -> None:
    for key, weekly in HOURS[grade]:
        subject = SUBJECT_INDEX[key]
        parts = 2 if SUBJECTS[subject].split in (Split.HALVES, Split.SEXES) else 1
        department = department_of(subject, grade)
        hours[department] = hours.get(department, 0) + weekly * parts * classes


@dataclass(slots=True)
class Teaching:
    """Who teaches: (group index, subject index) -> person index; filled by `assign`."""

    by_department: dict[str, list[int]]
    teacher_of: dict[tuple[int, int], int] = field(default_factory=dict)
    load: dict[int, int] = field(default_factory=dict)
    class_teacher: dict[int, int] = field(default_factory=dict)
    _kept: dict[tuple[int, str], int] = field(default_factory=dict)

    def assign(self, groups: list[EduGroup], subject: int, weekly: int) -> None:
        """Give a subject to groups taught at one time: each its own teacher."""
        taken: set[int] = set()
        for part, group in enumerate(groups):
            department = department_of(subject, group.grade)
            kept = self._kept.get((group.index, department))
            if kept is None or kept in taken or self.load.get(kept, 0) + weekly > _FULL_LOAD:
                kept = self._choose(department, group, part, weekly, taken)
            self._kept[group.index, department] = kept
            self.teacher_of[group.index, subject] = kept
            self.load[kept] = self.load.get(kept, 0) + weekly
            taken.add(kept)

    def _choose(self, department: str, group: EduGroup, part: int, weekly: int, taken: set[int]) -> int:
        staff = self.by_department[department]
        if department == "primary":
            places = len(staff) // 4
            return staff[group.start % 4 * places + group.letter % places]
        wanted = staff[(group.start * 3 + group.letter + part) % len(staff)]
        if wanted not in taken and self.load.get(wanted, 0) + weekly <= _USUAL_LOAD + 2:
            return wanted
        free = [person for person in staff if person not in taken]
        return min(free, key=lambda person: (self.load.get(person, 0), person))

    def appoint_class_teachers(self, groups: list[EduGroup]) -> None:
        """Make one of each class's own teachers its class teacher, as few classes each as can be."""
        busy: dict[int, int] = {}
        for group in groups:
            if group.kind != CLASS:
                continue
            own = [who for (index, _), who in self.teacher_of.items() if index == group.index]
            chosen = min(own, key=lambda person: (busy.get(person, 0), -self.load[person], person))
            busy[chosen] = busy.get(chosen, 0) + 1
            self.class_teacher[group.index] = chosen
