"""Forms in words: one module per form turns what :mod:`archive_store.forms` computed into a Report."""

from __future__ import annotations

from archive_store.render.reports import (
    attendance_summary,
    class_report,
    school_report,
    subject_report,
    summary_sheet_b,
)

__all__ = ["attendance_summary", "class_report", "school_report", "subject_report", "summary_sheet_b"]
