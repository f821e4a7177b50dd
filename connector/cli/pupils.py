"""Find a pupil by what a person types."""

from __future__ import annotations

from typing import Final

import sqlalchemy as sa

from archive_store import schema
from archive_store.asof import AsOf, last_known
from archive_store.catalogue import folded
from archive_store.forms.people import full_name
from connector.cli.ledger_words import NoSuchPupil

_MANY: Final = 20


def find_pupil(connection: sa.Connection, at: AsOf, who: str) -> int:
    """The id of the pupil meant: by id, or by the words of the name. Raises NoSuchPupil."""
    words = [folded(word) for word in who.split()]
    found: dict[int, str] = {}
    for person in last_known(connection, schema.PERSON, at):
        if who.strip() == str(person.person_id):
            return int(person.person_id)
        parts = [folded(part) for part in (person.last_name, person.first_name, person.middle_name) if part]
        if words and words[0] in parts[:1] and all(word in parts for word in words):
            found[person.person_id] = " ".join(
                part for part in (person.last_name, person.first_name, person.middle_name) if part
            )
    if len(found) != 1:
        raise NoSuchPupil(who, [f"{number} ({name})" for number, name in list(found.items())[:_MANY]])
    return next(iter(found))


def known_name(connection: sa.Connection, at: AsOf, person_id: int) -> str:
    """A pupil's name in full; the id of one whose name is not known."""
    where = schema.PERSON.table.c.person_id == person_id
    return full_name(next(last_known(connection, schema.PERSON, at, where), None), person_id)
