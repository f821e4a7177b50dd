"""Calls about edu groups, rosters, subjects, reporting periods and bells."""

from __future__ import annotations

from connector.sandbox.call import Call
from connector.sandbox.content.subjects import HOURS, SUBJECTS
from connector.sandbox.content.work_types import WORK_KINDS
from connector.sandbox.endpoint import Endpoints
from connector.sandbox.errors import ApiError, forbidden
from connector.sandbox.groups import CLASS, SUBJECT_INDEX, EduGroup
from connector.sandbox.journal import Journal
from connector.sandbox.routes.people import groups_of
from connector.sandbox.variant import FORBIDDEN
from connector.sandbox.wire.groups import group_json, group_with_students, roster
from connector.sandbox.wire.school import (
    period_group_json,
    period_json,
    subject_json,
    timetable_json,
    work_type_json,
)
from connector.sandbox.year_calendar import calendar_of

GROUPS = Endpoints()


def _many(call: Call, ids: list[int]) -> list[tuple[Journal, EduGroup]]:
    """Return the groups of the ids in the order asked; unknown ids are left out."""
    found = []
    for ident in ids:
        try:
            found.append(call.group_by_id(ident))
        except ApiError:
            continue
    return found


@GROUPS.get("schools/{school}/edu-groups")
def school_groups(call: Call) -> object:
    """Return all EduGroups: classes and subgroups of the current and of past years."""
    call.own_school()
    if call.variant.class_list_closed:
        raise forbidden()
    years = call.school.shown_years()
    if call.variant.class_list_current_only:
        years = years[-1:]
    journals = [call.school.journal(year) for year in reversed(years)]
    return [group_json(call.school, j, group) for j in journals for group in j.groups]


@GROUPS.get("edu-groups/{group}")
def group(call: Call) -> object:
    """Return an EduGroup."""
    return group_json(call.school, *call.group())


@GROUPS.post("edu-groups")
def groups_many(call: Call) -> object:
    """Return EduGroups by ids."""
    return [group_json(call.school, *found) for found in _many(call, call.id_list())]


@GROUPS.get("edu-groups")
def groups_many_get(call: Call) -> object:
    """Return EduGroups by ids in the query."""
    return [group_json(call.school, *found) for found in _many(call, call.numbers("eduGroups"))]


@GROUPS.get("edu-groups/{group}/parallel")
def parallel(call: Call) -> object:
    """Return all classes of the same year of study, the given one included."""
    journal, given = call.group()
    same = [other for other in journal.classes() if other.grade == given.grade]
    return [group_json(call.school, journal, other) for other in same]


@GROUPS.get("persons/{person}/edu-groups")
def person_groups(call: Call) -> object:
    """Return a person's groups of the current year, subgroups included."""
    years = [year for year in call.school.shown_years() if year == call.school.current_year]
    return [group_json(call.school, *g) for g in groups_of(call, call.person(), years=years)]


@GROUPS.get("persons/{person}/edu-groups/all")
def person_groups_all(call: Call) -> object:
    """Return a person's groups of all years."""
    years = call.school.shown_years()
    return [group_json(call.school, *g) for g in groups_of(call, call.person(), years=years)]


@GROUPS.get("persons/{person}/schools/{school}/edu-groups")
def person_school_groups(call: Call) -> object:
    """Return a person's groups of the current year in the school: classes only."""
    call.own_school()
    found = groups_of(call, call.person(), years=call.school.shown_years()[-1:])
    return [group_json(call.school, j, g) for j, g in found if g.kind == CLASS]


@GROUPS.get("persons/{person}/schools/{school}/edu-groups/teacher")
def taught_groups(call: Call) -> object:
    """Return the groups a person teaches in the current year; of a pupil none."""
    call.own_school()
    index = call.person()
    if index >= len(call.school.staff):
        return []
    found = groups_of(call, index, years=call.school.shown_years()[-1:])
    return [group_json(call.school, *g) for g in found]


@GROUPS.get("edu-groups/{group}/persons")
def group_persons(call: Call) -> object:
    """Return the group's Persons; `includeArchive` adds those who left."""
    archive = call.flag("includeArchive") and not call.variant.archive_never_shown
    return roster(call.school, *call.open_group(), include_archive=archive)


@GROUPS.get("edu-groups/{group}/students")
def group_students(call: Call) -> object:
    """Return the group's present pupils as Persons."""
    return roster(call.school, *call.open_group(), include_archive=False)


@GROUPS.post("edu-groups/students")
def students_many(call: Call) -> object:
    """Return GroupWithStudents by group ids, archived memberships included."""
    asked = _many(call, call.id_list())
    years = call.school.open_years()
    if call.variant.old_years_closed == FORBIDDEN and any(j.year not in years for j, _ in asked):
        raise forbidden()
    return [group_with_students(call.school, *found) for found in asked]


@GROUPS.get("schools/{school}/subjects")
def school_subjects(call: Call) -> object:
    """Return the Subjects taught in the current year."""
    call.own_school()
    journal = call.school.journal(call.school.shown_years()[-1])
    keys = {key for group in journal.classes() for key, _ in HOURS[group.grade]}
    shown = [index for index, plan in enumerate(SUBJECTS) if plan.key in keys]
    return [subject_json(call.school, index) for index in shown]


@GROUPS.get("edu-groups/{group}/subjects")
def group_subjects(call: Call) -> object:
    """Return the Subjects of a group."""
    _, group = call.group()
    if group.subject is not None:
        return [subject_json(call.school, group.subject)]
    return [subject_json(call.school, SUBJECT_INDEX[key]) for key, _ in HOURS[group.grade]]


@GROUPS.get("edu-groups/{group}/reporting-periods")
def reporting_periods(call: Call) -> object:
    """Return the group's ReportingPeriods, ascending."""
    journal, group = call.group()
    calendar = calendar_of(journal.year, group.grade)
    return [period_json(call.school, journal.year, calendar, p) for p in calendar.periods]


@GROUPS.get("edu-groups/{group}/reporting-period-group")
def reporting_period_group(call: Call) -> object:
    """Return the group's ReportingPeriodGroup with holidays."""
    journal, group = call.group()
    return period_group_json(call.school, journal.year, calendar_of(journal.year, group.grade))


@GROUPS.get("schools/{school}/timetables")
def school_timetables(call: Call) -> object:
    """Return the school's Timetables of bells, a list or an object by the variant."""
    call.own_school()
    table = timetable_json(call.school.shown_years()[-1])
    return [table] if call.variant.timetables_as_list else table


@GROUPS.get("edu-groups/{group}/timetables")
def group_timetable(call: Call) -> object:
    """Return the group's Timetable of bells, an object or a list by the variant."""
    journal, _ = call.group()
    table = timetable_json(journal.year)
    return [table] if call.variant.group_timetables_as_list else table


@GROUPS.get("work-types/{school}")
def work_types(call: Call) -> object:
    """Return the school's WorkTypes."""
    call.own_school()
    return [work_type_json(call.school, index) for index in range(len(WORK_KINDS))]
