"""The head's signature: valid over these very bytes by this very certificate, or found, and named."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from archive_store.signatures.inspection import Inspection
from archive_store.signatures.result import Result, Verdict
from invented_signers import (
    BEGINS,
    CONTENT_TYPE,
    ENDS,
    GOST_SETS,
    SHA1,
    SIGNED_AT,
    Person,
    Signature,
    attribute,
    ecdsa_keys,
    gost_keys,
    name,
    oid,
    rsa_keys,
    tlv,
)

DATA = b"0" * 64 + b"  bagit.txt\n"
KEYS = {
    "RSA": rsa_keys,
    "RSA-PSS": lambda: rsa_keys(pss=True),
    "ECDSA": ecdsa_keys,
    **{one: lambda one=one: gost_keys(one) for one in GOST_SETS},
}


def _result(inspection: Inspection, content: bytes) -> Result:
    (result,) = inspection.of_signature("head-01.sig", content, [])
    return result


def _codes(result: Result) -> set[str]:
    return {one.code for one in result.findings}


def _notes(result: Result) -> set[str]:
    return {one.code for one in result.notes}


@pytest.fixture(params=KEYS)
def anybody(request: pytest.FixtureRequest) -> Person:
    """A signer with keys of each kind in turn."""
    return Person(KEYS[request.param]())


def test_a_good_signature_is_valid_whatever_its_algorithm(inspection: Inspection, anybody: Person) -> None:
    result = _result(inspection, Signature(anybody, DATA).content_info())
    assert (result.verdict, result.findings) == (Verdict.VALID, ())
    assert result.at == SIGNED_AT


def test_over_other_bytes_it_is_not_valid_whatever_its_algorithm(
    inspection: Inspection, anybody: Person
) -> None:
    changed = Inspection(inspection.file, DATA.replace(b"0", b"1", 1), [], inspection.now)
    assert _codes(_result(changed, Signature(anybody, DATA).content_info())) == {"other-data"}


def test_a_changed_signature_value_is_found_whatever_the_algorithm(
    inspection: Inspection, anybody: Person
) -> None:
    signature = Signature(anybody, DATA)
    for bit in (77, len(signature.value) * 8 - 1):
        flipped = _flipped(signature.value, bit)
        content = signature.content_info().replace(signature.value, flipped)
        assert _result(inspection, content).verdict is not Verdict.VALID


def test_it_tells_who_signed_and_hides_the_number_of_the_person(inspection: Inspection, head: Person) -> None:
    by = _result(inspection, Signature(head, DATA).content_info()).by
    assert by is not None
    assert by.subject == "CN=Образцова Вера Ильинична, O=МБОУ «Школа № 901»"
    assert (by.issuer, by.serial) == ("CN=Вымышленный УЦ", "1F00AB")
    assert (by.not_before, by.not_after) == (BEGINS, ENDS)
    assert by.algorithm == "ECDSA, SHA256"


def _flipped(content: bytes, bit: int) -> bytes:
    changed = bytearray(content)
    changed[bit // 8] ^= 1 << bit % 8
    return bytes(changed)


def _every_flip(whole: bytes, part: bytes) -> Iterator[bytes]:
    start = whole.index(part)
    assert whole.count(part) == 1
    for bit in range(len(part) * 8):
        yield whole[:start] + _flipped(part, bit) + whole[start + len(part) :]


def test_any_flipped_bit_of_data_signature_or_signed_attributes_is_found(
    inspection: Inspection, head: Person
) -> None:
    signature = Signature(head, DATA)
    content = signature.content_info()
    assert _result(inspection, content).verdict is Verdict.VALID
    attributes = signature._parts[0]
    for part in (signature.value, attributes):
        for changed in _every_flip(content, part):
            assert _result(inspection, changed).verdict is not Verdict.VALID
    for bit in range(len(DATA) * 8):
        other = Inspection(inspection.file, _flipped(DATA, bit), [], inspection.now)
        assert _codes(_result(other, content)) == {"other-data"}


@pytest.mark.parametrize("parameters", GOST_SETS)
def test_flipped_bits_of_a_gost_signature_are_found(inspection: Inspection, parameters: str) -> None:
    signature = Signature(Person(gost_keys(parameters)), DATA)
    content, attributes = signature.content_info(), signature._parts[0]
    for part in (signature.value, attributes):
        flips = list(_every_flip(content, part))
        for changed in flips[:: len(flips) // 3 + 1]:
            assert _result(inspection, changed).verdict is not Verdict.VALID


def _stated(head: Person, **fields: Any) -> bytes:
    return Signature(head, DATA).changed(**fields).content_info()


def test_a_signature_of_other_forms_is_read_too(inspection: Inspection, head: Person) -> None:
    signature = Signature(head, DATA)
    der = signature.content_info()
    plain_base64 = b"".join(signature.pem().splitlines()[1:-1])
    for content in (signature.pem(), signature.pem().replace(b"\n", b"\r\n"), plain_base64,
                    _stated(head, inside=DATA), _as_ber(der)):  # fmt: skip
        assert _result(inspection, content).verdict is Verdict.VALID


def _as_ber(der: bytes) -> bytes:
    """The outermost element with no stated length."""
    header = 2 if der[1] < 0x80 else 2 + (der[1] & 0x7F)
    return b"\x30\x80" + der[header:] + b"\0\0"


def test_without_the_certificate_in_the_signed_attributes_it_is_no_cades(
    inspection: Inspection, head: Person
) -> None:
    for content in (_stated(head, cades=False), _stated(head, attributes=False, cades=False)):
        result = _result(inspection, content)
        assert result.verdict is Verdict.VALID
        assert "not-cades" in _notes(result)


def test_a_certificate_other_than_the_signed_one_is_found(inspection: Inspection) -> None:
    # The same key, names and number, but a longer validity: the signature alone would not tell.
    head = Person(rsa_keys())
    longer = Person(rsa_keys(), ends=ENDS + timedelta(days=400))
    content = _stated(head).replace(head.certificate, longer.certificate)
    assert _codes(_result(inspection, content)) == {"other-certificate"}


def test_without_a_certificate_it_cannot_be_checked(inspection: Inspection, head: Person) -> None:
    result = _result(inspection, _stated(head, with_certificate=False))
    assert (result.verdict, _codes(result)) == (Verdict.NOT_CHECKED, {"no-certificate"})


def test_an_unknown_algorithm_is_named_and_not_called_wrong(inspection: Inspection, head: Person) -> None:
    content = _stated(head).replace(oid("1.2.840.10045.4.3.2"), oid("1.2.840.10045.4.3.9"))
    result = _result(inspection, content)
    assert result.verdict is Verdict.NOT_CHECKED
    assert result.findings[0].detail == "1.2.840.10045.4.3.9"


def test_what_proves_nothing_any_more_is_refused(inspection: Inspection) -> None:
    assert _codes(_result(inspection, _stated(Person(rsa_keys(1024))))) == {"weak"}
    sha1 = _stated(Person(rsa_keys()), digest=SHA1)
    assert _codes(_result(inspection, sha1)) == {"weak"}


def test_attributes_that_are_double_or_of_another_content_are_found(
    inspection: Inspection, head: Person
) -> None:
    twice = attribute(CONTENT_TYPE, oid("1.2.840.113549.1.7.1"))
    assert _codes(_result(inspection, _stated(head, more_attributes=(twice,)))) == {"attributes"}
    enveloped = _result(inspection, _stated(head, content_type="1.2.840.113549.1.7.3"))
    assert _codes(enveloped) == {"other-data"}


@pytest.mark.parametrize(
    ("signed", "looked_at", "found"),
    [
        (BEGINS, SIGNED_AT, set()),
        (ENDS, ENDS, set()),
        (BEGINS - timedelta(seconds=1), SIGNED_AT, {"not-begun"}),
        (ENDS + timedelta(seconds=1), ENDS + timedelta(days=1), {"ended-before"}),
        (SIGNED_AT, ENDS + timedelta(seconds=1), {"ended-since"}),
        (None, SIGNED_AT, set()),
        (None, ENDS + timedelta(seconds=1), {"ended-since"}),
    ],
)
def test_the_certificate_must_have_been_valid_and_that_be_proved(
    inspection: Inspection, head: Person, signed: datetime | None, looked_at: datetime, found: set[str]
) -> None:
    later = Inspection(inspection.file, DATA, [], looked_at)
    result = _result(later, _stated(head, at=signed))
    assert _codes(result) == found
    assert _notes(result) >= {"claimed-time" if signed else "no-time"}


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "empty"),
        (b"0" * (4 * 2**20 + 1), "too-large"),
        (b"PK\x03\x04 a document", "malformed"),
        (b"\x30\x84\xff\xff\xff\xff", "malformed"),
        (b"\x30\x80" * 5000, "malformed"),
        (b"\x30\x82\x10\x00" + b"\x1f\xff" * 2000, "malformed"),
        (tlv(0x30, *[b"\x05\0"] * 5000), "malformed"),
        (name(("2.5.4.3", "x" * 100)), "malformed"),
    ],
)
def test_what_is_no_signature_is_found_and_costs_no_time(
    inspection: Inspection, content: bytes, code: str
) -> None:
    result = _result(inspection, content)
    assert (result.verdict, _codes(result)) == (Verdict.INVALID, {code})


def test_no_flipped_byte_of_the_whole_file_breaks_the_check(inspection: Inspection, head: Person) -> None:
    content = _stated(head)
    for place in range(len(content)):
        for mask in (0x01, 0x80, 0xFF):
            changed = bytearray(content)
            changed[place] ^= mask
            for result in inspection.of_signature("head-01.sig", bytes(changed), []):
                assert result.as_json()["verdict"]
    for end in range(0, len(content), 7):
        assert _result(inspection, content[:end]).verdict is Verdict.INVALID


def test_a_hostile_certificate_prints_nothing_that_a_terminal_obeys(
    inspection: Inspection, head: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    import invented_signers

    monkeypatch.setattr(invented_signers, "HEAD", name(("2.5.4.3", "\x1b[2J\u202eА")))
    forever = Person(head.keys, ends=datetime(2049, 12, 31, 23, 59, 59, tzinfo=UTC), serial=2**200)
    result = _result(inspection, _stated(forever))
    assert result.by is not None
    assert result.by.subject == "CN=\ufffd[2J\ufffdА"
    huge = _result(inspection, _stated(Person(head.keys, serial=2**20000)))
    assert _codes(huge) == {"malformed"}
