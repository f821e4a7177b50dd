"""``export depersonalised``: a folder without personal data, and a statement of what was done to it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import sqlalchemy as sa

from archive_store.asof import AsOf
from archive_store.export.class_folder import Export
from archive_store.export.contents import CHECKSUMS, checksums
from archive_store.export.depersonal_errors import NotDepersonalised
from archive_store.export.depersonal_rows import (
    Table,
    chosen_classes,
    depersonalised,
    names_on_record,
    words,
)
from archive_store.export.folder import new_folder
from archive_store.export.pseudonyms import Pseudonyms
from archive_store.export.small_groups import FEWEST
from archive_store.records import EduGroup
from archive_store.render import csv
from archive_store.render.paper import Paper, Part, print_paper
from archive_store.render.source import Source
from archive_store.render.workbook import Workbook, lay_out
from archive_store.texts import _

STATEMENT: Final = "00-statement.pdf"
WORKBOOK: Final = "01-tables.xlsx"
_LONG_ID: Final = re.compile(r"\d{12,}")


def export_depersonalised(
    connection: sa.Connection,
    at: AsOf,
    study_year: int,
    group: EduGroup | None,
    out: Path,
    source: Source,
    pseudonyms: Pseudonyms,
) -> Export:
    """Write the folder ``out``, which appears whole or not at all, for one class or the whole year.

    Raises FolderNotEmpty, FolderNotWritable, UnknownYear, NotDepersonalised.
    """
    chosen = chosen_classes(connection, at, study_year, group)
    tables = list(depersonalised(connection, at, chosen, pseudonyms))
    _look_again(tables, names_on_record(connection, at))
    with new_folder(out) as folder:
        folder.add(STATEMENT, _statement(tables, study_year, chosen, source, pseudonyms))
        folder.add(WORKBOOK, _workbook(tables, source))
        for table in tables:
            with folder.open(f"data/{table.name}.csv") as file:
                csv.write_csv(file, table.columns, table.rows)
        folder.add(CHECKSUMS, checksums(folder.files))
    rows = {table.name: len(table.rows) for table in tables}
    return Export(out, tuple(folder.files), bytes.fromhex(folder.files[-1].digest), rows)


def _look_again(tables: Sequence[Table], names: set[str]) -> None:
    """Whatever the rules above have let through by mistake must not leave."""
    for table in tables:
        for text in {value for row in table.rows for value in row if isinstance(value, str)}:
            if _LONG_ID.fullmatch(text) or (not _is_pseudonym(text) and words(text) & names):
                raise NotDepersonalised(table.name)


def _is_pseudonym(text: str) -> bool:
    return re.fullmatch("[pg][0-9a-f]{16}", text) is not None


def _workbook(tables: Sequence[Table], source: Source) -> bytes:
    book = Workbook(_("Record without personal data"), source)
    for table in tables:
        sheet = book.sheet(table.name)
        for column, name in enumerate(table.columns):
            book.text(sheet, 0, column, name, "head")
        for number, row in enumerate(table.rows, start=1):
            for column, value in enumerate(row):
                if isinstance(value, int):
                    sheet.write_number(number, column, value)
                else:
                    book.text(sheet, number, column, value or "")
        lay_out(sheet, [20] * len(table.columns), head_rows=1, head_columns=0, last_row=len(table.rows) or 1)
    return book.finish()


def _statement(
    tables: Sequence[Table],
    study_year: int,
    chosen: Sequence[EduGroup],
    source: Source,
    pseudonyms: Pseudonyms,
) -> bytes:
    facts = [
        (_("Academic year"), f"{study_year}/{study_year + 1}"),
        (_("Classes"), str(len(chosen))),
        (_("Fewest people behind a value"), str(FEWEST)),
        (_("Key of the pseudonyms, its sign"), pseudonyms.fingerprint),
        *source.facts()[1:],
    ]
    done = [
        _("Identifiers: each pupil has a pseudonym (HMAC-SHA-256 of the id with a secret key). It is the same"
          " in every export made with this key, so that years can be joined. The key is kept apart from this"
          " folder, and without it nobody can tell whose a pseudonym is."),
        _("Composition: names, ids of the platform, accounts, teachers, the classes of single pupils, topics,"
          " homework, comments, kinds of work and moments are left out. Reasons of absence are left out: an"
          " illness and a leave are an absence."),
        _("Coarser values: a day is told by its month, a pupil's class by its year of study."),
        _("Small groups: a class, and a subject of a year of study, with fewer than five pupils is left out."
          " A value that fewer than five pupils share, and in sums its number, is replaced by *. If one"
          " value alone were hidden, the next smallest is hidden with it."),
        _("Order: rows are sorted by pseudonym, not as in the journal."),
        _("Last look: before the folder was written, every text was compared with all names on record."),
    ]  # fmt: skip
    rows = [[table.name, str(len(table.rows)), str(table.hidden)] for table in tables]
    kept_apart = _(
        "What is depersonalised must not be kept together with the record it was made from, nor with the key."
    )
    parts = [
        Part(_("What was done"), done),
        Part(
            _("What lies in the folder"),
            (),
            (_("Table"), _("Rows"), _("Hidden or left out, being of too few people")),
            (2, 1, 2),
            rows,
        ),
        Part(_("How to keep it"), [kept_apart]),
    ]
    heading = _("Statement of depersonalisation")
    return print_paper(Paper(heading, "", facts, parts, [_("Responsible for the archive")]), source)
