"""Invented people who sign: certificates, detached CMS signatures and time-stamps, written by hand.

The writer of DER here shares nothing with the reader that it tests.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import cache
from typing import Any

from asn1crypto import core
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from gostcrypto import gosthash, gostsignature

DATA, SIGNED_DATA = "1.2.840.113549.1.7.1", "1.2.840.113549.1.7.2"
CONTENT_TYPE, MESSAGE_DIGEST = "1.2.840.113549.1.9.3", "1.2.840.113549.1.9.4"
SIGNING_TIME, SIGNING_CERTIFICATE_V2 = "1.2.840.113549.1.9.5", "1.2.840.113549.1.9.16.2.47"
SIGNATURE_TIME_STAMP, TIME_STAMP_INFO = "1.2.840.113549.1.9.16.2.14", "1.2.840.113549.1.9.16.1.4"
SHA256, SHA1 = "2.16.840.1.101.3.4.2.1", "1.3.14.3.2.26"
STREEBOG_256, STREEBOG_512 = "1.2.643.7.1.1.2.2", "1.2.643.7.1.1.2.3"
BEGINS, ENDS = datetime(2026, 1, 10, tzinfo=UTC), datetime(2027, 4, 10, tzinfo=UTC)
SIGNED_AT = datetime(2026, 6, 30, 9, 0, tzinfo=UTC)


def tlv(tag: int, *parts: bytes) -> bytes:
    """An element of DER."""
    content = b"".join(parts)
    size = len(content)
    if size < 0x80:
        return bytes([tag, size]) + content
    length = size.to_bytes((size.bit_length() + 7) // 8, "big")
    return bytes([tag, 0x80 | len(length)]) + length + content


def seq(*parts: bytes) -> bytes:
    return tlv(0x30, *parts)


def sets(*parts: bytes) -> bytes:
    return tlv(0x31, *sorted(parts))


def oid(dotted: str) -> bytes:
    return bytes(core.ObjectIdentifier(dotted).dump())


def number(value: int) -> bytes:
    return bytes(core.Integer(value).dump())


def moment(at: datetime) -> bytes:
    return bytes(core.UTCTime(at).dump())


def algorithm(dotted: str, *parameters: bytes) -> bytes:
    return seq(oid(dotted), *parameters)


def digest_of(dotted: str, content: bytes) -> bytes:
    if dotted == SHA256:
        return hashlib.sha256(content).digest()
    if dotted == SHA1:
        return hashlib.sha1(content, usedforsecurity=False).digest()
    name = {STREEBOG_256: "streebog256", STREEBOG_512: "streebog512"}[dotted]
    return bytes(gosthash.new(name, data=bytearray(content)).digest())


@dataclass(frozen=True)
class Keys:
    """A pair of keys: its public half as SubjectPublicKeyInfo, its algorithms, and how it signs."""

    spki: bytes
    digest: str
    signature_algorithm: bytes
    sign: Callable[[bytes], bytes] = field(repr=False)


@cache
def rsa_keys(bits: int = 2048, pss: bool = False) -> Keys:
    private = rsa.generate_private_key(65537, bits)
    spki = private.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    if not pss:
        return Keys(
            spki,
            SHA256,
            algorithm("1.2.840.113549.1.1.1", b"\x05\0"),
            lambda data: private.sign(data, padding.PKCS1v15(), hashes.SHA256()),
        )
    sha = algorithm(SHA256)
    stated = seq(tlv(0xA0, sha), tlv(0xA1, algorithm("1.2.840.113549.1.1.8", sha)), tlv(0xA2, number(32)))
    form = padding.PSS(padding.MGF1(hashes.SHA256()), 32)
    return Keys(
        spki,
        SHA256,
        algorithm("1.2.840.113549.1.1.10", stated),
        lambda data: private.sign(data, form, hashes.SHA256()),
    )


@cache
def ecdsa_keys() -> Keys:
    private = ec.generate_private_key(ec.SECP256R1())
    spki = private.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return Keys(
        spki,
        SHA256,
        algorithm("1.2.840.10045.4.3.2"),
        lambda data: private.sign(data, ec.ECDSA(hashes.SHA256())),
    )


# The identifiers of parameter sets in certificates, and the curves of the library.
GOST_SETS = {
    "tc26-256-A": ("1.2.643.7.1.2.1.1.1", "id-tc26-gost-3410-2012-256-paramSetA", 32),
    "CryptoPro-A": ("1.2.643.2.2.35.1", "id-tc26-gost-3410-2012-256-paramSetB", 32),
    "tc26-512-A": ("1.2.643.7.1.2.1.2.1", "id-tc26-gost-3410-12-512-paramSetA", 64),
}


@cache
def gost_keys(parameters: str) -> Keys:
    dotted, curve, size = GOST_SETS[parameters]
    signer = gostsignature.new(
        gostsignature.MODE_256 if size == 32 else gostsignature.MODE_512,
        gostsignature.CURVES_R_1323565_1_024_2019[curve],
    )
    private = bytes(range(7, 7 + size))
    public = bytes(signer.public_key_generate(bytearray(private)))
    point = public[:size][::-1] + public[size:][::-1]
    bits = {32: 256, 64: 512}[size]
    digest = {32: STREEBOG_256, 64: STREEBOG_512}[size]
    kind = {32: "1.2.643.7.1.1.1.1", 64: "1.2.643.7.1.1.1.2"}[size]
    spki = seq(algorithm(kind, seq(oid(dotted), oid(digest))), tlv(3, b"\0", tlv(4, point)))

    def sign(data: bytes) -> bytes:
        hashed = bytes(gosthash.new(f"streebog{bits}", data=bytearray(data)).digest())
        signature = bytes(signer.sign(bytearray(private), bytearray(hashed[::-1])))
        return signature[size:] + signature[:size]

    return Keys(spki, digest, algorithm(kind), sign)


def name(*parts: tuple[str, str]) -> bytes:
    return seq(*(sets(seq(oid(kind), tlv(12, value.encode()))) for kind, value in parts))


HEAD = name(
    ("2.5.4.3", "Образцова Вера Ильинична"),
    ("2.5.4.10", "МБОУ «Школа № 901»"),
    ("1.2.643.100.3", "00000000000"),
)
AUTHORITY = name(("2.5.4.3", "Вымышленный УЦ"))


@dataclass(frozen=True)
class Person:
    """Somebody who signs: the keys, the validity of the certificate, its purposes."""

    keys: Keys
    begins: datetime = BEGINS
    ends: datetime = ENDS
    purposes: tuple[str, ...] = ()
    serial: int = 0x1F00AB

    @property
    def certificate(self) -> bytes:
        return _certificate(self)  # kept: its own signature is another each time

    def _issued(self) -> bytes:
        extensions = []
        if self.purposes:
            listed = seq(*(oid(one) for one in self.purposes))
            extensions = [tlv(0xA3, seq(seq(oid("2.5.29.37"), tlv(1, b"\xff"), tlv(4, listed))))]
        signed = seq(
            tlv(0xA0, number(2)),
            number(self.serial),
            self.keys.signature_algorithm,
            AUTHORITY,
            seq(moment(self.begins), moment(self.ends)),
            HEAD,
            self.keys.spki,
            *extensions,
        )
        return seq(signed, self.keys.signature_algorithm, tlv(3, b"\0", self.keys.sign(signed)))


@cache
def _certificate(person: Person) -> bytes:
    return person._issued()


@dataclass(frozen=True)
class Signature:
    """A CMS signature to be written: ``None`` or ``False`` leaves a part out."""

    person: Person
    data: bytes
    at: datetime | None = SIGNED_AT
    cades: bool = True
    attributes: bool = True
    with_certificate: bool = True
    content_type: str = DATA
    inside: bytes | None = None
    digest: str = ""
    more_attributes: tuple[bytes, ...] = ()
    unsigned: tuple[bytes, ...] = ()

    def changed(self, **fields: Any) -> Signature:
        return replace(self, **fields)

    @property
    def _digest(self) -> str:
        return self.digest or self.person.keys.digest

    def _signed_attributes(self) -> bytes:
        certificate = self.person.certificate
        found = [
            attribute(CONTENT_TYPE, oid(self.content_type)),
            attribute(MESSAGE_DIGEST, tlv(4, digest_of(self._digest, self.data))),
            *self.more_attributes,
        ]
        if self.at:
            found.append(attribute(SIGNING_TIME, moment(self.at)))
        if self.cades:
            digest = digest_of(self._digest, certificate)
            issuer = seq(seq(tlv(0xA4, AUTHORITY)), number(self.person.serial))
            named = seq(algorithm(self._digest), tlv(4, digest), issuer)
            found.append(attribute(SIGNING_CERTIFICATE_V2, seq(seq(named))))
        return b"".join(sorted(found))

    @property
    def value(self) -> bytes:
        """The signature value."""
        return self._parts[1]

    @property
    def _parts(self) -> tuple[bytes, bytes]:
        key = (self.person, self.data, self.at, self.cades, self.attributes, self.content_type,
               self.digest, self.more_attributes)  # fmt: skip
        if key not in _MADE:  # ECDSA and GOST give another signature each time
            signed = self._signed_attributes()
            _MADE[key] = signed, self.person.keys.sign(tlv(0x31, signed) if self.attributes else self.data)
        return _MADE[key]

    def content_info(self) -> bytes:
        """The whole signature, DER."""
        signed, value = self._parts
        signer = seq(
            number(1),
            seq(AUTHORITY, number(self.person.serial)),
            algorithm(self._digest),
            tlv(0xA0, signed) if self.attributes else b"",
            self.person.keys.signature_algorithm,
            tlv(4, value),
            tlv(0xA1, *self.unsigned) if self.unsigned else b"",
        )
        data = seq(
            number(1),
            tlv(0x31, algorithm(self._digest)),
            seq(oid(self.content_type), tlv(0xA0, tlv(4, self.inside)) if self.inside is not None else b""),
            tlv(0xA0, self.person.certificate) if self.with_certificate else b"",
            tlv(0x31, signer),
        )
        return seq(oid(SIGNED_DATA), tlv(0xA0, data))

    def pem(self) -> bytes:
        body = base64.encodebytes(self.content_info())
        return b"-----BEGIN CMS-----\n" + body + b"-----END CMS-----\n"


_MADE: dict[Any, tuple[bytes, bytes]] = {}


def attribute(kind: str, *values: bytes) -> bytes:
    return seq(oid(kind), tlv(0x31, *values))


FOR_STAMPS = ("1.3.6.1.5.5.7.3.8",)


def stamp(service: Person, over: bytes, at: datetime, digest: str = "") -> bytes:
    """A time-stamp token over some bytes."""
    used = digest or service.keys.digest
    info = seq(
        number(1),
        oid("1.2.643.2.2.38.4"),
        seq(algorithm(used), tlv(4, digest_of(used, over))),
        number(17),
        bytes(core.GeneralizedTime(at).dump()),
    )
    return Signature(service, info, None, content_type=TIME_STAMP_INFO, inside=info).content_info()


def answer(token: bytes) -> bytes:
    """A time-stamp service's answer with a token."""
    return seq(seq(number(0)), token)
