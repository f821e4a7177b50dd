"""Final marks as the API shows them (PersonFinalMarks, SubjectFinalMark, AllFinalMarks)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from connector.sandbox.groups import EduGroup
from connector.sandbox.journal import Journal
from connector.sandbox.records import Mark, Work
from connector.sandbox.school import School
from connector.sandbox.wire.groups import shown_members
from connector.sandbox.wire.journal import JournalView
from connector.sandbox.wire.school import period_id, subject_short_json, work_type_short_json
from connector.sandbox.year_calendar import calendar_of

Json = dict[str, Any]
YEAR = "Year"
_WHOLE_YEAR = -1


class FinalMarksView:
    """The final marks of a class at the school's clock; a subgroup has none of its own."""

    def __init__(self, school: School, journal: Journal, group: EduGroup) -> None:
        self._school = school
        self._journal = journal
        self._group = group
        self._view = JournalView(school, journal)

    def marks(self) -> Iterator[tuple[Work, Mark]]:
        """Yield each final mark with its work, by subject, then period, year, exam, final."""
        for serial in self._journal.final_works_of.get(self._group.index, ()):
            work = self._journal.works[serial]
            if work is not None:
                for mark in self._view.marks_of(work):
                    yield work, mark

    def rows(self) -> list[Json]:
        """Return PersonFinalMarks: a row a pupil and period, and one (null) for the whole year."""
        cells: dict[tuple[int, int], list[Json]] = {}
        for work, mark in self.marks():
            period = _WHOLE_YEAR if work.period_type == YEAR else work.period
            cells.setdefault((mark.person, period), []).append(self._cell(work, mark))
        calendar = calendar_of(self._journal.year, self._group.grade)
        begun = [p for p in calendar.periods if p.first <= self._school.today]
        year = self._journal.year
        periods = [(p.number, period_id(self._school, year, calendar, p)) for p in begun]
        rows: list[Json] = []
        if self._group.parents:
            return rows
        for member in shown_members(self._school, self._group):
            person = member.pupil.person.index
            for number, ident in periods:
                rows.append(self._row(person, ident, cells.get((person, number), [])))
            if not self._school.variant.finals_of_periods_only:
                rows.append(self._row(person, None, cells.get((person, _WHOLE_YEAR), [])))
        return rows

    def _row(self, person: int, period: int | None, cells: list[Json]) -> Json:
        ident = self._school.ids.person(person)
        group = self._school.group_id(self._journal.year, self._group.index)
        return {
            "person": ident,
            "person_str": str(ident),
            "group": group,
            "group_str": str(group),
            "reportingPeriod": period,
            "reportingPeriod_str": None if period is None else str(period),
            "per-subject-final-marks": cells,
        }

    def _cell(self, work: Work, mark: Mark) -> Json:
        subject = self._school.ids.subject(work.subject)
        return {
            "subject": subject,
            "subject_str": str(subject),
            "final-mark": self._view.mark(mark),
        }

    def of_subject(self, subject: int) -> list[Json]:
        """Return the final marks of one subject as Marks."""
        return [self._view.mark(mark) for work, mark in self.marks() if work.subject == subject]

    def of_person(self, person: int) -> list[Json]:
        """Return the final marks of one pupil as SubjectFinalMarks."""
        return [self._cell(work, mark) for work, mark in self.marks() if mark.person == person]

    def all_of_person(self, person: int) -> Json:
        """Return AllFinalMarks of one pupil: marks with the works and subjects they need."""
        own = [(work, mark) for work, mark in self.marks() if mark.person == person]
        works = {work.serial: work for work, _ in own}
        return {
            "marks": [self._view.mark(mark) for _, mark in own],
            "works": [self._view.work(work, tasks=False) for work in works.values()],
            "subjects": [
                subject_short_json(self._school, index)
                for index in sorted({work.subject for work in works.values()})
            ],
            "workTypes": [
                work_type_short_json(self._school, index)
                for index in sorted({work.kind for work in works.values()})
            ],
        }
