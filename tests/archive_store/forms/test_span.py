"""The part of a class's record that lies in a span of days."""

from __future__ import annotations

import sqlalchemy as sa

from archive_store.forms.class_record import load
from archive_store.forms.periods import year_plan
from archive_store.forms.span import Span, within
from invented_class import QUARTERS, InventedClass


def test_a_period_without_a_name_keeps_its_number_in_the_year(connection: sa.Connection) -> None:
    invented = InventedClass(connection)
    for _name, starts, ends in QUARTERS:
        invented.period(None, starts, ends)
    invented.write()
    record = load(connection, invented.at(), invented.edu_group)
    third = within(record, Span(*QUARTERS[2][1:]))
    assert [one.name for one in year_plan(third.periods).periods] == ["quarter 3"]
