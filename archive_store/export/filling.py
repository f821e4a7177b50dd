"""Fill a package: the forms and tables of classes and pupils, sealed bags, what is enclosed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final

from archive_store.export.bag_protocol import NAME, bag_protocol
from archive_store.export.enclosures import bag_item, copy_bags, copy_files
from archive_store.export.folder import StagedFolder
from archive_store.export.forms import FORMS, Asked, Scope
from archive_store.export.inventory import Inventory
from archive_store.export.profiles import NEED_HISTORY, About
from archive_store.export.small_groups import FEWEST
from archive_store.export.without_names import names_of, without_names
from archive_store.export.writing import Format, write_made
from archive_store.forms.class_tables import tables
from archive_store.forms.of_pupils import classes_of, of_pupils
from archive_store.forms.people import full_name
from archive_store.forms.places import place_in
from archive_store.forms.span import within
from archive_store.records import EduGroup
from archive_store.render import csv
from archive_store.render.report import Report
from archive_store.render.source import Source
from archive_store.snapshot.naming import class_stems
from archive_store.texts import _

if TYPE_CHECKING:
    from archive_store.export.package import Order

_DATA_FORMATS: Final = (Format.PDF, Format.XLSX)


@dataclass(slots=True)
class Making:
    """A package in the making."""

    order: Order
    source: Source
    folder: StagedFolder
    inventory: Inventory
    progress: Callable[[str], None]
    rows: dict[str, int] = field(default_factory=dict)
    too_small: list[str] = field(default_factory=list)
    names: set[str] = field(default_factory=set)


def fill(making: Making) -> None:
    """Write all that the order asks for; what came up on the way stands in ``making``."""
    order = making.order
    match order.profile.about:
        case About.CLASSES | About.TOTALS | About.SEALED:
            _classes(making, order.groups)
        case About.PUPILS:
            _pupils(making)
        case About.PUPILS_IN_CLASSES:
            known = {group.group_id: group for one in order.pupils for group in _classes_of(making, one)}
            _classes(making, tuple(known.values()))
            _pupils(making)
    if order.bags:
        _bags(making)
    making.inventory.take(copy_files(making.folder, order.enclosed), making.progress)


def _bags(making: Making) -> None:
    """The bags as they are, and the protocol of their check."""
    checked = list(copy_bags(making.folder, making.order.bags))
    for one in checked:
        item = bag_item(one)
        making.inventory.items.append(item)
        making.progress(item.path)
    protocol = bag_protocol(checked)
    with making.inventory.of(protocol.title, making.progress):
        write_made(making.folder, f"forms/{NAME}", protocol, making.source, _DATA_FORMATS)


def _classes(making: Making, groups: Sequence[EduGroup]) -> None:
    """The forms of the classes and, of a package of classes, their tables; one class at a time.

    Of a package of totals those of the school come first.
    """
    order = making.order
    if order.profile.about is About.TOTALS:
        _know_names(making)
        for name in order.profile.class_forms:
            if FORMS[name].scope is Scope.SCHOOL:
                _form(making, name, name, order.asked, "")
    for group, stem in zip(groups, class_stems(groups), strict=True):
        asked = replace(order.asked, group=group)
        if order.profile.about is About.TOTALS and _is_too_small(making, group):
            making.too_small.append(group.name)
            continue
        for name in order.profile.class_forms:
            # Asked for with a class, a form of the school is about it alone.
            if FORMS[name].scope is Scope.CLASS or order.profile.about is not About.TOTALS:
                _form(making, name, f"{name}-{stem}", asked, group.name)
        if order.profile.about is About.CLASSES:
            _tables(making, group, f"data/{stem}", None)


def _pupils(making: Making) -> None:
    for person_id in making.order.pupils:
        groups = _classes_of(making, person_id)
        asked = replace(making.order.asked, group=groups[-1], person_id=person_id)
        for name in making.order.profile.pupil_forms:
            _form(making, name, f"{name}-{person_id}", asked, "")
        for group, stem in zip(groups, class_stems(groups), strict=True):
            _tables(making, group, f"data/{person_id}/{stem}", person_id)


def _classes_of(making: Making, person_id: int) -> list[EduGroup]:
    asked = making.order.asked
    last = place_in(asked.connection, asked.at, person_id, asked.study_year)
    return classes_of(asked.connection, asked.at, asked.study_year, person_id) or [last.group]


def _know_names(making: Making) -> None:
    """Gather the names of all people of the year: none may stand in what names nobody."""
    asked = making.order.asked
    for record in asked.records():
        making.names |= set(names_of(record))


def _is_too_small(making: Making, group: EduGroup) -> bool:
    asked = making.order.asked
    return len(asked.whole(group).members.get(group.group_id, {})) < FEWEST


def _form(making: Making, name: str, stem: str, asked: Asked, of: str) -> None:
    form = FORMS[name]
    if making.source.sealed and name in NEED_HISTORY:
        return
    if asked.group is not None and not form.is_of(asked.group):
        return
    made = form.made(asked)
    if making.order.profile.about is About.TOTALS:
        assert isinstance(made, Report)  # noqa: S101 - a profile of totals names reports alone
        made = without_names(made, making.names)
        if not made.tables:
            return  # all of it would tell of too few pupils
    with making.inventory.of(", ".join(part for part in (_(form.title), of) if part), making.progress):
        write_made(making.folder, f"forms/{stem}", made, making.source, _DATA_FORMATS)


def _tables(making: Making, group: EduGroup, place: str, person_id: int | None) -> None:
    asked = making.order.asked
    record = asked.whole(group)
    if asked.span:
        record = within(record, asked.span)
    pupils = None if person_id is None else {person_id}
    whose = group.name
    if person_id is not None:
        whose = f"{full_name(record.people.get(person_id), person_id)}, {group.name}"
        record = of_pupils(record, {person_id})
    for table in tables(asked.connection, asked.at, record, asked.span, pupils):
        if table.name not in making.order.profile.tables:
            continue
        path = f"{place}/{table.name}.csv"
        with making.folder.open(path) as file:
            making.rows[path] = csv.write_csv(file, table.columns, table.rows)
        making.inventory.table(path, table.name, whose, making.rows[path])
        making.progress(path)
