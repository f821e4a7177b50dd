"""The program's signature and its keys: made once, renewed, private, checked by openssl and verify.py."""

from __future__ import annotations

import os
import shutil
import stat
import subprocess
from hashlib import sha256
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from hypothesis import given
from hypothesis import strategies as st

from archive_store.signatures import own
from archive_store.signatures.errors import KeyNotPrivate, KeyUnreadable
from archive_store.signatures.keys import KeyRing, KnownKey, SigningKey
from archive_store.signatures.result import Result, Verdict
from archive_store.snapshot.verifier import signed_by

DATA = b"0" * 64 + b"  bagit.txt\n"
FIRST, SECOND, THIRD = "2026-01-01T00:00:00Z", "2027-01-01T00:00:00Z", "2028-01-01T00:00:00Z"


def _checked(file: Path, ring: KeyRing) -> Result:
    result = own.check(file, file.read_bytes(), ring.known())
    assert result is not None
    return result


def _codes(result: Result) -> list[str]:
    return [one.code for one in result.findings]


def _openssl(file: Path, *arguments: str) -> subprocess.CompletedProcess[bytes]:
    assert shutil.which("openssl"), "install openssl"
    return subprocess.run(["openssl", *arguments], cwd=file.parent, capture_output=True, check=False)


# As docs/how-it-works.md and read-me.txt in every bag tell it.
VERIFY = [
    "pkeyutl",
    "-verify",
    "-pubin",
    "-inkey",
    "signatures/dnevnik-archive.pem",
    "-rawin",
    "-in",
    "tagmanifest-sha256.txt",
    "-sigfile",
    "signatures/dnevnik-archive.sig",
]


def test_openssl_accepts_the_signature_and_refuses_it_over_other_bytes(file: Path, key: SigningKey) -> None:
    own.sign(file, key)
    assert b"Signature Verified Successfully" in _openssl(file, *VERIFY).stdout
    file.chmod(0o600)
    file.write_bytes(DATA.replace(b"0", b"1", 1))
    refused = _openssl(file, *VERIFY)
    assert (refused.returncode, b"Failure" in refused.stdout + refused.stderr) == (1, True)


def test_the_fingerprint_is_what_openssl_and_sha256sum_make_of_the_key(file: Path, key: SigningKey) -> None:
    own.sign(file, key)
    der = _openssl(
        file, *["pkey", "-pubin", "-in", "signatures/dnevnik-archive.pem", "-outform", "DER"]
    ).stdout
    assert sha256(der[-32:]).hexdigest() == key.public.fingerprint


def test_the_same_bytes_are_signed_alike_and_what_is_sealed_stays_protected(
    file: Path, key: SigningKey
) -> None:
    own.sign(file, key)
    place = file.parent / "signatures"
    assert (place / own.SIGNATURE).read_bytes() == key.sign(DATA)
    modes = {one.name: stat.S_IMODE(one.stat().st_mode) for one in (file.parent, place, *place.iterdir())}
    assert modes == {"sealed": 0o500, "signatures": 0o500, own.SIGNATURE: 0o400, own.PUBLIC_KEY: 0o400}
    with pytest.raises(FileExistsError):
        own.sign(file, key)


def test_a_signature_is_valid_by_the_key_in_force_and_by_one_that_was_retired(
    file: Path, ring: KeyRing, key: SigningKey
) -> None:
    own.sign(file, key)
    assert (_checked(file, ring).verdict, _checked(file, ring).key) == (
        Verdict.VALID,
        key.public.fingerprint,
    )
    ring.renew(SECOND)
    after = _checked(file, ring)
    assert after.verdict is Verdict.VALID
    assert [(note.code, note.detail) for note in after.notes] == [("retired-key", SECOND)]


def test_a_key_of_another_school_is_found_and_one_named_by_its_fingerprint_is_not(
    file: Path, ring: KeyRing, key: SigningKey, tmp_path: Path
) -> None:
    (tmp_path / "other").mkdir()
    other = KeyRing(tmp_path / "other" / "signing-key.pem").ensure(FIRST)
    own.sign(file, other)
    assert (_checked(file, ring).verdict, _codes(_checked(file, ring))) == (
        Verdict.INVALID,
        ["foreign-key"],
    )
    named = own.check(file, DATA, [KnownKey(other.public.fingerprint)])
    assert named is not None
    assert named.verdict is Verdict.VALID
    unknown = own.check(file, DATA, [])
    assert unknown is not None
    assert (unknown.verdict, _codes(unknown)) == (Verdict.NOT_CHECKED, ["unknown-key"])
    assert key != other


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        (own.SIGNATURE, b"", "wrong"),
        (own.SIGNATURE, b"\0" * 64, "wrong"),
        (own.SIGNATURE, b"\xff" * 10_000_000, "wrong"),
        (own.SIGNATURE, None, "half"),
        (own.PUBLIC_KEY, b"", "malformed"),
        (own.PUBLIC_KEY, b"\xff" * 10_000_000, "malformed"),
        (own.PUBLIC_KEY, None, "half"),
    ],
)
def test_a_damaged_signature_or_key_is_found(
    file: Path, ring: KeyRing, key: SigningKey, name: str, content: bytes | None, code: str
) -> None:
    own.sign(file, key)
    place = file.parent / "signatures"
    place.chmod(0o700)
    (place / name).unlink()
    if content is not None:
        (place / name).write_bytes(content)
    assert _codes(_checked(file, ring)) == [code]


@pytest.mark.skipif(os.name != "posix", reason="links and pipes of POSIX")
def test_a_link_or_a_pipe_in_the_place_of_a_signature_is_not_followed(
    file: Path, ring: KeyRing, key: SigningKey
) -> None:
    own.sign(file, key)
    place = file.parent / "signatures"
    place.chmod(0o700)
    moved = file.parent.parent / "moved"
    (place / own.SIGNATURE).rename(moved)
    (place / own.SIGNATURE).symlink_to(moved)
    assert _codes(_checked(file, ring)) == ["unreadable"]
    (place / own.SIGNATURE).unlink()
    os.mkfifo(place / own.SIGNATURE)
    assert _codes(_checked(file, ring)) == ["unreadable"]


def test_a_key_is_made_once_for_its_owner_alone_and_shows_nowhere(ring: KeyRing, key: SigningKey) -> None:
    assert ring.ensure(SECOND).public == key.public
    assert [(one.fingerprint, one.valid_from, one.retired_at) for one in ring.known()] == [
        (key.public.fingerprint, FIRST, None)
    ]
    if os.name == "posix":
        modes = {stat.S_IMODE(one.stat().st_mode) for one in ring.path.parent.glob("signing-key*")}
        assert modes == {0o600}
    assert "object at" not in repr(key)
    assert ring.path.read_text().splitlines()[1] not in repr(key) + str(ring.list_path.read_text())


def test_a_crash_between_key_and_list_is_mended_at_the_next_need(
    ring: KeyRing, key: SigningKey, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as crash:
        crash.setattr(KeyRing, "_enlist", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            ring.renew(SECOND)
        crash.setattr(KeyRing, "_enlist", lambda *_: None)
        new = ring.renew(SECOND)
    assert ring.ensure(THIRD).public == new.public
    assert [(one.fingerprint, one.retired_at) for one in ring.known()] == [
        (key.public.fingerprint, THIRD),
        (new.public.fingerprint, None),
    ]


def test_a_key_that_others_can_read_or_that_is_none_is_refused(ring: KeyRing, key: SigningKey) -> None:
    if os.name == "posix":
        ring.path.chmod(0o644)
        with pytest.raises(KeyNotPrivate):
            ring.ensure(SECOND)
        ring.path.chmod(0o600)
    ring.list_path.write_text('{"keys": [{"public_key": "?"}]}')
    with pytest.raises(KeyUnreadable):
        ring.known()
    ring.path.write_bytes(key.public.pem())
    with pytest.raises(KeyUnreadable):
        ring.current()


# The verifier in every bag: Ed25519 with the standard library alone

RFC_8032 = [
    (
        "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
        "",
        """e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e06522490155
        5fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b""",
    ),
    (
        "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
        "72",
        """92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da
        085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00""",
    ),
]


@pytest.mark.parametrize(("key", "message", "signature"), RFC_8032)
def test_the_verifier_accepts_the_vectors_of_the_standard(key: str, message: str, signature: str) -> None:
    assert signed_by(bytes.fromhex(key), bytes.fromhex(message), bytes.fromhex(signature))


_KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
_PUBLIC = _KEY.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)


def _flipped(content: bytes, bit: int) -> bytes:
    changed = bytearray(content)
    changed[bit // 8] ^= 1 << bit % 8
    return bytes(changed)


@given(st.binary(min_size=1, max_size=200), st.data())
def test_the_verifier_accepts_every_signature_and_refuses_it_with_one_flipped_bit(
    message: bytes, data: st.DataObject
) -> None:
    signature = _KEY.sign(message)
    assert signed_by(_PUBLIC, message, signature)
    bit = data.draw(st.integers(0, 8 * 64 - 1))
    assert not signed_by(_PUBLIC, message, _flipped(signature, bit))
    assert not signed_by(_PUBLIC, _flipped(message, bit % (8 * len(message))), signature)
    assert not signed_by(_flipped(_PUBLIC, bit % 256), message, signature)


def test_the_verifier_refuses_a_signature_that_was_made_longer_by_the_order() -> None:
    order = 2**252 + 27742317777372353535851937790883648493
    signature = _KEY.sign(b"x")
    other = int.from_bytes(signature[32:], "little") + order
    assert not signed_by(_PUBLIC, b"x", signature[:32] + other.to_bytes(32, "little"))
    assert not signed_by(_PUBLIC, b"x", signature[:63])
    assert not signed_by(b"\xff" * 32, b"x", signature)
