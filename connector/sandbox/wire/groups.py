"""Edu groups and rosters as the API shows them (models EduGroup, GroupWithStudents)."""

from __future__ import annotations

from typing import Any

from connector.sandbox.groups import CLASS, EduGroup, Member
from connector.sandbox.ids import Kind
from connector.sandbox.journal import Journal
from connector.sandbox.school import School
from connector.sandbox.wire.people import person_json

Json = dict[str, Any]
ACTIVE, ARCHIVE = "Active", "Archive"


def group_json(school: School, journal: Journal, group: EduGroup) -> Json:
    """Return an EduGroup; a class has no parents (null), a subgroup its class or classes."""
    ident = school.group_id(journal.year, group.index)
    parents = [school.group_id(journal.year, index) for index in group.parents]
    timetable = school.ids.big(Kind.TIMETABLE, journal.year, 0)
    is_class = group.kind == CLASS
    return {
        "id": ident,
        "id_str": str(ident),
        "parentIds": None if is_class else parents,
        "parentIds_str": None if is_class else [str(parent) for parent in parents],
        "type": group.kind,
        "name": group.name,
        "fullName": group.full_name,
        "parallel": group.grade,
        "timetable": timetable,
        "timetable_str": str(timetable),
        "status": ACTIVE if journal.year == school.current_year else ARCHIVE,
        "studyyear": journal.year,
        "educationType": "Regular",
        "subjects": [],
        "journaltype": "Criteria" if is_class and school.variant.criteria_journal else "Regular",
    }


def shown_members(school: School, group: EduGroup) -> list[Member]:
    """Return the memberships that have begun by the clock."""
    return [member for member in group.members if member.first <= school.today]


def membership_status(school: School, member: Member) -> str:
    """Return Active for who is in the group by the clock (or stayed to the year's end)."""
    gone = member.last is not None and member.last < school.today
    return ARCHIVE if gone else ACTIVE


def roster(school: School, journal: Journal, group: EduGroup, *, include_archive: bool) -> list[Json]:
    """Return the group's pupils as persons, in the order of their names; none of a closed year."""
    if journal.year not in school.open_years():
        return []
    return [
        person_json(school, member.pupil.person.index)
        for member in shown_members(school, group)
        if include_archive or membership_status(school, member) == ACTIVE
    ]


def group_with_students(school: School, journal: Journal, group: EduGroup) -> Json:
    """Return a GroupWithStudents, archived memberships included."""
    return {
        "group": group_json(school, journal, group),
        "students": [
            {
                "person": person_json(school, member.pupil.person.index),
                "membershipstatus": membership_status(school, member),
            }
            for member in (shown_members(school, group) if journal.year in school.open_years() else ())
        ],
    }
