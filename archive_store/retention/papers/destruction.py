"""The act of destruction of personal data, with the extract from the log of events.

It says what the order of Roskomnadzor on the proof of destruction asks for: operator, subjects, categories of
data, system, carriers, way, reason, date, who did it. Pupils are named by class and year alone: a list of
them would be the very data that is gone. Which article holds stands in the school's list of files.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final
from zoneinfo import ZoneInfo

from archive_store.carriers.book import OWN
from archive_store.carriers.book import Event as CarrierEvent
from archive_store.carriers.register import Carrier
from archive_store.nomenclature.kinds import FileKind
from archive_store.render.check_protocol import ROLES
from archive_store.render.fitting import breakable
from archive_store.render.glyphs import showable
from archive_store.render.source import Source
from archive_store.render.title import common_words
from archive_store.render.typesetting import set_pdf
from archive_store.retention.acts import Act
from archive_store.retention.book import Event, Kind
from archive_store.retention.papers.words import day, grouped, local, local_day, size, title_of
from archive_store.snapshot.titles import TITLES
from archive_store.texts import N_, _

_EVENTS: Final = {
    Kind.PROPOSED: N_("selected for destruction by an act"),
    Kind.APPROVED: N_("minutes of the commission and approval of the head put on record"),
    Kind.DESTROYED: N_("tombstone put up: {bag}"),
    Kind.CLEARED: N_("cleared from the live record"),
    Kind.COMPLETED: N_("nothing is outstanding"),
}


@dataclass(frozen=True, slots=True)
class Done:
    """What an act has done: lines of both books with their entries in the ledger, and what it did not reach.

    ``retired`` are carriers out of use that held copies, with the reason; ``backups`` names of copies of the
    database that are older than the destruction. ``kept`` is the kind of files that the act itself is of.
    """

    act: Act
    town: str | None
    log: Sequence[tuple[int, Event]]
    copies: Sequence[tuple[int, CarrierEvent]]
    carriers: dict[str, Carrier]
    retired: Sequence[tuple[str, str]]
    backups: Sequence[str]
    kept: FileKind | None


def destruction_act(done: Done, source: Source, zone: ZoneInfo) -> bytes:
    """The act for print and signature; A4 landscape."""
    return set_pdf("destruction_act.typ", destruction_data(done, source, zone), source.made_at)


def destruction_data(done: Done, source: Source, zone: ZoneInfo) -> dict[str, Any]:
    """Everything that ``destruction_act.typ`` prints."""
    act = done.act
    return {
        "words": common_words() | _words(),
        "school": showable(source.school_name),
        "source": showable(source.line),
        "title": _("Act of destruction of personal data"),
        "number": _("№ {number} of {day}").format(
            number=act.number, day=local_day(act.completed_at or act.at, zone)
        ),
        "facts": [[name, breakable(value)] for name, value in _facts(done, source, zone)],
        "bags": [_bag(number, one) for number, one in enumerate(act.lines, start=1)],
        "copies": [_copy(one, done.carriers, zone) for _entry, one in done.copies],
        "record": [[title, str(count)] for title, count in _record(done)],
        "notes": [showable(text) for text in _notes(done)],
        "log": _log(done, zone),
    }


def _facts(done: Done, source: Source, zone: ZoneInfo) -> list[tuple[str, str]]:
    act, said = done.act, done.act.approval
    operator = f"{source.school_name}, {done.town}" if done.town else source.school_name
    classes = sorted({one.group or title_of(one) for one in act.lines})
    years = sorted({f"{one.study_year}/{one.study_year + 1}" for one in act.lines})
    who = _("pupils of the classes {classes} and their teachers, academic years {years}; no list is kept")
    reason = _("the term of keeping is over; act of selection № {number} of {day}").format(
        number=act.number, day=local_day(act.at, zone)
    )
    if said is not None:
        reason += _(
            ", minutes of the expert commission {minutes} of {day}, approved: {head}, {head_day}"
        ).format(minutes=said.minutes, day=day(said.minutes_day), head=said.head, head_day=day(said.head_day))
    return [
        (_("Operator"), operator),
        (_("Destroyed by"), _("the operator itself, nobody was charged with it")),
        (_("Whose data"), who.format(classes=", ".join(classes), years=", ".join(years))),
        (_("Categories of data"), ", ".join(_categories(done))),
        (_("Information system"), _("archive of the electronic journal (dnevnik-archive)")),
        (
            _("Way of destruction"),
            _("files: overwritten once and removed; records: deleted from the database"),
        ),
        (_("Reason"), reason),
        (_("Begun, finished"), " — ".join(local(at, zone) for at in (act.begun_at, act.completed_at) if at)),
        (_("Account of the computer"), ", ".join(sorted({one.account for _entry, one in done.log}))),
    ]


def _categories(done: Done) -> list[str]:
    names = {name for one in done.act.cleared for name in one.details["removed"]}
    return [_(TITLES[name]).lower() for name in sorted(names) if name in TITLES] or [
        _("as sealed in the bags")
    ]


def _bag(number: int, line: Any) -> list[Any]:  # noqa: ANN401 - a line of an act
    return [
        str(number), breakable(title_of(line)), breakable(line.bag), str(line.files), size(line.size),
        grouped(line.root),
    ]  # fmt: skip


def _copy(one: CarrierEvent, carriers: dict[str, Carrier], zone: ZoneInfo) -> list[Any]:
    carrier = carriers.get(one.carrier)
    what = _("overwritten and removed") if one.details["found"] else _("was not there any more")
    if carrier is None:
        name = _("folder of sealed years beside the archive") if one.carrier == OWN else one.carrier
        place = [name, "—", "—", "—"]
    else:
        label = carrier.label
        place = [label.name, label.inventory, _(ROLES[label.role]), label.room]
    return [*map(breakable, place), breakable(one.details["bag"]), what, local(one.at, zone)]


def _record(done: Done) -> list[tuple[str, int]]:
    counts: dict[str, int] = {}
    answers = files = 0
    for event in done.act.cleared:
        for name, count in event.details["removed"].items():
            counts[name] = counts.get(name, 0) + count
        answers += event.details["answers"]
        files += len(event.details["files"])
    found = [(_(TITLES[name]) if name in TITLES else name, count) for name, count in counts.items()]
    if answers:
        found.append((_("Answers of the platform as they came"), answers))
    if files:
        found.append((_("Contents of files of homework"), files))
    return found


def _notes(done: Done) -> list[str]:
    found = []
    for name, reason in done.retired:
        text = _(
            "The carrier «{name}» held a copy and is out of use ({reason}); it was not reached by this act."
        )
        found.append(text.format(name=name, reason=reason))
    if done.backups:
        text = _(
            "Copies of the database made before hold the same records until newer copies take their place: "
            "{names}. Restored, such a copy loses them again at once."
        )
        found.append(text.format(names=", ".join(done.backups)))
    if done.kept is not None and done.kept.years is not None:
        text = _("This act and the extract are kept for {years} years ({article}).")
        found.append(text.format(years=done.kept.years, article=done.kept.article or done.kept.title))
    return found


def _log(done: Done, zone: ZoneInfo) -> list[list[Any]]:
    """Both books in the order of the ledger."""
    lines: list[tuple[int, str, str, str]] = []
    for entry, one in done.log:
        text = _(_EVENTS[one.kind]).format(bag=one.details.get("bag", ""))
        lines.append((entry, one.at, one.account, text))
    for entry, copy in done.copies:
        carrier = done.carriers.get(copy.carrier)
        name = carrier.label.name if carrier else _("folder of sealed years beside the archive")
        text = _("copy destroyed: {bag}, {place}").format(bag=copy.details["bag"], place=name)
        lines.append((entry, copy.at, copy.account, text))
    return [
        [str(entry), local(at, zone), showable(account), breakable(text)]
        for entry, at, account, text in sorted(lines)
    ]


def _words() -> dict[str, Any]:
    return {
        "bags": _("Electronic files that are destroyed"),
        "bag_columns": [
            _("№"), _("File"), _("Bag"), _("Files"), _("Size"),
            _("Root (SHA-256 of the file tagmanifest-sha256.txt)"),
        ],
        "copies": _("Copies on carriers"),
        "copy_columns": [
            _("Carrier"), _("Inventory number"), _("Role"), _("Room"), _("Bag"), _("What was done"),
            _("When"),
        ],
        "record": _("Removed from the live record, with all earlier versions"),
        "record_columns": [_("What"), _("Records")],
        "log": _("Extract from the log of events (ledger of the archive)"),
        "log_columns": [_("Entry"), _("When"), _("Account"), _("Event")],
        "date": _("Date"),
        "signers": [
            _("Destroyed: responsible for the archive"), _("Chair of the expert commission"),
            _("Member of the commission"), _("Head of the school"),
        ],
    }  # fmt: skip
