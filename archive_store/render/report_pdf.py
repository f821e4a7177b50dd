"""A report as PDF/A-2u."""

from __future__ import annotations

from typing import Any

from archive_store.render.fitting import Breakable, breakable
from archive_store.render.glyphs import showable
from archive_store.render.look import Look
from archive_store.render.report import Column, Kind, Report, Row, Table, as_written
from archive_store.render.source import Source
from archive_store.render.title import common_words
from archive_store.render.typesetting import set_pdf
from archive_store.texts import _


def report_pdf(report: Report, source: Source, *more: Report) -> bytes:
    """The report on A4; heads of tables stand again on every page. Raises NotSet.

    ``more`` copies of the form, about others, follow in the same document, each from a new page.
    """
    data = {
        "words": common_words(source.look),
        "school": showable(source.school_name),
        "source": showable(source.line),
        "title": showable(report.title),
        "landscape": report.landscape,
        "roomy": report.roomy,
        "copies": [_copy(one, source.look) for one in (report, *more)],
    }
    return set_pdf("report.typ", data, source.made_at)


def _copy(report: Report, look: Look) -> dict[str, Any]:
    return {
        "title": showable(report.title),
        "about": showable(report.about),
        "running": showable(_running(report)),
        "facts": [(showable(name), breakable(text)) for name, text in report.facts],
        "tables": [_table(table, report.decimals) for table in report.tables],
        "notes": [showable(note) for note in report.notes],
        "signers": [showable(one) for one in look.signers.get(report.name, report.signers)],
    }


def _running(report: Report) -> str:
    """What the foot of its further pages says: the form, whose it is and of which year."""
    told = (_("Pupil"), _("Class"), _("Academic year"))
    return ", ".join([report.title, *(value for name, value in report.facts if name in told)])


def _table(table: Table, decimals: int) -> dict[str, Any]:
    return {
        "title": showable(table.title),
        "columns": [_column(column) for column in table.columns],
        "groups": [(showable(group), span) for group, span in table.headed()]
        if any(column.group for column in table.columns)
        else [],
        "rows": [(row.total, row.parted, _cells(row, decimals)) for row in table.rows],
        "notes": [showable(note) for note in table.notes],
        "when_empty": showable(table.when_empty),
        "new_page": table.new_page,
    }


def _column(column: Column) -> dict[str, Any]:
    return {
        "title": showable(column.title),
        "grouped": bool(column.group),
        "width": column.width,
        "upright": column.upright,
        "left": column.kind is Kind.TEXT,
    }


def _cells(row: Row, decimals: int) -> list[Breakable]:
    return [breakable(as_written(value, decimals)) for value in row.values]
