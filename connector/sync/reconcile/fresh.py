"""Read a class-month from the platform again, by the slices that a run reads, and write nothing."""

from __future__ import annotations

from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import date
from typing import Any

from archive_store.records import Attendance, FinalMark, Lesson, Mark
from connector.api import calls
from connector.api import models as wire
from connector.api.errors import WrongShape
from connector.api.parsing import parse
from connector.sync import journal, mapping
from connector.sync.grid import JournalGroup, repair_slices
from connector.sync.limits import Limits, fetch_whole
from connector.sync.slices import Answer, Reading, Slice
from connector.sync.source import Source


@dataclass(frozen=True, slots=True)
class ClassMonth:
    """What the platform shows of a class and a month."""

    lessons: list[Lesson]
    marks: list[Mark]
    attendance: list[Attendance]


def read_month(source: Source, one: JournalGroup, first: date, last: date) -> ClassMonth:
    """Lessons, marks and attendance of the groups that ``one`` owns, on these days. Raises ApiError."""
    slices = repair_slices(journal.BY_DAYS, [one], first, last, None)
    answers = {slice_.kind.name: _answer(source, slice_) for slice_ in slices}
    first_day, last_day = first.isoformat(), last.isoformat()
    try:
        month = _mapped(source, one, answers, first_day, last_day)
    except (TypeError, ValueError, OverflowError) as error:
        raise WrongShape(answers["lessons"].calls[0].label, "?", type(error).__name__) from None
    for answer in answers.values():
        if answer.unreadable:  # what is left out would look like a record that is gone
            raise answer.unreadable
    return month


def _answer(source: Source, slice_: Slice) -> Answer:
    wanted = slice_.kind.calls_by(0, _no_archive, slice_)
    parts = [part for call in wanted for part in fetch_whole(source.client, call, Limits())]
    return Answer([call for call, _ in parts], [body for _, body in parts], len(parts))


def _no_archive() -> AbstractContextManager[Reading]:
    raise NotImplementedError  # the first way needs nothing of it


def _mapped(
    source: Source, one: JournalGroup, answers: dict[str, Answer], first_day: str, last_day: str
) -> ClassMonth:
    lessons = [mapping.lesson(model) for model in answers["lessons"].parsed(list[wire.Lesson])]
    filing = {
        lesson.lesson_id: mapping.filing(lesson)
        for lesson in lessons
        if lesson.group_id in one.owned and first_day <= lesson.day <= last_day
    }
    return ClassMonth(
        [lesson for lesson in lessons if lesson.lesson_id in filing],
        [
            mapping.mark(model, source.moments, filing[model.lesson])
            for model in answers["marks"].parsed(list[wire.Mark])
            if model.lesson is not None and model.lesson in filing
        ],
        [
            mapping.attendance(model, source.moments, filing[model.lesson])
            for model in answers["attendance"].parsed(list[wire.LessonLogEntry])
            if model.lesson in filing
        ],
    )


def read_final_marks(source: Source, group_id: int) -> list[FinalMark]:
    """The period, year, exam and final marks of a class; which of these, is not told. Raises ApiError."""
    rows = _parsed(source, calls.final_marks(group_id), list[wire.PersonFinalMarks])
    return [
        mapping.final_mark(row, one.subject, one.final_mark, None, source.moments)
        for row in rows
        for one in row.marks
        if one.final_mark
    ]


def read_weights(source: Source) -> dict[int, int | None]:
    """The weights of the types of work as they are now. Raises ApiError."""
    types = _parsed(source, calls.work_types(source.school_id), list[wire.WorkType])
    return {one.id: one.weight for one in types}


def _parsed(source: Source, call: calls.Call, model: Any) -> Any:  # noqa: ANN401 - as the model says
    return parse(model, source.client.fetch(call), call.label)
