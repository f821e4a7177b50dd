"""Persons, users and teachers as the API shows them (models Person, User, Teacher, UserContext)."""

from __future__ import annotations

from typing import Any

from connector.sandbox.people import Person
from connector.sandbox.school import NAME, School
from connector.sandbox.staffing import ADMINISTRATOR, DIRECTOR

Json = dict[str, Any]


def short_name(person: Person) -> str:
    """Return the 'Имя Ф' form of a name."""
    return f"{person.first} {person.last[0]}"


def user_id(school: School, person: Person) -> int | None:
    """Return the id of a person's account, None for who has none."""
    return school.ids.user(person.index) if person.account else None


def person_json(school: School, index: int) -> Json:
    """Return a Person; pupils lose their full name under `short_names`."""
    person = school.person(index)
    ident, user = school.ids.person(index), user_id(school, person)
    shape: Json = {
        "id": ident,
        "id_str": str(ident),
        "userId": user,
        "userId_str": None if user is None else str(user),
    }
    if not (school.parameters.short_names and school.is_pupil(index)):
        shape |= {"firstName": person.first, "lastName": person.last, "middleName": person.middle}
    return shape | {"shortName": short_name(person), "sex": person.sex}


def roles(school: School, index: int) -> list[str]:
    """Return a person's roles."""
    if school.is_pupil(index):
        return ["EduStudent"]
    if school.is_parent(index):
        return ["EduParent"]
    office = index in (ADMINISTRATOR, DIRECTOR)
    return ["EduStaff", "EduSchoolAdministrator"] if office else ["EduStaff"]


def user_json(school: School, index: int) -> Json:
    """Return the User of a person."""
    person = school.person(index)
    ident, own = school.ids.user(index), school.ids.person(index)
    full = " ".join(part for part in (person.last, person.first, person.middle) if part)
    inverse = " ".join(part for part in (person.first, person.middle, person.last) if part)
    avatar = f"https://static.example.invalid/avatars/{ident}"
    return {
        "id": ident,
        "id_str": str(ident),
        "personId": own,
        "personId_str": str(own),
        "name": f"{person.first} {person.last}",
        "email": f"user{index}@example.invalid",
        "login": f"user{index}",
        "fullName": full,
        "fullNameInverse": inverse,
        "firstName": person.first,
        "middleName": person.middle,
        "lastName": person.last,
        "shortName": short_name(person),
        "locale": "ru-RU",
        "timezone": "+3:00",
        "sex": person.sex,
        "photoSmall": avatar + ".s.jpg",
        "photoMedium": avatar + ".m.jpg",
        "photoLarge": avatar + ".l.jpg",
        "birthday": person.born.isoformat() + "T00:00:00",
        "roles": roles(school, index),
        "phone": "",
    }


def context_json(school: School, group: Json | None = None) -> Json:
    """Return the UserContext of the owner, whose token the sandbox takes.

    `group` is the class of a parent's child: their context names both.
    """
    owner = school.owner
    person = school.person(owner)
    here = school.ids.school()
    groups = [group["id"]] if group else []
    return {
        "userId": school.ids.user(owner),
        "avatarUrl": None,
        "roles": roles(school, owner),
        "children": [_child_json(school, groups)] if group else [],
        "schools": [{"id": here, "name": NAME, "type": "Regular", "groupIds": groups}],
        "eduGroups": [group] if group else [],
        "splitId": None,
        "personId": school.ids.person(owner),
        "firstName": person.first,
        "lastName": person.last,
        "middleName": person.middle,
        "shortName": short_name(person),
        "schoolIds": [here],
        "groupIds": groups,
    }


def _child_json(school: School, groups: list[int]) -> Json:
    """Return the ContextChild of the parent."""
    index = school.parents_child()[2]
    person = school.person(index)
    return {
        "personId": school.ids.person(index),
        "firstName": person.first,
        "lastName": person.last,
        "middleName": person.middle,
        "shortName": short_name(person),
        "schoolIds": [school.ids.school()],
        "groupIds": groups,
    }


def teacher_json(school: School, index: int, subjects: str, *, house_master: bool) -> Json:
    """Return a Teacher: PascalCase, twins without underscore, `Subjects` as one string."""
    member = school.staff[index]
    person = member.person
    ident, user = school.ids.person(index), user_id(school, person)
    office = not member.department
    return {
        "Id": ident,
        "IdStr": str(ident),
        "UserId": user,
        "UserIdStr": None if user is None else str(user),
        "FirstName": person.first,
        "LastName": person.last,
        "MiddleName": person.middle,
        "ShortName": short_name(person),
        "Sex": person.sex,
        "DateBirth": person.born.isoformat() + "T00:00:00",
        "Email": "",
        "Subjects": subjects,
        "HouseMaster": house_master,
        "Education": "Высшее",
        "ScientificDegree": None,
        "StartDate": f"{person.born.year + 24}-09-01T00:00:00",
        "PedagogicalActivityDate": f"{person.born.year + 23}-09-01T00:00:00",
        "ManagingEmployee": office,
        "NameManagingPosition": member.position if office else None,
        "TeachingStaff": not office,
        "NameTeacherPosition": None if office else member.position,
        "TrainingAndSupportStaff": False,
        "ServicePersonnel": False,
        "MedicalWorker": False,
        "NameMedicalPosition": None,
        "ExternalPartTime": False,
    }
