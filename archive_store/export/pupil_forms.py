"""How the forms of pupils are made from what was asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archive_store.forms import record_card, report_card
from archive_store.forms.class_record import ClassRecord, load
from archive_store.forms.moves import with_finals_of_moved
from archive_store.forms.places import Place, place_in
from archive_store.forms.span import within
from archive_store.forms.stays import stays
from archive_store.render import reports
from archive_store.render.report import Report

if TYPE_CHECKING:
    from archive_store.export.forms import Asked


def report_cards(asked: Asked) -> tuple[Report, ...] | Report:
    """The report card of the pupil, or of every pupil of the class. Raises NotInYear."""
    if asked.person_id is not None:
        place, record = _of_pupil(asked, asked.person_id)
        known = stays(asked.connection, place.at, [one.group_id for one in record.groups])
        cards = list(report_card.build(record, known, asked.person_id))
    else:
        record = asked.record()
        members = record.members.get(record.group.group_id, ())
        record = with_finals_of_moved(asked.connection, asked.at, record, members)
        cards = list(report_card.build(record, asked.stays(record)))
    made = tuple(reports.report_card.report(card, record, asked.span) for card in cards)
    return made or reports.report_card.of_nobody(record, asked.span)


def record_card_of(asked: Asked) -> Report:
    """The record card of the pupil with all years kept, to the year asked for. Raises NotInYear."""
    assert asked.person_id is not None  # noqa: S101 - a form of a pupil is asked for with one
    card = record_card.build(asked.connection, asked.at, asked.person_id, asked.study_year)
    if not card.years:
        place_in(asked.connection, asked.at, asked.person_id, asked.study_year)
    return reports.record_card.report(card)


def _of_pupil(asked: Asked, person_id: int) -> tuple[Place, ClassRecord]:
    """The pupil's class of the year and its record, as it last knew him, in the span."""
    place = place_in(asked.connection, asked.at, person_id, asked.study_year)
    record = load(asked.connection, place.at, place.group)
    record = with_finals_of_moved(asked.connection, place.at, record, [person_id])
    return place, within(record, asked.span) if asked.span else record
