"""Time-stamps: over the signature, its file or the signed file itself, by a service that may give them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from archive_store.signatures.inspection import Inspection
from archive_store.signatures.result import Result, Verdict
from invented_signers import (
    ENDS,
    FOR_STAMPS,
    SHA1,
    SIGNATURE_TIME_STAMP,
    SIGNED_AT,
    Person,
    Signature,
    answer,
    attribute,
    gost_keys,
    number,
    rsa_keys,
    seq,
    stamp,
)

DATA = b"0" * 64 + b"  bagit.txt\n"
AT = SIGNED_AT + timedelta(minutes=1)


def _codes(result: Result) -> set[str]:
    return {one.code for one in (*result.findings, *result.notes)}


@pytest.mark.parametrize("over", ["the signature", "its file", "the signed file"])
def test_a_time_stamp_may_be_over_each_of_three_and_says_over_which(
    inspection: Inspection, head: Person, service: Person, over: str
) -> None:
    signature = Signature(head, DATA)
    content = signature.content_info()
    names = {
        "the signature": ("head-01.sig: signature", signature.value),
        "its file": ("head-01.sig", content),
        "the signed file": ("tagmanifest-sha256.txt", DATA),
    }
    stated, stamped = names[over]
    token = answer(stamp(service, stamped, AT))
    signed, stamp_result = inspection.of_signature("head-01.sig", content, [("head-01-time-01.tsr", token)])
    assert (stamp_result.verdict, stamp_result.over, stamp_result.at) == (Verdict.VALID, stated, AT)
    assert (signed.verdict, signed.at) == (Verdict.VALID, AT)
    assert "stamped" in _codes(signed)


def test_a_gost_service_is_checked_too(inspection: Inspection) -> None:
    service = Person(gost_keys("tc26-256-A"), purposes=FOR_STAMPS)
    result = inspection.of_stamp("bag-time-01.tsr", stamp(service, DATA, AT), {})
    assert (result.verdict, result.over) == (Verdict.VALID, "tagmanifest-sha256.txt")
    assert result.by is not None
    assert result.by.algorithm.startswith("ГОСТ Р 34.10-2012 (256)")


def test_a_time_stamp_keeps_a_signature_valid_after_its_certificate_has_ended(
    inspection: Inspection, head: Person, service: Person
) -> None:
    later = Inspection(inspection.file, DATA, [], ENDS + timedelta(days=8000))
    signature = Signature(head, DATA)
    content = signature.content_info()
    in_time = answer(stamp(service, signature.value, ENDS))
    too_late = answer(stamp(service, signature.value, ENDS + timedelta(seconds=1)))
    assert [one.verdict for one in later.of_signature("s.sig", content, [("s-1.tsr", in_time)])] == [
        Verdict.VALID,
        Verdict.VALID,
    ]
    signed, stamped = later.of_signature("s.sig", content, [("s-1.tsr", too_late)])
    assert (signed.verdict, "ended-since" in _codes(signed)) == (Verdict.INVALID, True)
    assert stamped.verdict is Verdict.VALID


def test_a_time_stamp_inside_the_signature_counts_and_must_be_over_it(
    inspection: Inspection, head: Person, service: Person
) -> None:
    later = Inspection(inspection.file, DATA, [], ENDS + timedelta(days=8000))
    plain = Signature(head, DATA)
    good = attribute(SIGNATURE_TIME_STAMP, stamp(service, plain.value, AT))
    signed, stamped = later.of_signature("s.sig", plain.changed(unsigned=(good,)).content_info(), [])
    assert (signed.verdict, stamped.verdict, stamped.over) == (
        Verdict.VALID,
        Verdict.VALID,
        "s.sig: signature",
    )
    bad = attribute(SIGNATURE_TIME_STAMP, stamp(service, DATA, AT))
    signed, stamped = later.of_signature("s.sig", plain.changed(unsigned=(bad,)).content_info(), [])
    assert (signed.verdict, stamped.verdict) == (Verdict.INVALID, Verdict.INVALID)


def test_a_signer_whose_clock_was_ahead_is_told(
    inspection: Inspection, head: Person, service: Person
) -> None:
    ahead = Signature(head, DATA, SIGNED_AT + timedelta(days=1))
    token = stamp(service, ahead.value, AT)
    signed, _stamp = inspection.of_signature("s.sig", ahead.content_info(), [("s-1.tsr", token)])
    assert "later-claim" in _codes(signed)


@pytest.mark.parametrize(
    ("token", "code"),
    [
        (lambda service: stamp(service, b"other", AT), "other-data"),
        (lambda service: stamp(service, DATA, datetime(2036, 1, 1, tzinfo=UTC)), "ended-before"),
        (lambda service: stamp(service, DATA, datetime(2019, 1, 1, tzinfo=UTC)), "not-begun"),
        (lambda _service: stamp(Person(rsa_keys()), DATA, AT), "not-for-stamps"),
        (lambda service: stamp(service, DATA, AT, SHA1), "weak"),
        (lambda _service: seq(seq(number(2))), "stamp-refused"),
        (lambda service: Signature(service, DATA).content_info(), "no-time-stamp"),
        (lambda _service: b"", "empty"),
        (lambda _service: b"<html>", "no-time-stamp"),
    ],
)
def test_a_time_stamp_that_proves_nothing_is_found(
    inspection: Inspection, service: Person, token: object, code: str
) -> None:
    assert callable(token)
    result = inspection.of_stamp("bag-time-01.tsr", token(service), {})
    assert result.verdict is Verdict.INVALID
    assert code in _codes(result)


def test_flipped_bits_of_a_time_stamp_are_found(inspection: Inspection, service: Person) -> None:
    token = stamp(service, DATA, AT)
    info = token.index(b"20260630090100Z")
    value = len(token) - 256
    for place in (*range(info, info + 15), *range(value, len(token), 16)):
        changed = bytearray(token)
        changed[place] ^= 1
        assert inspection.of_stamp("t.tsr", bytes(changed), {}).verdict is not Verdict.VALID
