"""The pupils of a year, to know again whom a table names."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import sqlalchemy as sa

from archive_store.asof import AsOf, last_known, read
from archive_store.catalogue import LEFT, classes, folded
from archive_store.forms.people import full_name
from archive_store.imports.errors import Problem
from archive_store.imports.table import ImportedRow, ImportedTable
from archive_store.records import Person
from archive_store.schema import MEMBERSHIP, PERSON

_MANY: Final = 10


@dataclass(frozen=True, slots=True)
class KnownPupil:
    """A pupil of a class: the parts of the name as people mean them (folded).

    ``is_there`` is who is in the class, and has not left it.
    """

    person_id: int
    group_id: int
    class_name: str
    name: str
    parts: tuple[str, ...]
    is_there: bool

    def is_called(self, words: Sequence[str]) -> bool:
        """Whether these words are the name: the surname, then names in full or their first letters."""
        if not words or len(words) > len(self.parts) or folded(words[0]) != self.parts[0]:
            return False
        return all(_means(word, part) for word, part in zip(words[1:], self.parts[1:], strict=False))


@dataclass(frozen=True, slots=True)
class KnownPupils:
    """The pupils of the classes of a year, also those who have left them since."""

    by_surname: dict[str, list[KnownPupil]]
    by_id: dict[int, list[KnownPupil]]

    def of_row(self, table: ImportedTable, row: ImportedRow, group_id: int | None) -> KnownPupil | None:
        """Whom a row names, by number or by name; None, and noted, if nobody.

        In the class that is said; else one who changed classes in that where the pupil is now.
        """
        number, name = row.cells.get("number", ""), row.cells.get("name", "")
        key = "number" if number else "name"
        found = [
            one
            for one in (self._numbered(number) if number else self._called(name))
            if group_id is None or one.group_id == group_id
        ]
        is_one = len({one.person_id for one in found}) == 1
        if is_one and len(found) > 1:
            found = [one for one in found if one.is_there] or found
        if len(found) == 1:
            return found[0]
        if not number and not name:
            table.fault(row, "name" if "name" in table.titles else "number", Problem.EMPTY)
        elif found and is_one:
            table.fault(row, key, Problem.SEVERAL_CLASSES, [one.class_name for one in found])
        elif found:
            known = [f"{one.person_id} ({one.name}, {one.class_name})" for one in found[:_MANY]]
            table.fault(row, key, Problem.SEVERAL_PUPILS, known)
        else:
            table.fault(row, key, Problem.UNKNOWN_PUPIL)
        return None

    def has_changed(self, person_id: int) -> bool:
        """Whether a pupil was in several classes of the year."""
        return len(self.by_id[person_id]) > 1

    def _numbered(self, number: str) -> Iterable[KnownPupil]:
        return self.by_id.get(int(number), ()) if number.isascii() and number.isdigit() else ()

    def _called(self, name: str) -> Iterator[KnownPupil]:
        words = name.replace(".", ". ").split()
        surname = folded(words[0]) if words else ""
        return (one for one in self.by_surname.get(surname, ()) if one.is_called(words))


def pupils_of_year(connection: sa.Connection, at: AsOf, study_year: int) -> KnownPupils:
    """The pupils of the classes of a year. Raises UnknownYear."""
    names = {one.group_id: one.name for one in classes(connection, at, study_year)}
    ids = [*names]
    of_year = MEMBERSHIP.table.c.group_id.in_(ids)
    members = [*last_known(connection, MEMBERSHIP, at, of_year)]
    there = {
        (one.group_id, one.person_id)
        for one in read(connection, MEMBERSHIP, at, of_year)
        if one.status != LEFT
    }
    in_year = sa.select(MEMBERSHIP.table.c.person_id).where(
        MEMBERSHIP.table.c.school_id == at.school_id, of_year
    )
    people = {
        one.person_id: one
        for one in last_known(connection, PERSON, at, PERSON.table.c.person_id.in_(in_year))
    }
    by_surname: dict[str, list[KnownPupil]] = defaultdict(list)
    by_id: dict[int, list[KnownPupil]] = defaultdict(list)
    for member in members:
        person = people.get(member.person_id)
        if person is None:
            continue
        pupil = KnownPupil(
            person.person_id,
            member.group_id,
            names[member.group_id],
            full_name(person, person.person_id),
            _parts(person),
            (member.group_id, member.person_id) in there,
        )
        by_surname[pupil.parts[0] if pupil.parts else ""].append(pupil)
        by_id[pupil.person_id].append(pupil)
    return KnownPupils(by_surname, by_id)


def _parts(person: Person) -> tuple[str, ...]:
    """The name word by word: a surname or patronymic may have several."""
    names = [person.last_name, person.first_name, person.middle_name]
    words = [word for name in names if name for word in name.split()] or (person.short_name or "").split()
    return tuple(folded(word) for word in words)


def _means(word: str, part: str) -> bool:
    letters = folded(word.removesuffix("."))
    return letters == part or (word.endswith(".") and len(letters) == 1 and part.startswith(letters))
