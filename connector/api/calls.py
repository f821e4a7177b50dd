"""The calls of the partner API that a whole-school pull uses, one function each.

Days are ``YYYY-MM-DD``. Whether the end of a range is inclusive is not documented: ask for one day
more and drop the surplus. Batches take a bare JSON array of ids.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Call:
    """One request: a path below the API's base, a query, and the ids of a batch (then it is a POST)."""

    path: str
    query: tuple[tuple[str, str], ...] = ()
    ids: tuple[int, ...] | None = None

    @property
    def label(self) -> str:
        """The call as the archive files its answer and as errors name it."""
        query = "?" + "&".join(f"{name}={value}" for name, value in self.query) if self.query else ""
        batch = " [" + ",".join(map(str, self.ids)) + "]" if self.ids is not None else ""
        return self.path + query + batch


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
    return Call(_by_days("lessons", group_id, first_day, last_day, subject_id))


def marks(group_id: int, first_day: str, last_day: str, subject_id: int | None = None) -> Call:
    """Marks of lessons on those days (``Mark[]``), whenever they were set."""
    return Call(_by_days("marks", group_id, first_day, last_day, subject_id))


def attendance(group_id: int, first_day: str, last_day: str, subject_id: int | None = None) -> Call:
    """Attendance at lessons on those days (``LessonLogEntry[]``)."""
    subject = (("subject", str(subject_id)),) if subject_id is not None else ()
    days = (("from", first_day), ("to", last_day))
    return Call(f"lesson-log-entries/group/{group_id}", (*subject, *days))


def final_marks(group_id: int) -> Call:
    """Period and year marks of a class (``PersonFinalMarks[]``)."""
    return Call(f"edu-groups/{group_id}/final-marks")


def works(work_ids: Sequence[int]) -> Call:
    """Several works (``Work[]``)."""
    return Call("works/many", ids=tuple(work_ids))


def lessons_by_id(lesson_ids: Sequence[int]) -> Call:
    """Several lessons (``Lesson[]``)."""
    return Call("lessons/many", ids=tuple(lesson_ids))


def _by_days(what: str, group_id: int, first_day: str, last_day: str, subject_id: int | None) -> str:
    subject = f"/subjects/{subject_id}" if subject_id is not None else ""
    return f"edu-groups/{group_id}{subject}/{what}/{first_day}/{last_day}"


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
