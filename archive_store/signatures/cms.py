"""What a CMS signature (RFC 5652) says, read into plain data; whether it is true, ``checking`` finds out."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from archive_store.signatures import oids
from archive_store.signatures.der import BITS, Element, Malformed, whole

_MOST: Final = 16  # signers, and certificates of each, of a file that is worth checking
_LONGEST_SHOWN: Final = 200
_NAMED: Final = {
    "2.5.4.3": "CN",
    "2.5.4.4": "SN",
    "2.5.4.42": "GN",
    "2.5.4.12": "title",
    "2.5.4.10": "O",
    "2.5.4.11": "OU",
}  # not the numbers of people (SNILS, INN): a report is read by many


@dataclass(frozen=True, slots=True)
class Name:
    """A name in a certificate: its DER, and those parts of it that are shown."""

    der: bytes
    parts: tuple[tuple[str, str], ...]

    def text(self) -> str:
        """The name for people: ``CN=..., O=...``."""
        return ", ".join(f"{kind}={value}" for kind, value in self.parts)


@dataclass(frozen=True, slots=True)
class Algorithm:
    """An algorithm: its identifier, and its parameters if it has any but NULL."""

    oid: str
    parameters: Element | None


@dataclass(frozen=True, slots=True)
class Certificate:
    """A certificate (X.509): whose key it is, and when."""

    der: bytes
    serial: int
    issuer: Name
    subject: Name
    not_before: datetime
    not_after: datetime
    key: bytes
    key_identifier: bytes | None
    purposes: tuple[str, ...] | None


@dataclass(frozen=True, slots=True)
class Signer:
    """One signer of a signature, as stated."""

    issuer: bytes | None
    serial: int | None
    key_identifier: bytes | None
    digest: Algorithm
    algorithm: Algorithm
    signature: bytes
    signed: bytes | None
    attributes: dict[str, tuple[Element, ...]]
    unsigned: dict[str, tuple[Element, ...]]

    def certificate(self, among: tuple[Certificate, ...]) -> Certificate | None:
        """The certificate that the signer names, if it is there."""
        for one in among:
            if self.key_identifier is not None and one.key_identifier == self.key_identifier:
                return one
            if self.key_identifier is None and (one.issuer.der, one.serial) == (self.issuer, self.serial):
                return one
        return None


@dataclass(frozen=True, slots=True)
class SignedData:
    """A signature: over what kind of content, the content if it lies inside, certificates, signers."""

    content_type: str
    content: bytes | None
    certificates: tuple[Certificate, ...]
    signers: tuple[Signer, ...]


def read(element: Element) -> SignedData:
    """The signature that a ContentInfo holds. Raises Malformed."""
    kind, *rest = element.sequence()
    if kind.oid() != oids.SIGNED_DATA or len(rest) != 1 or not rest[0].is_tagged(0):
        raise Malformed("no signature (SignedData)")
    (data,) = _exactly(rest[0].below(), 1)
    _version, _digests, encapsulated, *optional, signers = _at_least(data.sequence(), 4)
    certificates = [one for field in optional if field.is_tagged(0) for one in field.below()]
    content_type, *content = _at_least(encapsulated.sequence(), 1)
    infos = signers.below()
    if len(infos) > _MOST or len(certificates) > _MOST * _MOST:
        raise Malformed("too many signers or certificates")
    return SignedData(
        content_type.oid(),
        _exactly(content[0].below(), 1)[0].octets() if content else None,
        # Other kinds of certificates are tagged.
        tuple(certificate(one) for one in certificates if one.kind == 0),
        tuple(_signer(one) for one in infos),
    )


def certificate(element: Element) -> Certificate:
    """A certificate. Raises Malformed."""
    signed, _algorithm, _signature = _exactly(element.sequence(), 3)
    fields = signed.sequence()
    if fields and fields[0].is_tagged(0):
        fields = fields[1:]  # the version; the first one is left out
    serial, _signed_by, issuer, validity, subject, key, *optional = _at_least(fields, 6)
    begins, ends = _exactly(validity.sequence(), 2)
    extensions = _extensions([one for one in optional if one.is_tagged(3)])
    purposes = extensions.get(oids.EXTENDED_KEY_USAGE)
    key_identifier = extensions.get(oids.SUBJECT_KEY_IDENTIFIER)
    return Certificate(
        element.raw,
        serial.number(),
        _name(issuer),
        _name(subject),
        begins.moment(),
        ends.moment(),
        key.raw,
        None if key_identifier is None else whole(key_identifier).octets(),
        None if purposes is None else tuple(one.oid() for one in whole(purposes).sequence()),
    )


def public_key(der: bytes) -> tuple[Algorithm, bytes]:
    """Algorithm and bytes of a SubjectPublicKeyInfo. Raises Malformed."""
    kind, key = _exactly(whole(der).sequence(), 2)
    if key.tag != BITS:
        raise Malformed("no key")
    return algorithm(kind), key.bits()


def algorithm(element: Element) -> Algorithm:
    """An AlgorithmIdentifier. Raises Malformed."""
    identifier, *parameters = _at_least(element.sequence(), 1)
    given = [one for one in parameters if (one.kind, one.tag) != (0, 5)]
    return Algorithm(identifier.oid(), given[0] if given else None)


def _signer(element: Element) -> Signer:
    _version, who, digest, *rest = _at_least(element.sequence(), 5)
    attributes = rest.pop(0) if rest[0].is_tagged(0) else None
    kind, signature, *optional = _at_least(rest, 2)
    issuer: Element | None = None
    serial: Element | None = None
    if not who.is_tagged(0):
        issuer, serial = _exactly(who.sequence(), 2)
    unsigned = [one for field in optional if field.is_tagged(1) for one in field.below()]
    return Signer(
        issuer.raw if issuer else None,
        serial.number() if serial else None,
        who.content if who.is_tagged(0) else None,
        algorithm(digest),
        algorithm(kind),
        signature.octets(),
        None if attributes is None else _as_set(attributes),
        {} if attributes is None else _attributes(attributes.below()),
        _attributes(unsigned),
    )


def _as_set(attributes: Element) -> bytes:
    """The signed attributes as they were signed: as a SET, not as the optional element ``[0]``."""
    if attributes.trailer:
        raise Malformed("signed attributes are not DER")
    return b"\x31" + attributes.header[1:] + attributes.content


def _attributes(found: list[Element]) -> dict[str, tuple[Element, ...]]:
    attributes: dict[str, tuple[Element, ...]] = {}
    for one in found:
        kind, values = _exactly(one.sequence(), 2)
        attributes[kind.oid()] = (*attributes.get(kind.oid(), ()), *values.below())
    return attributes


def _name(element: Element) -> Name:
    parts = []
    for group in element.sequence():
        for part in group.below():
            kind, value = _exactly(part.sequence(), 2)
            if kind.oid() in _NAMED:
                parts.append((_NAMED[kind.oid()], value.text()[:_LONGEST_SHOWN]))
    return Name(element.raw, tuple(parts))


def _extensions(wrapped: list[Element]) -> dict[str, bytes]:
    if not wrapped:
        return {}
    (listed,) = _exactly(wrapped[0].below(), 1)
    fields = [one.sequence() for one in listed.sequence()]
    return {_at_least(one, 2)[0].oid(): one[-1].octets() for one in fields}


def _exactly(found: list[Element], number: int) -> list[Element]:
    if len(found) != number:
        raise Malformed("an element is missing or too many")
    return found


def _at_least(found: list[Element], number: int) -> list[Element]:
    if len(found) < number:
        raise Malformed("an element is missing")
    return found
