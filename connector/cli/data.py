"""The command ``data``: the record for people who work with data, on the standard output."""

from __future__ import annotations

import csv
import os
import shutil
import sys
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from enum import StrEnum
from hashlib import file_digest
from io import TextIOWrapper
from tempfile import TemporaryFile
from typing import Annotated, TextIO, TypeAlias

import orjson
import sqlalchemy as sa
import typer

from archive_store.access.log import About, Kind
from archive_store.asof import AsOf
from archive_store.data import DATA_SETS, CorrectionSet, DataSet, Row, Selection, group_ids, rows
from archive_store.texts import _
from connector.cli.giving import Digesting, giving, lets_out
from connector.cli.session import AsOfOption, Session

_DAY = ["%Y-%m-%d"]
Printed: TypeAlias = DataSet | CorrectionSet


_WHAT = _("Which records: {names}.").format(names=", ".join(DATA_SETS))


class Format(StrEnum):
    """How rows are printed: text in UTF-8 without a byte order mark, or a workbook."""

    CSV = "csv"
    JSONL = "jsonl"
    XLSX = "xlsx"


class DataSetName(StrEnum):
    """What can be printed."""

    MARKS = "marks"
    LESSONS = "lessons"
    ATTENDANCE = "attendance"
    HOMEWORK = "homework"
    FINAL_MARKS = "final-marks"
    PERSONS = "persons"
    GROUPS = "groups"
    MEMBERSHIPS = "memberships"
    CORRECTIONS = "corrections"


def register(app: typer.Typer) -> None:
    """Add the command."""
    text = _("Print the record: one row per record, for work with data.")
    app.command(help=f"{text} {_WHAT}")(data)


@lets_out(Kind.DATA)
def data(
    context: typer.Context,
    what: Annotated[DataSetName, typer.Argument(metavar=_("WHAT"), help=_WHAT)],
    year: Annotated[
        int | None, typer.Option(help=_("Academic year, by the calendar year in which it begins."))
    ] = None,
    group: Annotated[str | None, typer.Option(help=_("Only this class, such as 9А."))] = None,
    first: Annotated[
        datetime | None, typer.Option("--from", formats=_DAY, metavar=_("YYYY-MM-DD"), help=_("First day."))
    ] = None,
    last: Annotated[
        datetime | None,
        typer.Option("--to", formats=_DAY, metavar=_("YYYY-MM-DD"), help=_("Last day, inclusive.")),
    ] = None,
    as_of: AsOfOption = None,
    output: Annotated[Format, typer.Option("--format", help=_("csv, jsonl or xlsx."))] = Format.CSV,
) -> None:
    """Print the rows of a data set."""
    data_set = DATA_SETS[what.value]
    if (first or last) and not data_set.has_days:
        raise typer.BadParameter(_("These records have no days."), param_hint="--from, --to")
    if first and last and last < first:
        raise typer.BadParameter(_("The last day is before the first."), param_hint="--to")
    if output is Format.XLSX and sys.stdout.isatty():
        raise typer.BadParameter(_("A workbook goes into a file: add > FILE.xlsx"), param_hint="--format")
    session: Session = context.obj
    selection = Selection(year, group, _day(first), _day(last))
    engine = session.engine()
    with engine.connect() as connection:
        at = session.as_of(connection, as_of)
        found = rows(connection, data_set, at, selection, session.settings.zone)
        about = _about(connection, data_set, at, selection)
        with giving(session, engine, at.school_id, Kind.DATA, about) as given:
            counted = _Counted(found)
            try:
                given.digest = _WRITERS[output](data_set, counted, _stdout())
            except BrokenPipeError:
                # The reader has seen enough (head, say); nothing is wrong, and what was given out is logged.
                os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            finally:
                given.counts |= {"rows": counted.count, "people": len(counted.people)}


def _about(connection: sa.Connection, data_set: Printed, at: AsOf, selection: Selection) -> About:
    groups = () if selection.group is None else tuple(group_ids(connection, at, selection))
    years = () if selection.study_year is None else (selection.study_year,)
    days = {"from": selection.first_day, "to": selection.last_day}
    details = {name: day for name, day in days.items() if day is not None}
    return About(data_set.name, years, groups, as_of_run=at.run_id, details=details)


class _Counted:
    """Rows that are counted as they pass, for the log."""

    def __init__(self, source: Iterable[Row]) -> None:
        self._source = source
        self.count = 0
        self.people: set[object] = set()

    def __iter__(self) -> Iterator[Row]:
        for row in self._source:
            self.count += 1
            self.people.add(row.get("person_id"))
            self.people.discard(None)
            yield row


def _csv(data_set: Printed, source: Iterable[Row], out: TextIO) -> bytes:
    passing = Digesting(out)
    writer = csv.writer(passing, lineterminator="\n")
    writer.writerow(data_set.columns())
    writer.writerows([_plain(value) for value in row.values()] for row in source)
    passing.flush()
    return passing.digest()


def _jsonl(_data_set: Printed, source: Iterable[Row], out: TextIO) -> bytes:
    passing = Digesting(out)
    for row in source:
        passing.write(orjson.dumps(row).decode() + "\n")
    passing.flush()
    return passing.digest()


def _xlsx(data_set: Printed, source: Iterable[Row], out: TextIO) -> bytes:
    """A workbook of one table, written row by row; every text stays a text, also one like a formula."""
    import xlsxwriter  # type: ignore[import-untyped]

    with TemporaryFile() as file:
        options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
        with xlsxwriter.Workbook(file, options) as book:
            sheet = book.add_worksheet(data_set.name)
            sheet.write_row(0, 0, list(data_set.columns()), book.add_format({"bold": True}))
            sheet.freeze_panes(1, 0)
            for number, row in enumerate(source, start=1):
                sheet.write_row(number, 0, [_plain(value) for value in row.values()])
        file.seek(0)
        digest = file_digest(file, "sha256").digest()
        file.seek(0)
        shutil.copyfileobj(file, out.buffer if isinstance(out, TextIOWrapper) else sys.stdout.buffer)
    out.flush()
    return digest


def _plain(value: object) -> object:
    return str(value).lower() if isinstance(value, bool) else value


def _day(moment: datetime | None) -> str | None:
    return moment.date().isoformat() if moment else None


def _stdout() -> TextIO:
    """The standard output as UTF-8 with plain line ends, also on Windows."""
    stream = sys.stdout
    if isinstance(stream, TextIOWrapper):
        stream.reconfigure(encoding="utf-8", newline="")
    return stream


_WRITERS: dict[Format, Callable[[Printed, Iterable[Row], TextIO], bytes]] = {
    Format.CSV: _csv,
    Format.JSONL: _jsonl,
    Format.XLSX: _xlsx,
}
