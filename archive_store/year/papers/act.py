"""The act of closing an academic year, or of amending it, as PDF/A."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from archive_store.render.glyphs import showable
from archive_store.render.source import Source, moment
from archive_store.render.title import common_words
from archive_store.render.typesetting import set_pdf
from archive_store.snapshot.edition import Stage
from archive_store.snapshot.terms import YearTerms, may_destroy_from
from archive_store.texts import N_, _
from archive_store.year.act import COLUMNS, Act
from archive_store.year.change_words import change_title
from archive_store.year.changes import Change
from archive_store.year.papers.words import day, severity, year_name
from archive_store.year.place_names import Names

_TITLES: Final = {
    Stage.PRELIMINARY: N_("Act of the preliminary closing of an academic year"),
    Stage.FINAL: N_("Act of the closing of an academic year"),
    Stage.AMENDMENT: N_("Supplement to the files of a closed academic year"),
}
# What a change is told by; of the others a person can make nothing.
_TOLD: Final = {
    "lesson": ("topic", "status", "day"),
    "work": ("text", "type"),
    "mark": ("value",),
    "attendance": ("status", "comment"),
    "final_mark": ("value",),
    "thematic_mark": ("value",),
    "criteria_mark": ("value",),
    "criteria_total": ("value",),
}
_NO_SUM: Final = "subjects"  # the same subjects in every class
_ROOT_GROUP: Final = 8


def closing_act(act: Act, names: Names, source: Source, zone: ZoneInfo, terms: YearTerms) -> bytes:
    """The act for print and signature."""
    edition = act.edition
    data = {
        "words": common_words() | _words(act),
        "school": showable(act.school),
        "source": showable(source.line),
        "title": _(_TITLES[edition.stage]),
        "year": year_name(edition.study_year),
        "facts": [[showable(name), showable(value)] for name, value in _facts(act, zone)],
        "classes": [[showable(one.name), *map(_count, one.counts)] for one in act.classes],
        "totals": [
            "" if name == _NO_SUM else _count(one) for name, one in zip(COLUMNS, act.totals, strict=True)
        ],
        "checks": [
            [showable(_(text)), _("not checked") if count is None else str(count), severity(what).text]
            for text, count, what in act.checks
        ],
        "bags": [_bag(act, index, terms) for index in range(len(edition.bags))],
        "destroyed": _destroyed(act),
        "summary_root": _grouped(next(one.root for one in edition.bags if one.is_summary)),
        "changes": list(_changes(act, names, zone)),
        "left": _("... and {count} more.").format(count=act.changes_left_out) if act.changes_left_out else "",
    }
    return set_pdf("closing_act.typ", data, source.made_at)


def _facts(act: Act, zone: ZoneInfo) -> Iterator[tuple[str, str]]:
    edition = act.edition
    yield _("Edition"), str(edition.number)
    yield _("Sealed at"), _moment(edition.at, zone)
    if edition.by:
        yield _("Sealed by (account of the computer)"), edition.by
    yield _("Record as of"), _moment(act.recorded_at, zone) + ", " + _("run {run}").format(run=edition.run_id)
    if edition.reason:
        yield _("Reason"), edition.reason
    if edition.order_number:
        yield _("Order"), edition.order_number
    for code, count in edition.accepted.items():
        yield _("Passed over for this reason"), f"{code}: {count}"
    for bag, root in act.follows:
        yield _("Follows {bag}, root").format(bag=bag), _grouped(root)
    yield (
        _("Ledger"),
        _("entry {entry}, head {head}").format(entry=act.head.entry, head=_grouped(act.head.digest.hex())),
    )
    yield _("Key of the program's signature (SHA-256)"), _grouped(act.key) or _("not signed by the program")


def _count(one: int | None) -> str:
    """A count, or a dash for what nobody can count any more."""
    return "—" if one is None else str(one)


def _destroyed(act: Act) -> str:
    """What is to be said of bags that were destroyed since: that what is not counted is not nothing."""
    if not act.destroyed:
        return ""
    text = _("Destroyed when their term was over, by acts: {bags}. A dash stands for what they held.")
    bags = (f"{one.bag} (№ {one.act}, {day(one.at[:10])})" for one in act.destroyed)
    return showable(text.format(bags=", ".join(bags)))


def _bag(act: Act, index: int, terms: YearTerms) -> list[str]:
    one = act.edition.bags[index]
    term = terms.summary if one.is_summary else terms.journal
    until = day(may_destroy_from(act.edition.study_year, one.retention_years))
    kept = _("{years} years; may be destroyed from {day}").format(years=one.retention_years, day=until)
    unconfirmed = "" if term.confirmed else _(" (the term is not confirmed)")
    return [one.name, kept + unconfirmed, _grouped(one.root)]


def _changes(act: Act, names: Names, zone: ZoneInfo) -> Iterator[list[str]]:
    people = names.people(getattr(one.record, "person_id", None) for one in act.changes)
    for one in act.changes:
        record = one.record
        pupil = people.get(getattr(record, "person_id", None) or 0, "")
        place = [names.group(record.group_id), names.subject(record.subject_id), pupil]
        when = day(getattr(record, "day", None))
        told = [*place, when, change_title(one, names), *_values(one), _moment(one.since, zone)]
        yield [showable(text) for text in told]


def _values(one: Change) -> tuple[str, str]:
    """What was and what is; of a record that changed, only what differs."""
    fields = [name for name in _TOLD[one.entity.name] if _of(one.before, name) != _of(one.after, name)]

    def side(record: Any) -> str:  # noqa: ANN401 - a record of any entity
        return "; ".join(_of(record, name) for name in fields) if record is not None else "—"

    if not fields:
        return _("(other fields)"), _("(other fields)")
    return side(one.before), side(one.after)


def _of(record: Any, name: str) -> str:  # noqa: ANN401 - a record of any entity
    return "" if record is None else str(getattr(record, name) or "")


def _moment(text: str, zone: ZoneInfo) -> str:
    return moment(datetime.fromisoformat(text).astimezone(zone))


def _grouped(digits: str) -> str:
    """A long number in groups, so that two people can compare it."""
    return " ".join(digits[start : start + _ROOT_GROUP] for start in range(0, len(digits), _ROOT_GROUP))


def _words(act: Act) -> dict[str, Any]:
    return {
        "academic_year": _("academic year"),
        "classes": _("What the journals of the year hold"),
        "class_columns": [
            _("Class"), _("Pupils"), _("Subjects"), _("Lessons"), _("Topics"), _("Homework"), _("Marks"),
            _("Absences"), _("Finals"), _("Year marks missing"),
        ],
        "total": _("In all"),
        "checks": _("What the checks before the closing found"),
        "check_columns": [_("What is checked"), _("Found"), _("What it means")],
        "no_checks": _("The checks found nothing.")
        if act.edition.checks
        else _("The results of the checks were not kept."),
        "bags": _("Sealed bags of this edition: {count}").format(count=len(act.edition.bags)),
        "bag_columns": [_("Bag"), _("Kept for"), _("Root (SHA-256 of the file tagmanifest-sha256.txt)")],
        "bag_note": _("The root of the summary sheets, which vouches for all other bags of the year:"),
        "changes": _("Changes after the closing"),
        "change_columns": [
            _("Class"), _("Subject"), _("Pupil"), _("Day"), _("What"), _("Was"), _("Is"), _("Seen since"),
        ],
        "signers": [_("Head of the school"), _("Responsible for the archive")],
        "date": _("Date"),
    }  # fmt: skip
