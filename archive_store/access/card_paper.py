"""The card of a person as a paper and as JSON."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

import orjson

from archive_store import schema
from archive_store.access.card import PersonCard
from archive_store.access.log import Occasion
from archive_store.access.paper import headings, line_of
from archive_store.forms.gathering import shown
from archive_store.forms.periods import YearPlan, column_of, finals_with_year, year_plan
from archive_store.forms.signs import Presence, Signs
from archive_store.history_json import life_json
from archive_store.record_names import KINDS_OF_MANY
from archive_store.records import ReportingPeriod
from archive_store.render.paper import Paper, Part, print_paper
from archive_store.render.source import Source, moment
from archive_store.retention.live import SHEETS
from archive_store.snapshot.terms import YearTerms
from archive_store.texts import _, ngettext

_FORMAT: Final = "dnevnik-archive person card 1"
_NO_YEAR: Final = 0


@dataclass(frozen=True, slots=True)
class Grounds:
    """What the school says of its processing: the purpose and the legal basis, in its own words."""

    purpose: str
    basis: str


def grounds(purpose: str, basis: str) -> Grounds:
    """The school's own words, or what holds for every school's journal. No clause of a law is named."""
    return Grounds(
        purpose or _("Individual record of the results of learning and its keeping in an archive."),
        basis
        or _(
            "The law on education in the Russian Federation, which obliges a school to keep this record and "
            "to store it; the school's own regulation on it."
        ),
    )


def card_pdf(
    card: PersonCard,
    occasion: Occasion,
    why: Grounds,
    terms: YearTerms,
    source: Source,
    zone: ZoneInfo,
    signs: Signs,
) -> bytes:
    """The card as PDF/A-2u, with the school's letters of attendance."""
    facts = [
        (_("Operator"), source.school_name),
        (_("Person"), card.name),
        (_("Id on the platform"), str(card.subject.person_id)),
        *([(_("Request"), occasion.request)] if occasion.request else []),
        *([(_("Given to"), occasion.addressee)] if occasion.addressee else []),
        (_("Purpose of the processing"), why.purpose),
        (_("Legal basis"), why.basis),
        (_("Source of the data"), _("electronic journal of Dnevnik.ru, which the school keeps")),
        (_("Record as of"), moment(source.as_of)),
        (_("Head of the ledger"), source.head),
    ]
    parts = [
        _held(card, terms, zone),
        _classes(card),
        *_taught(card),
        *_final_marks(card),
        *_marks(card),
        *_attendance(card, signs),
        _copies(card),
        _disclosed(card, zone),
        Part(_("What else is to be known"), _notes()),
    ]
    heading = _("Card of the personal data held on a person")
    return print_paper(Paper(heading, card.name, facts, parts, [_("Responsible for the archive")]), source)


def card_json(card: PersonCard, occasion: Occasion, why: Grounds, source: Source) -> bytes:
    """Everything with all versions, for programs and for a reader who wants to see all of it."""
    value = {
        "format": _FORMAT,
        "school": source.school_name,
        "person_id": str(card.subject.person_id),
        "name": card.name,
        "request": occasion.request,
        "addressee": occasion.addressee,
        "purpose": why.purpose,
        "basis": why.basis,
        "record_as_of": source.as_of.isoformat(),
        "ledger_head": source.ledger_head,
        "records": [life_json(life, card.moments) for one in card.holdings for life in one.lives],
        "sealed": [{"study_year": one.study_year, "bag": one.bag, "root": one.root} for one in card.sealed],
        "disclosures": [
            {
                "number": one.begun.number,
                "at": one.begun.at,
                "kind": one.begun.kind,
                "person": one.begun.occasion.person,
                "account": one.begun.occasion.account,
                "purpose": one.begun.occasion.purpose,
                "request": one.begun.occasion.request,
                "addressee": one.begun.occasion.addressee,
                "state": one.state,
            }
            for one in card.disclosures
        ],
    }
    return orjson.dumps(value, option=orjson.OPT_INDENT_2)


def _held(card: PersonCard, terms: YearTerms, zone: ZoneInfo) -> Part:
    journal, summary = _years(terms.journal.years), _years(terms.summary.years)
    both = _("in the journal {years}, in the summary sheets {more}").format(years=journal, more=summary)
    rows = [
        (
            _(KINDS_OF_MANY[one.entity.name]),
            "; ".join(_(meaning) for meaning in one.fields),
            str(one.standing),
            str(one.earlier),
            f"{datetime.fromisoformat(one.since).astimezone(zone):%d.%m.%Y}",
            both if one.entity in (*SHEETS, schema.PERSON) else journal,
        )
        for one in card.holdings
    ]
    texts = [_("Terms of keeping run from 1 January of the year after that in which the academic year ends.")]
    if not (terms.journal.confirmed and terms.summary.confirmed):
        texts.append(_("The terms of keeping are not confirmed by the school yet."))
    columns = (
        _("Data"), _("What they say"), _("Records now"), _("Earlier versions"), _("Held since"),
        _("Kept for"),
    )  # fmt: skip
    return Part(_("What is held"), texts, columns, (1.6, 4.2, 0.8, 0.9, 1, 1.7), rows)


def _years(count: int) -> str:
    return ngettext("{number} year", "{number} years", count).format(number=count)


def _classes(card: PersonCard) -> Part:
    found = [card.groups[one] for one in card.subject.groups if one in card.groups]
    ordered = sorted(found, key=lambda one: (one.study_year or _NO_YEAR, bool(one.parent_ids), one.name))
    rows = [(_year_name(one.study_year), one.name, one.full_name or "") for one in ordered]
    return Part(
        _("Classes and subgroups"), (), (_("Academic year"), _("Class"), _("Full name")), (1, 1, 3), rows
    )


def _taught(card: PersonCard) -> Iterator[Part]:
    counts: dict[tuple[str, str, str], int] = defaultdict(int)
    for one in card.standing(schema.LESSON):
        counts[_year_of(card, one), _group(card, one), _subject(card, one)] += 1
    if counts:
        columns = (_("Academic year"), _("Class"), _("Subject"), _("Lessons"))
        rows = [(*place, str(count)) for place, count in sorted(counts.items())]
        yield Part(_("Lessons that were taught"), (), columns, (1, 1, 3, 1), rows)


def _final_marks(card: PersonCard) -> Iterator[Part]:
    """Final marks, each with its period, in the order of the columns of the summary sheet."""
    plans = {year: year_plan(periods) for year, periods in _periods(card).items()}
    all_periods = [one for some in _periods(card).values() for one in some]
    by_subject: dict[tuple[str, str], list[tuple[str, str]]] = defaultdict(list)
    found = finals_with_year(card.standing(schema.FINAL_MARK), all_periods)
    for one in sorted(found, key=lambda one: (one.kind != "period", one.period_id or 0, one.mark_id)):
        year = _year_of(card, one)
        name = column_of(one, plans.get(year, YearPlan((), ()))).name
        by_subject[year, _subject(card, one)].append((name, shown(one)))
    if by_subject:
        rows = [
            (*place, "; ".join(f"{name} – {value}" for name, value in marks))
            for place, marks in sorted(by_subject.items())
        ]
        columns = (_("Academic year"), _("Subject"), _("Period and mark"))
        yield Part(_("Period, year, exam and final marks"), (), columns, (1, 2, 7), rows)


def _periods(card: PersonCard) -> dict[str, list[ReportingPeriod]]:
    """The reporting periods of each academic year: those of the person's class."""
    found: dict[str, list[ReportingPeriod]] = defaultdict(list)
    for one in card.periods:
        if not card.groups[one.group_id].parent_ids:
            found[_year_of(card, one)].append(one)
    return found


def _marks(card: PersonCard) -> Iterator[Part]:
    by_subject: dict[tuple[str, str], list[str]] = defaultdict(list)
    for one in sorted(card.standing(schema.MARK), key=lambda one: (one.day, one.mark_id)):
        by_subject[_year_of(card, one), _subject(card, one)].append(f"{_day(one.day)} – {shown(one)}")
    if by_subject:
        rows = [(*place, "; ".join(marks)) for place, marks in sorted(by_subject.items())]
        columns = (_("Academic year"), _("Subject"), _("Day and mark"))
        yield Part(_("Marks of lessons"), (), columns, (1, 2, 7), rows)


def _attendance(card: PersonCard, signs: Signs) -> Iterator[Part]:
    by_subject: dict[tuple[str, str], list[str]] = defaultdict(list)
    present = 0
    for one in sorted(card.standing(schema.ATTENDANCE), key=lambda one: (one.day, one.lesson_id)):
        if signs.presence(one.status) is Presence.PRESENT:
            present += 1
            continue
        said = f"{_day(one.day)} – {signs.letter(one.status)}" + (f" ({one.comment})" if one.comment else "")
        by_subject[_year_of(card, one), _subject(card, one)].append(said)
    if by_subject or present:
        rows = [(*place, "; ".join(days)) for place, days in sorted(by_subject.items())]
        columns = (_("Academic year"), _("Subject"), _("Day, letter of the journal, comment"))
        texts = [_("Entries of presence: {count}.").format(count=present)] if present else []
        yield Part(_("Attendance"), texts, columns, (1, 2, 7), rows)


def _copies(card: PersonCard) -> Part:
    title = _("Sealed files of closed years that hold the same")
    if not card.sealed:
        return Part(title, [_("There are none.")])
    rows = [(_year_name(one.study_year), one.bag, one.root) for one in card.sealed]
    return Part(title, (), (_("Academic year"), _("Bag"), _("Root")), (1, 1.6, 4.4), rows)


def _disclosed(card: PersonCard, zone: ZoneInfo) -> Part:
    title = _("Who read this, or was given it")
    if not card.disclosures:
        return Part(title, [_("Nobody, by the log of access.")])

    def group_name(number: int) -> str | None:
        group = card.groups.get(number)
        return group.name if group and not group.parent_ids else None

    rows = [line_of(one, group_name, zone).cells()[:8] for one in card.disclosures]
    return Part(title, (), headings()[:8], (0.5, 1.2, 1.4, 1.4, 1.5, 1.6, 1.9, 1.3), rows)


def _notes() -> Sequence[str]:
    return [
        _("The archive holds no contacts, days of birth, photos, health documents, and nothing on parents."),
        _("All versions of every record, with the moments at which they were seen, stand in card.json."),
        _(
            "The answers of the platform from which the records were taken are kept compressed beside them, "
            "and copies of the database in the school; they are kept by the same rules."
        ),
        _(
            "What is wrong is corrected in the electronic journal; the archive takes the correction over "
            "with the next reading and keeps both versions."
        ),
    ]


def _year_of(card: PersonCard, record: Any) -> str:  # noqa: ANN401 - of any entity with a group
    group = card.groups.get(record.group_id)
    return _year_name(group.study_year if group else None)


def _group(card: PersonCard, record: Any) -> str:  # noqa: ANN401 - as above
    group = card.groups.get(record.group_id)
    return group.name if group else str(record.group_id)


def _subject(card: PersonCard, record: Any) -> str:  # noqa: ANN401 - as above
    return card.subjects.get(record.subject_id or 0, str(record.subject_id or ""))


def _year_name(study_year: int | None) -> str:
    return "" if study_year is None else f"{study_year}/{study_year + 1}"


def _day(day: str) -> str:
    return f"{date.fromisoformat(day):%d.%m}"
