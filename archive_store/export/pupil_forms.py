"""How the forms of pupils are made from what was asked for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import sqlalchemy as sa

from archive_store import schema
from archive_store.asof import read
from archive_store.catalogue import year_span
from archive_store.errors import NotOfThisGrade
from archive_store.forms import certificate_register, diary, extract, record_card, report_card
from archive_store.forms.certificate_rules import GRADES_WITH_CERTIFICATE
from archive_store.forms.class_record import ClassRecord
from archive_store.forms.final_marks import final_marks
from archive_store.forms.in_class import InClass
from archive_store.forms.moves import with_finals_of_moved
from archive_store.forms.of_pupils import of_pupils
from archive_store.forms.people import full_name
from archive_store.forms.places import Place, person, place_in, places
from archive_store.forms.span import Span
from archive_store.forms.stays import Stays, stays
from archive_store.records import EduGroup
from archive_store.render import reports
from archive_store.render.report import Report
from archive_store.schema import Entity, R

if TYPE_CHECKING:
    from archive_store.export.forms import Asked


def report_cards(asked: Asked) -> tuple[Report, ...] | Report:
    """The report card of the pupil, or of every pupil of the class. Raises NotInYear."""
    if asked.person_id is not None:
        place = place_in(asked.connection, asked.at, asked.person_id, asked.study_year)
        record = asked.whole(place.group, place.at)
        record = with_finals_of_moved(asked.connection, place.at, record, [asked.person_id])
    else:
        assert asked.group is not None  # noqa: S101 - a form of a class is asked for with one
        record = asked.whole(asked.group)
        members = record.members.get(asked.group.group_id, ())
        record = with_finals_of_moved(asked.connection, asked.at, record, members)
    cards = report_card.build(record, _stays(asked, record), asked.person_id, asked.span)
    made = tuple(reports.report_card.report(card, record, asked.span) for card in cards)
    return made or reports.report_card.of_nobody(record, asked.span)


def _group_of(asked: Asked) -> EduGroup:
    """The class asked for, else the pupil's last one of the year. Raises NotInYear."""
    if asked.group is not None:
        return asked.group
    assert asked.person_id is not None  # noqa: S101 - a form of a class is asked for with one of the two
    return place_in(asked.connection, asked.at, asked.person_id, asked.study_year).group


def record_card_of(asked: Asked) -> Report:
    """The record card of the pupil with all years kept, to the year asked for. Raises NotInYear."""
    assert asked.person_id is not None  # noqa: S101 - a form of a pupil is asked for with one
    card = record_card.build(asked.connection, asked.at, asked.person_id, asked.study_year, asked.rules.signs)
    if not card.years:
        place_in(asked.connection, asked.at, asked.person_id, asked.study_year)
    return reports.record_card.report(card)


def extract_for_school(asked: Asked) -> Report:
    """The extract for another school, also of a pupil whom the platform no longer shows. Raises NotInYear."""
    of = _classes(asked)
    made = extract.build(of.classes, of.person_id, of.name, asked.span)
    return reports.extract.report(made, of.classes[-1].record, asked.span, of.left, asked.rules.decimals)


def diary_of(asked: Asked) -> Report:
    """The diary of the pupil for the days asked for, else for the year. Raises NotInYear."""
    of, span = _classes(asked), asked.span or Span(*year_span(asked.study_year))
    ids = [group.group_id for one in of.classes for group in one.record.groups]

    def known(entity: Entity[R], *where: sa.ColumnElement[bool]) -> list[R]:
        return list(read(asked.connection, entity, of.place.at, *where))

    files, thematic = schema.HOMEWORK_FILE.table.c, schema.THEMATIC_MARK.table.c
    beside = diary.Beside(
        bells=known(schema.BELL),
        files=known(schema.HOMEWORK_FILE, files.group_id.in_(ids), files.day.between(span.first, span.last)),
        thematic=known(schema.THEMATIC_MARK, thematic.group_id.in_(ids), thematic.person_id == of.person_id),
        sections=known(schema.SECTION),
        at=of.place.at,
    )
    made = diary.build(of.classes, beside, of.person_id, of.name, span)
    return reports.diary.report(made, of.classes[-1].record, span, of.left)


def certificate_sheet(asked: Asked) -> Report:
    """The sheet for the register of certificates of a class of grade 9 or 11, or of one pupil of it.

    Raises NotInYear, NotOfThisGrade.
    """
    group = _group_of(asked)
    if asked.person_id is not None and group.parallel not in GRADES_WITH_CERTIFICATE:
        raise NotOfThisGrade("certificate-register", sorted(GRADES_WITH_CERTIFICATE), group.name)
    record = asked.whole(group)
    if asked.person_id is not None:
        record = of_pupils(record, {asked.person_id})
    members = record.members.get(group.group_id, ())
    finals = final_marks(asked.connection, asked.at, members, asked.study_year)
    made = certificate_register.build(record, finals)
    return reports.certificate_register.report(made, asked.rules.certificate_columns, asked.rules.decimals)


@dataclass(frozen=True, slots=True)
class _Classes:
    """A pupil and the classes of the year, each as the record last knew him there, the last one last."""

    person_id: int
    name: str
    place: Place
    classes: Sequence[InClass]

    @property
    def left(self) -> str:
        """What the record knows of the pupil's leaving, in words."""
        return reports.record_card.left(self.place.gone_on, has_left=self.place.has_left)


def _classes(asked: Asked) -> _Classes:
    assert asked.person_id is not None  # noqa: S101 - a form of a pupil is asked for with one
    connection, person_id = asked.connection, asked.person_id
    last = place_in(connection, asked.at, person_id, asked.study_year)
    classes = []
    for one in places(connection, asked.at, person_id):
        if one.study_year == asked.study_year:
            record = asked.whole(one.group, one.at)
            if one == last:
                record = with_finals_of_moved(connection, one.at, record, [person_id])
            classes.append(InClass(record, _stays(asked, record)))
    name = full_name(person(connection, asked.at, person_id), person_id)
    return _Classes(person_id, name, last, classes)


def _stays(asked: Asked, record: ClassRecord) -> Stays:
    """The stays in the class and its subgroups, as they are known now: with the days of leaving."""
    return record.begun(stays(asked.connection, asked.at, [one.group_id for one in record.groups]))
