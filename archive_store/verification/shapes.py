"""Whether an entry of the ledger has the shape that the program gives it.

Whoever can write the database can write an entry that says nothing, or says it in a way that no reader
expects, and chain it in. Such an entry is named as malformed, and no register is asked by what it says.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from archive_store.retention.tombstones import tombstone_of
from archive_store.told import is_digest, is_entry_of_run, is_line_on_clearing, is_number


def is_well_formed(kind: str, about: dict[str, Any]) -> bool:
    """Whether an entry of the kind says what such an entry says; of a kind not known here, anything."""
    return kind not in _ENTRIES or _ENTRIES[kind](about)


def is_line_well_formed(kind: str, details: object) -> bool:
    """Whether a line of the book of retention can be read: what was destroyed, what was cleared."""
    if kind == "cleared":
        return is_line_on_clearing(details)
    return isinstance(details, dict) and (kind != "destroyed" or tombstone_of(details) is not None)


def _is_snapshot(about: dict[str, Any]) -> bool:
    roots = about.get("roots")
    return (
        is_number(about.get("study_year"))
        and all(is_number(about.get(name, 1)) for name in ("edition", "run"))
        and isinstance(roots, dict)
        and all(is_digest(root) for root in roots.values())
        and all(isinstance(about.get(name, {}), dict) for name in ("terms", "groups"))
    )


def _is_numbered(about: dict[str, Any]) -> bool:
    return is_number(about.get("number"))


_ENTRIES: Final[dict[str, Callable[[dict[str, Any]], bool]]] = {
    "run": is_entry_of_run,
    "snapshot": _is_snapshot,
    "terms": _is_numbered,
    "access": _is_numbered,
    "disclosure": _is_numbered,
    "carrier": _is_numbered,
    "retention": _is_numbered,
    "restored": lambda about: is_number(about.get("run")),
}
