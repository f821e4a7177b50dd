"""What a verification finds, as data; the commands word it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

Kind = Literal[
    "chain", "malformed", "run", "version", "register", "unvouched", "unread", "checked", "anchor", "answers",
    "answer",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that does not agree with the ledger, with its place.

    ``chain``: an entry does not follow from the one before. ``malformed``: an entry follows, but it, or the
    line that it vouches for, does not say what one of its kind (``place``) has to say. ``run``: the versions
    that a run opened and closed (of ``entity``) are not those on record; ``expected`` and ``found`` count
    them. ``version``: a version (of ``entity``, with ``key``) is not what its digest says. ``register``: a
    row of the register of runs, sealed years, closings, terms, access, carriers or retention differs, is
    missing, or has no entry. ``unvouched``: versions name a run or a school that the ledger does not know.
    ``unread``: a table cannot be read to its end.
    ``checked``: an entry that was verified earlier has another head now, or is gone. ``anchor``: the chain
    does not go through a head that was kept elsewhere. ``answers``: the platform's answers that a run got
    (``place``: or those of the runs before it) are not those on record; ``expected`` and ``found`` count.
    ``answer``: one of them is altered, lost, or one that no run got (``place``); ``key`` is its call.
    """

    kind: Kind
    entry: int
    place: str
    run: int | None = None
    entity: str = ""
    key: tuple[Any, ...] = ()
    expected: tuple[int, ...] = ()
    found: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a verification counted: entries and versions checked, and all that does not agree.

    ``full``: every version was checked; else those of the entries after ``since``, which were not checked
    before. ``up_to`` is the last entry, with its head. ``answers`` counts the answers that were unpacked.
    """

    entries: int
    versions: int
    findings: tuple[Finding, ...]
    full: bool
    since: int
    up_to: int
    head: bytes
    answers: int = 0
