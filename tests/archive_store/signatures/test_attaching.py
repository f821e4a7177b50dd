"""What was signed outside is attached after a check, never in the place of another, with a dated record."""

from __future__ import annotations

import os
import stat
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import orjson
import pytest

from archive_store.errors import FolderNotWritable
from archive_store.signatures import folder
from archive_store.signatures.attaching import Attached, ToAttach, attach
from archive_store.signatures.errors import AttachedAlready, NotASignature, SignatureRefused
from archive_store.signatures.inspection import Inspection
from archive_store.signatures.keys import KeyRing, SigningKey
from archive_store.signatures.result import Kind, Result, Verdict
from invented_signers import ENDS, SIGNED_AT, Person, Signature, answer, stamp

DATA = b"0" * 64 + b"  bagit.txt\n"
NOW = datetime(2026, 7, 1, 12, 0, tzinfo=UTC)


@pytest.fixture
def desk(tmp_path: Path) -> Path:
    """Where the person has the files."""
    (tmp_path / "desk").mkdir()
    return tmp_path / "desk"


@pytest.fixture
def given(desk: Path, head: Person) -> ToAttach:
    """The head's signature."""
    return ToAttach(_written(desk / "tagmanifest-sha256.txt.sig", Signature(head, DATA).content_info()))


def _written(path: Path, content: bytes) -> Path:
    path.write_bytes(content)
    return path


def _attach(file: Path, given: ToAttach, ring: KeyRing, key: SigningKey | None = None) -> Attached:
    return attach(file, given, ring.known(), key or ring.ensure("2026-01-01T00:00:00Z"), NOW)


def _results(file: Path, ring: KeyRing, now: datetime = NOW) -> list[Result]:
    return Inspection(file, file.read_bytes(), ring.known(), now).results()


def _names(file: Path) -> list[str]:
    return folder.names(file.parent / "signatures")


def test_a_valid_signature_is_laid_beside_the_file_with_the_record_of_its_check(
    file: Path, given: ToAttach, ring: KeyRing
) -> None:
    attached = _attach(file, given, ring)
    assert attached.names == ["head-01.sig"]
    assert _names(file) == ["head-01.sig", "head-01.sig.check.json", "head-01.sig.check.json.ed25519"]
    place = file.parent / "signatures"
    assert given.signature is not None
    assert (place / "head-01.sig").read_bytes() == given.signature.read_bytes()
    record: dict[str, Any] = orjson.loads((place / "head-01.sig.check.json").read_bytes())
    assert (record["checked_at"], record["results"][0]["verdict"]) == ("2026-07-01T12:00:00Z", "valid")
    assert set(record["never_checked"]) == {"chain", "revocation", "qualified"}
    (key,) = ring.known()
    assert key.key is not None
    signature = (place / "head-01.sig.check.json.ed25519").read_bytes()
    assert key.key.has_signed((place / "head-01.sig.check.json").read_bytes(), signature)
    assert [one.verdict for one in _results(file, ring)] == [Verdict.VALID]


def test_what_is_sealed_is_as_protected_as_before(file: Path, given: ToAttach, ring: KeyRing) -> None:
    _attach(file, given, ring)
    place = file.parent / "signatures"
    modes = [stat.S_IMODE(one.stat().st_mode) for one in (file.parent, place, *place.iterdir())]
    assert modes == [0o500, 0o500, 0o400, 0o400, 0o400]


def test_the_record_keeps_a_signature_valid_after_its_certificate_has_ended(
    file: Path, given: ToAttach, ring: KeyRing
) -> None:
    later = ENDS + timedelta(days=1)
    _attach(file, given, ring)
    (result,) = _results(file, ring, later)
    assert (result.verdict, "intake" in {one.code for one in result.notes}) == (Verdict.VALID, True)
    # A record that was altered proves nothing.
    place = file.parent / "signatures"
    record = place / "head-01.sig.check.json"
    record.chmod(0o600)
    record.write_bytes(record.read_bytes().replace(b"2026-07-01", b"2026-07-02"))
    (result,) = _results(file, ring, later)
    assert [one.code for one in result.findings] == ["ended-since"]


def test_time_stamp_and_power_come_along_or_later(
    file: Path, desk: Path, head: Person, service: Person, ring: KeyRing
) -> None:
    signature = Signature(head, DATA)
    sig = _written(desk / "a.sig", signature.content_info())
    tsr = _written(desk / "a.tsr", answer(stamp(service, signature.value, SIGNED_AT)))
    power = _written(desk / "mchd.xml", b"<?xml version='1.0'?><Doverennost/>")
    assert _attach(file, ToAttach(sig, tsr, power), ring).names == [
        "head-01.sig",
        "head-01-time-01.tsr",
        "head-01-power-01.xml",
    ]
    with pytest.raises(AttachedAlready):
        _attach(file, ToAttach(sig, tsr), ring)
    another = _written(desk / "b.tsr", answer(stamp(service, signature.value, NOW)))
    assert _attach(file, ToAttach(sig, another), ring).names == ["head-01-time-02.tsr"]
    assert _attach(file, ToAttach(None, _written(desk / "c.tsr", stamp(service, DATA, NOW))), ring).names == [
        "bag-time-01.tsr"
    ]
    found = {one.file: (one.kind, one.verdict, one.over) for one in _results(file, ring)}
    assert found == {
        "head-01.sig": (Kind.CMS, Verdict.VALID, ""),
        "head-01-time-01.tsr": (Kind.TIME_STAMP, Verdict.VALID, "head-01.sig: signature"),
        "head-01-time-02.tsr": (Kind.TIME_STAMP, Verdict.VALID, "head-01.sig: signature"),
        "head-01-power-01.xml": (Kind.POWER, Verdict.KEPT, ""),
        "bag-time-01.tsr": (Kind.TIME_STAMP, Verdict.VALID, "tagmanifest-sha256.txt"),
    }


def test_a_second_signer_gets_the_next_number_and_the_same_file_is_refused(
    file: Path, given: ToAttach, desk: Path, ring: KeyRing, service: Person
) -> None:
    _attach(file, given, ring)
    with pytest.raises(AttachedAlready):
        _attach(file, given, ring)
    other = ToAttach(_written(desk / "b.sig", Signature(service, DATA).pem()))
    assert _attach(file, other, ring).names == ["head-02.sig"]


def test_what_is_not_valid_is_refused_and_nothing_is_written(
    file: Path, desk: Path, head: Person, ring: KeyRing
) -> None:
    wrong = _written(desk / "wrong.sig", Signature(head, b"another bag").content_info())
    with pytest.raises(SignatureRefused) as refused:
        _attach(file, ToAttach(wrong), ring)
    assert [one.code for one in refused.value.results[0].findings] == ["other-data"]
    for content in (b"", b"\0" * (4 * 2**20 + 1)):
        with pytest.raises(NotASignature):
            _attach(file, ToAttach(_written(desk / "bad.sig", content)), ring)
    with pytest.raises(NotASignature):
        _attach(file, ToAttach(desk / "not-there.sig"), ring)
    assert not (file.parent / "signatures").exists()


def test_a_full_disk_leaves_nothing_half_written(
    file: Path, given: ToAttach, ring: KeyRing, monkeypatch: pytest.MonkeyPatch
) -> None:
    ring.ensure("2026-01-01T00:00:00Z")
    with monkeypatch.context() as full:
        full.setattr(folder.os, "fsync", _full)
        with pytest.raises(FolderNotWritable):
            _attach(file, given, ring)
    place = file.parent / "signatures"
    assert not place.exists() or list(place.iterdir()) == []
    assert stat.S_IMODE(file.parent.stat().st_mode) == 0o500
    assert _attach(file, given, ring).names == ["head-01.sig"]


def _full(_handle: int) -> None:
    raise OSError(28, os.strerror(28))


def test_on_a_carrier_without_links_no_name_is_taken_twice(
    file: Path, given: ToAttach, ring: KeyRing, monkeypatch: pytest.MonkeyPatch
) -> None:
    def unsupported(_source: object, _target: object) -> None:
        raise OSError(95, os.strerror(95))

    monkeypatch.setattr(folder.os, "link", unsupported)
    _attach(file, given, ring)
    assert len(_names(file)) == 3
    with pytest.raises(FileExistsError):
        folder.add(file.parent / "signatures", {"head-01.sig": b"another"})


def test_a_file_that_was_changed_since_is_found_and_one_laid_by_hand_is_told(
    file: Path, given: ToAttach, ring: KeyRing, head: Person
) -> None:
    _attach(file, given, ring)
    place = file.parent / "signatures"
    place.chmod(0o700)
    (place / "head-01.sig").chmod(0o600)
    (place / "head-01.sig").write_bytes(Signature(head, DATA, NOW).content_info())
    (place / "by-hand.p7s").write_bytes(Signature(head, DATA).content_info())
    (place / "note.txt").write_text("?")
    found = {one.file: one for one in _results(file, ring)}
    assert [one.code for one in found["head-01.sig"].findings] == ["attached-other"]
    assert "not-attached" in {one.code for one in found["by-hand.p7s"].notes}
    assert found["note.txt"].verdict is Verdict.NOT_CHECKED
