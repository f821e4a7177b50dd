"""Which characters the fonts that come with the program can show; what they cannot is spelled out.

PDF/A forbids a missing glyph, and a teacher may write anything into a topic. A character without a glyph
is shown by its number, ``[U+1F600]``, so that nothing is lost and nothing fails.
"""

from __future__ import annotations

import re
import struct
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Final

FONTS: Final = Path(__file__).parent / "fonts"
_FALLBACK: Final = "DejaVuSansCondensed.ttf"
_FILES: Final = (
    *("PTF55F.ttf", "PTF75F.ttf", "PTN57F.ttf", "PTN77F.ttf", "PTS55F.ttf", "PTS75F.ttf"),
    _FALLBACK,
)
_CHARACTER_MAP: Final = b"cmap"
_TABLE_RECORDS: Final = 12
_PRIVATE_USE: Final = range(0xE000, 0xF900)
# Marks of direction, joiners, soft hyphens, variation selectors: they show nothing by themselves.
_INVISIBLE: Final = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufe00-\ufe0f\ufeff]")
_LINE_ENDS: Final = re.compile("\r\n|[\r\v\f\x85\u2028\u2029]")
_SPACES: Final = "\n "


@dataclass
class FontsMissing(Exception):
    """Fonts that come with the program are not where they belong: its installation is not whole."""

    folder: Path
    names: list[str]


def fonts() -> Path:
    """The folder of the fonts. Raises FontsMissing."""
    missing = [name for name in _FILES if not (FONTS / name).is_file()]
    if missing:
        raise FontsMissing(FONTS, missing)
    return FONTS


def showable(text: str) -> str:
    """The text in characters that have a glyph, composed (NFC), with plain spaces and line ends."""
    if text.isascii() and text.isprintable():
        return text
    text = _LINE_ENDS.sub("\n", unicodedata.normalize("NFC", text)).replace("\t", " ")
    return _without_glyph().sub(_spelled_out, _INVISIBLE.sub("", text))


def _spelled_out(found: re.Match[str]) -> str:
    return f"[U+{ord(found[0]):04X}]"


@lru_cache(maxsize=1)
def _without_glyph() -> re.Pattern[str]:
    """A character that neither PT nor the fallback has."""
    folder = fonts()
    known = {name: set(_code_points((folder / name).read_bytes())) for name in _FILES}
    fallback = known.pop(_FALLBACK)
    own = set.intersection(*known.values())
    covered = ((own | fallback) - set(_PRIVATE_USE)) | {ord(space) for space in _SPACES}
    return re.compile(f"[^{''.join(re.escape(chr(point)) for point in sorted(covered))}]")


def _code_points(font: bytes) -> Iterator[int]:
    """The code points of a TrueType font: its character map in the formats 4 and 12."""
    (tables,) = struct.unpack_from(">H", font, 4)
    for index in range(tables):
        tag, _checksum, start, _length = struct.unpack_from(">4sLLL", font, _TABLE_RECORDS + 16 * index)
        if tag == _CHARACTER_MAP:
            yield from _character_map(font, start)


def _character_map(font: bytes, start: int) -> Iterator[int]:
    (subtables,) = struct.unpack_from(">H", font, start + 2)
    offsets = {struct.unpack_from(">HHL", font, start + 4 + 8 * index)[2] for index in range(subtables)}
    for offset in offsets:
        at = start + offset
        (kind,) = struct.unpack_from(">H", font, at)
        if kind == 4:
            yield from _segments(font, at)
        elif kind == 12:
            (groups,) = struct.unpack_from(">L", font, at + 12)
            for index in range(groups):
                first, last, _glyph = struct.unpack_from(">LLL", font, at + 16 + 12 * index)
                yield from range(first, last + 1)


def _segments(font: bytes, at: int) -> Iterator[int]:
    (twice,) = struct.unpack_from(">H", font, at + 6)
    count = twice // 2
    lasts = struct.unpack_from(f">{count}H", font, at + 14)
    firsts = struct.unpack_from(f">{count}H", font, at + 16 + twice)
    deltas = struct.unpack_from(f">{count}h", font, at + 16 + 2 * twice)
    ranges_at = at + 16 + 3 * twice
    offsets = struct.unpack_from(f">{count}H", font, ranges_at)
    for index, (first, last) in enumerate(zip(firsts, lasts, strict=True)):
        for point in range(first, last + 1):
            glyph = point + deltas[index]
            if offsets[index]:
                place = ranges_at + 2 * index + offsets[index] + 2 * (point - first)
                (glyph,) = struct.unpack_from(">H", font, place)
            if glyph & 0xFFFF:
                yield point
