"""The log of access for people: a line per read, as text, CSV or a paper to be signed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from archive_store.access.log import Kind, State
from archive_store.access.readings import Reading
from archive_store.texts import N_, _

KINDS: Final = {
    Kind.EXPORT: N_("export"),
    Kind.VIEWER: N_("page for the browser"),
    Kind.PACKAGE: N_("package for an addressee"),
    Kind.DEPERSONALISED: N_("export without personal data"),
    Kind.FORM: N_("forms"),
    Kind.TEMPLATE: N_("table to be filled in"),
    Kind.DATA: N_("tables of the record"),
    Kind.HISTORY: N_("history of values"),
    Kind.CARD: N_("card of a person"),
    Kind.SIARD: N_("bag as SIARD"),
    Kind.COPY: N_("copy to a carrier"),
    Kind.REPAIR: N_("repair of copies"),
    Kind.BACKUP: N_("copy of the database"),
    Kind.CHECK: N_("check of a year"),
    Kind.CHANGES: N_("changes since the closing"),
    Kind.ACT: N_("act of closing"),
    Kind.DIFFERENCE: N_("comparison of bags"),
    Kind.RECONCILIATION: N_("comparison with the platform"),
    Kind.FINDINGS: N_("findings of the ledger's check"),
}
_DETAILED: Final = (Kind.DATA, Kind.FORM, Kind.TEMPLATE, Kind.PACKAGE)
_STATES: Final = {State.GIVEN: N_("given"), State.FAILED: N_("failed"), None: N_("cut off, not known")}


def headings() -> tuple[str, ...]:
    """The headings of the columns of :meth:`Line.cells`."""
    return (
        _("№"), _("Date and time"), _("Who"), _("What"), _("About whom"), _("Purpose, request"),
        _("To whom, where"), _("Outcome"), _("SHA-256 of what was given"),
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Line:
    """A read in words. ``digest`` is whole, in hexadecimal digits; empty if there is none."""

    number: int
    at: str
    who: str
    what: str
    whom: str
    why: str
    where: str
    outcome: str
    digest: str

    def said(self) -> list[tuple[str, str]]:
        """What is known of it beside what, when and how it ended, each with its name."""
        named = zip(headings()[2:], self.cells()[2:], strict=True)
        told = {_("What"), _("Outcome")}
        return [(name, text) for name, text in named if text and name not in told]

    def cells(self, *, digits: int = 64) -> tuple[str, ...]:
        """The cells of a table, the digest by its first digits."""
        texts = (self.at, self.who, self.what, self.whom, self.why, self.where, self.outcome)
        return (str(self.number), *texts, self.digest[:digits])


def line_of(reading: Reading, group_name: Callable[[int], str | None], zone: ZoneInfo) -> Line:
    """A read in words; classes by the names that ``group_name`` knows, people by their ids."""
    begun, ended = reading.begun, reading.ended
    moment = datetime.fromisoformat(begun.at).astimezone(zone)
    occasion = begun.occasion
    digest = ended.digest if ended else None
    known = {kind.value: text for kind, text in KINDS.items()}
    what = _(known[begun.kind]) if begun.kind in known else begun.kind
    details = str(begun.about.get("what") or begun.about.get("data") or "")
    return Line(
        begun.number,
        f"{moment:%d.%m.%Y %H:%M}",
        "; ".join(part for part in (occasion.person, occasion.account) if part),
        f"{what} ({details})" if details and begun.kind in _DETAILED else what,
        _whom(begun.about, group_name),
        "; ".join(part for part in (occasion.purpose, occasion.request) if part),
        "; ".join(part for part in (occasion.addressee, _place(begun.target)) if part),
        _outcome(reading),
        digest.hex() if digest else "",
    )


def _place(target: str) -> str:
    return _("to the screen, or on to a file") if target == "stdout" else target


def _whom(about: dict[str, object], group_name: Callable[[int], str | None]) -> str:
    """Years, classes and people, from an entry of any age."""
    parts = []
    years = _listed(about.get("years") or about.get("year"))
    groups = _listed(about.get("groups") or about.get("group"))
    people = _listed(about.get("people") or about.get("ids"))
    if years:
        parts.append(", ".join(f"{year}/{int(year) + 1}" for year in years))
    if groups:
        parts.append(_class_names(groups, group_name))
    if people:
        parts.append(_("people: {ids}").format(ids=", ".join(people)))
    return "; ".join(parts) or _("the whole school")


def _class_names(groups: Sequence[str], group_name: Callable[[int], str | None]) -> str:
    found = {one: group_name(int(one)) if one.isdigit() else one for one in groups}
    names = [name for name in found.values() if name] or list(found)
    return ", ".join(dict.fromkeys(names))


def _listed(value: object) -> list[str]:
    if value in (None, "", []):
        return []
    return [str(one) for one in value] if isinstance(value, list) else [str(value)]


def _outcome(reading: Reading) -> str:
    said = _(_STATES[reading.state])
    counts = {name: value for name, value in reading.counts.items() if isinstance(value, int)}
    total = counts.get("rows", sum(counts.values()) if counts else None)
    return said if total is None else _("{said}, records: {count}").format(said=said, count=total)
