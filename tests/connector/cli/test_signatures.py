"""Keys and signatures as the head's deputy types the commands."""

from __future__ import annotations

import json
import os
import shutil
import stat
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from connector.cli.exit_codes import ExitCode
from invented_signers import Person, Signature, ecdsa_keys

MANY_YEARS = timedelta(days=4000)


@pytest.fixture
def sealed(sealed_folder: Path, command: Any) -> Any:
    """A copy of it is the current folder."""
    shutil.copytree(sealed_folder, Path(), dirs_exist_ok=True)
    return command


def _year() -> Path:
    (year,) = Path("snapshots").glob("*-*")
    return year


def _signed_by_the_head(data: bytes) -> Path:
    now = datetime.now(UTC).replace(microsecond=0)
    head = Person(ecdsa_keys(), now - MANY_YEARS, now + MANY_YEARS)
    path = Path("tagmanifest-sha256.txt.sig")
    path.write_bytes(Signature(head, data, now).content_info())
    return path


def _fingerprint(told: str) -> str:
    return told.strip().splitlines()[-1].split()[0]


def test_the_key_is_made_at_init_shown_and_renewed(command: Any) -> None:
    assert command("init").code == 0
    if os.name == "posix":
        assert stat.S_IMODE(Path("signing-key.pem").stat().st_mode) == 0o600
    first = _fingerprint(command("key", "show").out)
    assert len(first) == 64
    assert command("key", "show", "--pem").out.startswith("-----BEGIN PUBLIC KEY-----\n")
    assert first not in command("key", "renew").out
    shown = command("key", "show").out.splitlines()
    assert [("retired" in line, line.startswith(first)) for line in shown] == [(True, True), (False, False)]


def test_where_there_is_no_archive_no_key_is_made(command: Any) -> None:
    assert command("key", "show").code == ExitCode.SETTINGS
    assert command("key", "renew").code == ExitCode.SETTINGS
    assert list(Path().iterdir()) == []


def test_an_archive_from_before_gets_its_key_at_the_first_need(command: Any) -> None:
    assert command("init").code == 0
    for path in Path().glob("signing-key*"):
        path.unlink()
    assert len(_fingerprint(command("key", "show").out)) == 64


def test_a_year_is_sealed_with_the_key_that_is_shown(sealed: Any) -> None:
    fingerprint = _fingerprint(sealed("key", "show").out)
    report = json.loads(sealed("snapshot", "signatures", str(_year()), "--json").out)
    assert {one["signatures"][0]["key"] for one in report["bags"]} == {fingerprint}
    assert report["sound"]


def test_the_heads_signature_is_attached_and_reported(sealed: Any) -> None:
    year = _year()
    (summary,) = year.glob("summary-*")
    signature = _signed_by_the_head((summary / "tagmanifest-sha256.txt").read_bytes())
    attached = sealed("snapshot", "sign-attach", str(year), str(signature))
    assert attached.code == 0
    assert "head-01.sig: valid" in attached.out
    assert "the chain of certificates" in attached.out
    report = sealed("snapshot", "signatures", str(year))
    assert report.code == 0
    assert "Образцова Вера Ильинична" in report.out
    as_json = json.loads(sealed("snapshot", "signatures", str(year), "--json").out)
    (bag,) = (one for one in as_json["bags"] if "summary" in one["bag"])
    assert [(one["kind"], one["verdict"]) for one in bag["signatures"]] == [
        ("own", "valid"),
        ("cms", "valid"),
    ]
    assert set(as_json["never_checked"]) == {"chain", "revocation", "qualified"}
    again = sealed("snapshot", "sign-attach", str(year), str(signature))
    assert (again.code, "attached already" in again.err) == (ExitCode.FILES, True)
    assert sealed("snapshot", "verify", str(year)).code == 0


def test_a_signature_of_another_file_is_refused_in_words(sealed: Any) -> None:
    refused = sealed("snapshot", "sign-attach", str(_year()), str(_signed_by_the_head(b"another")))
    assert refused.code == ExitCode.NOT_VERIFIED
    assert "made over other bytes" in refused.err
    assert "nothing was attached" in refused.err


def test_elsewhere_the_key_is_named_by_the_fingerprint_on_the_act(sealed: Any, tmp_path: Path) -> None:
    fingerprint = _fingerprint(sealed("key", "show").out)
    shutil.move(_year(), tmp_path / "carrier" / _year().name)
    for path in Path().glob("signing-key*"):
        path.unlink()
    year = str(next((tmp_path / "carrier").iterdir()))
    unknown = sealed("snapshot", "signatures", year)
    assert (unknown.code, "compare its fingerprint" in unknown.out) == (ExitCode.NOT_VERIFIED, True)
    in_groups = " ".join(fingerprint[at : at + 8].upper() for at in range(0, 64, 8))
    assert sealed("snapshot", "signatures", year, "--fingerprint", in_groups).code == 0
    other = "0" * 64
    assert (
        "not one of this installation" in sealed("snapshot", "signatures", year, "--fingerprint", other).out
    )
    assert sealed("snapshot", "signatures", year, "--fingerprint", "short").code == ExitCode.USAGE


def test_what_is_no_snapshot_or_no_file_is_told(command: Any) -> None:
    Path("x.sig").write_bytes(b"x")
    assert command("snapshot", "signatures", "nowhere").code == ExitCode.NOT_IN_ARCHIVE
    assert command("snapshot", "sign-attach", "nowhere", "x.sig").code == ExitCode.NOT_IN_ARCHIVE
    assert command("snapshot", "sign-attach", "nowhere").code == ExitCode.USAGE
    assert command("snapshot", "sign-attach", "nowhere", "--mchd", "x.sig").code == ExitCode.USAGE
