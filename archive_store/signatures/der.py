"""Read DER, or its base64 in a text file, of which nothing is believed: elements, and what they hold."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final, TypeVar

LARGEST: Final = 4 * 2**20
"""Bytes of the largest file that is read; signatures with revocation lists inside come to some hundred KB."""

_ARMOUR: Final = re.compile(rb"-----[A-Z0-9 ]+-----")
_TEXTS: Final = {
    12: "utf-8",
    18: "ascii",
    19: "ascii",
    20: "latin-1",
    22: "ascii",
    28: "utf-32-be",
    30: "utf-16-be",
}  # by the tags of the kinds of strings
T = TypeVar("T")
SEQUENCE: Final = 16
OCTETS: Final = 4
BITS: Final = 3
_MOST_ELEMENTS: Final = 1000
_DEEPEST: Final = 8
_LONGEST_OID: Final = 64
_LONGEST_NUMBER: Final = 64  # of a serial number 20 are allowed
_END: Final = b"\0\0"
_FAULTS: Final = (ValueError, TypeError, KeyError, IndexError, OverflowError, RecursionError)


class Malformed(Exception):  # a state of what is read
    """The bytes are not what they should be."""


@dataclass(frozen=True, slots=True)
class Element:
    """An element of DER: class (0 universal, 2 by context), tag, bytes."""

    kind: int
    tag: int
    constructed: bool
    header: bytes
    content: bytes
    trailer: bytes

    @property
    def raw(self) -> bytes:
        """The whole element."""
        return self.header + self.content + self.trailer

    def below(self) -> list[Element]:
        """The elements inside. Raises Malformed."""
        if not self.constructed:
            raise Malformed("no elements inside")
        return elements(self.content)

    def sequence(self) -> list[Element]:
        """The elements of a SEQUENCE. Raises Malformed."""
        return self._plain(SEQUENCE).below()

    def octets(self) -> bytes:
        """The bytes of an OCTET STRING. Raises Malformed."""
        octets = self._plain(OCTETS)
        if octets.constructed:  # BER in pieces
            return b"".join(piece.octets() for piece in octets.below())
        return octets.content

    def bits(self) -> bytes:
        """The bytes of a BIT STRING of whole bytes. Raises Malformed."""
        content = self._plain(BITS).content
        if self.constructed or not content or content[0]:
            raise Malformed("a bit string of whole bytes is expected")
        return content[1:]

    def number(self) -> int:
        """The value of an INTEGER. Raises Malformed."""
        content = self._plain(2).content
        if not 0 < len(content) <= _LONGEST_NUMBER:
            raise Malformed("a number that cannot be")
        return int.from_bytes(content, "big", signed=True)

    def oid(self) -> str:
        """The value of an OBJECT IDENTIFIER, dotted. Raises Malformed."""
        identifier = self._plain(6)
        if len(identifier.content) > _LONGEST_OID:
            raise Malformed("an identifier that cannot be")
        from asn1crypto import core  # takes a while, and seldom there is a signature to read

        return _read(lambda: str(core.ObjectIdentifier.load(identifier.raw).dotted))

    def moment(self) -> datetime:
        """The value of a UTCTime or GeneralizedTime. Raises Malformed."""
        if self.kind or self.tag not in (23, 24):
            raise Malformed("a moment is expected")
        from asn1crypto import core

        kind = core.UTCTime if self.tag == 23 else core.GeneralizedTime  # tags of DER
        value = _read(lambda: kind.load(self.raw).native)
        if not isinstance(value, datetime) or value.tzinfo is None:
            raise Malformed("a moment without a zone")
        return _read(lambda: value.astimezone(UTC))

    def text(self) -> str:
        """The value of a string of any kind; what cannot be shown is replaced. Raises Malformed."""
        if self.kind or self.tag not in _TEXTS:
            raise Malformed("a text is expected")
        return printable(self.content.decode(_TEXTS[self.tag], "replace"))

    def is_tagged(self, number: int) -> bool:
        """Whether this is the optional element ``[number]``."""
        return self.kind == 2 and self.tag == number  # class of DER

    def _plain(self, tag: int) -> Element:
        if self.kind or self.tag != tag:
            raise Malformed(f"tag {tag} is expected, not {self.tag}")
        return self


def printable(text: str) -> str:
    """A text that may be hostile, without what a terminal would obey or could not show."""
    return "".join(sign if sign.isprintable() else "\N{REPLACEMENT CHARACTER}" for sign in text)


def whole(content: bytes) -> Element:
    """The one element that the bytes are. Raises Malformed."""
    found = elements(content)
    if len(found) != 1:
        raise Malformed("not one element")
    return found[0]


def elements(content: bytes) -> list[Element]:
    """The elements that the bytes are made of. Raises Malformed."""
    found: list[Element] = []
    position = 0
    while position < len(content):
        if len(found) == _MOST_ELEMENTS:
            raise Malformed("too many elements")
        element, position = _element(content, position, 0)
        found.append(element)
    return found


def _element(content: bytes, start: int, depth: int) -> tuple[Element, int]:
    """The element at a place and where the next begins. Own code: a hostile tag must not cost hours."""
    first, length, position = _head(content, start)
    constructed = bool(first & 0x20)
    trailer = b""
    if length is None:  # BER: to the end that is marked by two zeros
        if not constructed or depth == _DEEPEST:
            raise Malformed("a length is missing")
        end = position
        while content[end : end + 2] != _END:
            _inner, end = _element(content, end, depth + 1)
        trailer = _END
    else:
        end = position + length
    if end + len(trailer) > len(content):
        raise Malformed("it breaks off")
    element = Element(
        first >> 6, first & 0x1F, constructed, content[start:position], content[position:end], trailer
    )
    return element, end + len(trailer)


def _head(content: bytes, start: int) -> tuple[int, int | None, int]:
    """The first byte of an element, the length of its content if it is stated, where that begins."""
    if start + 2 > len(content):
        raise Malformed("it breaks off")
    first, length = content[start], content[start + 1]
    if first & 0x1F == 0x1F:  # tags above 30, which nothing here has
        raise Malformed("an unknown tag")
    if length < 0x80:  # DER
        return first, length, start + 2
    size = length & 0x7F
    if size == 0:
        return first, None, start + 2
    if size > 4 or start + 2 + size > len(content):  # four bytes tell 4 GB
        raise Malformed("a length that cannot be")
    return first, int.from_bytes(content[start + 2 : start + 2 + size], "big"), start + 2 + size


def from_file(content: bytes) -> bytes:
    """The DER in a file: as it is, or as base64, with PEM's lines or without. Raises Malformed."""
    if not content:
        raise Malformed("empty")
    if len(content) > LARGEST:
        raise Malformed("too large")
    if content[:1] == b"\x30":
        return content
    try:
        packed = b"".join(_ARMOUR.sub(b"", content.removeprefix(b"\xef\xbb\xbf")).split())
        return base64.b64decode(packed, validate=True)
    except binascii.Error:
        raise Malformed("neither DER nor base64") from None


def _read(reading: Callable[[], T]) -> T:
    try:
        return reading()
    except _FAULTS as error:
        raise Malformed(str(error)[:100]) from None
