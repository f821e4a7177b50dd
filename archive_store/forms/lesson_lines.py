"""Lessons as rows of the right page: topic, homework, types of work, substitutes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Final

from archive_store.forms.class_record import ClassRecord, teacher_ids
from archive_store.forms.held import CANCELLED
from archive_store.forms.people import full_name, initials
from archive_store.forms.spread import LessonLine, WorkNote
from archive_store.records import Lesson, Work

HOMEWORK: Final = "Homework"
PLAIN_WORK: Final = "DefaultNewLessonWork"  # every lesson has it: answers at the lesson, no type of its own
# The platform does not document the statuses of a lesson: these are taken for the usual run of things.
USUAL: Final = frozenset(
    {"", "Active", "Closed", "Conducted", "Created", "Done", "Held", "InWork", "New", "Open", "Sent"}
)


def main_teachers(lessons: Iterable[Lesson]) -> tuple[int, ...]:
    """The teachers of most lessons of a section; of equals, those with the lower ids."""
    counts = Counter(teachers for lesson in lessons if (teachers := teacher_ids(lesson)))
    if not counts:
        return ()
    return min(counts, key=lambda teachers: (-counts[teachers], teachers))


def lesson_line(
    lesson: Lesson, record: ClassRecord, main: Sequence[int], *, on_record: bool = True
) -> LessonLine:
    """One lesson; ``main`` are the teachers of the section."""
    works = sorted(record.works.get(lesson.lesson_id, ()), key=lambda work: work.work_id)
    substitutes = [one for one in teacher_ids(lesson) if one not in main]
    return LessonLine(
        lesson_id=lesson.lesson_id,
        day=date.fromisoformat(lesson.day),
        number=lesson.number,
        hours=0 if lesson.status in CANCELLED or not on_record else 1,
        topic=lesson.topic or "",
        homework="\n".join(work.text for work in works if work.type == HOMEWORK and work.text),
        works=tuple(_work_notes(works, record)),
        substitutes=tuple(initials(record.people.get(one), one) for one in substitutes),
        status=None if (lesson.status or "") in USUAL else lesson.status,
        on_record=on_record,
    )


def teacher_names(teachers: Sequence[int], record: ClassRecord) -> tuple[str, ...]:
    """Full names, also of teachers who have since left."""
    return tuple(full_name(record.people.get(one), one) for one in teachers)


def _work_notes(works: Iterable[Work], record: ClassRecord) -> Iterable[WorkNote]:
    """The types of a lesson's works, each once, homework and the plain work of a lesson left out."""
    found: dict[WorkNote, None] = {}
    for work in works:
        if work.type in {HOMEWORK, PLAIN_WORK}:
            continue
        kind = record.work_types.get(work.work_type_id or 0)
        title = kind.title if kind else work.type
        found[WorkNote(kind.abbr or title if kind else "", title, kind.weight if kind else None)] = None
    return found
