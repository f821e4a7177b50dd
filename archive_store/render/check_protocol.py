"""The protocol of a check of presence and state as PDF/A, to be printed and signed."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

from archive_store.carriers.checking import Counts
from archive_store.carriers.copies import Level
from archive_store.carriers.protocol import Line, Part, Protocol
from archive_store.carriers.register import Role
from archive_store.carriers.rounds import REGISTER, Disagreement
from archive_store.carriers.words import finding_text, state_title
from archive_store.render.fitting import Breakable, breakable
from archive_store.render.glyphs import showable
from archive_store.render.source import Source, moment
from archive_store.render.title import common_words
from archive_store.render.typesetting import set_pdf
from archive_store.texts import N_, _

ROLES: Final = {
    Role.MAIN: N_("main copy"),
    Role.WORKING: N_("working copy"),
    Role.TRAVELLING: N_("travelling, encrypted"),
}
_APART: Final = {
    "other": N_("a device of its own, by the system"),
    "said": N_("a device of its own, by the person in charge"),
    "same": N_("NOT a device of its own"),
}
LEVELS: Final = {
    Level.QUICK: N_("quick: names and sizes of files"),
    Level.FULL: N_("full: the checksum of every file"),
    Level.DEEP: N_("deep: checksums, every table, every database"),
    Level.CROSS: N_("cross: checksums, copies against each other and against the register"),
    Level.DRILL: N_("drill: checksums, every table, every database, a trial restore"),
}
_FINDINGS_PRINTED: Final = 40
_MEGABYTE: Final = 1e6


def check_protocol(protocol: Protocol, source: Source) -> bytes:
    """The protocol, A4 landscape."""
    return set_pdf("check_protocol.typ", protocol_data(protocol, source), source.made_at)


def protocol_data(protocol: Protocol, source: Source) -> dict[str, Any]:
    """Everything that ``check_protocol.typ`` prints."""
    return {
        "words": common_words() | _words(),
        "school": showable(source.school_name),
        "source": showable(source.line),
        "heading": _("Protocol of the check of presence and state of electronic files"),
        "facts": [[name, showable(value)] for name, value in _facts(protocol, source)],
        "carriers": [_carrier(part) for part in protocol.parts],
        "parts": [_part(part) for part in protocol.parts],
        "disagreements": [breakable(text) for text in _disagreements(protocol)],
        "conclusion": _conclusion(protocol),
        "sound": protocol.round.is_sound,
    }


def _facts(protocol: Protocol, source: Source) -> list[tuple[str, str]]:
    read = _("checked") if protocol.contents_read else _("not checked at this level")
    return [
        (_("Date of the check"), moment(source.as_of)),
        (_("Level of the check"), _(LEVELS[protocol.round.level])),
        (_("Tables can be read (CSV)"), read),
        (_("Databases can be opened (SQLite)"), read),
        (_("Documents can be opened (PDF/A)"), _("not checked: no reader of PDF takes part in this check")),
        (_("Electronic signatures"), _("counted, not checked")),
        (_("Head of the ledger"), f"{protocol.head.entry}: {source.head}"),
        (_("Account that ran the check"), protocol.account),
    ]


def _carrier(part: Part) -> list[Breakable]:
    carrier = part.place.carrier
    if carrier is None:
        return [_("folder of sealed years beside the archive"), "—", "—", "—", _("no carrier"), "—"]
    return [
        breakable(carrier.name),
        _(ROLES[carrier.label.role]),
        breakable(carrier.label.room),
        breakable(carrier.label.inventory),
        breakable(f"{carrier.device.shown}; {_(_APART[carrier.apart])}"),
        f"{datetime.fromisoformat(carrier.added_at):%d.%m.%Y}",
    ]


def _part(part: Part) -> dict[str, Any]:
    findings = [[breakable(text) for text in row] for line in part.lines for row in _line_findings(line)]
    shown = findings[:_FINDINGS_PRINTED]
    if len(findings) > _FINDINGS_PRINTED:
        more = _("... and {count} more.").format(count=len(findings) - _FINDINGS_PRINTED)
        shown.append([more, "", ""])
    carrier = part.place.carrier
    name = _("folder of sealed years beside the archive")
    if carrier is not None:
        name = ", ".join(dict.fromkeys((carrier.name, carrier.label.inventory)))
    return {
        "name": showable(name),
        "rows": [_row(number, line) for number, line in enumerate(part.lines, start=1)],
        "total": _numbers(part.total),
        "findings": shown,
        "sound": part.is_sound,
    }


def _row(number: int, line: Line) -> dict[str, Any]:
    verdict = line.verdict
    return {
        "cells": [
            str(number),
            breakable(line.about.title),
            breakable(verdict.bag),
            _root(verdict.root),
            *_numbers(verdict.counts),
            str(verdict.signatures) if verdict.signatures else "—",
            state_title(verdict.state, verdict.why),
        ],
        "sound": verdict.is_sound,
    }


def _numbers(counts: Counts) -> list[str]:
    left = counts.expected - counts.checked - counts.missing
    numbers = (counts.ok, counts.bad, counts.missing, counts.extra, max(left, 0))
    return [str(counts.files), f"{counts.size / _MEGABYTE:.1f}", *map(str, numbers)]


def _root(root: str | None) -> str:
    """The beginning of a root, in groups: the whole of it stands in the JSON."""
    return "—" if root is None else " ".join(root[start : start + 4] for start in range(0, 16, 4))


def _line_findings(line: Line) -> list[list[str]]:
    if line.verdict.is_sound:
        return []
    texts = [finding_text(finding) for finding in line.verdict.findings]
    told = texts or [state_title(line.verdict.state, line.verdict.why)]
    lost = "; ".join(line.lost) if line.lost else line.about.title
    if line.verdict.state == "extra":
        lost = "—"
    return [[text, lost, _mended(line)] for text in told]


def _mended(line: Line) -> str:
    if line.mending:
        return line.mending
    if line.verdict.state == "extra":
        return _("find out where it comes from and take it away")
    return _("no sound copy is known to this check")


def _disagreements(protocol: Protocol) -> list[str]:
    found = []
    for one in protocol.round.disagreements:
        said = disagreement_text(one)
        found.append(f"{one.study_year}/{one.study_year + 1}, {one.bag}: {said}")
    return found


def disagreement_text(one: Disagreement) -> str:
    """Who says which root: the register of sealed years, each copy, each summary."""
    register = _("register of sealed years")
    said = ((register if name == REGISTER else name, root) for name, root in one.witnesses.items())
    return "; ".join(f"{name}: {root[:16]}" for name, root in said)


def _conclusion(protocol: Protocol) -> str:
    verdicts = protocol.round.verdicts
    sound = sum(one.is_sound for one in verdicts)
    text = _("Copies of files looked at: {all}; sound: {sound}; not sound or not checked: {rest}.")
    counts = text.format(all=len(verdicts), sound=sound, rest=len(verdicts) - sound)
    if protocol.round.is_sound:
        return counts + " " + _("All electronic files are present and in good state.")
    return counts + " " + _("What is named above must be put right.")


def _words() -> dict[str, Any]:
    return {
        "carriers": _("Carriers"),
        "carrier_columns": [
            _("Name"), _("Role"), _("Room"), _("Inventory number"), _("Device"), _("In use from"),
        ],
        "columns": [
            _("№"), _("File"), _("Bag"), _("Root, beginning"), _("Files"), _("MB"), _("Sound"),
            _("Damaged"), _("Missing"), _("Extra"), _("Not checked"), _("Signatures"), _("State"),
        ],
        "total": _("Together"),
        "nothing": _("nothing was written here yet"),
        "findings": _("Found"),
        "finding_columns": [_("What is wrong"), _("What is touched by it"), _("How to mend it")],
        "disagreements": _("Roots that do not agree"),
        "conclusion": _("Conclusion"),
        "signers": [_("Head of the school"), _("Responsible for the archive"), _("Member of the commission")],
    }  # fmt: skip
