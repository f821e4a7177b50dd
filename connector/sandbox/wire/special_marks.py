"""Thematic marks and the criteria journal as the API shows them, at the school's clock.

Invented, since nothing shows them: the work behind a thematic mark (no other call knows it) and the shape
of the sections of the criteria journal.
"""

from __future__ import annotations

from collections.abc import Iterator
from random import Random
from typing import Any

from connector.sandbox.clock import day_text, school_ms
from connector.sandbox.content.subjects import HOURS, SUBJECTS
from connector.sandbox.content.work_types import TEST
from connector.sandbox.groups import SUBJECT_INDEX, EduGroup, Member
from connector.sandbox.ids import Kind
from connector.sandbox.journal import Journal
from connector.sandbox.marking import DIGITS, mood, rounded
from connector.sandbox.school import School
from connector.sandbox.wire.journal import JournalView
from connector.sandbox.wire.school import period_id
from connector.sandbox.year_calendar import Period, calendar_of

Json = dict[str, Any]
_NOON = 720
_SUBJECTS, _PERIODS, _PLACES = 32, 4, 64
_SECTIONS = (1, 2)  # the two written works that a period sums up
_MOST_POINTS = 20


class SpecialMarksView:
    """The thematic and criteria marks of a class."""

    def __init__(self, school: School, journal: Journal, group: EduGroup) -> None:
        self._school = school
        self._journal = journal
        self._group = group
        self._calendar = calendar_of(journal.year, group.grade)

    def _serial(self, subject: int, period: int, place: int) -> int:
        return ((self._group.index * _SUBJECTS + subject) * _PERIODS + period) * _PLACES + place

    def _members(self, period: Period) -> Iterator[tuple[int, Member]]:
        for place, member in enumerate(self._group.members[:_PLACES]):
            if member.on(period.last):
                yield place, member

    def begun_periods(self) -> list[Period]:
        """Return the periods that have begun."""
        return [period for period in self._calendar.periods if period.first <= self._school.today]

    def thematic(self, subject: int) -> list[Json]:
        """Return the thematic Marks of a subject: one for each pupil and finished period."""
        ended = [period for period in self._calendar.periods if period.last < self._school.today]
        return [mark for period in ended for mark in self._thematic(subject, period)]

    def thematic_of_person(self, person: int, first: int, last: int) -> list[Json]:
        """Return a pupil's thematic Marks of all subjects, of the periods that end in these days."""
        ident = self._school.ids.person(person)
        return [
            mark
            for period in self._calendar.periods
            if period.last < self._school.today and first <= period.last.toordinal() <= last
            for subject in range(len(SUBJECTS))
            for mark in self._thematic(subject, period)
            if mark["person"] == ident
        ]

    def _means(self, subject: int, period: Period) -> dict[int, str]:
        sums: dict[int, list[int]] = {}
        view = JournalView(self._school, self._journal)
        span = period.first.toordinal(), period.last.toordinal()
        for lesson in self._journal.lessons_between(self._group.index, *span):
            if lesson.subject == subject:
                for mark in view.marks_of_lesson(lesson):
                    if mark.value in DIGITS:
                        sums.setdefault(mark.person, []).append(DIGITS[mark.value])
        return {person: str(rounded(sum(own), len(own))) for person, own in sums.items()}

    def _thematic(self, subject: int, period: Period) -> Iterator[Json]:
        means, ids, year = self._means(subject, period), self._school.ids, self._journal.year
        for place, member in self._members(period):
            value = means.get(member.pupil.person.index)
            if value is None:
                continue
            serial = self._serial(subject, period.number, place)
            ident = ids.big(Kind.THEMATIC_MARK, year, serial)
            person = ids.person(member.pupil.person.index)
            work = ids.big(Kind.THEMATIC_WORK, year, serial // _PLACES)
            yield {
                "id": ident,
                "id_str": str(ident),
                "type": "Mark5",
                "value": value,
                "textValue": value,
                "person": person,
                "person_str": str(person),
                "work": work,
                "work_str": str(work),
                "lesson": None,
                "lesson_str": None,
                "number": 1,
                "date": self._school.moment_text(school_ms(period.last.toordinal(), _NOON)),
                "workType": ids.work_type(TEST),
                "mood": mood(value),
                "use_avg_calc": False,
            }

    def thematic_rows(self) -> Iterator[Json]:
        """Yield all thematic Marks with their subjects' ids."""
        for subject in range(len(SUBJECTS)):
            for mark in self.thematic(subject):
                yield mark | {"subject": self._school.ids.subject(subject)}

    def criteria_rows(self) -> Iterator[tuple[str, str, Json]]:
        """Yield (entity, key within the class, row) of all that the criteria journal shows."""
        for period in self.begun_periods():
            ident = period_id(self._school, self._journal.year, self._calendar, period)
            for subject in self._marked():
                of = {"subject": self._school.ids.subject(subject), "period": ident}
                rows = self._of_subject(subject, period)["personmarks"]
                marks = [
                    mark | of | {"person": row["person"]} for row in rows for mark in row["criteriamarks"]
                ]
                yield from (("criteria_marks", str(mark["id"]), mark) for mark in marks)
                if marks:
                    shown = {"sections": self.sections(subject, period)}
                    yield "criteria_sections", f"{of['subject']}/{ident}", of | shown
                for person, value in self._points(subject, period).items():
                    row = of | {"person": person, "value": value}
                    yield "criteria_totals", f"{of['subject']}/{ident}/{person}", row
        yield from self._summary_rows()

    def _summary_rows(self) -> Iterator[tuple[str, str, Json]]:
        for totals in self.totals():
            for one in totals["Summaries"]:
                if one["TotalMark"]:
                    subject, person = totals["SubjectId"], one["Student"]["PersonId"]
                    row = {"subject": subject, "period": 0, "person": person}
                    yield (
                        "criteria_totals",
                        f"{subject}/0/{person}",
                        row | {"value": one["TotalMark"]["Value"]},
                    )

    def _marked(self) -> list[int]:
        subjects = [SUBJECT_INDEX[key] for key, _ in HOURS[self._group.grade]]
        return [s for s in subjects if self._group.grade not in SUBJECTS[s].passfail]

    def criteria(self, period: Period) -> list[Json]:
        """Return the SubjectCriteriaMarks of a period."""
        return [self._of_subject(subject, period) for subject in self._marked()]

    def _of_subject(self, subject: int, period: Period) -> Json:
        ids, year = self._school.ids, self._journal.year
        seed = self._school.parameters.seed
        rng = Random(f"criteria/{seed}/{year}/{self._group.index}/{subject}/{period.number}")
        third = (period.last - period.first).days // 3
        days = [period.first.toordinal() + third * section for section in _SECTIONS]
        rows = []
        for place, member in self._members(period):
            values = [int(rng.random() * 15) + 6 for _ in _SECTIONS]
            serial = self._serial(subject, period.number, place) * len(_SECTIONS)
            marks = [
                {
                    "id": ids.big(Kind.CRITERIA_MARK, year, serial + number),
                    "section": _SECTIONS[number],
                    "value": values[number],
                    "date": day_text(day),
                }
                for number, day in enumerate(days)
                if day <= self._school.today_ordinal
            ]
            rows.append({"person": ids.person(member.pupil.person.index), "criteriamarks": marks})
        return {"subject": ids.subject(subject), "personmarks": rows}

    def sections(self, subject: int, period: Period) -> list[Json]:
        """Return the sections of a subject and a period."""
        if subject not in self._marked():
            return []
        name = SUBJECTS[subject].name
        return [
            {"id": section, "name": f"{name}: раздел {period.number + 1}.{section}", "maxValue": _MOST_POINTS}
            for section in _SECTIONS
        ]

    def totals(self) -> list[Json]:
        """Return CriteriaTotals: a mark of five for each period, and of the year once all are over."""
        return [self._totals(subject) for subject in self._marked()]

    def _totals(self, subject: int) -> Json:
        periods = self.begun_periods()
        marks = {period.number: self._points(subject, period) for period in periods}
        people = {who: member for period in periods for who, member in self._people(period)}
        over = len(periods) == len(self._calendar.periods) and periods[-1].last < self._school.today
        summaries = [
            {
                "Student": self._student(member),
                "TotalMark": self._mean([own for of in marks.values() if (own := of.get(who))])
                if over
                else None,
            }
            for who, member in people.items()
        ]
        return {
            "SubjectName": SUBJECTS[subject].name,
            "SubjectId": self._school.ids.subject(subject),
            "FinalMarks": [self._period_totals(period, marks[period.number]) for period in periods],
            "Summaries": summaries,
        }

    def _people(self, period: Period) -> Iterator[tuple[int, Member]]:
        for _, member in self._members(period):
            yield self._school.ids.person(member.pupil.person.index), member

    def _points(self, subject: int, period: Period) -> dict[int, int]:
        rows = self._of_subject(subject, period)["personmarks"]
        if period.last >= self._school.today:
            return {}
        return {row["person"]: 2 + sum(m["value"] for m in row["criteriamarks"]) // 14 for row in rows}

    def _mean(self, values: list[int]) -> Json | None:
        return {"Value": rounded(sum(values), len(values))} if values else None

    def _period_totals(self, period: Period, marks: dict[int, int]) -> Json:
        rows = [
            {"Student": self._student(member), "Mark": {"Value": marks[who]} if who in marks else None}
            for who, member in self._people(period)
        ]
        return {
            "Period": {
                "Id": period_id(self._school, self._journal.year, self._calendar, period),
                "PeriodNumber": {"RawNumber": period.number},
                "DateStart": day_text(period.first.toordinal()),
                "DateFinish": day_text(period.last.toordinal()),
            },
            "FinalMarks": rows,
        }

    def _student(self, member: Member) -> Json:
        person = member.pupil.person
        return {
            "PersonId": self._school.ids.person(person.index),
            "PersonName": {
                "LastName": person.last,
                "FirstName": person.first,
                "MiddleName": person.middle,
            },
        }
