"""The calls of the partner API that a whole-school pull uses, one function each.

Days are ``YYYY-MM-DD``. Whether the end of a range is inclusive is not documented: ask for one day
more and drop the surplus. Batches take a bare JSON array of ids, or an id repeated in the query.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Final, TypeVar

# An id or a day (with a time); not the digit of a name such as Mark5.
_VARYING: Final = re.compile(r"(?<![A-Za-z0-9])\d+(?:-\d\d-\d\d(?:T[\d:.]+)?)?")
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Call:
    """One request: a path below the API's base, a query, and the ids of a batch (then it is a POST).

    ``days`` are the first and last day that it asks for, as they stand in the path or the query.
    """

    path: str
    query: tuple[tuple[str, str], ...] = ()
    ids: tuple[int, ...] | None = None
    days: tuple[str, str] | None = None

    @property
    def label(self) -> str:
        """The call as the archive files its answer and as errors name it."""
        query = "?" + "&".join(f"{name}={value}" for name, value in self.query) if self.query else ""
        batch = " [" + ",".join(map(str, self.ids)) + "]" if self.ids is not None else ""
        return self.path + query + batch

    @property
    def endpoint(self) -> str:
        """The path with its ids and days taken out: ``edu-groups/{}/marks/{}/{}``."""
        return _VARYING.sub("{}", self.path)

    @property
    def size(self) -> int:
        """How much it asks for at once, in ids or days; 1 if that cannot be less."""
        if self.days is not None:
            first, last = map(date.fromisoformat, self.days)
            return (last - first).days
        return max(1, len(self.ids or ()) or len(self.query))

    def cut_to(self, size: int) -> list[Call]:
        """The same in calls of at most ``size`` ids or days. Ranges of days share their ends.

        They share them because it is not known whether the end of a range is part of it.
        """
        if self.size <= size:
            return [self]
        if self.days is not None:
            first, last = (date.fromisoformat(day).toordinal() for day in self.days)
            cuts = [date.fromordinal(day).isoformat() for day in (*range(first, last, size), last)]
            return [self._of_days(*pair) for pair in itertools.pairwise(cuts)]
        if self.ids is not None:
            return [replace(self, ids=some) for some in _cut(self.ids, size)]
        return [replace(self, query=some) for some in _cut(self.query, size)]

    def _of_days(self, first: str, last: str) -> Call:
        old_first, old_last = self.days or ("", "")
        other = {old_first: first, old_last: last}
        path = "/".join(other.get(part, part) for part in self.path.split("/"))
        query = tuple((name, other.get(value, value)) for name, value in self.query)
        return replace(self, path=path, query=query, days=(first, last))


def context() -> Call:
    """Who the token's owner is and which schools they belong to (``UserContext``)."""
    return Call("users/me/context")


def school(school_id: int) -> Call:
    """The school (``School``)."""
    return Call(f"schools/{school_id}")


def edu_groups(school_id: int) -> Call:
    """Classes and subgroups of the school (``EduGroup[]``)."""
    return Call(f"schools/{school_id}/edu-groups")


def students(group_ids: Sequence[int]) -> Call:
    """Rosters of several groups with the state of each membership (``GroupWithStudents[]``)."""
    return Call("edu-groups/students", ids=tuple(group_ids))


def class_teacher(group_id: int) -> Call:
    """The class teacher (``Person``)."""
    return Call(f"edu-groups/{group_id}/classteacher")


def teachers(school_id: int) -> Call:
    """The staff with full names (``Teacher[]``, PascalCase)."""
    return Call(f"schools/{school_id}/teachers")


def subjects(school_id: int) -> Call:
    """Subjects of the current year (``Subject[]``)."""
    return Call(f"schools/{school_id}/subjects")


def reporting_periods(group_id: int) -> Call:
    """Quarters or half-years of a class (``ReportingPeriod[]``)."""
    return Call(f"edu-groups/{group_id}/reporting-periods")


def timetables(school_id: int) -> Call:
    """The bells (``Timetable`` or ``Timetable[]``, PascalCase)."""
    return Call(f"schools/{school_id}/timetables")


def work_types(school_id: int) -> Call:
    """Types of work with their weights (``WorkType[]``)."""
    return Call(f"work-types/{school_id}")


def lessons(group_id: int, first_day: str, last_day: str, subject_id: int | None = None) -> Call:
    """Lessons with topics, works and homework (``Lesson[]``); a class's call holds its subgroups'."""
    return _by_days("lessons", group_id, first_day, last_day, subject_id)


def marks(group_id: int, first_day: str, last_day: str, subject_id: int | None = None) -> Call:
    """Marks of lessons on those days (``Mark[]``), whenever they were set."""
    return _by_days("marks", group_id, first_day, last_day, subject_id)


def attendance(group_id: int, first_day: str, last_day: str, subject_id: int | None = None) -> Call:
    """Attendance at lessons on those days (``LessonLogEntry[]``)."""
    subject = (("subject", str(subject_id)),) if subject_id is not None else ()
    days = (("from", first_day), ("to", last_day))
    return Call(f"lesson-log-entries/group/{group_id}", (*subject, *days), days=(first_day, last_day))


def attendance_of_lessons(lesson_ids: Sequence[int]) -> Call:
    """Attendance at several lessons (``LessonLogEntry[]``)."""
    return Call("lesson-log-entries", tuple(("lessons", str(one)) for one in lesson_ids))


def attendance_of_lesson(lesson_id: int) -> Call:
    """Attendance at a lesson (``LessonLogEntry[]``)."""
    return Call(f"lessons/{lesson_id}/log-entries")


def marks_of_lessons(lesson_ids: Sequence[int]) -> Call:
    """Marks of several lessons (``Mark[]``)."""
    return Call("lessons/many/marks", ids=tuple(lesson_ids))


def marks_of_lesson(lesson_id: int) -> Call:
    """Marks of a lesson (``Mark[]``)."""
    return Call(f"lessons/{lesson_id}/marks")


def marks_of_pupil(person_id: int, group_id: int, first_day: str, last_day: str) -> Call:
    """A pupil's marks in a group, of lessons on those days (``Mark[]``); in a class, its subgroups' too."""
    path = f"persons/{person_id}/edu-groups/{group_id}/marks/{first_day}/{last_day}"
    return Call(path, days=(first_day, last_day))


def attendance_of_pupil(person_id: int, first_day: str, last_day: str) -> Call:
    """A pupil's attendance on those days, in whatever group (``PersonLessonLog`` or ``LessonLogEntry[]``)."""
    days = (("startDate", first_day), ("endDate", last_day))
    return Call(f"persons/{person_id}/lesson-log-entries", days, days=(first_day, last_day))


def all_final_marks(person_id: int, group_id: int) -> Call:
    """A pupil's period, year, exam and final marks in a class, with their works (``AllFinalMarks``)."""
    return Call(f"persons/{person_id}/edu-groups/{group_id}/allfinalmarks")


def thematic_marks(group_id: int, subject_id: int) -> Call:
    """Thematic marks of a class in a subject, all of them (``Mark[]``)."""
    return Call(f"edu-groups/{group_id}/subjects/{subject_id}/thematic-marks")


def thematic_marks_of_pupil(person_id: int, group_id: int, first_day: str, last_day: str) -> Call:
    """A pupil's thematic marks in a class, of all subjects (``Mark[]``)."""
    path = f"persons/{person_id}/edu-groups/{group_id}/thematic-marks/{first_day}/{last_day}"
    return Call(path, days=(first_day, last_day))


def criteria_marks(group_id: int, period_id: int) -> Call:
    """Marks of a class's criteria journal of a reporting period (``SubjectCriteriaMarks[]``)."""
    return Call(f"edu-group/{group_id}/period/{period_id}/criteria-marks")


def criteria_totals(group_id: int) -> Call:
    """Totals of a class's criteria journal (``CriteriaTotals[]``, PascalCase)."""
    return Call(f"edu-group/{group_id}/criteria-marks-totals")


def criteria_sections(group_id: int, subject_id: int, period_id: int) -> Call:
    """Sections of a class's criteria journal; what the answer looks like is not documented."""
    return Call(f"edu-group/{group_id}/subject/{subject_id}/period/{period_id}/criteria-marks-sections")


def final_marks(group_id: int) -> Call:
    """Period and year marks of a class (``PersonFinalMarks[]``)."""
    return Call(f"edu-groups/{group_id}/final-marks")


def works(work_ids: Sequence[int]) -> Call:
    """Several works (``Work[]``)."""
    return Call("works/many", ids=tuple(work_ids))


def lessons_by_id(lesson_ids: Sequence[int]) -> Call:
    """Several lessons (``Lesson[]``)."""
    return Call("lessons/many", ids=tuple(lesson_ids))


def groups_of_person(person_id: int) -> Call:
    """The groups in which a pupil learns or a teacher teaches now (``EduGroup[]``)."""
    return Call(f"persons/{person_id}/edu-groups")


def groups_ever_of_person(person_id: int) -> Call:
    """The groups of a pupil or teacher in all years (``EduGroup[]``)."""
    return Call(f"persons/{person_id}/edu-groups/all")


def members(group_id: int) -> Call:
    """Members of a group, also those of the past (``Person[]``)."""
    return Call(f"edu-groups/{group_id}/persons", (("includeArchive", "true"),))


def staff(school_id: int, kind: str) -> Call:
    """Members of the staff; ``kind`` is "Staff" or "Admins" (``Person[]``)."""
    return Call(f"schools/{school_id}/membership", (("schoolMembershipType", kind),))


def mark_values() -> Call:
    """Values of every scale of marks (a list of texts by the scale's name)."""
    return Call("marks/values")


def attendance_statuses() -> Call:
    """What an attendance entry may say (a list of texts)."""
    return Call("lesson-log-entries/statuses")


def homeworks(work_ids: Sequence[int]) -> Call:
    """Homeworks with the names and addresses of their files (``Homeworks``)."""
    return Call("users/me/school/homeworks", tuple(("homeworkId", str(one)) for one in work_ids))


def tasks_of_lessons(lesson_ids: Sequence[int]) -> Call:
    """What became of the homework of several lessons, pupil by pupil (``Task[]``)."""
    return Call("tasks", tuple(("lessons", str(one)) for one in lesson_ids))


def averages(group_id: int, first_day: str, last_day: str) -> Call:
    """Simple averages of a class's marks on those days, inclusive (``GroupAverageMarkByDates[]``).

    An average has no surplus to drop: the range ends in the last second of its last day, which is
    inside whether the end is inclusive or not.
    """
    return Call(f"edu-groups/{group_id}/avg-marks/{first_day}/{last_day}T23:59:59")


def weighted_averages(group_id: int, first_day: str, last_day: str) -> Call:
    """Weighted averages of a class's marks on those days, inclusive (``WeightedAverageMarks``)."""
    return Call(f"edu-groups/{group_id}/wa-marks/{first_day}/{last_day}T23:59:59")


def period_averages(group_id: int, period_id: int, day: str) -> Call:
    """Simple averages of a class within a reporting period as of a day (``GroupAverageMark[]``)."""
    return Call(f"edu-groups/{group_id}/reporting-periods/{period_id}/avg-marks/{day}")


def _by_days(what: str, group_id: int, first_day: str, last_day: str, subject_id: int | None) -> Call:
    subject = f"/subjects/{subject_id}" if subject_id is not None else ""
    path = f"edu-groups/{group_id}{subject}/{what}/{first_day}/{last_day}"
    return Call(path, days=(first_day, last_day))


def _cut(items: tuple[T, ...], size: int) -> list[tuple[T, ...]]:
    return [items[start : start + size] for start in range(0, len(items), size)]
