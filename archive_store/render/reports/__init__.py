"""Forms in words: one module per form turns what :mod:`archive_store.forms` computed into a Report."""

from __future__ import annotations

from archive_store.render.reports import (
    attendance_summary,
    class_report,
    diary,
    extract,
    record_card,
    report_card,
    school_report,
    subject_report,
)

__all__ = [
    "attendance_summary",
    "class_report",
    "diary",
    "extract",
    "record_card",
    "report_card",
    "school_report",
    "subject_report",
]
