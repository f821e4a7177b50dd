"""Final marks that pupils of a class got in another class of the same year, before they moved."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

import sqlalchemy as sa

from archive_store.asof import AsOf, read
from archive_store.catalogue import groups
from archive_store.forms.class_record import ClassRecord
from archive_store.records import FinalMark, ReportingPeriod
from archive_store.schema import FINAL_MARK, REPORTING_PERIOD


def with_finals_of_moved(
    connection: sa.Connection, at: AsOf, record: ClassRecord, person_ids: Iterable[int]
) -> ClassRecord:
    """The record with the final marks of these pupils that are filed under other groups of the year.

    The periods of two classes are one if they have the same days. A mark that the class itself has for the
    same pupil, subject and period stands alone.
    """
    year, own = record.group.study_year, {one.group_id for one in record.groups}
    if year is None:
        return record
    others = [one.group_id for one in groups(connection, at, year) if one.group_id not in own]
    table = FINAL_MARK.table.c
    elsewhere = list(
        read(
            connection,
            FINAL_MARK,
            at,
            table.group_id.in_(others),
            table.person_id.in_(sorted(set(person_ids))),
        )
    )
    if not elsewhere:
        return record
    twins = _twins(connection, at, record, {one.group_id for one in elsewhere})
    class_id = record.group.group_id
    moved = [
        one._replace(group_id=class_id, period_id=twins.get((one.group_id, one.period_id), one.period_id))
        for one in elsewhere
    ]
    known = {_what(one) for one in record.finals}
    return replace(record, finals=[*record.finals, *(one for one in moved if _what(one) not in known)])


def _twins(
    connection: sa.Connection, at: AsOf, record: ClassRecord, group_ids: Iterable[int]
) -> Mapping[tuple[int, int | None], int]:
    """For each period of other groups the period of the class with the same days."""
    own = {_days(one): one.period_id for one in record.periods}
    ids = REPORTING_PERIOD.table.c.group_id.in_(sorted(group_ids))
    return {
        (one.group_id, one.period_id): own[_days(one)]
        for one in read(connection, REPORTING_PERIOD, at, ids)
        if _days(one) in own
    }


def _days(period: ReportingPeriod) -> tuple[str, str]:
    return period.starts, period.ends


def _what(final: FinalMark) -> tuple[int, int, str, int | None]:
    return final.person_id, final.subject_id, final.kind, final.period_id
