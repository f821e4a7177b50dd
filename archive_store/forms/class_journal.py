"""The class journal of one class and academic year. Every number in it can be counted in the record."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Final

import sqlalchemy as sa

from archive_store.asof import AsOf
from archive_store.forms.class_record import ClassRecord, load
from archive_store.forms.collation import alphabetical
from archive_store.forms.gathering import shown
from archive_store.forms.marks import read_mark
from archive_store.forms.people import Pupil, full_name
from archive_store.forms.periods import year_plan
from archive_store.forms.sections import build_sections, list_of_pupils
from archive_store.forms.signs import Meaning, Signs
from archive_store.forms.spread import Section
from archive_store.records import EduGroup, FinalMark, Mark

LESSONS_PER_SPREAD: Final = 18


@dataclass(frozen=True, slots=True)
class RosterLine:
    """A pupil of the class and the subgroups."""

    pupil: Pupil
    subgroups: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ClassJournal:
    """A class journal. ``former_names`` are those of before, each with the day on which the archive saw the
    next one; ``unknown`` counts marks and statuses of attendance that have no meaning by ``signs``."""

    school: str | None
    town: str | None
    class_name: str
    former_names: tuple[tuple[str, str], ...]
    study_year: int | None
    days: tuple[str, str] | None
    class_teachers: tuple[str, ...]
    without_marks: bool
    roster: tuple[RosterLine, ...]
    sections: tuple[Section, ...]
    unknown: tuple[tuple[str, int], ...]
    signs: Signs


def build(
    connection: sa.Connection,
    at: AsOf,
    group: EduGroup,
    *,
    lessons_per_spread: int = LESSONS_PER_SPREAD,
) -> ClassJournal:
    """The journal of the class ``group`` as of ``at``."""
    return from_record(load(connection, at, group), lessons_per_spread=lessons_per_spread)


def from_record(record: ClassRecord, *, lessons_per_spread: int = LESSONS_PER_SPREAD) -> ClassJournal:
    """The journal of a class whose record is loaded already."""
    plan = year_plan(record.periods)
    school = record.school
    return ClassJournal(
        school=(school.full_name or school.name) if school else None,
        town=school.city if school else None,
        class_name=record.group.name,
        former_names=tuple(record.former_names),
        study_year=record.group.study_year,
        days=record.days,
        class_teachers=tuple(full_name(one, one.person_id) for one in record.class_teachers),
        without_marks=record.is_without_marks,
        roster=_roster(record),
        sections=tuple(build_sections(record, plan, lessons_per_spread)),
        unknown=_unknown(record),
        signs=record.signs,
    )


def _roster(record: ClassRecord) -> tuple[RosterLine, ...]:
    class_id = record.group.group_id
    listed = {person_id for group_id, person_id in record.stays if group_id == class_id}
    pupils = list_of_pupils(listed, class_id, record)
    subgroups = sorted(record.groups[1:], key=lambda one: (alphabetical(one.name), one.group_id))
    return tuple(
        RosterLine(
            pupil,
            tuple(one.name for one in subgroups if pupil.person_id in record.members.get(one.group_id, {})),
        )
        for pupil in pupils
    )


def _unknown(record: ClassRecord) -> tuple[tuple[str, int], ...]:
    marks: list[Mark | FinalMark] = [*record.marks, *record.finals]
    signs = record.signs
    counts = Counter(
        shown(one) for one in marks if read_mark(shown(one), one.type, signs).meaning is Meaning.UNKNOWN
    )
    counts.update(one.status for one in record.attendance if one.status and signs.is_unknown(one.status))
    return tuple(sorted(counts.items()))
