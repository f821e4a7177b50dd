"""Whether what is told of a run - by an entry of the ledger, by a line of a book - has a shape to be read.

Whoever can write the database can put anything there; what is read of it is held against these rules first.
"""

from __future__ import annotations

import re
from typing import Any, Final, TypeGuard

from archive_store.ledger import ANSWERS_TOLD

_LARGEST: Final = (1 << 63) - 1
_DIGEST: Final = re.compile(r"[0-9a-f]{64}")
_COUNTS: Final = {"opened", "closed", "passed"}
_DIGESTS: Final = {"digest", "passed_digest"}


def is_number(value: object) -> bool:
    """Whether it is an integer that a database can hold; a truth value is none."""
    return type(value) is int and -_LARGEST <= value <= _LARGEST


def is_digest(value: object) -> bool:
    """Whether it is a SHA-256 in hexadecimal digits."""
    return isinstance(value, str) and _DIGEST.fullmatch(value) is not None


def is_told(name: str, value: object) -> bool:
    """Whether ``value`` tells of a run's versions of an entity, or of its answers, as ``name`` says."""
    return _is_of_answers(value) if name in ANSWERS_TOLD else _is_of_versions(value)


def is_entry_of_run(about: object) -> TypeGuard[dict[str, Any]]:
    """Whether it is what :func:`archive_store.ledger.append_run` says of a run, also of earlier versions."""
    if not isinstance(about, dict):
        return False
    entities = about.get("entities")
    return (
        is_number(about.get("run"))
        and isinstance(about.get("row", ""), str | None)
        and isinstance(entities, dict)
        and all(_is_of_versions(told) for told in entities.values())
        and all(_is_of_answers(about[name]) for name in ANSWERS_TOLD if name in about)
    )


def is_line_on_clearing(details: object) -> TypeGuard[dict[str, Any]]:
    """Whether it says what each run is vouched for after a part of the record was cleared."""
    runs = details.get("runs") if isinstance(details, dict) else None
    return isinstance(runs, dict) and all(
        run.isdecimal() and isinstance(told, dict) and all(is_told(name, one) for name, one in told.items())
        for run, told in runs.items()
    )


def _is_of_versions(value: object) -> bool:
    """Counts and digests as :func:`archive_store.ledger.digests_of_run` makes them; none at all is well."""
    return (
        isinstance(value, dict)
        and value.keys() <= _COUNTS | _DIGESTS
        and all(_is_count(value[name]) for name in value.keys() & _COUNTS)
        and all(is_digest(value[name]) for name in value.keys() & _DIGESTS)
    )


def _is_of_answers(value: object) -> bool:
    return (
        isinstance(value, dict)
        and value.keys() == {"count", "digest"}
        and _is_count(value["count"])
        and is_digest(value["digest"])
    )


def _is_count(value: object) -> bool:
    return type(value) is int and 0 <= value <= _LARGEST
