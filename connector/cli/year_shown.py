"""The results of the checks of a year and its changes on the screen, and for programs."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any, Final

import orjson
from rich.console import Console
from rich.table import Table

from archive_store.texts import _
from archive_store.year.change_words import change_title, field_title
from archive_store.year.changes import Change
from archive_store.year.papers.words import day, severity
from archive_store.year.place_names import NamedPlace, Names
from archive_store.year.readiness import Result

_VERSION: Final = 1
_CUT: Final = 60


def show_checks(results: Iterable[Result], names: Names, console: Console, limit: int) -> None:
    """A table of all checks, then the places of those that found something: at most ``limit`` of each."""
    table = Table(box=None, pad_edge=False)
    for title in (_("What is checked"), _("Found"), _("What it means"), _("Code")):
        table.add_column(title, overflow="fold", no_wrap=title == _("Code"))
    known = list(results)
    for one in known:
        count = _("not checked") if one.count is None else str(one.count)
        style = "bold" if one.count != 0 and severity(one.severity.value).stops else None
        table.add_row(_(one.text), count, severity(one.severity.value).text, one.code, style=style)
    console.print(table)
    for one in known:
        if one.count:
            _show_places(one, names, console, limit)


def _show_places(one: Result, names: Names, console: Console, limit: int) -> None:
    places = [place for place in names.of(islice(one.places(), limit)) if any(_cells(place))]
    if not places:
        return
    console.print()
    console.print(f"{_(one.text)}: {one.count}", soft_wrap=True)
    table = Table(box=None, pad_edge=False, show_header=False)
    for place in places:
        table.add_row(*_cells(place))
    console.print(table)
    if one.count and one.count > limit:
        console.print(_("... and {count} more.").format(count=one.count - limit))


def _cells(one: NamedPlace) -> list[str]:
    place = one.place
    return [one.group, one.subject, one.pupil, day(place.day), place.mark or "", place.detail]


def print_json(study_year: int, results: Iterable[Result], names: Names, limit: int | None) -> None:
    """All results as one JSON document, written place by place. Ids are text, as wherever JSON is read."""
    head = orjson.dumps({"version": _VERSION, "study_year": study_year}).decode()
    _write(head[:-1] + ',"checks":[')
    for number, one in enumerate(results):
        fields = {
            **one.as_record(), "text": _(one.text), "acceptable": one.acceptable, "of_record": one.of_record,
        }  # fmt: skip
        _write((",\n" if number else "\n") + orjson.dumps(fields).decode()[:-1] + ',"places":[')
        for index, place in enumerate(names.of(islice(one.places(), limit))):
            _write((",\n" if index else "\n") + orjson.dumps(_as_json(place)).decode())
        _write("]}")
    _write("]}\n")


def _as_json(one: NamedPlace) -> dict[str, Any]:
    place = one.place

    def ident(number: int | None) -> str | None:
        return None if number is None else str(number)

    return {
        "class": one.group or None,
        "group_id": ident(place.group_id),
        "subject": one.subject or None,
        "subject_id": ident(place.subject_id),
        "pupil": one.pupil or None,
        "person_id": ident(place.person_id),
        "lesson_id": ident(place.lesson_id),
        "day": place.day,
        "mark": place.mark,
        "detail": place.detail or None,
    }


def show_changes(changes: Iterator[Change], names: Names, console: Console, limit: int) -> None:
    """What differs from what was sealed: before, after, since when."""
    shown = list(islice(changes, limit))
    people = names.people(getattr(one.record, "person_id", None) for one in shown)
    table = Table(box=None, pad_edge=False)
    titles = (
        _("Class"), _("Subject"), _("Pupil"), _("Day"), _("What"), _("Was"), _("Is"), _("Seen since"),
    )  # fmt: skip
    for title in titles:
        table.add_column(title, overflow="fold")
    for one in shown:
        record = one.record
        place = (
            names.group(record.group_id),
            names.subject(record.subject_id),
            people.get(getattr(record, "person_id", None) or 0, ""),
            day(getattr(record, "day", None)),
        )
        what = change_title(one, names)
        if one.before is None or one.after is None:
            was, now = (
                (_("was not there"), _("came")) if one.before is None else (_("was there"), _("is gone"))
            )
            table.add_row(*place, what, was, now, one.since)
            continue
        for name, before, after in one.fields():
            told = f"{what}: {field_title(one.entity, name)}"
            table.add_row(*place, told, _cut(before), _cut(after), one.since)
    console.print(table)


def _cut(value: Any) -> str:  # noqa: ANN401 - whatever a field holds
    text = "" if value is None else str(value)
    return text if len(text) <= _CUT else text[: _CUT - 1] + "…"


def _write(text: str) -> None:
    sys.stdout.write(text)
