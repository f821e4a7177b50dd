"""Time-stamps (RFC 3161): over which bytes, of which moment, and whether their signature is true."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from archive_store.signatures import checking, cms, mathematics, oids
from archive_store.signatures.der import Element, Malformed, from_file, whole
from archive_store.signatures.mathematics import NotCheckable
from archive_store.signatures.result import Kind, Remark, Result

_GRANTED: Final = (0, 1)


@dataclass
class StampRefused(Exception):  # what the service has answered
    """The answer of a time-stamp service holds no time-stamp."""


@dataclass(frozen=True, slots=True)
class Stamp:
    """A time-stamp, as stated."""

    data: cms.SignedData
    info: bytes
    algorithm: str
    imprint: bytes
    at: datetime


def from_answer(content: bytes) -> Stamp:
    """The time-stamp in a file: a service's answer or the bare token. Raises Malformed, StampRefused."""
    element = whole(from_file(content))
    fields = element.sequence()
    if fields and fields[0].kind == 0 and fields[0].constructed:
        if fields[0].sequence()[0].number() not in _GRANTED or len(fields) < 2:  # and token
            raise StampRefused
        element = fields[1]
    return from_token(element)


def from_token(element: Element) -> Stamp:
    """The time-stamp that a token holds. Raises Malformed."""
    data = cms.read(element)
    if data.content_type != oids.TIME_STAMP_INFO or data.content is None or len(data.signers) != 1:
        raise Malformed("no time-stamp")
    _version, _policy, imprint, _serial, moment = whole(data.content).sequence()[:5]
    kind, value = imprint.sequence()[:2]
    return Stamp(data, data.content, cms.algorithm(kind).oid, value.octets(), moment.moment())


def check(file: str, stamp: Stamp, candidates: Mapping[str, bytes]) -> Result:
    """Check a time-stamp that must be over one of the candidates (named for the report). Raises Malformed."""
    (signed,) = checking.check(stamp.data, stamp.info, oids.TIME_STAMP_INFO)
    findings, checkable, over = list(signed.findings), signed.checkable, ""
    if weak := mathematics.weakness(stamp.algorithm):
        findings.append(weak)
    try:
        over = _over(stamp, candidates)
    except NotCheckable as unknown:
        findings, checkable = [unknown.why], False
    else:
        if not over:
            findings.append(Remark("other-data"))
    if signed.certificate is not None:
        findings += _of_certificate(signed.certificate, stamp.at)
    return Result(
        file,
        Kind.TIME_STAMP,
        tuple(dict.fromkeys(findings)),
        checkable=checkable,
        by=signed.by,
        at=stamp.at,
        over=over,
    )


def _over(stamp: Stamp, candidates: Mapping[str, bytes]) -> str:
    for name, content in candidates.items():
        if mathematics.digest(stamp.algorithm, content) == stamp.imprint:
            return name
    return ""


def _of_certificate(one: cms.Certificate, at: datetime) -> list[Remark]:
    found = []
    if one.purposes is None or oids.FOR_TIME_STAMPS not in one.purposes:
        found.append(Remark("not-for-stamps"))
    if at < one.not_before:
        found.append(Remark("not-begun"))
    if at > one.not_after:
        found.append(Remark("ended-before"))
    return found
