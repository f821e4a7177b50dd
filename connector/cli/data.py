"""The command ``data``: the record for people who work with data, on the standard output."""

from __future__ import annotations

import csv
import os
import shutil
import sys
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from enum import StrEnum
from io import TextIOWrapper
from tempfile import TemporaryFile
from typing import Annotated, TextIO, TypeAlias

import orjson
import typer

from archive_store.data import DATA_SETS, CorrectionSet, DataSet, Row, Selection, rows
from archive_store.export import disclosures
from archive_store.store import durable
from archive_store.texts import _
from connector.cli.destroyed import note_destroyed
from connector.cli.session import AsOfOption, Session, account, utc_text

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
    session: Session = context.obj
    selection = Selection(year, group, _day(first), _day(last))
    with durable(session.engine()) as connection:
        at = session.as_of(connection, as_of)
        counted = _Counted(rows(connection, data_set, at, selection, session.settings.zone))
        try:
            _WRITERS[output](data_set, counted, _stdout())
        except BrokenPipeError:
            # The reader has seen enough (head, say); nothing is wrong, and what was given out is logged.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        note_destroyed(connection, at.school_id, year)
        scope = {
            "data": data_set.name,
            "year": year,
            "group": group,
            "from": selection.first_day,
            "to": selection.last_day,
            "as_of_run": at.run_id,
            "rows": counted.count,
        }
        disclosures.log(connection, at.school_id, utc_text(), account(), "data", scope, "stdout", None)


class _Counted:
    """Rows that are counted as they pass, for the log."""

    def __init__(self, source: Iterable[Row]) -> None:
        self._source = source
        self.count = 0

    def __iter__(self) -> Iterator[Row]:
        for row in self._source:
            self.count += 1
            yield row


def _csv(data_set: Printed, source: Iterable[Row], out: TextIO) -> None:
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(data_set.columns())
    writer.writerows([_plain(value) for value in row.values()] for row in source)
    out.flush()


def _jsonl(_data_set: Printed, source: Iterable[Row], out: TextIO) -> None:
    out.writelines(orjson.dumps(row).decode() + "\n" for row in source)
    out.flush()


def _xlsx(data_set: Printed, source: Iterable[Row], out: TextIO) -> None:
    """A workbook of one table, written row by row; every text stays a text, also one like a formula."""
    import xlsxwriter  # type: ignore[import-untyped]

    if out.isatty():
        raise typer.BadParameter(_("A workbook goes into a file: add > FILE.xlsx"), param_hint="--format")
    with TemporaryFile() as file:
        options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
        with xlsxwriter.Workbook(file, options) as book:
            sheet = book.add_worksheet(data_set.name)
            sheet.write_row(0, 0, list(data_set.columns()), book.add_format({"bold": True}))
            sheet.freeze_panes(1, 0)
            for number, row in enumerate(source, start=1):
                sheet.write_row(number, 0, [_plain(value) for value in row.values()])
        file.seek(0)
        shutil.copyfileobj(file, out.buffer if isinstance(out, TextIOWrapper) else sys.stdout.buffer)
    out.flush()


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


_WRITERS: dict[Format, Callable[[Printed, Iterable[Row], TextIO], None]] = {
    Format.CSV: _csv,
    Format.JSONL: _jsonl,
    Format.XLSX: _xlsx,
}
