"""Whether a CMS signature over some bytes is true, signer by signer, before any question of dates."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from archive_store.signatures import cms, mathematics, oids
from archive_store.signatures.der import Element, Malformed
from archive_store.signatures.mathematics import NotCheckable
from archive_store.signatures.result import Remark, Signatory


@dataclass(frozen=True, slots=True)
class Checked:
    """One signer: what is wrong, who it is, which moment he states."""

    signer: cms.Signer
    certificate: cms.Certificate | None
    findings: tuple[Remark, ...]
    notes: tuple[Remark, ...]
    checkable: bool
    stated_at: datetime | None

    @property
    def by(self) -> Signatory | None:
        """The signer as his certificate names him."""
        one = self.certificate
        if one is None:
            return None
        return Signatory(
            one.subject.text(),
            one.issuer.text(),
            f"{one.serial:X}",  # not decimal: Python refuses to write very long numbers so
            one.not_before,
            one.not_after,
            mathematics.name(self.signer),
        )


def check(data: cms.SignedData, content: bytes, content_type: str) -> list[Checked]:
    """Check every signer of a signature over ``content``. Raises Malformed."""
    return [_check(one, data, content, content_type) for one in data.signers]


def _check(signer: cms.Signer, data: cms.SignedData, content: bytes, content_type: str) -> Checked:
    certificate = signer.certificate(data.certificates)
    findings: tuple[Remark, ...]
    checkable = True
    try:
        findings = tuple(_findings(signer, certificate, data, content, content_type))
    except NotCheckable as unknown:
        findings, checkable = (unknown.why,), False
    bound = {oids.SIGNING_CERTIFICATE, oids.SIGNING_CERTIFICATE_V2} & signer.attributes.keys()
    notes = () if bound else (Remark("not-cades"),)
    return Checked(signer, certificate, findings, notes, checkable, _stated_moment(signer))


def _findings(
    signer: cms.Signer,
    certificate: cms.Certificate | None,
    data: cms.SignedData,
    content: bytes,
    content_type: str,
) -> Iterator[Remark]:
    if data.content_type != content_type or (data.content is not None and data.content != content):
        yield Remark("other-data")
        return
    if weak := mathematics.weakness(signer.digest.oid):
        yield weak
        return
    if signer.signed is not None:
        yield from _attributes(signer, content, content_type)
    if certificate is None:
        raise NotCheckable(Remark("no-certificate"))
    signed = content if signer.signed is None else signer.signed
    if wrong := mathematics.fault(signer, certificate.key, signed):
        yield wrong
    if not _names(signer, certificate):
        yield Remark("other-certificate")


def _attributes(signer: cms.Signer, content: bytes, content_type: str) -> Iterator[Remark]:
    """Hold the signed attributes that must be there against the content (RFC 5652, 5.3 and 11)."""
    kinds = signer.attributes.get(oids.CONTENT_TYPE, ())
    digests = signer.attributes.get(oids.MESSAGE_DIGEST, ())
    moments = signer.attributes.get(oids.SIGNING_TIME, ())
    if len(kinds) != 1 or len(digests) != 1 or len(moments) > 1 or kinds[0].oid() != content_type:
        yield Remark("attributes")
    elif digests[0].octets() != mathematics.digest(signer.digest.oid, content):
        yield Remark("other-data")


def _names(signer: cms.Signer, certificate: cms.Certificate) -> bool:
    """Whether the certificate is the one that the signed attributes name, if they name one."""
    for kind in (oids.SIGNING_CERTIFICATE, oids.SIGNING_CERTIFICATE_V2):
        for value in signer.attributes.get(kind, ()):
            named = value.sequence()
            first = named[0].sequence()[0].sequence() if named and named[0].sequence() else []
            if not _is_of(first, kind, certificate):
                return False
    return True


def _is_of(named: list[Element], kind: str, certificate: cms.Certificate) -> bool:
    """Whether an ESSCertID or ESSCertIDv2 (RFC 5035) is that of a certificate."""
    algorithm = oids.SHA1 if kind == oids.SIGNING_CERTIFICATE else oids.SHA256
    if named and named[0].kind == 0 and named[0].constructed:
        algorithm, named = cms.algorithm(named[0]).oid, named[1:]
    if not named:
        return False
    if named[0].octets() != mathematics.digest(algorithm, certificate.der):
        return False
    if len(named) > 1:
        issuer, serial = _issuer_and_serial(named[1])
        return (issuer, serial) == (certificate.issuer.der, certificate.serial)
    return True


def _issuer_and_serial(element: Element) -> tuple[bytes, int]:
    names, serial = _pair(element.sequence())
    directory = [one for one in names.sequence() if one.is_tagged(4)]
    if not directory:
        raise Malformed("no issuer is named")
    return directory[0].content, serial.number()


def _pair(found: list[Element]) -> tuple[Element, Element]:
    if len(found) != 2:  # a pair
        raise Malformed("a pair is expected")
    return found[0], found[1]


def _stated_moment(signer: cms.Signer) -> datetime | None:
    moments = signer.attributes.get(oids.SIGNING_TIME, ())
    return moments[0].moment() if moments else None
