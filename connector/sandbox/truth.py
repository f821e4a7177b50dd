"""What the API shows of an academic year at the school's clock, counted without HTTP."""

from __future__ import annotations

from datetime import date

from connector.sandbox.content.work_types import HOMEWORK
from connector.sandbox.school import School
from connector.sandbox.wire.finals import FinalMarksView
from connector.sandbox.wire.groups import shown_members
from connector.sandbox.wire.journal import JournalView


def truth(school: School, year: int, last: date | None = None) -> dict[str, int]:
    """Return the counts of a year; all zero for a year the school does not show.

    With `last`, lessons after that day are left out, and with them all that hangs on them.
    `lessons`: lessons of the class calls over the whole year, future and cancelled ones included,
    each once though a united subgroup's stand in two classes. `works`: works inside those lessons
    (homework too; works of final marks are not counted). `homework`: those of type Homework.
    `marks`: marks of those works. `attendance`: LessonLogEntries of those lessons. `final_marks`:
    period, year, exam and final marks of all classes. `persons`: different pupils among the
    memberships, archived ones included. `groups`: classes and subgroups. `memberships`: pairs of
    pupil and class or subgroup, archived ones included.
    """
    names = ("lessons", "works", "homework", "marks", "attendance", "final_marks")
    counts = dict.fromkeys((*names, "persons", "groups", "memberships"), 0)
    if year not in school.shown_years():
        return counts
    journal = school.journal(year)
    view = JournalView(school, journal)
    for lesson in journal.lessons:
        if lesson is None or (last is not None and lesson.day > last.toordinal()):
            continue
        works = list(view.works_of(lesson))
        counts["lessons"] += 1
        counts["works"] += len(works)
        counts["homework"] += sum(work.kind == HOMEWORK for work in works)
        counts["marks"] += sum(1 for work in works for _ in view.marks_of(work))
        counts["attendance"] += sum(1 for _ in view.entries_of(lesson))
    persons: set[int] = set()
    for group in journal.groups:
        members = shown_members(school, group)
        persons |= {member.pupil.person.index for member in members}
        counts["memberships"] += len({member.pupil.person.index for member in members})
        counts["final_marks"] += sum(1 for _ in FinalMarksView(school, journal, group).marks())
    return counts | {"persons": len(persons), "groups": len(journal.groups)}
