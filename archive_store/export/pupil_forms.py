"""How the forms of pupils are made from what was asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archive_store.forms import extract, record_card, report_card
from archive_store.forms.class_record import ClassRecord, load
from archive_store.forms.moves import with_finals_of_moved
from archive_store.forms.people import full_name
from archive_store.forms.places import person, place_in, places
from archive_store.forms.stays import Stays, stays
from archive_store.render import reports
from archive_store.render.report import Report

if TYPE_CHECKING:
    from archive_store.export.forms import Asked


def report_cards(asked: Asked) -> tuple[Report, ...] | Report:
    """The report card of the pupil, or of every pupil of the class. Raises NotInYear."""
    if asked.person_id is not None:
        place = place_in(asked.connection, asked.at, asked.person_id, asked.study_year)
        record = load(asked.connection, place.at, place.group)
        record = with_finals_of_moved(asked.connection, place.at, record, [asked.person_id])
    else:
        assert asked.group is not None  # noqa: S101 - a form of a class is asked for with one
        record = load(asked.connection, asked.at, asked.group)
        members = record.members.get(asked.group.group_id, ())
        record = with_finals_of_moved(asked.connection, asked.at, record, members)
    cards = report_card.build(record, _stays(asked, record), asked.person_id, asked.span)
    made = tuple(reports.report_card.report(card, record, asked.span) for card in cards)
    return made or reports.report_card.of_nobody(record, asked.span)


def record_card_of(asked: Asked) -> Report:
    """The record card of the pupil with all years kept, to the year asked for. Raises NotInYear."""
    assert asked.person_id is not None  # noqa: S101 - a form of a pupil is asked for with one
    card = record_card.build(asked.connection, asked.at, asked.person_id, asked.study_year)
    if not card.years:
        place_in(asked.connection, asked.at, asked.person_id, asked.study_year)
    return reports.record_card.report(card)


def extract_for_school(asked: Asked) -> Report:
    """The extract for another school, also of a pupil whom the platform no longer shows. Raises NotInYear."""
    assert asked.person_id is not None  # noqa: S101 - a form of a pupil is asked for with one
    connection, person_id = asked.connection, asked.person_id
    place = place_in(connection, asked.at, person_id, asked.study_year)
    classes = []
    for one in places(connection, asked.at, person_id):
        if one.study_year == asked.study_year:
            record = load(connection, one.at, one.group)
            classes.append(extract.InClass(record, _stays(asked, record)))
    record = with_finals_of_moved(connection, place.at, classes[-1].record, [person_id])
    classes[-1] = extract.InClass(record, classes[-1].stays)
    name = full_name(person(connection, asked.at, person_id), person_id)
    made = extract.build(classes, person_id, name, asked.span)
    left = reports.record_card.left(place.gone_on, has_left=place.has_left)
    return reports.extract.report(made, record, asked.span, left, asked.rules.decimals)


def _stays(asked: Asked, record: ClassRecord) -> Stays:
    """The stays in the class and its subgroups, as they are known now: with the days of leaving."""
    return stays(asked.connection, asked.at, [one.group_id for one in record.groups])
