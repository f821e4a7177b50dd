"""Read a class-month from the platform again, by the ways that a run goes, and write nothing."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date

import sqlalchemy as sa

from archive_store import traits
from archive_store.records import Attendance, FinalMark, Lesson, Mark
from connector.api import calls
from connector.api import models as wire
from connector.api.calls import Call
from connector.api.errors import REFUSALS, WrongShape
from connector.api.parsing import parse
from connector.sync import finals, journal, learned, mapping
from connector.sync.answer import Answer
from connector.sync.grid import JournalGroup, final_mark_slices, repair_slices
from connector.sync.limits import Limits, fetch_whole
from connector.sync.ordering import Ordering
from connector.sync.slices import Filing, Nearby, Reading, Slice
from connector.sync.source import Source


@dataclass(frozen=True, slots=True)
class ClassMonth:
    """What the platform shows of a class and a month."""

    lessons: list[Lesson]
    marks: list[Mark]
    attendance: list[Attendance]


@dataclass(slots=True)
class Fresh:
    """Reads from the platform what a run would read, and by its ways: those that are remembered first.

    What a way's calls follow from are the lessons that have just been read, and the archive's pupils.
    """

    source: Source
    connection: sa.Connection
    limits: Limits = field(default_factory=Limits)
    _ordering: Ordering = field(init=False)
    _nearby: Nearby = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._ordering = Ordering(str(self.source.moments.zone), False, self._reading)
        since = self.source.moment(-learned.LASTS)
        remembered = traits.load(self.connection, self.source.school_id, since)
        learned.recall(remembered, self.limits, self._ordering)

    def month(self, one: JournalGroup, first: date, last: date) -> ClassMonth:
        """Lessons, marks and attendance of the groups that ``one`` owns, on these days. Raises ApiError."""
        lessons_slice, *filed = repair_slices(journal.BY_DAYS, [one], first, last, None)
        lessons_answer = self._answer(lessons_slice)
        try:
            lessons = [mapping.lesson(model) for model in lessons_answer.parsed(list[wire.Lesson])]
            self._file(lessons_slice, lessons)
            marks, attendance = (self._answer(slice_) for slice_ in filed)
            month = self._mapped(lessons_slice, lessons, marks, attendance)
        except (TypeError, ValueError, OverflowError) as error:
            raise WrongShape(lessons_answer.calls[0].label, "?", type(error).__name__) from None
        _demand_whole(lessons_answer, marks, attendance)
        return month

    def final_marks(self, one: JournalGroup) -> list[FinalMark]:
        """The period, year, exam and final marks of a class; which of these, is not told. Raises ApiError."""
        found: dict[int, FinalMark] = {}
        for slice_ in final_mark_slices([one]):
            answer = self._answer(slice_)
            found |= {mark.mark_id: mark for mark in self._final_marks(slice_, answer)}
            _demand_whole(answer)
        return list(found.values())

    def weights(self) -> dict[int, int | None]:
        """The weights of the types of work as they are now. Raises ApiError."""
        call = calls.work_types(self.source.school_id)
        types = parse(list[wire.WorkType], self.source.client.fetch(call), call.label)
        return {one.id: one.weight for one in types}

    @contextmanager
    def _reading(self) -> Iterator[Reading]:
        yield Reading(self.connection, self.source.school_id, self._nearby)

    def _file(self, slice_: Slice, lessons: list[Lesson]) -> None:
        """Let the ways ask about the platform's lessons instead of the archive's."""
        filings = [mapping.filing(lesson) for lesson in lessons]
        place = (slice_.known, slice_.place.first_day, slice_.place.last_day)
        self._nearby.clear()
        self._nearby[place] = {one.lesson_id: one for one in filings if one.group_id in slice_.known}

    def _answer(self, slice_: Slice) -> Answer:
        order = self._ordering.order(slice_, parse_anyway=True)
        while True:
            try:
                parts = [part for call in order.calls for part in self._fetch(call)]
            except REFUSALS:
                other = self._ordering.by_another_way(order)
                if other is None:
                    raise
                order = other
                continue
            if order.way and order.calls:
                self._ordering.ways[slice_.kind.name] = order.way
            return Answer([call for call, _ in parts], [body for _, body in parts], len(parts), order.way)

    def _fetch(self, call: Call) -> list[tuple[Call, bytes]]:
        return fetch_whole(self.source.client, call, self.limits)

    def _mapped(self, slice_: Slice, lessons: list[Lesson], marks: Answer, attendance: Answer) -> ClassMonth:
        moments = self.source.moments
        filing: dict[int, Filing] = {
            lesson.lesson_id: mapping.filing(lesson)
            for lesson in lessons
            if lesson.group_id in slice_.owned
            and slice_.place.first_day <= lesson.day <= slice_.place.last_day
        }
        return ClassMonth(
            [lesson for lesson in lessons if lesson.lesson_id in filing],
            [
                mapping.mark(model, moments, filing[model.lesson])
                for model in marks.parsed(list[wire.Mark])
                if model.lesson is not None and model.lesson in filing
            ],
            [
                mapping.attendance(model, moments, filing[model.lesson])
                for model in journal.entries(attendance)
                if model.lesson in filing
            ],
        )

    def _final_marks(self, slice_: Slice, answer: Answer) -> list[FinalMark]:
        moments = self.source.moments
        if slice_.kind is finals.FINAL_MARKS and not answer.way:
            return list(finals.of_class(answer.parsed(list[wire.PersonFinalMarks]), {}, moments))
        with self._reading() as reading:
            return list(finals.of_pupils(reading, slice_, answer.parts(wire.AllFinalMarks), moments))


def _demand_whole(*answers: Answer) -> None:
    """What is left out would look like a record that is gone."""
    for answer in answers:
        if answer.unreadable:
            raise answer.unreadable
