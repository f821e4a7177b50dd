"""A year's record without personal data: marks, attendance and final marks under pseudonyms, in coarse terms.

Left out: names, ids of the platform, the class of a single pupil, days (months stay), moments, topics,
homework, comments, reasons of absence, kinds of work in the school's own words. Single pupils are grouped by
year of study; per class there are sums alone.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

import sqlalchemy as sa

from archive_store import schema
from archive_store.asof import AsOf, last_known, read
from archive_store.catalogue import classes, family
from archive_store.export.pseudonyms import Pseudonyms
from archive_store.export.small_groups import FEWEST, HIDDEN, hidden, hide, people_by
from archive_store.forms.gathering import shown
from archive_store.forms.periods import column_of, finals_with_year, year_plan
from archive_store.records import EduGroup
from archive_store.texts import N_, _

Row = tuple[str | int | None, ...]

_WORD: Final = re.compile(r"\w+")
_VALUE: Final = re.compile(r"[\w+\-/., ]{1,12}")
# Why a pupil was absent may be a matter of health: only that it was so stays.
_STATUSES: Final = {
    "Attend": N_("present"),
    "Absent": N_("absent"),
    "Ill": N_("absent"),
    "Pass": N_("absent"),
    "Late": N_("late"),
}


@dataclass(frozen=True, slots=True)
class Table:
    """A table: its name (ASCII), its headings, its rows, and how many were hidden in part or left out."""

    name: str
    columns: tuple[str, ...]
    rows: Sequence[Row]
    hidden: int


@dataclass(frozen=True, slots=True)
class _Year:
    """What the tables of a year are made from."""

    at: AsOf
    group_ids: Sequence[int]
    class_of: dict[int, EduGroup]
    subjects: dict[int, str]
    pseudonyms: Pseudonyms

    def pseudonym(self, person_id: int) -> str:
        return self.pseudonyms.of("person", self.at.school_id, person_id)

    def parallel(self, person_id: int) -> str:
        return str(self.class_of[person_id].parallel or "")


def depersonalised(
    connection: sa.Connection, at: AsOf, chosen: Sequence[EduGroup], pseudonyms: Pseudonyms
) -> Iterator[Table]:
    """The tables of the classes ``chosen``; rows in the order of pseudonyms, which is no journal's order."""
    year = _year(connection, at, chosen, pseudonyms)
    yield _pupils(connection, year)
    yield _marks(connection, year)
    yield _attendance(connection, year)
    finals = list(_finals(connection, year, chosen))
    yield _final_marks(year, finals)
    yield _sums(year, finals)


def names_on_record(connection: sa.Connection, at: AsOf) -> set[str]:
    """All words of names of pupils and staff that the archive ever knew, in small letters."""
    found: set[str] = set()
    for entity in (schema.PERSON, schema.TEACHER, schema.CLASS_TEACHER, schema.STAFF_MEMBER):
        parts = [entity.table.c[name] for name in ("last_name", "first_name", "middle_name", "short_name")]
        query = sa.select(*parts).distinct().where(entity.table.c.school_id == at.school_id)
        for row in connection.execute(query):
            found.update(word for text in row if text for word in words(text))
    return found


def words(text: str) -> set[str]:
    """The words of a text by which a name is known: of two letters at least, in small letters."""
    return {word for word in _WORD.findall(text.casefold()) if len(word) > 1 and not word.isdigit()}


def label(text: str, names: Collection[str], number: int) -> str:
    """A text of the school's own, unless a person's name stands in it: then its number in this export."""
    return _("subject no. {number}").format(number=number) if words(text) & set(names) else text


def _year(connection: sa.Connection, at: AsOf, chosen: Sequence[EduGroup], pseudonyms: Pseudonyms) -> _Year:
    names = names_on_record(connection, at)
    table = schema.MEMBERSHIP.table
    by_id = {one.group_id: one for one in chosen}
    class_of: dict[int, EduGroup] = {}
    for member in read(connection, schema.MEMBERSHIP, at, table.c.group_id.in_(list(by_id))):
        class_of[member.person_id] = by_id[member.group_id]
    sizes = people_by((one.group_id, person) for person, one in class_of.items())
    class_of = {who: one for who, one in class_of.items() if len(sizes[one.group_id]) >= FEWEST}
    known = sorted(last_known(connection, schema.SUBJECT, at), key=lambda one: one.subject_id)
    subjects = {one.subject_id: label(one.name, names, n) for n, one in enumerate(known, start=1)}
    ids = sorted({group.group_id for one in chosen for group in family(connection, at, one)})
    return _Year(at, ids, class_of, subjects, pseudonyms)


def _pupils(connection: sa.Connection, year: _Year) -> Table:
    person = schema.PERSON.table.c.person_id
    known = last_known(connection, schema.PERSON, year.at, person.in_(list(year.class_of)))
    sexes = {one.person_id: one.sex or "" for one in known}
    found = [(who, year.parallel(who), sexes.get(who, "")) for who in year.class_of]
    values, count = hide(found)
    rows = [
        (year.pseudonym(who), parallel, value)
        for (who, parallel, _sex), value in zip(found, values, strict=True)
        if value is not None
    ]
    return Table("pupils", (_("Pseudonym"), _("Year of study"), _("Sex")), sorted(rows), count)


def _marks(connection: sa.Connection, year: _Year) -> Table:
    found = [
        (one.person_id, (year.parallel(one.person_id), _subject(year, one)), _value(shown(one)), one.day[:7])
        for one in _of_year(connection, year, schema.MARK)
    ]
    columns = (_("Pseudonym"), _("Year of study"), _("Subject"), _("Month"), _("Mark"))
    return _hidden_table(year, "marks", columns, found)


def _attendance(connection: sa.Connection, year: _Year) -> Table:
    found = [
        (
            one.person_id,
            (year.parallel(one.person_id), _subject(year, one)),
            _(_STATUSES[one.status]) if one.status in _STATUSES else HIDDEN,
            one.day[:7],
        )
        for one in _of_year(connection, year, schema.ATTENDANCE)
    ]
    columns = (_("Pseudonym"), _("Year of study"), _("Subject"), _("Month"), _("Attendance"))
    return _hidden_table(year, "attendance", columns, found)


def _hidden_table(
    year: _Year, name: str, columns: tuple[str, ...], found: Sequence[tuple[int, tuple[str, str], str, str]]
) -> Table:
    values, count = hide([(who, cell, value) for who, cell, value, _extra in found])
    rows = [
        (year.pseudonym(who), *cell, extra, value)
        for (who, cell, _value, extra), value in zip(found, values, strict=True)
        if value is not None
    ]
    return Table(name, columns, sorted(rows), count)


_Final = tuple[int, str, str, str]


def _finals(connection: sa.Connection, year: _Year, chosen: Sequence[EduGroup]) -> Iterator[_Final]:
    """Person, subject, period and value of each final mark."""
    for one in chosen:
        ids = [group.group_id for group in family(connection, year.at, one)]
        in_periods = schema.REPORTING_PERIOD.table.c.group_id == one.group_id
        periods = list(read(connection, schema.REPORTING_PERIOD, year.at, in_periods))
        plan = year_plan(periods)
        marks = list(
            read(connection, schema.FINAL_MARK, year.at, schema.FINAL_MARK.table.c.group_id.in_(ids))
        )
        for mark in finals_with_year(marks, periods):
            if year.class_of.get(mark.person_id) is one:
                yield mark.person_id, _subject(year, mark), column_of(mark, plan).name, _value(shown(mark))


def _final_marks(year: _Year, finals: Sequence[_Final]) -> Table:
    found = [
        (who, (year.parallel(who), subject, period), value, "") for who, subject, period, value in finals
    ]
    values, count = hide([(who, cell, value) for who, cell, value, _extra in found])
    rows = [
        (year.pseudonym(who), *cell, value)
        for (who, cell, _value, _extra), value in zip(found, values, strict=True)
        if value is not None
    ]
    columns = (_("Pseudonym"), _("Year of study"), _("Subject"), _("Period"), _("Mark"))
    return Table("final_marks", columns, sorted(rows), count)


def _sums(year: _Year, finals: Sequence[_Final]) -> Table:
    """Per class, subject and period: how many pupils have each final mark."""
    cells: dict[tuple[str, str, str], list[tuple[str, int]]] = {}
    for who, subject, period, value in finals:
        cells.setdefault((str(year.class_of[who].group_id), subject, period), []).append((value, who))
    numbers = {
        str(one.group_id): year.pseudonyms.of("group", year.at.school_id, one.group_id)
        for one in year.class_of.values()
    }
    parallels = {str(one.group_id): str(one.parallel or "") for one in year.class_of.values()}
    rows: list[Row] = []
    count = 0
    for (group, subject, period), found in cells.items():
        people = people_by(found)
        if len({who for _mark, who in found}) < FEWEST:
            count += len(people)
            continue
        secret = hidden(people)
        for value in sorted(people):
            number: str | int = HIDDEN if value in secret else len(people[value])
            rows.append((parallels[group], numbers[group], subject, period, value, number))
        count += len(secret)
    columns = (
        _("Year of study"), _("Class, by a pseudonym"), _("Subject"), _("Period"), _("Mark"), _("Pupils"),
    )  # fmt: skip
    return Table("sums", columns, sorted(rows, key=str), count)


def _of_year(connection: sa.Connection, year: _Year, entity: schema.Entity[Any]) -> Iterator[Any]:
    ours = entity.table.c.group_id.in_(year.group_ids)
    return (one for one in read(connection, entity, year.at, ours) if one.person_id in year.class_of)


def _subject(year: _Year, record: Any) -> str:  # noqa: ANN401 - of any entity with a subject
    return year.subjects.get(record.subject_id or 0, HIDDEN)


def _value(text: str) -> str:
    """A mark as it is shown, if it can be one; a longer text could be somebody's words."""
    return text if _VALUE.fullmatch(text) else HIDDEN


def chosen_classes(
    connection: sa.Connection, at: AsOf, study_year: int, group: EduGroup | None
) -> list[EduGroup]:
    """The class meant, or all of the year. Raises UnknownYear."""
    return [group] if group is not None else classes(connection, at, study_year)
