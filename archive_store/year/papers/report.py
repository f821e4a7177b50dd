"""The report of the checks before a year is closed, as PDF/A."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import islice
from typing import Any

from archive_store.render.glyphs import showable
from archive_store.render.source import Source
from archive_store.render.title import common_words
from archive_store.render.typesetting import set_pdf
from archive_store.texts import _
from archive_store.year.papers.words import day, severity, year_name
from archive_store.year.place_names import NamedPlace, Names
from archive_store.year.readiness import Result


def check_report(
    study_year: int, results: Iterable[Result], names: Names, source: Source, limit: int
) -> bytes:
    """The report with at most ``limit`` places of each check; how many are left out is said."""
    checks = [_check(one, names, limit) for one in results]
    data = {
        "words": common_words() | _words(),
        "school": showable(source.school_name),
        "source": showable(source.line),
        "year": year_name(study_year),
        "stops": sum(one["stops"] for one in checks),
        "checks": checks,
    }
    return set_pdf("year_check.typ", data, source.made_at)


def _check(one: Result, names: Names, limit: int) -> dict[str, Any]:
    shown = [_place(place) for place in names.of(islice(one.places(), limit))]
    left = (one.count or 0) - len(shown)
    return {
        "code": one.code,
        "text": showable(_(one.text)),
        "count": _("not checked") if one.count is None else str(one.count),
        "found": one.count != 0,
        "stops": int(one.count != 0 and severity(one.severity.value).stops),
        "severity": severity(one.severity.value).text,
        "places": shown,
        "left": _("... and {count} more.").format(count=left) if left > 0 else "",
    }


def _place(one: NamedPlace) -> list[str]:
    place = one.place
    texts = (one.group, one.subject, one.pupil, day(place.day), place.mark or "", place.detail)
    return [showable(text) for text in texts]


def _words() -> dict[str, Any]:
    return {
        "title": _("Check of the readiness of an academic year to be closed"),
        "academic_year": _("academic year"),
        "check": _("What is checked"),
        "count": _("Found"),
        "meaning": _("What it means"),
        "columns": [_("Class"), _("Subject"), _("Pupil"), _("Day"), _("Mark"), _("What exactly")],
        "nothing": _("Nothing stops the closing of the year."),
        "stopped": _("The closing of the year is stopped by the checks in bold: "),
        "unconfirmed": _(
            "Which checks stop a closing, and from when on, is set in the settings; the defaults are to be "
            "confirmed by the school."
        ),
        "signers": [_("Checked by"), _("Head of the school")],
    }
