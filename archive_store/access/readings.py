"""Reads as people ask for them: each with its end, those about one person, those of some days."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

import sqlalchemy as sa

from archive_store import schema
from archive_store.access.log import Entry, Kind, State, entries
from archive_store.asof import AsOf, last_known
from archive_store.catalogue import folded, parents

# What names no pupil.
_WITHOUT_PUPILS: Final = {
    "lessons", "homework", "groups", "criteria-sections", "history lesson", "history work", "history group",
}  # fmt: skip
_OF_ONE_PERSON: Final = {"pupil", "person"}
_OF_A_GROUP_AND_A_PERSON: Final = {"membership", "attendance"}


@dataclass(frozen=True, slots=True)
class Reading:
    """A read: the entry that began it, and the one that ended it (None: cut off, what left is not known)."""

    begun: Entry
    ended: Entry | None

    @property
    def state(self) -> State | None:
        """How it ended."""
        return State(self.ended.state) if self.ended else None

    @property
    def counts(self) -> dict[str, Any]:
        """What was given, in counts."""
        return self.ended.about if self.ended and self.ended is not self.begun else {}


@dataclass(frozen=True, slots=True)
class Subject:
    """Whom reads are asked about: a person, with the classes and years that the person was in."""

    person_id: int
    groups: frozenset[int]
    names: frozenset[str]
    years: frozenset[int]
    is_pupil: bool = True


def readings(connection: sa.Connection, school_id: int) -> Iterator[Reading]:
    """All reads, oldest first. An entry of the log of disclosures, from before, is whole by itself."""
    known = list(entries(connection, school_id))
    ends = {one.begun: one for one in known if one.begun is not None}
    for one in known:
        if one.begun is None:
            yield Reading(one, one if one.state != State.BEGUN else ends.get(one.number))


def subject_of(connection: sa.Connection, at: AsOf, person_id: int) -> Subject:
    """A pupil with all classes that the archive ever knew the pupil in; of staff, with those taught."""
    listed = (one.table.c for one in (schema.MEMBERSHIP, schema.FORMER_MEMBER, schema.FINAL_MARK))
    known = set(
        connection.execute(
            sa.union(
                *(
                    sa.select(column.group_id).where(
                        column.school_id == at.school_id, column.person_id == person_id
                    )
                    for column in listed
                )
            )
        ).scalars()
    )
    is_pupil = bool(known)
    if not known:
        known = _taught(connection, at, person_id)
    groups = [one for one in last_known(connection, schema.EDU_GROUP, at) if one.group_id in known]
    ids = known | {parent for one in groups for parent in parents(one)}
    names = frozenset(folded(one.name) for one in groups)
    years = frozenset(one.study_year for one in groups if one.study_year is not None)
    return Subject(person_id, frozenset(ids), names, years, is_pupil)


def is_about(entry: Entry, subject: Subject) -> bool:
    """Whether what an entry says may have held something about this person."""
    about = entry.about
    if entry.kind == Kind.DEPERSONALISED:
        return False
    if subject.is_pupil and (about.get("what") or about.get("data")) in _WITHOUT_PUPILS:
        return False
    people = about.get("people") or _people_before(about)
    if people:
        return str(subject.person_id) in people
    groups = about.get("groups") or ([about["group"]] if about.get("group") else [])
    if groups:
        return any(one in map(str, subject.groups) or folded(one) in subject.names for one in groups)
    years = about.get("years") or ([about["year"]] if about.get("year") else [])
    return not years or bool(subject.years.intersection(years))


def _people_before(about: dict[str, Any]) -> list[str]:
    """The person of a history or a form, as the log of disclosures had it."""
    if about.get("person"):
        return [about["person"]]
    kind, ids = about.get("history"), about.get("ids") or []
    if kind in _OF_ONE_PERSON:
        return list(ids)
    return [ids[1]] if kind in _OF_A_GROUP_AND_A_PERSON and len(ids) > 1 else []


def _taught(connection: sa.Connection, at: AsOf, person_id: int) -> set[int]:
    lesson, head = schema.LESSON.table, schema.CLASS_TEACHER.table
    lessons = sa.select(lesson.c.group_id).where(
        lesson.c.school_id == at.school_id, lesson.c.teachers.contains(f'"{person_id}"', autoescape=True)
    )
    classes = sa.select(head.c.group_id).where(
        head.c.school_id == at.school_id, head.c.person_id == person_id
    )
    return set(connection.execute(sa.union(lessons, classes)).scalars())
