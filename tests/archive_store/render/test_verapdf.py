"""Every document is PDF/A-2u in the judgement of veraPDF, the reference validator."""

from __future__ import annotations

from pathlib import Path

import verapdf

from archive_store.forms.class_journal import ClassJournal
from archive_store.forms.summary_sheet import SummarySheet
from archive_store.render import pdf
from archive_store.render.source import Source

pytestmark = verapdf.NEEDED


def test_both_forms_comply_also_with_awkward_names_and_texts_and_what_does_not_is_told(
    awkward: ClassJournal, awkward_sheet: SummarySheet, source: Source, tmp_path: Path
) -> None:
    journal, sheet = pdf.journal(awkward, source), pdf.summary_sheet(awkward_sheet, source)
    files = [tmp_path / name for name in ("journal.pdf", "sheet.pdf", "not-pdf-a.pdf")]
    spoilt = sheet.replace(b"<pdfaid:part>2<", b"<pdfaid:part>7<")
    for file, content in zip(files, (journal, sheet, spoilt), strict=True):
        file.write_bytes(content)
    of_journal, of_sheet, of_spoilt = verapdf.verdicts(files)  # in one start of the validator
    assert (of_journal, of_sheet) == ("compliant", "compliant")
    assert of_spoilt != "compliant"
