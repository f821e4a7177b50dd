"""The act of selecting archive documents for destruction, to be agreed by the expert commission and approved.

The columns are those of the customary form: heading, dates, index by the nomenclature, quantity, term and
article, remark. What the law has of it stands in the school's own list of files, which the act cites.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from archive_store.nomenclature.confirmations import Confirmation
from archive_store.render.fitting import breakable
from archive_store.render.glyphs import showable
from archive_store.render.source import Source
from archive_store.render.title import common_words
from archive_store.render.typesetting import set_pdf
from archive_store.retention.acts import Act, Line
from archive_store.retention.papers.words import day, grouped, local_day, size, title_of
from archive_store.texts import _, ngettext


@dataclass(frozen=True, slots=True)
class Sheets:
    """The summary sheets of a year that stay: the newest bag, its root, in how many rooms it is sound."""

    study_year: int
    bag: str
    root: str
    rooms: int


def selection_act(
    act: Act, terms: Confirmation | None, sheets: list[Sheets], source: Source, zone: ZoneInfo
) -> bytes:
    """The act for print, agreement and approval; A4 landscape."""
    return set_pdf("selection_act.typ", selection_data(act, terms, sheets, source, zone), source.made_at)


def selection_data(
    act: Act, terms: Confirmation | None, sheets: list[Sheets], source: Source, zone: ZoneInfo
) -> dict[str, Any]:
    """Everything that ``selection_act.typ`` prints."""
    said = act.approval
    return {
        "words": common_words() | _words(),
        "school": showable(source.school_name),
        "source": showable(source.line),
        "title": _("Act of selecting for destruction archive documents that need not be kept"),
        "number": _("№ {number} of {day}").format(number=act.number, day=local_day(act.at, zone)),
        "basis": showable(_basis(terms)),
        "rows": [_row(number, one) for number, one in enumerate(act.lines, start=1)],
        "total": _total(act),
        "sheets": [showable(_sheets(one)) for one in sheets],
        "minutes": _("№ {number} of {day}").format(number=said.minutes.removeprefix("№").strip(),
                                                   day=day(said.minutes_day)) if said else "",
        "head": showable(said.head) if said else "",
        "head_day": day(said.head_day) if said else "",
    }  # fmt: skip


def _basis(terms: Confirmation | None) -> str:
    text = _(
        "By the school's list of files with their terms ({document}) these electronic documents are selected:"
    )
    return text.format(document=terms.document if terms else "—")


def _row(number: int, line: Line) -> list[Any]:
    remark = _("bag {bag}, root {root}").format(bag=line.bag, root=grouped(line.root[:16]))
    kept = _("{years} years; over on {day}").format(years=line.years, day=day(line.due_from))
    return [
        str(number),
        breakable(f"{line.title}: {title_of(line)}" if line.title else title_of(line)),
        f"01.09.{line.study_year} – 31.08.{line.study_year + 1}",
        showable(line.index) or "—",
        _files(line),
        breakable(f"{kept}; {line.article}" if line.article else kept),
        breakable(remark),
    ]


def _files(line: Line) -> str:
    if not line.files:
        return _("not counted: the bag is not beside the archive")
    return _files_text(line.files, line.size)


def _files_text(files: int, of_bytes: int) -> str:
    return ngettext("{count} file, {size}", "{count} files, {size}", files).format(
        count=files, size=size(of_bytes)
    )


def _total(act: Act) -> str:
    years = sorted({one.study_year for one in act.lines})
    text = ngettext(
        "In all {count} electronic file of the academic years {first}/{next} to {last}/{end}: {files}.",
        "In all {count} electronic files of the academic years {first}/{next} to {last}/{end}: {files}.",
        len(act.lines),
    )
    if len(years) == 1:
        text = ngettext(
            "In all {count} electronic file of the academic year {first}/{next}: {files}.",
            "In all {count} electronic files of the academic year {first}/{next}: {files}.",
            len(act.lines),
        )
    return text.format(
        count=len(act.lines), first=years[0], next=years[0] + 1, last=years[-1], end=years[-1] + 1,
        files=_files_text(sum(one.files for one in act.lines), sum(one.size for one in act.lines)),
    )  # fmt: skip


def _sheets(one: Sheets) -> str:
    text = ngettext(
        "{year}/{next}: {bag}, root {root}; sound copies on carriers in {rooms} room.",
        "{year}/{next}: {bag}, root {root}; sound copies on carriers in {rooms} rooms.",
        one.rooms,
    )
    return text.format(
        year=one.study_year,
        next=one.study_year + 1,
        bag=one.bag,
        root=grouped(one.root[:16]),
        rooms=one.rooms,
    )


def _words() -> dict[str, Any]:
    return {
        "approved": _("APPROVED"),
        "head": _("Head of the school"),
        "columns": [
            _("№"), _("Heading of the file"), _("Dates"), _("Index by the list of files"), _("Quantity"),
            _("Term of keeping and article"), _("Remark"),
        ],
        "sheets": _("The summary sheets of the same years stay, and were found sound:"),
        "agreed": _("AGREED: minutes of the expert commission"),
        "date": _("Date"),
        "signers": [
            _("Responsible for the archive"), _("Chair of the expert commission"),
            _("Member of the commission"), _("Member of the commission"),
        ],
    }  # fmt: skip
