"""Forms in words: one module per form turns what :mod:`archive_store.forms` computed into a Report."""

from __future__ import annotations

from archive_store.render.reports import (
    accumulation,
    attendance_summary,
    certificate_register,
    class_report,
    completeness,
    corrections,
    diary,
    extract,
    final_against_current,
    programme_coverage,
    record_card,
    report_card,
    school_report,
    subject_report,
    summary_sheet_b,
    timeliness,
    vpr,
)

__all__ = [
    "accumulation",
    "attendance_summary",
    "certificate_register",
    "class_report",
    "completeness",
    "corrections",
    "diary",
    "extract",
    "final_against_current",
    "programme_coverage",
    "record_card",
    "report_card",
    "school_report",
    "subject_report",
    "summary_sheet_b",
    "timeliness",
    "vpr",
]
