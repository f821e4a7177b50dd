"""The extract from the class journal for another school (FORMS §9, order № 240)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from archive_store.forms import report_card
from archive_store.forms.attendance_summary import AttendanceRow, Missed
from archive_store.forms.attendance_summary import build as attendance_of
from archive_store.forms.class_record import ClassRecord
from archive_store.forms.current_marks import SubjectMarks, Taught, by_period_and_subject, name_of, order_of
from archive_store.forms.in_class import InClass
from archive_store.forms.periods import year_plan
from archive_store.forms.report_card import ReportCard
from archive_store.forms.span import Span, within
from archive_store.forms.stays import Stay
from archive_store.records import Lesson


@dataclass(frozen=True, slots=True)
class Programme:
    """How far a subject was taught: lessons held, those of them with a topic, the last of these."""

    subject: str
    lessons: int
    with_topic: int
    last_day: str | None
    last_topic: str


@dataclass(frozen=True, slots=True)
class Extract:
    """The extract. ``until`` is the last day of which it speaks; ``attendance`` is by period and in all."""

    name: str
    stay: tuple[Stay, ...]
    until: LastDay | None
    card: ReportCard | None
    marks: tuple[SubjectMarks, ...]
    attendance: tuple[tuple[str, Missed], ...]
    programme: tuple[Programme, ...]


@dataclass(frozen=True, slots=True)
class LastDay:
    """The last day of which the record of a pupil speaks.

    ``is_trace``: he has left on a day that the archive does not know; it is that of his last mark or absence.
    """

    day: str
    is_trace: bool = False


def last_day(last: InClass, person_id: int, span: Span | None) -> LastDay | None:
    """The earliest of: the end of the span, of the stay, of the record. None without any of them."""
    stay, record = last.stay(person_id), last.record
    end = stay[-1] if stay else Stay()
    known = [one for one in (span.last if span else None, end.last, record.known_on) if one]
    if not known:
        return None
    return LastDay(min(known), is_trace=end.until_trace and end.last == min(known))


def build(classes: Sequence[InClass], person_id: int, name: str, span: Span | None = None) -> Extract:
    """The extract of a pupil from the classes of the year, the last one last; nothing of outside ``span``."""
    last = classes[-1]
    until = last_day(last, person_id, span)
    plan = year_plan(last.record.periods)
    days = Span(span.first if span else "", until.day) if until else None
    of_days = [InClass(_in_days(one.record, days), one.stays) for one in classes]
    taught = [Taught(one.record, one.stays, person_id, until.day if until else None) for one in of_days]
    lessons = [lesson for one in taught for lesson in one.lessons]
    subjects = {key: value for one in classes for key, value in one.record.subjects.items()}
    return Extract(
        name,
        last.stay(person_id),
        until,
        next(report_card.build(last.record, last.stays, person_id, days), None),
        tuple(by_period_and_subject(taught, lessons, plan, subjects, last.record.signs)),
        tuple(_attendance(of_days, person_id)),
        tuple(_programme(lessons, subjects)),
    )


def _in_days(record: ClassRecord, days: Span | None) -> ClassRecord:
    """What was taught in these days, with all periods that had begun: that of the last day has not ended."""
    if days is None:
        return record
    begun = [one for one in record.periods if one.starts <= days.last and days.first <= one.ends]
    return replace(within(record, days), periods=begun)


def _attendance(classes: Sequence[InClass], person_id: int) -> Iterator[tuple[str, Missed]]:
    """What was missed by period, by the names of the periods, and in all (an empty name)."""
    total, by_period = Missed(), dict[str, Missed]()
    for one in classes:
        sheet = attendance_of(one.record, one.stays)
        for row in sheet.rows:
            if row.pupil.person_id == person_id:
                _add(row, [period.name for period in sheet.periods], by_period)
                total.add(row.total)
    yield from by_period.items()
    yield "", total


def _add(row: AttendanceRow, names: Sequence[str], by_period: dict[str, Missed]) -> None:
    for name, missed in zip(names, row.periods, strict=True):
        by_period.setdefault(name, Missed()).add(missed)


def _programme(lessons: Iterable[Lesson], subjects: Mapping[int, str]) -> Iterator[Programme]:
    by_subject: dict[int | None, list[Lesson]] = defaultdict(list)
    for lesson in lessons:
        by_subject[lesson.subject_id].append(lesson)
    for subject_id in sorted(by_subject, key=lambda one: order_of(one, subjects)):
        of_subject = sorted(by_subject[subject_id], key=lambda one: (one.day, one.number or 0))
        with_topic = [one for one in of_subject if (one.topic or "").strip()]
        last = with_topic[-1] if with_topic else None
        yield Programme(
            name_of(subject_id, subjects),
            len(of_subject),
            len(with_topic),
            last.day if last else None,
            (last.topic or "").strip() if last else "",
        )
