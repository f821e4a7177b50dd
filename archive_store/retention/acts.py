"""Acts: what was selected for destruction, what the commission and the head said of it, how far it got."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any, Final

import sqlalchemy as sa

from archive_store.retention.book import Clerk, Event, Kind, events
from archive_store.retention.due import SealedFile, State, Unit
from archive_store.retention.errors import NothingDue, Superseded, UnknownAct
from archive_store.retention.tombstones import tombstones
from archive_store.snapshot import naming

_INFO: Final = "bag-info.txt"
_OXUM: Final = "Payload-Oxum: "


@dataclass(frozen=True, slots=True)
class Line:
    """A bag in an act, as it stood when it was selected: ``group`` is the name of the class then."""

    study_year: int
    bag: str
    root: str
    group_id: int | None
    group: str | None
    index: str
    title: str
    article: str
    years: int
    due_from: str
    files: int
    size: int

    @property
    def unit(self) -> Unit:
        """Its record group."""
        return self.study_year, naming.stem_of(self.bag)

    @property
    def place(self) -> str:
        """Year and bag, as a path."""
        return f"{naming.year_folder(self.study_year)}/{self.bag}"

    @property
    def is_summary(self) -> bool:
        """Whether it holds the summary sheets of the year."""
        return naming.is_summary(self.bag)


@dataclass(frozen=True, slots=True)
class Approval:
    """The expert commission's minutes and the head's approval; days are ``YYYY-MM-DD``."""

    minutes: str
    minutes_day: str
    head: str
    head_day: str


@dataclass(frozen=True, slots=True)
class Act:
    """An act by its number: what it names, and how far it got. Moments are UTC."""

    number: int
    at: str
    account: str
    lines: tuple[Line, ...]
    approval: Approval | None = None
    begun_at: str | None = None
    completed_at: str | None = None
    cleared: tuple[Event, ...] = ()
    completed: Event | None = None
    superseded_by: int | None = None

    @property
    def is_under_way(self) -> bool:
        """Whether the destruction has begun and is not finished."""
        return self.begun_at is not None and self.completed_at is None


def acts(connection: sa.Connection, school_id: int) -> list[Act]:
    """All acts of the book, the first one first."""
    found: dict[int, Act] = {}
    for event in events(connection, school_id):
        said = event.details
        if event.kind is Kind.PROPOSED:
            lines = tuple(_line(one) for one in said["bags"])
            _supersede(found, said["act"], lines)
            found[said["act"]] = Act(said["act"], event.at, event.account, lines)
        elif (act := found.get(said.get("act", 0))) is not None:
            found[act.number] = _further(act, event)
    return list(found.values())


def find(connection: sa.Connection, school_id: int, number: int) -> Act:
    """The act of that number. Raises UnknownAct, Superseded."""
    known = {one.number: one for one in acts(connection, school_id)}
    if number not in known:
        raise UnknownAct(number, sorted(known))
    if known[number].superseded_by is not None:
        raise Superseded(number, known[number].superseded_by or 0)
    return known[number]


def propose(connection: sa.Connection, clerk: Clerk, chosen: Sequence[SealedFile], own: Path) -> Act:
    """Select for destruction those that are due, in the caller's transaction.

    ``own`` is the folder of sealed years. An act that names the same bags and was not begun is superseded.
    Raises NothingDue.
    """
    due = [one for one in chosen if one.state is State.DUE]
    if not due:
        waiting = [one.due_from for one in chosen if one.state is State.NOT_YET]
        held = sorted({f"{one.study_year}: {one.bag}" for one in chosen if one.state is State.HELD})
        raise NothingDue(min(waiting, default=None), held)
    # Also after those of another copy of the archive, whose tombstones this one took over.
    used = [one.number for one in acts(connection, clerk.school_id)]
    used += [one.act for one in tombstones(connection, clerk.school_id)]
    number = max(used, default=0) + 1
    lines = [_line_of(one, own) for one in due]
    bags = [asdict(one) | {"group_id": _text(one.group_id)} for one in lines]
    clerk.enter(connection, Kind.PROPOSED, {"act": number, "bags": bags})
    return find(connection, clerk.school_id, number)


def approve(connection: sa.Connection, clerk: Clerk, act: Act, said: Approval) -> Act:
    """Record the commission's minutes and the head's approval, in the caller's transaction."""
    clerk.enter(connection, Kind.APPROVED, {"act": act.number, **asdict(said)})
    return replace(act, approval=said)


def _further(act: Act, event: Event) -> Act:
    said = event.details
    match event.kind:
        case Kind.APPROVED:
            names = Approval.__dataclass_fields__
            return replace(act, approval=Approval(**{name: said[name] for name in names}))
        case Kind.DESTROYED:
            return replace(act, begun_at=act.begun_at or event.at)
        case Kind.CLEARED:
            return replace(act, cleared=(*act.cleared, event))
        case Kind.COMPLETED:
            return replace(act, completed_at=event.at, completed=event)
    return act


def _supersede(found: dict[int, Act], number: int, lines: Sequence[Line]) -> None:
    named = {(one.study_year, one.bag) for one in lines}
    for act in list(found.values()):
        if act.begun_at is None and named & {(one.study_year, one.bag) for one in act.lines}:
            found[act.number] = replace(act, superseded_by=number)


def _line(value: dict[str, Any]) -> Line:
    group_id = value["group_id"]
    return Line(**{**value, "group_id": int(group_id) if group_id is not None else None})


def _line_of(one: SealedFile, own: Path) -> Line:
    places = (Path(one.path), own / naming.year_folder(one.study_year) / one.bag)
    size, files = next(filter(None, map(_payload, places)), (0, 0))
    return Line(
        one.study_year, one.bag, one.root, one.group_id, one.group, one.file.index, one.file.title,
        one.file.article, one.years, one.due_from, files, size,
    )  # fmt: skip


def _payload(bag: Path) -> tuple[int, int] | None:
    """Bytes and files of a bag's payload, as its label says (RFC 8493, section 2.2.2)."""
    try:
        lines = (bag / _INFO).read_text("utf-8").splitlines()
        oxum = next(line.removeprefix(_OXUM) for line in lines if line.startswith(_OXUM))
        size, _, files = oxum.partition(".")
        return int(size), int(files)
    except (OSError, ValueError, StopIteration):
        return None


def _text(number: int | None) -> str | None:
    return str(number) if number is not None else None
