"""The diary of a pupil for a span of days: what the pupil and the parents saw, week by week."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby

from archive_store.asof import AsOf
from archive_store.forms import report_card
from archive_store.forms.bell_times import bell_times
from archive_store.forms.current_marks import MarkEntry, entry, name_of
from archive_store.forms.gathering import lesson_of, time_order
from archive_store.forms.held import CANCELLED
from archive_store.forms.in_class import InClass
from archive_store.forms.lesson_lines import HOMEWORK
from archive_store.forms.periods import year_plan
from archive_store.forms.pupil_lessons import lessons_of
from archive_store.forms.report_card import ReportCard
from archive_store.forms.span import Span, within
from archive_store.records import Bell, HomeworkFile, Lesson, Mark, Section, ThematicMark, Work


@dataclass(frozen=True, slots=True)
class Homework:
    """A homework given at a lesson; ``due`` if it is for another day; ``files`` are names."""

    text: str
    due: str | None
    files: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class DiaryLesson:
    """A lesson of the pupil. ``times`` are those of the bells; ``comment`` is that on the absence."""

    day: str
    number: int | None
    times: tuple[str, str] | None
    subject: str
    topic: str
    homework: tuple[Homework, ...]
    marks: tuple[MarkEntry, ...]
    letter: str
    comment: str
    is_cancelled: bool


@dataclass(frozen=True, slots=True)
class Week:
    """The lessons from a Monday to the Sunday after."""

    first: str
    last: str
    lessons: tuple[DiaryLesson, ...]


@dataclass(frozen=True, slots=True)
class OtherMark:
    """A thematic mark: of a subject, under no lesson."""

    subject: str
    mark: str
    set_on: str | None


@dataclass(frozen=True, slots=True)
class Diary:
    """The diary. ``card`` has the marks of the periods that ended in the span.

    ``sections`` are the parts of the platform's diary, such as messages, that the archive does not hold.
    """

    name: str
    weeks: tuple[Week, ...]
    card: ReportCard | None
    thematic: tuple[OtherMark, ...]
    sections: tuple[Section, ...]
    without_times: bool


@dataclass(frozen=True, slots=True)
class Beside:
    """What the diary shows beside the record of the class; the days of moments are those of ``at``."""

    bells: Sequence[Bell]
    files: Sequence[HomeworkFile]
    thematic: Sequence[ThematicMark]
    sections: Sequence[Section]
    at: AsOf


def build(classes: Sequence[InClass], beside: Beside, person_id: int, name: str, span: Span) -> Diary:
    """The diary of the days of ``span`` from the classes of the year, the last one last."""
    last = classes[-1]
    lessons = [lesson for one in classes for lesson in _lessons(one, beside, person_id, span)]
    lessons.sort(key=lambda one: (one.day, one.number is None, one.number or 0))
    subjects = last.record.subjects
    return Diary(
        name,
        tuple(_weeks(lessons)),
        next(report_card.build(last.record, last.stays, person_id, span), None),
        tuple(_thematic(beside, subjects, span)),
        tuple(one for one in beside.sections if one.state not in {"received", "empty"}),
        bool(lessons) and not any(one.times for one in lessons),
    )


def _lessons(of: InClass, beside: Beside, person_id: int, span: Span) -> Iterator[DiaryLesson]:
    record = within(of.record, span)
    statuses = {one.lesson_id: one for one in record.attendance if one.person_id == person_id}
    marks: dict[int, list[Mark]] = defaultdict(list)
    for mark in sorted(record.marks, key=time_order):
        if mark.person_id == person_id:
            marks[lesson_of(mark)].append(mark)
    files: dict[int, list[str]] = defaultdict(list)
    for file in beside.files:
        files[file.work_id].append(file.name or str(file.file_id))
    plan = year_plan(of.record.periods)
    for lesson in lessons_of(record, plan, of.stays, person_id):
        if lesson.day not in span:
            continue
        status = statuses.get(lesson.lesson_id)
        yield DiaryLesson(
            lesson.day,
            lesson.number,
            bell_times(beside.bells, lesson.number, lesson.day),
            name_of(lesson.subject_id, record.subjects),
            (lesson.topic or "").strip(),
            tuple(_homework(lesson, record.works.get(lesson.lesson_id, ()), files)),
            tuple(entry(mark, record.work_types) for mark in marks[lesson.lesson_id]),
            record.signs.letter(status.status) if status else "",
            (status.comment or "").strip() if status else "",
            lesson.status in CANCELLED,
        )


def _homework(lesson: Lesson, works: Sequence[Work], files: Mapping[int, list[str]]) -> Iterator[Homework]:
    for work in sorted(works, key=lambda one: one.work_id):
        text, names = (work.text or "").strip(), tuple(files.get(work.work_id, ()))
        if work.type == HOMEWORK and (text or names):
            due = work.target_day if work.target_day != lesson.day else None
            yield Homework(text, due, names)


def _weeks(lessons: Sequence[DiaryLesson]) -> Iterator[Week]:
    for monday, of_week in groupby(lessons, key=lambda one: _monday(one.day)):
        yield Week(monday.isoformat(), (monday + timedelta(days=6)).isoformat(), tuple(of_week))


def _monday(day: str) -> date:
    known = date.fromisoformat(day)
    return known - timedelta(days=known.weekday())


def _thematic(beside: Beside, subjects: Mapping[int, str], span: Span) -> Iterator[OtherMark]:
    """Those set in the span; one without a moment is shown in any."""
    for one in sorted(beside.thematic, key=lambda mark: (mark.set_at or "", mark.mark_id)):
        set_on = beside.at.day_of(one.set_at) if one.set_at else None
        if set_on is None or set_on in span:
            yield OtherMark(name_of(one.subject_id, subjects), one.text_value or one.value, set_on)
