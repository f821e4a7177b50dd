"""Forms as workbooks for Excel and LibreOffice, to be sorted, filtered and counted."""

from __future__ import annotations

from archive_store.render.journal_book import journal
from archive_store.render.summary_book import summary_sheet

__all__ = ["journal", "summary_sheet"]
