"""The canonical form of a version and its digest: what the ledger vouches for.

The form is a JSON array ``[entity, school id, column, column, ...]`` in UTF-8 without white space,
columns in the order of :mod:`archive_store.records`. Python's own ``json.dumps(row,
ensure_ascii=False, separators=(",", ":"))`` gives the same bytes, so the form outlives orjson.
"""

from __future__ import annotations

from collections.abc import Iterable
from hashlib import sha256
from typing import Any

import orjson


def version_digest(entity: str, school_id: int, record: Iterable[Any]) -> bytes:
    """SHA-256 (32 bytes) of the canonical form of one version."""
    return sha256(orjson.dumps((entity, school_id, *record))).digest()


def row_digest(table: str, row: Iterable[Any]) -> str:
    """The same of a row of another table, in hexadecimal digits; bytes in it as such digits too.

    Never raises: also a row that was tampered with has a digest.
    """
    values = [one.hex() if isinstance(one, bytes) else one for one in row]
    try:
        form = orjson.dumps((table, *values))
    except TypeError:  # what no record holds, and no digest on record agrees with
        form = repr((table, *values)).encode("utf-8", "backslashreplace")
    return sha256(form).hexdigest()


def values_digest(values: Iterable[Any]) -> bytes:
    """SHA-256 (32 bytes) of the values of a row, as a JSON array in the same form."""
    return sha256(orjson.dumps([*values])).digest()
