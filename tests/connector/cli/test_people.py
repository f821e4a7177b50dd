"""A pupil as a person types him: by id, by the words of the name; never one of two by chance."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from archive_store.schema import MEMBERSHIP, PERSON
from connector.cli.ledger_words import NoSuchPupil
from connector.cli.people import find_person
from invented_class import InventedClass


def test_a_pupil_is_found_by_id_and_by_name_also_one_who_is_gone(sqlite_store: sa.Engine) -> None:
    with sqlite_store.connect() as connection:
        invented = InventedClass(connection)
        anna = invented.pupil("Агапова", "Анна", "Ильинична")
        at = invented.write()
        invented.withdraw_all(PERSON, MEMBERSHIP)
        for typed in (str(anna), "Агапова", "агапова анна", "Агапова Анна Ильинична"):
            assert find_person(connection, at, typed) == anna


def test_equal_names_are_an_error_that_lists_the_candidates(sqlite_store: sa.Engine) -> None:
    with sqlite_store.connect() as connection:
        invented = InventedClass(connection)
        both = [invented.pupil("Агапова", "Анна", middle) for middle in ("Ильинична", "Петровна")]
        at = invented.write()
        with pytest.raises(NoSuchPupil) as raised:
            find_person(connection, at, "Агапова Анна")
        assert raised.value.known == [
            f"{both[0]} (Агапова Анна Ильинична)",
            f"{both[1]} (Агапова Анна Петровна)",
        ]
        assert find_person(connection, at, "Агапова Анна Петровна") == both[1]
