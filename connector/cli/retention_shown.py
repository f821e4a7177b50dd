"""Sealed bags with their terms, on the screen and as JSON."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Final

import orjson
import typer
from rich.console import Console
from rich.table import Table

from archive_store.carriers.words import About
from archive_store.retention.acts import Act
from archive_store.retention.due import SealedFile, State
from archive_store.retention.holds import Hold
from archive_store.texts import N_, _

_STATES: Final = {
    State.DESTROYED: N_("destroyed, act № {act}"),
    State.HELD: N_("HELD, № {holds}"),
    State.NOT_YET: N_("not yet"),
    State.SHEETS: N_("over, but the summary sheets are not verified on two carriers"),
    State.JOURNALS: N_("over, but other bags of the year are not destroyed yet"),
    State.DUE: N_("MAY BE DESTROYED"),
}


def show_files(shown: Sequence[SealedFile], standing: Sequence[Hold], named: Sequence[Act]) -> None:
    """A line per bag; then the holds that stand and the acts that are not carried out."""
    if not shown:
        typer.echo(_("Nothing is sealed. A year is sealed with: dnevnik-archive year close YEAR"))
    else:
        Console(markup=False, highlight=False).print(_table(shown))
    for one in standing:
        text = _("Hold № {number} since {day}: {what}; {reason}, {document}.")
        typer.echo(
            text.format(
                number=one.number, day=_day(one.at[:10]), what=_held(one), reason=one.reason,
                document=one.document,
            )
        )  # fmt: skip
    for act in named:
        if act.superseded_by is None and act.completed_at is None:
            text = _("Act № {number} of {day}, bags: {bags}; {state}.")
            state = _("the destruction is NOT FINISHED") if act.is_under_way else _("waits for approval")
            typer.echo(
                text.format(number=act.number, day=_day(act.at[:10]), bags=len(act.lines), state=state)
            )


def print_json(shown: Sequence[SealedFile], standing: Sequence[Hold], named: Sequence[Act]) -> None:
    """The same for programs; ids are text."""
    value = {
        "bags": [
            {
                "year": one.study_year,
                "bag": one.bag,
                "edition": one.edition,
                "group_id": str(one.group_id) if one.group_id is not None else None,
                "group": one.group,
                "root": one.root,
                "kind": one.file.kind,
                "index": one.file.index,
                "title": one.file.title,
                "article": one.file.article,
                "years": one.years,
                "sealed_years": one.sealed_years,
                "kept_from": one.kept_from,
                "due_from": one.due_from,
                "state": one.state.value,
                "holds": list(one.holds),
                "sheets_rooms": one.sheets,
                "sheets_verified": one.sheets_verified,
                "act": one.act,
            }
            for one in shown
        ],
        "holds": [
            {
                "number": one.number,
                "at": one.at,
                "account": one.account,
                "year": one.subject.study_year,
                "bag": one.subject.stem,
                "reason": one.reason,
                "document": one.document,
            }
            for one in standing
        ],
        "acts": [
            {
                "number": act.number,
                "at": act.at,
                "bags": [one.place for one in act.lines],
                "approved": act.approval is not None,
                "begun_at": act.begun_at,
                "completed_at": act.completed_at,
                "superseded_by": act.superseded_by,
            }
            for act in named
        ],
    }
    typer.echo(orjson.dumps(value, option=orjson.OPT_INDENT_2).decode())


def _table(shown: Sequence[SealedFile]) -> Table:
    table = Table(box=None, pad_edge=False)
    titles = (_("File"), _("Bag"), _("Term"), _("Over on"), _("Summary sheets"), _("State"), _("Article"))
    for title in titles:
        table.add_column(title, overflow="fold")
    for one in shown:
        holds = ", ".join(map(str, one.holds))
        table.add_row(
            About(one.class_name, one.study_year, of_answers=one.is_answers).title,
            one.bag,
            _("{years} years").format(years=one.years),
            _day(one.due_from),
            _("verified, rooms: {count}").format(count=one.sheets)
            if one.sheets_verified
            else _("NOT VERIFIED"),
            _(_STATES[one.state]).format(act=one.act, holds=holds),
            one.file.article,
        )
    return table


def _held(one: Hold) -> str:
    if one.subject.study_year is None:
        return _("everything that is sealed")
    year = f"{one.subject.study_year}/{one.subject.study_year + 1}"
    return f"{year}, {one.subject.stem}" if one.subject.stem else year


def _day(text: str) -> str:
    return f"{date.fromisoformat(text):%d.%m.%Y}"
