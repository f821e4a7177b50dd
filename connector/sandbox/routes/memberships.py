"""Calls about what a person is at the school, and about the school's own passport."""

from __future__ import annotations

from connector.sandbox.call import Call
from connector.sandbox.endpoint import Endpoints
from connector.sandbox.groups import SUBJECT_INDEX
from connector.sandbox.routes.people import groups_of, user_index
from connector.sandbox.wire.groups import group_json
from connector.sandbox.wire.people import roles
from connector.sandbox.wire.school import school_json, subject_json
from connector.sandbox.wire.school_parameters import school_parameters_json

MEMBERSHIPS = Endpoints()


@MEMBERSHIPS.get("schools/{school}/parameters")
def school_parameters(call: Call) -> object:
    """Return the SchoolParameters."""
    call.own_school()
    return school_parameters_json(call.school)


def _memberships(call: Call, index: int) -> dict[str, object]:
    """Return the SchoolMemberships of a person: groups of the current year, subjects taught in it."""
    school = call.school
    latest = school.journal(school.shown_years()[-1])
    groups = groups_of(call, index, years=[latest.year])
    taught = {le.subject for le in latest.lessons if le is not None and le.teacher == index}
    ident = school.ids.person(index)
    return {
        "person": ident,
        "person_str": str(ident),
        "schools": [
            {
                "school": school_json(school),
                "roles": roles(school, index),
                "editorRoles": [],
                "eduGroupMemberships": [{"eduGroup": group_json(school, *found)} for found in groups],
                "subjects": [subject_json(school, one) for one in SUBJECT_INDEX.values() if one in taught],
            }
        ],
    }


@MEMBERSHIPS.get("persons/{person}/school-memberships")
def of_person(call: Call) -> object:
    """Return a person's SchoolMemberships."""
    return _memberships(call, call.person())


@MEMBERSHIPS.get("users/me/school-memberships")
def of_owner(call: Call) -> object:
    """Return the owner's SchoolMemberships."""
    return _memberships(call, call.school.owner)


@MEMBERSHIPS.get("users/{user}/school-memberships")
def of_user(call: Call) -> object:
    """Return a user's SchoolMemberships."""
    return _memberships(call, user_index(call, call.number("user")))
