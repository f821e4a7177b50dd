"""Writes the lessons of one group for a year: topics, works, marks, attendance."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from random import Random

from connector.sandbox.clock import DAY_MS, school_ms
from connector.sandbox.content import work_types as kinds
from connector.sandbox.content.homework import ENTRY_COMMENTS, FILE_NAMES, HOMEWORK
from connector.sandbox.content.subjects import HOURS, SUBJECTS
from connector.sandbox.content.topics import AWKWARD
from connector.sandbox.content.work_types import WORK_KINDS
from connector.sandbox.groups import SUBJECT_INDEX, EduGroup, Member
from connector.sandbox.journal import Journal
from connector.sandbox.lesson_plan import titles, written_work
from connector.sandbox.marking import (
    DIGITS,
    FAILED,
    MARK_TABLES,
    NOT_ASSESSED,
    PASSED,
    PROMISED,
    RELEASED,
    TABLE_SIZE,
)
from connector.sandbox.people import Pupil
from connector.sandbox.records import AttachedFile, Lesson, LogEntry, Work
from connector.sandbox.substitutes import Slot, Substitutes
from connector.sandbox.year_calendar import YearCalendar, bell_start

KEY_SUBJECTS, KEY_PERIODS = 32, 4
_HOURS_AWAKE = 4  # twice such a delay may follow a lesson
_MINUTE_MS = 60_000
# Share of a group asked in a lesson, by weekly hours: rare subjects need marks for a period too.
_ASKED = {1: 0.14, 2: 0.06}
_ASKED_OFTEN = 0.03


@dataclass(slots=True)
class Means:
    """Sums of current marks: (person, subject, period) -> [sum of mark*weight, sum of weights]."""

    sums: dict[int, list[int]] = field(default_factory=dict)

    @staticmethod
    def key(person: int, subject: int, period: int) -> int:
        """Return the key of a pupil's subject in a period."""
        return (person * KEY_SUBJECTS + subject) * KEY_PERIODS + period


class GroupFiller:
    """Fills a group's year day by day, from a random stream of its own."""

    def __init__(
        self,
        journal: Journal,
        group: EduGroup,
        calendar: YearCalendar,
        means: Means,
        rng: Random,
        departments: dict[int, str],
        substitutes: Substitutes,
    ) -> None:
        self._journal = journal
        self._group = group
        self._calendar = calendar
        self._sums = means.sums
        self._random = rng.random
        self._departments = departments
        self._substitutes = substitutes
        self._position: dict[int, int] = {}
        self._graded = group.grade > 1
        self._weekly = {SUBJECT_INDEX[key]: hours for key, hours in HOURS[group.grade]}

    def fill(
        self,
        week: dict[int, list[Slot]],
        days: list[date],
        away: dict[int, dict[int, str]],
        extra: dict[int, Slot],
    ) -> None:
        """Write the lessons of the week's slots on all the days, and the extra ones."""
        for day in days:
            ordinal = day.toordinal()
            slots = week.get(day.weekday(), [])
            if ordinal in extra:
                slots = [*slots, extra[ordinal]]
            if not slots:
                continue
            self._day = day
            self._ordinal = ordinal
            self._period = self._calendar.period_at(ordinal)
            members = [m.pupil for m in self._group.members if _on(m, day)]
            absent = away[ordinal]
            self._away = [(p, absent[p.person.index]) for p in members if p.person.index in absent]
            self._present = [p for p in members if p.person.index not in absent]
            for slot in slots:
                self._lesson(slot)

    def _lesson(self, slot: Slot) -> None:
        random = self._random
        serial = len(self._journal.lessons)
        subject, number, teacher = slot.subject, slot.number, slot.teacher
        chance = random()
        if chance < 0.006:
            lesson = Lesson(
                serial, self._ordinal, number, subject, self._group.index, teacher, True, None, ()
            )
            self._journal.lessons.append(lesson)
            return
        position = self._position.get(subject, 0)
        self._position[subject] = position + 1
        if chance < 0.02:
            department = self._departments[subject]
            teacher = self._substitutes.find(department, self._day, number, teacher)
        self._teacher = teacher
        self._start = school_ms(self._ordinal, bell_start(number))
        title = self._title(subject, position)
        works = self._works(serial, subject, position)
        self._journal.lessons.append(
            Lesson(
                serial, self._ordinal, number, subject, self._group.index, teacher, False, title,
                works,
            )
        )  # fmt: skip
        self._attendance(serial)

    def _title(self, subject: int, position: int) -> str | None:
        chance = self._random()
        if chance < 0.012:
            return None
        if chance > 0.995:
            return AWKWARD[int(self._random() * len(AWKWARD))]
        plan = titles(subject, self._group.grade)
        return plan[position] if position < len(plan) else "Резервный урок"

    def _works(self, lesson: int, subject: int, position: int) -> tuple[int, ...]:
        passfail = self._group.grade in SUBJECTS[subject].passfail
        usual = self._work(lesson, subject, kinds.DEFAULT)
        works = [usual]
        kind = written_work(subject, position) if self._graded else None
        if self._graded:
            self._answers(usual, subject, passfail)
        if kind is not None:
            count = 2 if kind == kinds.COMPOSITION else 1
            work = self._work(lesson, subject, kind, count=count)
            self._written(work, subject, kind, count, passfail)
            works.append(work)
        if self._graded and self._random() < 0.62:
            works.append(self._homework(lesson, subject, passfail))
        return tuple(works)

    def _work(
        self, lesson: int, subject: int, kind: int, *, count: int = 1, text: str = "",
        files: tuple[int, ...] = (),
    ) -> int:  # fmt: skip
        works = self._journal.works
        serial = len(works)
        moment = self._start - DAY_MS + _by_day(self._random(), 1)
        works.append(
            Work(
                serial, kind, lesson, self._group.index, subject, self._period,
                self._calendar.periods[0].kind, count, text, files, self._teacher, self._ordinal,
                moment,
            )
        )  # fmt: skip
        return serial

    def _homework(self, lesson: int, subject: int, passfail: bool) -> int:
        random = self._random
        texts = HOMEWORK[self._departments[subject]]
        text = texts[int(random() * len(texts))]
        first = 1 + int(random() * 60)
        text = text.format(a=first, b=first * 3 + 1, c=first * 3 + 2 + int(random() * 9))
        files: tuple[int, ...] = ()
        if random() < 0.03:
            files = tuple(self._file() for _ in range(1 + int(random() * 2)))
        work = self._work(lesson, subject, kinds.HOMEWORK, text=text, files=files)
        if random() < 0.12:
            self._answers(work, subject, passfail)
        return work

    def _file(self) -> int:
        files = self._journal.files
        sort = int(self._random() * len(FILE_NAMES))
        files.append(AttachedFile(len(files), sort, self._teacher, self._start - _MINUTE_MS))
        return len(files) - 1

    def _answers(self, work: int, subject: int, passfail: bool) -> None:
        """Mark the few pupils who were asked in the lesson."""
        random, present = self._random, self._present
        size = len(present)
        share = _ASKED.get(self._weekly[subject], _ASKED_OFTEN)
        asked = int(size * share * (0.3 + 1.4 * random()) + random() * 0.8)
        if not asked:
            return
        moment = self._start + int(random() * 40 * _MINUTE_MS)
        chosen = {self._choose(subject) for _ in range(asked)}
        for place in sorted(chosen):
            self._mark(present[place], work, 1, subject, 1, moment + place * 1733, passfail)

    def _choose(self, subject: int) -> int:
        """Choose whom to ask: rather one who has no mark in the period yet."""
        present = self._present
        for _ in range(4):
            place = int(self._random() * len(present))
            key = Means.key(present[place].person.index, subject, self._period)
            if key not in self._sums:
                break
        return place

    def _written(self, work: int, subject: int, kind: int, count: int, passfail: bool) -> None:
        """Mark nearly all who were there, later than the lesson; some of the ill make up for it."""
        random = self._random
        weight = WORK_KINDS[kind].weight
        moment = self._start + _by_day(random(), 3)
        share = 0.45 if kind in (kinds.COMMON, kinds.BY_HEART) else 0.93
        for place, pupil in enumerate(self._present):
            if random() < share:
                for number in range(1, count + 1):
                    self._mark(pupil, work, number, subject, weight, moment + place * 2411, passfail)
        late = self._start + 9 * DAY_MS
        for place, (pupil, _) in enumerate(self._away):
            if random() < 0.3:
                self._mark(pupil, work, 1, subject, weight, late + place * 3181, passfail)

    def _mark(
        self, pupil: Pupil, work: int, number: int, subject: int, weight: int, moment: int,
        passfail: bool,
    ) -> None:  # fmt: skip
        random = self._random
        if passfail:
            value = FAILED if random() < 0.05 else PASSED
        else:
            value = MARK_TABLES[pupil.level][int(random() * TABLE_SIZE)]
            if random() < 0.006:
                value = (NOT_ASSESSED, PROMISED, RELEASED)[int(random() * 3)]
        if pupil.released and SUBJECTS[subject].key == "sport":
            value = RELEASED
        if random() < 0.03:
            moment += _by_day(random(), 6)
        person = pupil.person.index
        self._journal.add_mark(person, work, number, value, moment)
        digit = DIGITS.get(value)
        if digit is not None:
            key = Means.key(person, subject, self._period)
            sums = self._sums.get(key)
            if sums is None:
                self._sums[key] = [digit * weight, weight]
            else:
                sums[0] += digit * weight
                sums[1] += weight

    def _attendance(self, lesson: int) -> None:
        random, present = self._random, self._present
        moment = self._start + int(random() * 30 * _MINUTE_MS)
        entries = [
            LogEntry(lesson, pupil.person.index, status, self._comment(status), moment + place * 977)
            for place, (pupil, status) in enumerate(self._away)
        ]
        if present and random() < len(present) * 0.014:
            who = present[int(random() * len(present))].person.index
            status = ("Absent", "Late", "Late", "Absent", "Absent", "Attend")[int(random() * 6)]
            comment = self._comment(status)
            entries.append(LogEntry(lesson, who, status, comment, moment + 40_013))
        if entries:
            self._journal.entries_of[lesson] = entries

    def _comment(self, status: str) -> str | None:
        if self._random() >= 0.05:
            return None
        return ENTRY_COMMENTS[{"Pass": 0, "Absent": 1, "Ill": 2}.get(status, 3)]


def _on(member: Member, day: date) -> bool:
    return member.first <= day and (member.last is None or day <= member.last)


def _by_day(chance: float, days: int) -> int:
    """Return milliseconds up to so many days later, within some hours of the same time: not at night."""
    whole, rest = divmod(chance * days, 1)
    return int(whole) * DAY_MS + int(rest * _HOURS_AWAKE * 60 * _MINUTE_MS)
