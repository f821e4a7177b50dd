"""A class's journal, summary sheet, data and viewer in a folder for an inspector."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import sqlalchemy as sa

from archive_store.asof import AsOf
from archive_store.export.class_page import index_page
from archive_store.export.contents import CHECKSUMS, CONTENTS, INDEX, checksums, contents_text
from archive_store.export.folder import FileOnRecord, StagedFolder, new_folder
from archive_store.export.viewer_files import load_forms, write_class, write_page
from archive_store.forms import class_journal, summary_sheet
from archive_store.forms.class_record import ClassRecord, load
from archive_store.forms.class_tables import tables
from archive_store.forms.rules import DEFAULT, Rules
from archive_store.records import EduGroup
from archive_store.render import csv, pdf, xlsx
from archive_store.render.source import Source
from archive_store.render.viewer.page import PAGE


@dataclass(frozen=True, slots=True)
class Export:
    """What was given out. ``digest`` is the SHA-256 of the list of checksums, which covers every file.

    ``rows`` counts the rows of each table of the folder ``data``.
    """

    path: Path
    files: tuple[FileOnRecord, ...]
    digest: bytes
    rows: dict[str, int]


def export_class(
    connection: sa.Connection,
    at: AsOf,
    group: EduGroup,
    out: Path,
    source: Source,
    progress: Callable[[str], None] = lambda _path: None,
    rules: Rules = DEFAULT,
) -> Export:
    """Write the folder ``out`` for the class ``group`` as of ``at``; it appears whole or not at all.

    ``progress`` is told the path of each file when it is written; ``rules`` are what the school chose.
    The same record, source and version of
    the program give the same bytes. Raises FolderNotEmpty, FolderNotWritable.
    """
    record = load(connection, at, group, rules.signs)
    with new_folder(out) as folder:
        journal = _write_forms(folder, record, source, progress)
        rows: dict[str, int] = {}
        for table in tables(connection, at, record):
            path = f"data/{table.name}.csv"
            with folder.open(path) as file:
                rows[table.name] = csv.write_csv(file, table.columns, table.rows)
            progress(path)
        _write_viewer(folder, connection, at, record, source, rules)
        progress(PAGE)
        counts = {f"data/{name}.csv": count for name, count in rows.items()}
        folder.add(INDEX, index_page(journal, source, folder.files, counts))
        folder.add(CONTENTS, contents_text(journal, source, folder.files, counts))
        folder.add(CHECKSUMS, checksums(folder.files))
    digest = bytes.fromhex(folder.files[-1].digest)
    return Export(out, tuple(folder.files), digest, rows)


def _write_viewer(
    folder: StagedFolder,
    connection: sa.Connection,
    at: AsOf,
    record: ClassRecord,
    source: Source,
    rules: Rules,
) -> None:
    """The class for any browser, with the life of each mark."""
    zone = source.as_of.tzinfo
    town = record.school.city if record.school else None
    written = write_class(folder, load_forms(connection, at, record, zone, rules), zone)
    write_page(folder, [written], source, town, record.signs)


def _write_forms(
    folder: StagedFolder, record: ClassRecord, source: Source, progress: Callable[[str], None]
) -> class_journal.ClassJournal:
    """Write both forms as PDF and XLSX. typst works beside Python: the workbooks cost no time."""
    journal = class_journal.from_record(record)
    sheet = summary_sheet.from_record(record)
    with ThreadPoolExecutor(max_workers=1) as beside:
        journal_pdf = beside.submit(pdf.journal, journal, source)
        sheet_pdf = beside.submit(pdf.summary_sheet, sheet, source)
        journal_xlsx, sheet_xlsx = xlsx.journal(journal, source), xlsx.summary_sheet(sheet, source)
    products = (
        ("01-journal.pdf", journal_pdf.result()),
        ("01-journal.xlsx", journal_xlsx),
        ("02-summary-sheet.pdf", sheet_pdf.result()),
        ("02-summary-sheet.xlsx", sheet_xlsx),
    )
    for path, content in products:
        folder.add(path, content)
        progress(path)
    return journal
