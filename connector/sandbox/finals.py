"""Writes the final marks of a class: periods, year, exams, final."""

from __future__ import annotations

from datetime import date
from random import Random

from connector.sandbox.clock import DAY_MS, school_ms
from connector.sandbox.content import work_types as kinds
from connector.sandbox.content.subjects import HOURS, SUBJECTS
from connector.sandbox.filling import Means
from connector.sandbox.groups import SUBJECT_INDEX, EduGroup
from connector.sandbox.journal import Journal
from connector.sandbox.marking import DIGITS, NOT_ASSESSED, PASSED, RELEASED, rounded
from connector.sandbox.people import Pupil
from connector.sandbox.records import Work
from connector.sandbox.year_calendar import Period, calendar_of

_NOON = 720
_NEW_DAYS = 21
_LEAVING = (9, 11)
# Interim examinations (промежуточная аттестация) of these years of study, in May.
_INTERIM = (5, 6, 7, 8, 10)
_CHOICE = ("society", "informatics", "geography", "biology", "physics")


class FinalMarks:
    """Derives a class's final marks from the sums of its current marks and writes them."""

    def __init__(
        self,
        journal: Journal,
        group: EduGroup,
        means: Means,
        teachers: dict[tuple[int, int], int],
        rng: Random,
    ) -> None:
        self._journal = journal
        self._group = group
        self._sums = means.sums
        self._teachers = teachers
        self._rng = rng
        self._periods = calendar_of(journal.year, group.grade).periods
        self._year_end = self._periods[-1].last.toordinal() + 1

    def write(self) -> None:
        """Write all final marks of the class; the first year of study has none."""
        if self._group.grade == 1:
            return
        for key, _ in HOURS[self._group.grade]:
            if key != "profile":
                self._subject(SUBJECT_INDEX[key])

    def _subject(self, subject: int) -> None:
        of_period: dict[int, list[str]] = {}
        for period in self._periods:
            self._period(subject, period, of_period)
        staying = [member.pupil for member in self._group.members if member.last is None]
        year = {p.person.index: self._year_value(of_period, p) for p in staying}
        self._column(subject, kinds.PERIOD_MARK, 0, "Year", self._year_end, staying, year)
        exams = self._exams(subject, staying, year)
        if exams:
            day = date(self._journal.year + 1, 6, 10) if self._leaving() else None
            ordinal = day.toordinal() if day else self._year_end - 3
            self._column(subject, kinds.EXAM, 0, "Year", ordinal, staying, exams)
        if exams or self._leaving():
            final = {index: _final(value, exams.get(index)) for index, value in year.items()}
            ordinal = self._year_end + (25 if self._leaving() else 1)
            self._column(subject, kinds.FINAL_MARK, 0, "Year", ordinal, staying, final)

    def _leaving(self) -> bool:
        return self._group.grade in _LEAVING

    def _period(self, subject: int, period: Period, values: dict[int, list[str]]) -> None:
        pupils = [m.pupil for m in self._group.members if m.on(period.last)]
        column: dict[int, str | None] = {}
        for member in self._group.members:
            index = member.pupil.person.index
            if member.on(period.last):
                known = (period.last - member.first).days
                value = self._period_value(member.pupil, subject, period.number, known)
                column[index] = value
                if value is not None:
                    values.setdefault(index, []).append(value)
        day = period.last.toordinal()
        self._column(subject, kinds.PERIOD_MARK, period.number, period.kind, day, pupils, column)

    def _period_value(self, pupil: Pupil, subject: int, period: int, known: int) -> str | None:
        plan = SUBJECTS[subject]
        if pupil.released and plan.key == "sport":
            return RELEASED
        if self._group.grade in plan.passfail:
            return PASSED
        sums = self._sums.get(Means.key(pupil.person.index, subject, period))
        if sums is None:
            return None if known < _NEW_DAYS else NOT_ASSESSED
        return str(rounded(sums[0], sums[1]))

    def _year_value(self, of_period: dict[int, list[str]], pupil: Pupil) -> str | None:
        values = of_period.get(pupil.person.index, [])
        digits = [DIGITS[value] for value in values if value in DIGITS]
        if digits:
            return str(rounded(sum(digits), len(digits)))
        return values[-1] if values else None

    def _exams(self, subject: int, pupils: list[Pupil], year: dict[int, str | None]) -> dict[int, str | None]:
        key = SUBJECTS[subject].key
        grade = self._group.grade
        everyone = key in ("russian", "maths", "algebra")
        if not (everyone and grade in (*_LEAVING, *_INTERIM)) and not (grade in _LEAVING and key in _CHOICE):
            return {}
        column: dict[int, str | None] = {}
        for pupil in pupils:
            digit = DIGITS.get(year[pupil.person.index] or "")
            chosen = everyone or (pupil.person.index + subject) % 3 == 0
            if digit is not None and chosen:
                shift = (-1, 0, 0, 0, 1)[int(self._rng.random() * 5)]
                column[pupil.person.index] = str(min(5, max(2, digit + shift)))
        return column

    def _column(
        self, subject: int, kind: int, period: int, period_type: str, day: int,
        pupils: list[Pupil], values: dict[int, str | None],
    ) -> None:  # fmt: skip
        """Write one work and a mark of it for each pupil with a value."""
        works = self._journal.works
        author = self._teacher(subject)
        moment = school_ms(day, _NOON) + int(self._rng.random() * DAY_MS / 8)
        work = Work(
            len(works), kind, -1, self._group.index, subject, period, period_type, 1, "", (),
            author, day, moment,
        )  # fmt: skip
        works.append(work)
        self._journal.final_works_of.setdefault(self._group.index, []).append(work.serial)
        for place, pupil in enumerate(pupils):
            value = values.get(pupil.person.index)
            if value is not None:
                when = moment + 1000 + place * 3571
                self._journal.add_mark(pupil.person.index, work.serial, 1, value, when)

    def _teacher(self, subject: int) -> int:
        for index in (self._group.index, *self._journal.subgroups_of.get(self._group.index, [])):
            if (index, subject) in self._teachers:
                return self._teachers[index, subject]
        return self._journal.class_teacher[self._group.index]


def _final(year: str | None, exam: str | None) -> str | None:
    if year in DIGITS and exam in DIGITS:
        return str(rounded(DIGITS[year] + DIGITS[exam], 2))
    return year
