"""Forms in a new folder: each in the formats that were asked for, with the digests of all files."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path
from typing import Final

from archive_store.catalogue import classes
from archive_store.errors import NotOfThisGrade
from archive_store.export.contents import CHECKSUMS, checksums
from archive_store.export.folder import FileOnRecord, StagedFolder, new_folder
from archive_store.export.forms import Asked, Form, Made, Scope
from archive_store.forms.class_journal import ClassJournal
from archive_store.forms.summary_sheet import SummarySheet
from archive_store.records import EduGroup
from archive_store.render import pdf, xlsx
from archive_store.render.report import Report
from archive_store.render.report_book import report_book
from archive_store.render.report_data import copies_csv, report_json, table_csv
from archive_store.render.report_pdf import report_pdf
from archive_store.render.source import Source
from archive_store.snapshot.naming import transliterated


class Format(StrEnum):
    """What a form can be written as. A class journal and a summary sheet have no CSV and JSON of their own:
    the export of a class holds their data as tables."""

    PDF = "pdf"
    XLSX = "xlsx"
    CSV = "csv"
    JSON = "json"


ALL_FORMATS: Final = tuple(Format)


@dataclass(frozen=True, slots=True)
class Written:
    """The forms that were written; ``digest`` is the SHA-256 of the list of checksums."""

    path: Path
    files: tuple[FileOnRecord, ...]
    digest: bytes


def write_forms(
    forms: Iterable[Form],
    asked: Asked,
    out: Path,
    source: Source,
    formats: Iterable[Format] = ALL_FORMATS,
    progress: Callable[[str], None] = lambda _path: None,
) -> Written:
    """Write forms into the new folder ``out``; it appears whole or not at all.

    A form of a class that is asked for without one is written for every class of the year, one after the
    other, so that no more than one class is in memory. Raises FolderNotEmpty, FolderNotWritable,
    UnknownYear, NotInYear, NotOfThisGrade, NotSet, TableNeeded.
    """
    wanted = tuple(formats)
    with new_folder(out) as folder:
        for form in forms:
            for stem, one in _copies(form, asked):
                known = len(folder.files)
                write_made(folder, stem, form.made(one), source, wanted)
                for file in folder.files[known:]:
                    progress(file.path)
        folder.add(CHECKSUMS, checksums(folder.files))
    return Written(out, tuple(folder.files), bytes.fromhex(folder.files[-1].digest))


def _copies(form: Form, asked: Asked) -> Iterable[tuple[str, Asked]]:
    """What is to be made: the stem of the files and what they are made from."""
    of_one = form.also_of_pupil and asked.person_id is not None
    if form.scope is not Scope.CLASS or of_one:
        yield form.name, asked
    elif asked.group is not None:
        if not _has(form, asked.group):
            raise NotOfThisGrade(form.name, sorted(form.grades or ()), asked.group.name)
        yield form.name, asked
    else:
        yield from _of_all_classes(form, asked)


def _of_all_classes(form: Form, asked: Asked) -> Iterable[tuple[str, Asked]]:
    known = [one for one in classes(asked.connection, asked.at, asked.study_year) if _has(form, one)]
    if not known:
        raise NotOfThisGrade(form.name, sorted(form.grades or ()))
    for group, name in zip(known, class_stems(known), strict=True):
        yield f"{form.name}-{name}", replace(asked, group=group)


def class_stems(groups: Sequence[EduGroup]) -> list[str]:
    """What the files of each class are called: 9a; the id where two classes would be called alike."""
    stems: list[str] = []
    for group in groups:
        name = transliterated(group.name).lower() or str(group.group_id)
        stems.append(str(group.group_id) if name in stems else name)
    return stems


def _has(form: Form, group: EduGroup) -> bool:
    return form.grades is None or group.parallel in form.grades


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
