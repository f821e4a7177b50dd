"""What a form was made into, in the formats that were asked for."""

from __future__ import annotations

from collections.abc import Collection
from enum import StrEnum
from typing import Final

from archive_store.export.folder import StagedFolder
from archive_store.export.forms import Made
from archive_store.forms.class_journal import ClassJournal
from archive_store.forms.summary_sheet import SummarySheet
from archive_store.render import pdf, xlsx
from archive_store.render.report import Report
from archive_store.render.report_book import report_book
from archive_store.render.report_data import copies_csv, report_json, table_csv
from archive_store.render.report_pdf import report_pdf
from archive_store.render.source import Source


class Format(StrEnum):
    """What a form can be written as. A class journal and a summary sheet have no CSV and JSON of their own:
    the export of a class holds their data as tables."""

    PDF = "pdf"
    XLSX = "xlsx"
    CSV = "csv"
    JSON = "json"


ALL_FORMATS: Final = tuple(Format)


def write_made(
    folder: StagedFolder, stem: str, made: Made, source: Source, formats: Collection[Format]
) -> None:
    """Write one form in these formats; ``stem`` is the path of its files without their endings."""
    match made:
        case Report():
            _write_reports(folder, stem, (made,), source, formats)
        case tuple():
            _write_reports(folder, stem, made, source, formats)
        case ClassJournal():
            if Format.PDF in formats:
                folder.add(f"{stem}.pdf", pdf.journal(made, source))
            if Format.XLSX in formats:
                folder.add(f"{stem}.xlsx", xlsx.journal(made, source))
        case SummarySheet():
            if Format.PDF in formats:
                folder.add(f"{stem}.pdf", pdf.summary_sheet(made, source))
            if Format.XLSX in formats:
                folder.add(f"{stem}.xlsx", xlsx.summary_sheet(made, source))


def _write_reports(
    folder: StagedFolder,
    stem: str,
    copies: tuple[Report, ...],
    source: Source,
    formats: Collection[Format],
) -> None:
    """A report, or copies of one form about several pupils: one document, and one CSV file per table."""
    first, *more = copies
    if Format.PDF in formats:
        folder.add(f"{stem}.pdf", report_pdf(first, source, *more))
    if Format.XLSX in formats:
        folder.add(f"{stem}.xlsx", report_book(first, source, *more))
    if Format.JSON in formats:
        folder.add(f"{stem}.json", report_json(first, source, *more))
    if Format.CSV not in formats:
        return
    names = [table.name for table in first.tables]
    for name in dict.fromkeys(names):
        with folder.open(f"{stem}.csv" if len(set(names)) == 1 else f"{stem}-{name}.csv") as file:
            if more:
                copies_csv(file, copies, names.index(name))
            else:
                table, *others = (one for one in first.tables if one.name == name)
                table_csv(file, table, first.decimals, *others)
