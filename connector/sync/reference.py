"""Kinds of slices for what the journal refers to: school, groups, people, subjects, periods, bells."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from archive_store import schema
from archive_store.asof import AsOf, read
from archive_store.history import Absence, Scope
from archive_store.records import EduGroup
from archive_store.retention.tombstones import years_destroyed
from connector.api import calls
from connector.api import models as wire
from connector.api.calls import Call
from connector.sync import mapping
from connector.sync.answer import Answer
from connector.sync.slices import Kind, Reading, Slice, Writing


def _write_school(writing: Writing, _slice: Slice, answer: Answer) -> None:
    model = answer.parsed(wire.School)
    writing.write(schema.SCHOOL, [mapping.school(model)])


def _write_edu_groups(writing: Writing, _slice: Slice, answer: Answer) -> None:
    groups = answer.parsed(list[wire.EduGroup])
    found = [mapping.edu_group(group) for group in {group.id: group for group in groups}.values()]
    records = _kept(writing, found)
    if answer.way:  # gathered from people: a group without teachers does not occur
        writing.write(schema.EDU_GROUP, records, absence=Absence.UNKNOWN)
        return
    # Whether the platform still lists the classes of past years is not known: it is complete for the
    # years that it does list.
    years = tuple(sorted({record.study_year for record in records if record.study_year is not None}))
    scope = Scope((("study_year", years),)) if years else None
    writing.write(schema.EDU_GROUP, records, scope, Absence.WITHDRAWN if years else Absence.UNKNOWN)


def _write_teachers(writing: Writing, _slice: Slice, answer: Answer) -> None:
    teachers = answer.parsed(list[wire.Teacher])
    writing.write(schema.TEACHER, [mapping.teacher(teacher) for teacher in teachers])


def _write_subjects(writing: Writing, _slice: Slice, answer: Answer) -> None:
    subjects = answer.parsed(list[wire.Subject])
    # The call shows the current year only: older subjects are not gone.
    writing.write(schema.SUBJECT, [mapping.subject(one) for one in subjects], absence=Absence.UNKNOWN)


def _write_timetables(writing: Writing, _slice: Slice, answer: Answer) -> None:
    is_list = answer.bodies[0].lstrip().startswith(b"[")
    timetables = answer.parsed(list[wire.Timetable]) if is_list else [answer.parsed(wire.Timetable)]
    writing.write(schema.BELL, [bell for one in timetables for bell in mapping.bells(one)])


def _write_work_types(writing: Writing, _slice: Slice, answer: Answer) -> None:
    types = answer.parsed(list[wire.WorkType])
    writing.write(schema.WORK_TYPE, [mapping.work_type(one) for one in types])


def _write_roster(writing: Writing, slice_: Slice, answer: Answer) -> None:
    rosters = answer.parsed(list[wire.GroupWithStudents])
    students = [(roster.group.id, student) for roster in rosters for student in roster.students]
    answered = tuple(roster.group.id for roster in rosters if roster.group.id in slice_.owned)
    people = {student.person.id: mapping.person(student.person) for _, student in students}
    writing.write(schema.PERSON, list(people.values()), absence=Absence.UNKNOWN)
    memberships = [mapping.membership(group_id, student) for group_id, student in students]
    writing.write(
        schema.MEMBERSHIP,
        memberships,
        Scope((("group_id", answered),)),
        Absence.WITHDRAWN if answered else Absence.UNKNOWN,
    )


def _write_class_teacher(writing: Writing, slice_: Slice, answer: Answer) -> None:
    group_id = slice_.place.group_id
    found = [] if answer.bodies[0].strip() == b"null" else [answer.parsed(wire.Person)]
    records = [mapping.class_teacher(group_id, one) for one in found]
    writing.write(schema.CLASS_TEACHER, records, Scope((("group_id", (group_id,)),)))


def _write_reporting_periods(writing: Writing, slice_: Slice, answer: Answer) -> None:
    group_id = slice_.place.group_id
    periods = answer.parsed(list[wire.ReportingPeriod])
    records = [mapping.reporting_period(group_id, period) for period in periods]
    writing.write(schema.REPORTING_PERIOD, records, Scope((("group_id", (group_id,)),)))


def _write_former_members(writing: Writing, slice_: Slice, answer: Answer) -> None:
    group_id = slice_.place.group_id
    people = {person.id: person for person in answer.parsed(list[wire.Person])}
    # The rosters know those of today better: here they add whom no roster shows any more.
    named = [mapping.person(person) for person in people.values()]
    writing.write(schema.PERSON, named, absence=Absence.KEEP_KNOWN)
    members = [mapping.former_member(group_id, person) for person in people.values()]
    writing.write(schema.FORMER_MEMBER, members, Scope((("group_id", (group_id,)),)))


def _staff(kind: str) -> Kind:
    """A kind of staff, in the platform's words: "Staff" or "Admins"."""

    def write(writing: Writing, _slice: Slice, answer: Answer) -> None:
        people = answer.parsed(list[wire.Person])
        # Each kind has an answer of its own, and none is complete for the other.
        members = [mapping.staff_member(kind, person) for person in people]
        writing.write(schema.STAFF_MEMBER, members, absence=Absence.UNKNOWN)

    name = kind.lower()
    return Kind(name, lambda one: [calls.staff(one.owned[0], kind)], write, private=True)


def _write_mark_values(writing: Writing, _slice: Slice, answer: Answer) -> None:
    scales = answer.parsed(dict[str, Any])
    # A field that is new need not be a scale.
    lists = [
        mapping.value_list(f"marks: {scale}", values)
        for scale, values in scales.items()
        if isinstance(values, list) and all(isinstance(value, str) for value in values)
    ]
    # Only these lists: the list of attendance has an answer of its own.
    writing.write(schema.VALUE_LIST, lists, absence=Absence.UNKNOWN)


def _write_attendance_statuses(writing: Writing, _slice: Slice, answer: Answer) -> None:
    statuses = mapping.value_list("attendance", answer.parsed(list[str]))
    writing.write(schema.VALUE_LIST, [statuses], absence=Absence.UNKNOWN)


def _groups_of_teachers(reading: Reading, _slice: Slice) -> Sequence[Call]:
    """Third-party services do so for owners of tokens that may not see the list of classes."""
    known = read(reading.connection, schema.TEACHER, AsOf(reading.school_id))
    return [calls.groups_of_person(teacher.person_id) for teacher in known]


def _past_groups_of_teachers(reading: Reading, _slice: Slice) -> Sequence[Call]:
    known = read(reading.connection, schema.TEACHER, AsOf(reading.school_id))
    return [calls.groups_ever_of_person(teacher.person_id) for teacher in known]


def _write_past_groups(writing: Writing, _slice: Slice, answer: Answer) -> None:
    found = {group.id: group for group in answer.parsed(list[wire.EduGroup])}
    groups = _kept(writing, [mapping.edu_group(group) for group in found.values()])
    writing.write(schema.EDU_GROUP, groups, absence=Absence.KEEP_KNOWN)


def _kept(writing: Writing, groups: Sequence[EduGroup]) -> list[EduGroup]:
    """The classes without those of years of which everything was destroyed by acts."""
    destroyed = years_destroyed(writing.connection, writing.school_id)
    return [one for one in groups if one.study_year not in destroyed]


# In a slice of the whole school ``place.group_id`` is 0; the school's id comes as ``owned``.
SCHOOL: Final = Kind("school", lambda one: [calls.school(one.owned[0])], _write_school)
EDU_GROUPS: Final = Kind(
    "edu_groups",
    lambda one: [calls.edu_groups(one.owned[0])],
    _write_edu_groups,
    other_ways=(_groups_of_teachers,),
)
TEACHERS: Final = Kind("teachers", lambda one: [calls.teachers(one.owned[0])], _write_teachers, private=True)
SUBJECTS: Final = Kind("subjects", lambda one: [calls.subjects(one.owned[0])], _write_subjects)
TIMETABLES: Final = Kind("timetables", lambda one: [calls.timetables(one.owned[0])], _write_timetables)
WORK_TYPES: Final = Kind("work_types", lambda one: [calls.work_types(one.owned[0])], _write_work_types)
ROSTER: Final = Kind("roster", lambda one: [calls.students(one.owned)], _write_roster)
CLASS_TEACHER: Final = Kind(
    "class_teacher",
    lambda one: [calls.class_teacher(one.place.group_id)],
    _write_class_teacher,
    may_be_absent=True,
)
REPORTING_PERIODS: Final = Kind(
    "reporting_periods",
    lambda one: [calls.reporting_periods(one.place.group_id)],
    _write_reporting_periods,
)

PAST_GROUPS: Final = Kind("past_groups", None, _write_past_groups, other_ways=(_past_groups_of_teachers,))
FORMER_MEMBERS: Final = Kind(
    "former_members", lambda one: [calls.members(one.place.group_id)], _write_former_members
)
STAFF: Final = _staff("Staff")
ADMINISTRATORS: Final = _staff("Admins")
MARK_VALUES: Final = Kind("mark_values", lambda _one: [calls.mark_values()], _write_mark_values)
ATTENDANCE_STATUSES: Final = Kind(
    "attendance_statuses", lambda _one: [calls.attendance_statuses()], _write_attendance_statuses
)

SCHOOL_KINDS: Final = (SCHOOL, TEACHERS, SUBJECTS, TIMETABLES, WORK_TYPES)
RARE_SCHOOL_KINDS: Final = (MARK_VALUES, ATTENDANCE_STATUSES, STAFF, ADMINISTRATORS)
SUBGROUP_KINDS: Final = (ROSTER, REPORTING_PERIODS, CLASS_TEACHER)
GROUP_KINDS: Final = (*SUBGROUP_KINDS, FORMER_MEMBERS)
