"""A sealed year is signed bag by bag, beside all manifests; the report names what is wrong with whose."""

from __future__ import annotations

import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest
import sqlalchemy as sa
from handling import (
    JOURNAL,
    OTHER_JOURNAL,
    PASSPORT,
    SUMMARY,
    TAG_MANIFEST,
    altered,
    copied,
    flipped,
    rehashed,
)
from small_year import AT, SCHOOL, YEAR

from archive_store.errors import NotASnapshot
from archive_store.signatures.attaching import ToAttach, attach
from archive_store.signatures.keys import KeyRing, SigningKey
from archive_store.snapshot.signed import SignedBag, survey, to_sign
from archive_store.snapshot.verifier import verify
from archive_store.year.closing import Closing, Order, close_year
from invented_signers import Person, Signature, ecdsa_keys

NOW = datetime(2026, 7, 1, tzinfo=UTC)
OWN = "signatures/dnevnik-archive.sig"


@pytest.fixture(scope="module")
def ring(tmp_path_factory: pytest.TempPathFactory) -> KeyRing:
    return KeyRing(tmp_path_factory.mktemp("keys") / "signing-key.pem")


@pytest.fixture(scope="module")
def key(ring: KeyRing) -> SigningKey:
    return ring.ensure(AT)


def _closed(archive: sa.Engine, root: Path, key: SigningKey) -> Closing:
    with archive.connect() as connection:
        return close_year(connection, SCHOOL, YEAR, root, AT, Order(key=key))


@pytest.fixture(scope="module")
def signed_year(archive: sa.Engine, key: SigningKey, tmp_path_factory: pytest.TempPathFactory) -> Closing:
    """The small year, sealed and signed. Read only."""
    return _closed(archive, tmp_path_factory.mktemp("signed"), key)


@pytest.fixture
def signed(signed_year: Closing, tmp_path: Path) -> Path:
    """A copy of the signed year, for damage."""
    return copied(signed_year.sealed.path, tmp_path)


def _found(bags: list[SignedBag]) -> dict[str, list[str]]:
    """The codes of findings by bag, of those that have any."""
    codes = {bag.name: [code.code for one in bag.results for code in one.findings] for bag in bags}
    return {name.rpartition("/")[2]: found for name, found in codes.items() if found}


def test_every_bag_is_signed_and_its_root_is_that_of_an_unsigned_seal(
    signed: Path, closing: Closing, signed_year: Closing, ring: KeyRing
) -> None:
    assert [one.root for one, _term in signed_year.sealed.bags] == [
        one.root for one, _term in closing.sealed.bags
    ]
    bags = survey(signed, ring.known(), NOW)
    assert [(bag.name, bag.sound, len(bag.results)) for bag in bags] == [
        (f"2024-2025/{name}", True, 1) for name in (JOURNAL, OTHER_JOURNAL, SUMMARY)
    ]
    report = verify(signed)
    assert (report.sound, report.signatures_checked, report.signatures_not_checked) == (True, 3, 0)
    assert set(report.keys.values()) == {one.fingerprint for one in ring.known()}


def test_another_key_changes_no_root_but_signatures_alone(
    archive: sa.Engine, signed_year: Closing, tmp_path: Path
) -> None:
    other = KeyRing(tmp_path / "signing-key.pem").ensure(AT)
    again = _closed(archive, tmp_path / "again", other).sealed
    first = signed_year.sealed
    assert [one.root for one, _term in again.bags] == [one.root for one, _term in first.bags]
    differing = {
        one.name
        for one in again.path.rglob("*")
        if one.is_file() and one.read_bytes() != (first.path / one.relative_to(again.path)).read_bytes()
    }
    assert differing == {"dnevnik-archive.sig", "dnevnik-archive.pem"}


def test_who_alters_a_bag_and_makes_all_hashes_right_again_is_found(signed: Path, ring: KeyRing) -> None:
    altered(signed / JOURNAL / PASSPORT, lambda content: content.replace(b"901", b"902"))
    rehashed(signed / JOURNAL)
    assert _found(survey(signed, ring.known(), NOW)) == {JOURNAL: ["wrong"]}
    assert "signature" in {one.code for one in verify(signed / JOURNAL).findings}


def test_who_signs_with_a_key_of_his_own_is_found_by_the_key(
    signed: Path, ring: KeyRing, tmp_path: Path
) -> None:
    from archive_store.signatures import own

    other = KeyRing(tmp_path / "signing-key.pem").ensure(AT)
    for name in (own.SIGNATURE, own.PUBLIC_KEY):
        (signed / SUMMARY / "signatures" / name).unlink()
    own.sign(signed / SUMMARY / TAG_MANIFEST, other)
    assert _found(survey(signed, ring.known(), NOW)) == {SUMMARY: ["foreign-key"]}


def test_without_its_signature_a_bag_is_vouched_for_by_the_signed_summary_alone(
    signed: Path, ring: KeyRing
) -> None:
    for path in (signed / JOURNAL / "signatures").iterdir():
        path.unlink()
    journal = survey(signed, ring.known(), NOW)[0]
    assert (journal.sound, [one.code for one in journal.results[0].notes]) == (True, ["vouched"])
    altered(signed / JOURNAL / TAG_MANIFEST, flipped)
    assert _found(survey(signed, ring.known(), NOW)) == {JOURNAL: ["unsigned"]}
    altered(signed / JOURNAL / TAG_MANIFEST, flipped)
    altered(signed / SUMMARY / OWN, flipped)
    assert _found(survey(signed, ring.known(), NOW)) == {JOURNAL: ["unsigned"], SUMMARY: ["wrong"]}


def test_a_passport_that_names_other_roots_than_were_signed_vouches_for_nothing(
    signed: Path, ring: KeyRing
) -> None:
    for path in (signed / JOURNAL / "signatures").iterdir():
        path.unlink()
    altered(signed / SUMMARY / PASSPORT, lambda content: content + b" ")
    assert _found(survey(signed, ring.known(), NOW)) == {JOURNAL: ["unsigned"]}


def test_the_head_signs_the_summary_of_a_year_or_the_bag_that_is_named(signed: Path) -> None:
    assert to_sign(signed) == signed / SUMMARY / TAG_MANIFEST
    assert to_sign(signed / JOURNAL) == signed / JOURNAL / TAG_MANIFEST
    for nothing in (signed.parent / "nothing", signed / JOURNAL / "data"):
        with pytest.raises(NotASnapshot):
            to_sign(nothing)


def test_the_heads_signature_leaves_the_bag_as_it_is_and_does_not_stand_in_for_ours(
    signed: Path, ring: KeyRing, key: SigningKey, tmp_path: Path
) -> None:
    file = to_sign(signed)
    (tmp_path / "head.sig").write_bytes(Signature(Person(ecdsa_keys()), file.read_bytes()).content_info())
    before = verify(signed).roots
    attach(file, ToAttach(tmp_path / "head.sig"), ring.known(), key, NOW)
    report = verify(signed)
    assert (report.sound, report.roots == before, report.signatures_not_checked) == (True, True, 1)
    for name in ("dnevnik-archive.sig", "dnevnik-archive.pem"):
        (signed / SUMMARY / "signatures" / name).unlink()
        (signed / JOURNAL / "signatures" / name).unlink()
    # Without the chain of certificates anybody could have made it.
    assert _found(survey(signed, ring.known(), NOW)) == {JOURNAL: ["unsigned"], SUMMARY: ["unsigned"]}


@pytest.mark.parametrize("damage", ["half", "no folder", "link"])
def test_the_verifier_in_the_bag_counts_what_it_cannot_check_and_finds_what_is_wrong(
    signed: Path, tmp_path: Path, damage: str
) -> None:
    place = signed / JOURNAL / "signatures"
    if damage == "half":
        (place / "dnevnik-archive.pem").unlink()
    else:
        place.rename(tmp_path / "elsewhere")
    if damage == "link":
        place.symlink_to(tmp_path / "elsewhere")
    ended = subprocess.run(
        ["python3", "-I", "-S", "verify.py"], cwd=signed / JOURNAL, capture_output=True, check=False
    )
    told = ended.stdout.decode()
    counted = 1 if damage == "half" else 0
    assert f"program's signatures checked: {counted}." in told
    assert (ended.returncode, "АРХИВ ЦЕЛ" in told) == ((0, True) if damage == "no folder" else (1, False))
    assert ("a signature without its key" in told) == (damage == "half")


def test_bagit_of_the_library_of_congress_accepts_a_signed_bag(signed: Path) -> None:
    command = [sys.executable, "-W", "ignore", "-m", "bagit", "--validate", str(signed / SUMMARY)]
    assert subprocess.run(command, check=False, capture_output=True).returncode == 0


def test_openssl_accepts_the_seal_by_the_command_that_stands_in_the_bag(signed: Path) -> None:
    page = (signed / SUMMARY / "read-me.txt").read_text("utf-8-sig")
    (command,) = (line for line in page.splitlines() if line.startswith("openssl pkeyutl"))
    ended = subprocess.run(command.split(), cwd=signed / SUMMARY, capture_output=True, check=False)
    assert b"Signature Verified Successfully" in ended.stdout
