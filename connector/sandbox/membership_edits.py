"""Pupils who leave and change class while a school is served; ids are those of the API.

Every function raises KeyError for an id the school does not have.
"""

from __future__ import annotations

from datetime import date, timedelta

from connector.sandbox.content.subjects import SUBJECTS, Split
from connector.sandbox.groups import CLASS, EduGroup, Member
from connector.sandbox.journal import Journal
from connector.sandbox.people import Pupil
from connector.sandbox.school import School


def archive_membership(school: School, group_id: int, person_id: int, last: date | None = None) -> None:
    """End a pupil's membership after the day `last` (yesterday by default).

    Leaving a class ends the memberships in its subgroups too. Marks already set stay; those the
    sandbox had in store for later days are never set.
    """
    with school.lock:
        journal, group = school.group(group_id)
        day = last if last is not None else school.today - timedelta(days=1)
        person = school.ids.person_index(person_id)
        _member(group, person)
        _end(school, journal, _with_subgroups(journal, group), person, day)


def transfer_pupil(
    school: School, person_id: int, from_group_id: int, to_group_id: int, first: date | None = None
) -> None:
    """Move a pupil to another class of the same year from the day `first` on (today by default).

    They leave the subgroups of the old class and join one of the new class for each subject that
    is taught in subgroups, but none that unites several classes.
    """
    with school.lock:
        journal, old = school.group(from_group_id)
        other, new = school.group(to_group_id)
        if other is not journal or new is old:
            raise KeyError(to_group_id)
        day = first if first is not None else school.today
        person = school.ids.person_index(person_id)
        pupil = _member(old, person).pupil
        _end(school, journal, _with_subgroups(journal, old), person, day - timedelta(days=1))
        for group in [new, *_subgroups_for(journal, new, pupil)]:
            group.members = [*group.members, Member(pupil, day, None)]


def _with_subgroups(journal: Journal, group: EduGroup) -> list[EduGroup]:
    if group.kind != CLASS:
        return [group]
    return [group, *(journal.groups[n] for n in journal.subgroups_of.get(group.index, ()))]


def _member(group: EduGroup, person: int) -> Member:
    for member in reversed(group.members):
        if member.pupil.person.index == person:
            return member
    raise KeyError(person)


def _end(school: School, journal: Journal, groups: list[EduGroup], person: int, last: date) -> None:
    for group in groups:
        group.members = [
            Member(m.pupil, m.first, last)
            if m.pupil.person.index == person and (m.last is None or m.last > last)
            else m
            for m in group.members
        ]
    _forget_plans(school, journal, {group.index for group in groups}, person, last.toordinal())


def _forget_plans(school: School, journal: Journal, groups: set[int], person: int, last: int) -> None:
    """Drop what is in store for a pupil in groups they have left: marks and attendance not yet shown."""
    for mark in list(journal.marks):
        if mark is None or mark.person != person or mark.moment <= school.now_ms:
            continue
        work = journal.works[mark.work]
        if work is not None and work.group in groups and work.day > last:
            journal.remove_mark(mark.serial)
    for serial, entries in journal.entries_of.items():
        lesson = journal.lessons[serial]
        if lesson is not None and lesson.group in groups and lesson.day > last:
            journal.entries_of[serial] = [
                entry for entry in entries if entry.person != person or entry.moment <= school.now_ms
            ]


def _subgroups_for(journal: Journal, new: EduGroup, pupil: Pupil) -> list[EduGroup]:
    """Return one subgroup of a class for each subject: the smaller, or that of the pupil's sex."""
    by_subject: dict[int, list[EduGroup]] = {}
    for number in journal.subgroups_of.get(new.index, ()):
        group = journal.groups[number]
        if group.subject is not None and group.parents == (new.index,):
            by_subject.setdefault(group.subject, []).append(group)
    return [_fitting(groups, subject, pupil) for subject, groups in by_subject.items()]


def _fitting(groups: list[EduGroup], subject: int, pupil: Pupil) -> EduGroup:
    if SUBJECTS[subject].split is Split.SEXES:
        for group in groups:
            if any(member.pupil.person.sex == pupil.person.sex for member in group.members):
                return group
    return min(groups, key=lambda group: len(group.members))
