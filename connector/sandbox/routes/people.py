"""Calls about persons, accounts, staff and the school itself."""

from __future__ import annotations

from connector.sandbox.call import Call
from connector.sandbox.content.subjects import SUBJECTS
from connector.sandbox.endpoint import Endpoints
from connector.sandbox.errors import bad_parameter, unknown_id
from connector.sandbox.groups import CLASS, EduGroup
from connector.sandbox.journal import Journal
from connector.sandbox.staffing import ADMINISTRATOR, DIRECTOR
from connector.sandbox.wire.groups import ACTIVE, group_json, membership_status, shown_members
from connector.sandbox.wire.people import (
    context_json,
    person_json,
    roles,
    teacher_json,
    user_json,
)
from connector.sandbox.wire.school import person_school_json, school_json

PEOPLE = Endpoints()
_BACK, _AHEAD = 7, 30  # the days the platform looks around to list a group's teachers


@PEOPLE.get("users/me/context")
def context(call: Call) -> object:
    """Return the UserContext of the token's owner, by default the school's administrator."""
    school = call.school
    if not school.is_parent(school.owner):
        return context_json(school)
    journal, group, _ = school.parents_child()
    return context_json(school, group_json(school, journal, group))


@PEOPLE.get("users/me")
def me(call: Call) -> object:
    """Return the User of the token's owner."""
    return user_json(call.school, call.school.owner)


@PEOPLE.get("users/me/roles")
def my_roles(call: Call) -> object:
    """Return the owner's roles."""
    return roles(call.school, call.school.owner)


@PEOPLE.get("users/me/organizations", "users/me/schools")
def my_schools(call: Call) -> object:
    """Return ids of the owner's schools."""
    return [call.school.ids.school()]


@PEOPLE.get("users/me/edu-groups")
def my_groups(call: Call) -> object:
    """Return ids of the classes and subgroups the owner teaches or their child is in."""
    school = call.school
    person = school.parents_child()[2] if school.is_parent(school.owner) else school.owner
    found = groups_of(call, person, years=school.shown_years()[-1:])
    return [school.group_id(journal.year, group.index) for journal, group in found]


@PEOPLE.get("users/{user}")
def user(call: Call) -> object:
    """Return a User."""
    return user_json(call.school, user_index(call, call.number("user")))


@PEOPLE.post("users/many")
def users(call: Call) -> object:
    """Return Users in the order asked; unknown ids are left out."""
    found = (call.school.ids.user_index(ident) for ident in call.id_list())
    return [user_json(call.school, index) for index in found if _has_account(call, index)]


def _has_account(call: Call, index: int) -> bool:
    try:
        return call.school.person(index).account
    except IndexError:
        return False


def user_index(call: Call, ident: int) -> int:
    """Return the person index of a user id; ApiError (404) if nobody has it."""
    index = call.school.ids.user_index(ident)
    if not _has_account(call, index):
        raise unknown_id("user")
    return index


@PEOPLE.get("persons/{person}")
def person(call: Call) -> object:
    """Return a Person."""
    return person_json(call.school, call.person())


@PEOPLE.get("schools/person-schools")
def person_schools(call: Call) -> object:
    """Return the owner's schools as PersonSchools."""
    return [person_school_json(call.school)]


@PEOPLE.get("schools")
def schools(call: Call) -> object:
    """Return Schools; without ids the owner's own."""
    if "schools" in call.request.query_params:
        wanted = call.numbers("schools")
        return [school_json(call.school)] if call.school.ids.school() in wanted else []
    return [school_json(call.school)]


@PEOPLE.get("schools/{school}")
def school(call: Call) -> object:
    """Return the School."""
    call.own_school()
    return school_json(call.school)


@PEOPLE.get("schools/{school}/membership")
def membership(call: Call) -> object:
    """Return the school's staff (default) or administrators as Persons."""
    call.own_school()
    kind = call.request.query_params.get("schoolMembershipType") or "Staff"
    if kind not in ("Staff", "Admins"):
        raise bad_parameter("schoolMembershipType")
    everyone = range(len(call.school.staff))
    shown = everyone if kind == "Staff" else (ADMINISTRATOR, DIRECTOR)
    return [person_json(call.school, index) for index in shown]


@PEOPLE.get("schools/{school}/teachers")
def teachers(call: Call) -> object:
    """Return the school's staff as Teachers, with the subjects of the current year in one text."""
    call.own_school()
    taught = _subjects_taught(call)
    masters = set(_latest(call).class_teacher.values())
    return [
        teacher_json(call.school, index, taught.get(index, ""), house_master=index in masters)
        for index in range(len(call.school.staff))
    ]


def _latest(call: Call) -> Journal:
    return call.school.journal(call.school.shown_years()[-1])


def _subjects_taught(call: Call) -> dict[int, str]:
    names: dict[int, dict[str, None]] = {}
    for lesson in _latest(call).lessons:
        if lesson is not None:
            names.setdefault(lesson.teacher, {})[SUBJECTS[lesson.subject].name] = None
    return {index: ", ".join(sorted(own)) for index, own in names.items()}


@PEOPLE.get("edu-groups/{group}/teachers")
def group_teachers(call: Call) -> object:
    """Return the Persons who teach the group from a week back to a month ahead."""
    journal, group = call.group()
    today = call.school.today_ordinal
    lessons = journal.lessons_between(group.index, today - _BACK, today + _AHEAD)
    return [person_json(call.school, index) for index in sorted({le.teacher for le in lessons})]


@PEOPLE.get("edu-groups/{group}/classteacher")
def class_teacher(call: Call) -> object:
    """Return the class teacher; of a subgroup, its (first) class's."""
    journal, group = call.group()
    index = group.index if group.kind == CLASS else group.parents[0]
    return person_json(call.school, journal.class_teacher[index])


def groups_of(call: Call, index: int, *, years: list[int]) -> list[tuple[Journal, EduGroup]]:
    """Return the groups a person is (in past years: was) an active member or a teacher of."""
    found: list[tuple[Journal, EduGroup]] = []
    for year in years:
        journal = call.school.journal(year)
        taught = (
            set()
            if index >= len(call.school.staff)
            else {le.group for le in journal.lessons if le is not None and le.teacher == index}
        )
        for group in journal.groups:
            if group.index in taught or _is_member(call, group, index):
                found.append((journal, group))  # noqa: PERF401
    return found


def _is_member(call: Call, group: EduGroup, index: int) -> bool:
    return any(
        member.pupil.person.index == index and membership_status(call.school, member) == ACTIVE
        for member in shown_members(call.school, group)
    )
