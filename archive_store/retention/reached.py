"""How far an act has got, by the books: what is destroyed, what is outstanding, what went out of use."""

from __future__ import annotations

import sqlalchemy as sa

from archive_store.carriers import book as carriers_book
from archive_store.carriers.book import OWN
from archive_store.carriers.copies import copies_left
from archive_store.carriers.register import carriers, in_use
from archive_store.retention.acts import Act


def outstanding(connection: sa.Connection, school_id: int, act: Act) -> list[tuple[str, str]]:
    """Copies that an act has not reached: the carrier in use that holds one by the book, and the bag."""
    names = {one.carrier_id: one.name for one in in_use(connection, school_id)}
    named = {(one.study_year, one.bag): one.place for one in act.lines}
    left = [
        (names[one.carrier], named[one.study_year, one.bag])
        for one in copies_left(connection, school_id)
        if one.carrier in names and (one.study_year, one.bag) in named
    ]
    known = noted(connection, school_id)
    own = [place for (year, bag), place in named.items() if (OWN, year, bag) not in known]
    return [*((OWN, place) for place in own), *left]


def retired_copies(connection: sa.Connection, school_id: int, act: Act) -> list[tuple[str, str]]:
    """Carriers out of use that held a copy by the book, by name, with the reason why they are out of use."""
    named = {(one.study_year, one.bag) for one in act.lines}
    held = {one.carrier for one in copies_left(connection, school_id) if (one.study_year, one.bag) in named}
    return [
        (one.name, one.reason or "")
        for one in carriers(connection, school_id)
        if one.retired_at is not None and one.carrier_id in held
    ]


def erased(connection: sa.Connection, school_id: int, act: Act) -> list[carriers_book.Event]:
    """The lines in the book of carriers of what was destroyed by an act."""
    return [
        one for one in carriers_book.events(connection, school_id)
        if one.kind is carriers_book.Kind.DESTROYED and one.details["act"] == act.number
    ]  # fmt: skip


def noted(connection: sa.Connection, school_id: int) -> set[tuple[str, int, str]]:
    """Carrier, year and bag of every copy of which the book says that it is destroyed."""
    return {
        (one.carrier, one.details["year"], one.details["bag"])
        for one in carriers_book.events(connection, school_id)
        if one.kind is carriers_book.Kind.DESTROYED
    }
