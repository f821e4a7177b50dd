"""The record of a check, made when a signature is attached: certificates end, the record stays.

``head-01.sig.check.json`` says what was found and when; ``head-01.sig.check.json.ed25519`` is our
signature over it, without which the moment in it proves nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum, auto
from hashlib import sha256
from pathlib import Path
from typing import Any, Final

import orjson

from archive_store.signatures import folder
from archive_store.signatures.keys import PublicKey, SigningKey
from archive_store.signatures.result import LIMITS, Result, utc
from archive_store.texts import _

_RECORD: Final = ".check.json"
_SIGNED: Final = ".check.json.ed25519"
_FORMAT: Final = "dnevnik-archive signature check 1"


class State(Enum):
    """What the record says of a file."""

    AS_ATTACHED = auto()
    OTHER_FILE = auto()
    NO_RECORD = auto()


@dataclass(frozen=True, slots=True)
class Record:
    """A record that is believed: of which file, checked when."""

    digest: str
    at: datetime


def files(
    name: str, content: bytes, results: Sequence[Result], at: datetime, over: str, key: SigningKey | None
) -> dict[str, bytes]:
    """The record of a check of ``content``, to be laid beside it as ``name``, and our signature over it.

    ``over`` is the SHA-256 of the signed file.
    """
    record = {
        "format": _FORMAT,
        "file": name,
        "sha256": sha256(content).hexdigest(),
        "over": over,
        "checked_at": utc(at),
        "key": key.public.fingerprint if key else None,
        "results": [one.as_json() for one in results],
        "never_checked": {code: _(text) for code, text in LIMITS.items()},
    }
    written = orjson.dumps(record, option=orjson.OPT_INDENT_2) + b"\n"
    signature = {name + _SIGNED: key.sign(written)} if key else {}
    return {name + _RECORD: written, **signature}


def is_record(name: str) -> bool:
    """Whether a file is a record of a check, or our signature over one."""
    return name.endswith((_RECORD, _SIGNED))


def read(place: Path, name: str, content: bytes, keys: Sequence[PublicKey]) -> Record | None:
    """The record of the check of this very file, if one of these keys has signed it."""
    record = _read(place, name, keys)
    return record if record and record.digest == sha256(content).hexdigest() else None


def state(place: Path, name: str, content: bytes, keys: Sequence[PublicKey]) -> State:
    """Whether the file is the one that was attached under this name."""
    record = _read(place, name, keys)
    if record is None:
        return State.NO_RECORD
    same = record.digest == sha256(content).hexdigest()
    return State.AS_ATTACHED if same else State.OTHER_FILE


def _read(place: Path, name: str, keys: Sequence[PublicKey]) -> Record | None:
    written, signature = folder.content(place / (name + _RECORD)), folder.content(place / (name + _SIGNED))
    if written is None or signature is None or not any(key.has_signed(written, signature) for key in keys):
        return None
    try:
        stated: Any = orjson.loads(written)
        if stated["file"] != name:
            return None
        return Record(str(stated["sha256"]), datetime.fromisoformat(stated["checked_at"]))
    except (ValueError, KeyError, TypeError):
        return None
