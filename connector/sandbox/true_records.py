"""What an honest platform would show of a year, record by record, whatever faults are switched on."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from connector.sandbox.content.work_types import HOMEWORK
from connector.sandbox.ids import Kind
from connector.sandbox.journal import Journal
from connector.sandbox.records import Lesson
from connector.sandbox.school import School
from connector.sandbox.wire.finals import FinalMarksView
from connector.sandbox.wire.groups import membership_status, shown_members
from connector.sandbox.wire.journal import JournalView
from connector.sandbox.wire.special_marks import SpecialMarksView

Records = dict[str, dict[str, Any]]
ENTITIES = ("lessons", "works", "homework", "marks", "attendance", "final_marks", "memberships")
SPECIAL = ("thematic_marks", "criteria_marks", "criteria_totals", "criteria_sections")


def true_records(school: School, year: int, last: date | None = None) -> dict[str, Records]:
    """Return, per entity, each record as the API writes it, by id as text; as many as `truth` counts.

    The key of attendance is "lesson/person", that of memberships "group/person" (their records are
    `{group, person, membershipstatus}`). With `last`, lessons after that day are left out, and
    with them all that hangs on them. Closed years are shown all the same.
    """
    found: dict[str, Records] = {name: {} for name in ENTITIES}
    if year not in school.shown_years():
        return found
    with school.lock:
        journal = school.journal(year)
        for lesson in _lessons(journal, last):
            _add_lesson(school, journal, lesson, found)
        for group in journal.groups:
            for _, mark in FinalMarksView(school, journal, group).marks():
                shown = JournalView(school, journal).mark(mark)
                found["final_marks"][str(shown["id"])] = shown
        found["memberships"] = dict(_memberships(school, journal))
    return found


def true_special_records(school: School, year: int) -> dict[str, Records]:
    """Return, per entity of `SPECIAL`, what a school of that variant shows of a year, by key as text.

    Thematic marks are as the API writes them, with their `group` and `subject`; the rest are rows of
    ids and values, for their answers are nested. Keys: "mark", "mark", "group/subject/period/person"
    (period 0: of the year), "group/subject/period".
    """
    found: dict[str, Records] = {name: {} for name in SPECIAL}
    if year not in school.open_years():
        return found
    with school.lock:
        journal = school.journal(year)
        for group in journal.classes():
            ident = {"group": school.group_id(year, group.index)}
            view = SpecialMarksView(school, journal, group)
            if school.variant.thematic_marks:
                for row in view.thematic_rows():
                    found["thematic_marks"][str(row["id"])] = row | ident
            if school.variant.criteria_journal:
                for name, key, row in view.criteria_rows():
                    full = key if name == "criteria_marks" else f"{ident['group']}/{key}"
                    found[name][full] = row | ident
    return found


def _lessons(journal: Journal, last: date | None) -> Iterator[Lesson]:
    for lesson in journal.lessons:
        if lesson is not None and (last is None or lesson.day <= last.toordinal()):
            yield lesson


def _add_lesson(school: School, journal: Journal, lesson: Lesson, found: dict[str, Records]) -> None:
    view = JournalView(school, journal)
    shown = view.lesson(lesson)
    found["lessons"][str(shown["id"])] = shown
    for work in view.works_of(lesson):
        ident = str(school.ids.big(Kind.WORK, journal.year, work.serial))
        found["works"][ident] = view.work(work)
        if work.kind == HOMEWORK:
            found["homework"][ident] = found["works"][ident]
        for mark in view.marks_of(work):
            found["marks"][str(school.ids.big(Kind.MARK, journal.year, mark.serial))] = view.mark(mark)
    for entry in view.entries_of(lesson):
        row = view.entry(entry)
        found["attendance"][f"{row['lesson']}/{row['person']}"] = row


def _memberships(school: School, journal: Journal) -> Iterator[tuple[str, dict[str, Any]]]:
    for group in journal.groups:
        ident = school.group_id(journal.year, group.index)
        for member in shown_members(school, group):
            person = school.ids.person(member.pupil.person.index)
            status = membership_status(school, member)
            yield f"{ident}/{person}", {"group": ident, "person": person, "membershipstatus": status}
