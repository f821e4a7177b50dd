"""The text that tells an inspector what lies in the folder and how to check it."""

from __future__ import annotations

from codecs import BOM_UTF8

from archive_store.export.folder import FileOnRecord
from archive_store.forms.class_journal import ClassJournal
from archive_store.render.source import Source
from archive_store.render.viewer.page import PAGE
from archive_store.render.wording import class_line, year_line
from archive_store.texts import N_, _, ngettext

CHECKSUMS = "CHECKSUMS.sha256"
CONTENTS = "00-contents.txt"
INDEX = "index.html"
MEANINGS = {
    INDEX: N_("list of these files with links, for any browser"),
    "viewer.html": N_("viewer: open it in any browser; it needs the folder viewer beside it"),
    "01-journal.pdf": N_("class journal, for print on both sides of A4"),
    "01-journal.xlsx": N_("class journal as a workbook"),
    "02-summary-sheet.pdf": N_("summary sheet of progress, for print"),
    "02-summary-sheet.xlsx": N_("summary sheet of progress as a workbook"),
    "data/pupils.csv": N_("pupils and their subgroups"),
    "data/lessons.csv": N_("lessons and topics"),
    "data/homework.csv": N_("homework"),
    "data/marks.csv": N_("marks of lessons"),
    "data/attendance.csv": N_("attendance"),
    "data/final_marks.csv": N_("period, year, exam and final marks"),
}


def contents_text(
    form: ClassJournal, source: Source, files: list[FileOnRecord], counts: dict[str, int]
) -> bytes:
    """``00-contents.txt``: UTF-8 with a mark and CRLF, so that Notepad of any Windows shows it."""
    width = max(len(path) for path in MEANINGS)
    return _text(
        source,
        f"{class_line(form)}, {year_line(form)}",
        [_line(file, width, counts) for file in files if file.path in MEANINGS],
        [
            _("PDF: any viewer. XLSX: Excel, LibreOffice. CSV: Excel; UTF-8, columns divided by semicolons."),
            _(
                "In CSV an apostrophe before a text keeps a spreadsheet from computing it or rounding a long "
                "id; it is not part of the text."
            ),
        ],
        "01-journal.pdf",
    )


def viewer_text(source: Source, years: list[str], class_count: int) -> bytes:
    """The same for a folder that holds the viewer alone."""
    classes = ngettext("{count} class", "{count} classes", class_count).format(count=class_count)
    return _text(
        source,
        ", ".join([*years, classes]),
        [f"  {PAGE}  {_(MEANINGS[PAGE])}"],
        [
            _("Open {file} with a double click: nothing is installed and no network is used.").format(
                file=PAGE
            ),
            _("Unpack a ZIP first, and copy the whole folder, not the page alone."),
            _("Every page names at its foot the file that it was made from, with its SHA-256."),
        ],
        PAGE,
    )


def _text(source: Source, about: str, files: list[str], reading: list[str], example: str) -> bytes:
    lines = [
        source.school_name,
        about,
        "",
        *(f"{name}: {value}" for name, value in source.facts()),
        "",
        _("In this folder"),
        *files,
        "",
        _("How to read"),
        *reading,
        "",
        _("How to check that nothing was changed"),
        _("{file} lists the SHA-256 of every file.").format(file=CHECKSUMS),
        f"  Linux, macOS: sha256sum -c {CHECKSUMS}",
        f"  Windows: certutil -hashfile {example} SHA256",
        "",
        _("This folder holds personal data of pupils: keep it safe, delete it when it is no longer needed."),
        "",
    ]
    return BOM_UTF8 + "\r\n".join(lines).encode()


def checksums(files: list[FileOnRecord]) -> bytes:
    """The digests as ``sha256sum -c`` reads them."""
    ordered = sorted(files, key=lambda file: file.path)
    return "".join(f"{file.digest}  {file.path}\n" for file in ordered).encode()


def _line(file: FileOnRecord, width: int, counts: dict[str, int]) -> str:
    meaning = _(MEANINGS[file.path])
    rows = _(", rows: {count}").format(count=counts[file.path]) if file.path in counts else ""
    return f"  {file.path:<{width}}  {meaning}{rows}"
