"""Forms in words: one module per form turns what :mod:`archive_store.forms` computed into a Report."""

from __future__ import annotations

from archive_store.render.reports import (
    accumulation,
    attendance_summary,
    completeness,
    corrections,
    final_against_current,
    programme_coverage,
    timeliness,
    vpr,
)

__all__ = [
    "accumulation",
    "attendance_summary",
    "completeness",
    "corrections",
    "final_against_current",
    "programme_coverage",
    "timeliness",
    "vpr",
]
