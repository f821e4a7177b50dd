"""Find a person by what is typed: an id, or the surname with the other names if need be."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain
from typing import Any, Final

import sqlalchemy as sa

from archive_store import schema
from archive_store.asof import AsOf, last_known
from archive_store.catalogue import folded
from archive_store.forms.people import full_name
from connector.cli.ledger_words import NoSuchPupil

_MANY: Final = 20


def find_person(connection: sa.Connection, at: AsOf, who: str, *, staff: bool = True) -> int:
    """The id of the pupil, or the member of staff, that is meant. Raises NoSuchPupil if none or several."""
    words = [folded(word) for word in who.split()]
    found: dict[int, str] = {}
    for person in _people(connection, at, staff=staff):
        if who.strip() == str(person.person_id):
            return int(person.person_id)
        own = [part for part in (person.last_name, person.first_name, person.middle_name) if part]
        parts = [folded(part) for part in own]
        if words and words[0] in parts[:1] and all(word in parts for word in words):
            found[person.person_id] = " ".join(own)
    if len(found) != 1:
        raise NoSuchPupil(who, [f"{number} ({name})" for number, name in list(found.items())[:_MANY]])
    return next(iter(found))


def _people(connection: sa.Connection, at: AsOf, *, staff: bool) -> Iterator[Any]:
    pupils = last_known(connection, schema.PERSON, at)
    if not staff:
        return pupils
    others = (schema.TEACHER, schema.CLASS_TEACHER, schema.STAFF_MEMBER)
    return chain(pupils, *(last_known(connection, entity, at) for entity in others))


def known_name(connection: sa.Connection, at: AsOf, person_id: int) -> str:
    """A pupil's name in full; the id of one whose name is not known."""
    where = schema.PERSON.table.c.person_id == person_id
    return full_name(next(last_known(connection, schema.PERSON, at, where), None), person_id)
