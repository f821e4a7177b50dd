"""The chain of the log: what an entry's head is made of. A leaf, so that the ledger can recompute it too."""

from __future__ import annotations

from hashlib import sha256
from typing import Any, Final

import orjson

COLUMNS: Final = (
    "number", "at", "account", "person", "kind", "state", "begun", "about", "purpose", "request",
    "addressee", "target", "digest",
)  # fmt: skip


def chained(previous: bytes, row: Any) -> bytes:  # noqa: ANN401 - a row of ACCESS
    """The head of an entry: SHA-256 of the head before it and a JSON array of its columns, in their order.

    Bytes stand in the array as hexadecimal digits. Never raises: also a row that was tampered with has one.
    """
    values = [getattr(row, name) for name in COLUMNS]
    values = [one.hex() if isinstance(one, bytes | memoryview) else one for one in values]
    try:
        form = orjson.dumps(values)
    except TypeError:  # what no entry holds, and no head on record agrees with
        form = repr(values).encode("utf-8", "backslashreplace")
    return sha256(previous + form).digest()
