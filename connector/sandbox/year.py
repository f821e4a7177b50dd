"""Builds the journal of one academic year from the school's people."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from random import Random

from connector.sandbox.cohorts import Cohort
from connector.sandbox.content.subjects import HOURS, SUBJECTS, Split
from connector.sandbox.filling import GroupFiller, Means
from connector.sandbox.finals import FinalMarks
from connector.sandbox.groups import CLASS, SUBJECT_INDEX, EduGroup, GroupPlan
from connector.sandbox.health import days_away
from connector.sandbox.journal import Journal
from connector.sandbox.people import Pupil, below
from connector.sandbox.staffing import Teaching, department_of
from connector.sandbox.substitutes import Slot, Substitutes
from connector.sandbox.weekly import NUMBERS, Hour, WeeklyTimetable
from connector.sandbox.year_calendar import calendar_of, calendars

_SENIOR = 10


class YearBuilder:
    """Builds a year; the result depends on the seed, the people and the year alone."""

    def __init__(
        self,
        seed: int,
        year: int,
        cohorts: tuple[Cohort, ...],
        pupils: list[Pupil],
        staff: dict[str, list[int]],
        *,
        six_day_seniors: bool = False,
    ) -> None:
        self._seed = seed
        self._year = year
        self._six = six_day_seniors
        self._staff = staff
        self._groups = GroupPlan(year, cohorts, pupils).groups
        self._teaching = Teaching(staff)

    def build(self) -> Journal:
        """Return the filled journal."""
        with _without_collector():
            weeks = self._weeks()
            self._teaching.appoint_class_teachers(self._groups)
            journal = Journal(self._year, self._groups, self._teaching.class_teacher)
            means = self._fill(journal, weeks)
            journal.index_lessons()
            for group in journal.classes():
                rng = Random(f"finals/{self._seed}/{self._year}/{group.name}")
                FinalMarks(journal, group, means, self._teaching.teacher_of, rng).write()
            return journal

    def _hours(self) -> list[Hour]:
        hours: list[Hour] = []
        for group in self._groups:
            if group.kind == CLASS:
                for key, weekly in HOURS[group.grade]:
                    hours += self._subject_hours(group, SUBJECT_INDEX[key], weekly)
        return hours

    def _subject_hours(self, group: EduGroup, subject: int, weekly: int) -> list[Hour]:
        taught = [
            other for other in self._groups if other.subject == subject and group.index in other.parents
        ]
        classes: tuple[int, ...] = (group.index,)
        if taught and SUBJECTS[subject].split is Split.UNITED:
            classes = taught[0].parents
            if classes[0] != group.index:
                return []  # the first of the united classes has placed the hours of both
        taught = taught or [group]
        self._teaching.assign(taught, subject, weekly)
        parts = tuple((g.index, self._teaching.teacher_of[g.index, subject]) for g in taught)
        return [Hour(classes, subject, parts)] * weekly

    def _weeks(self) -> dict[int, dict[int, list[Slot]]]:
        """Return group -> weekday -> slots by number."""
        hours = self._hours()
        days = {g.index: 6 if self._six and g.grade >= _SENIOR else 5 for g in self._groups}
        table = WeeklyTimetable(hours, days, Random(f"week/{self._seed}/{self._year}"))
        weeks: dict[int, dict[int, list[Slot]]] = {group.index: {} for group in self._groups}
        self._busy: set[tuple[int, int, int]] = set()
        for position, slot in sorted(table.slot_of.items(), key=lambda item: (item[1], item[0])):
            weekday, number = divmod(slot, NUMBERS)
            for group, teacher in hours[position].parts:
                place = Slot(number + 1, hours[position].subject, teacher)
                weeks[group].setdefault(weekday, []).append(place)
                self._busy.add((weekday, number + 1, teacher))
        return weeks

    def _fill(self, journal: Journal, weeks: dict[int, dict[int, list[Slot]]]) -> Means:
        means = Means()
        away = self._away()
        substitutes = Substitutes(self._staff, self._busy)
        for group in self._groups:
            rng = Random(f"journal/{self._seed}/{self._year}/{group.index}")
            calendar = calendar_of(self._year, group.grade)
            days = calendar.school_days(saturdays=self._six and group.grade >= _SENIOR)
            departments = {n: department_of(n, group.grade) for n in range(len(SUBJECTS))}
            filler = GroupFiller(journal, group, calendar, means, rng, departments, substitutes)
            filler.fill(weeks[group.index], days, away, self._extra(group, weeks, days, rng))
        return means

    def _away(self) -> dict[int, dict[int, str]]:
        seen: dict[int, Pupil] = {}
        for group in self._groups:
            for member in group.members:
                seen[member.pupil.person.index] = member.pupil
        days = {
            day.toordinal()
            for calendar in calendars(self._year)
            for day in calendar.school_days(saturdays=self._six)
        }
        pupils = [seen[index] for index in sorted(seen)]
        return days_away(pupils, self._year, self._seed, sorted(days))

    def _extra(
        self, group: EduGroup, weeks: dict[int, dict[int, list[Slot]]], days: list[date], rng: Random
    ) -> dict[int, Slot]:
        """Return a class's lessons outside the bells: about two a year."""
        week = [slot for day in sorted(weeks[group.index]) for slot in weeks[group.index][day]]
        if group.kind != CLASS or not week:
            return {}
        chosen = (days[below(rng, len(days))].toordinal() for _ in range(2))
        return {day: _outside(week[below(rng, len(week))]) for day in chosen}


def _outside(slot: Slot) -> Slot:
    return Slot(None, slot.subject, slot.teacher)


@contextmanager
def _without_collector() -> Iterator[None]:
    """Stop the cycle collector while millions of small tuples are made: it would only slow them."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()
