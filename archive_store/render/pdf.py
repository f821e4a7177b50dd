"""Forms as PDF/A-2u for print and for the archive."""

from __future__ import annotations

from archive_store.forms.class_journal import ClassJournal
from archive_store.forms.summary_sheet import SummarySheet
from archive_store.render.journal_data import journal_data
from archive_store.render.source import Source
from archive_store.render.summary_data import summary_data
from archive_store.render.typesetting import set_pdf


def journal(form: ClassJournal, source: Source) -> bytes:
    """The class journal: title, contents, pupils, facing pages per subject and period, closing page.

    A4 portrait, to be printed on both sides: the left page of a spread is even.
    """
    return set_pdf("journal.typ", journal_data(form, source), source.made_at)


def summary_sheet(form: SummarySheet, source: Source) -> bytes:
    """The summary sheet of progress, A4 landscape."""
    return set_pdf("summary_sheet.typ", summary_data(form, source), source.made_at)
