"""The canonical CSV of sealed tables, whose SHA-256 is a table's digest.

RFC 4180 with LF: a header line, then rows in key order. NULL is an empty field, the empty text is
``""``; texts are quoted only where they must be; truth values are ``true`` and ``false``; UTF-8 without
a byte order mark. Bytes of the gzip around it depend on nothing but these bytes and zlib.
"""

from __future__ import annotations

import gzip
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from hashlib import sha256
from io import BufferedWriter, RawIOBase
from pathlib import Path
from typing import Any, Final

_MUST_QUOTE: Final = re.compile('[",\r\n]')
_BUFFER: Final = 1 << 20


@dataclass(frozen=True, slots=True)
class Written:
    """A table as written: its rows and the SHA-256 of its canonical CSV, in hexadecimal digits."""

    rows: int
    digest: str


def line(values: Iterable[Any]) -> str:
    """One record with its line end."""
    return ",".join(map(_field, values)) + "\n"


def write(path: Path, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> Written:
    """Write a table as ``.csv.gz`` and return what was written."""
    digest, count = sha256(), 0
    with (
        path.open("xb") as raw,
        gzip.GzipFile("", "wb", 6, raw, mtime=0) as packed,
        # Small writes cost gzip more than the deflating does.
        BufferedWriter(_Hashed(packed, digest), _BUFFER) as out,
    ):
        out.write(line(columns).encode())
        for row in rows:
            out.write(line(row).encode())
            count += 1
    return Written(count, digest.hexdigest())


class _Hashed(RawIOBase):
    """Passes bytes on to the gzip file and adds them to the digest."""

    def __init__(self, packed: gzip.GzipFile, digest: Any) -> None:  # noqa: ANN401 - hashlib names no type
        self._packed = packed
        self._digest = digest

    def write(self, data: Any) -> int:  # noqa: ANN401 - any buffer of bytes
        self._digest.update(data)
        return self._packed.write(data)

    def writable(self) -> bool:
        return True


def _field(value: Any) -> str:  # noqa: ANN401 - whatever a column holds
    if value is None:
        return ""
    if isinstance(value, str):
        if value == "" or _MUST_QUOTE.search(value):
            return '"' + value.replace('"', '""') + '"'
        return value
    if value is True or value is False:
        return "true" if value else "false"
    return str(value)
