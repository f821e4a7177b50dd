"""Signatures and time-stamps made by OpenSSL, also with Debian's GOST engine, are read as they are."""

from __future__ import annotations

import shutil
import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path
from textwrap import dedent

import pytest

from archive_store.signatures.inspection import Inspection
from archive_store.signatures.result import Result, Verdict

DATA = b"0" * 64 + b"  bagit.txt\n"
GOST = """
    openssl_conf = settings
    [settings]
    engines = engines
    [engines]
    gost = gost
    [gost]
    engine_id = gost
    default_algorithms = ALL
"""
SERVICE = """
    [tsa]
    default_tsa = service
    [service]
    serial = serial
    signer_cert = certificate.pem
    signer_key = key.pem
    signer_digest = sha256
    default_policy = 1.2.643.2.2.38.4
    digests = sha256
    [stamps]
    extendedKeyUsage = critical,timeStamping
    [req]
    distinguished_name = name
    [name]
"""


@pytest.fixture
def desk(tmp_path: Path) -> Path:
    """Where a person signs with other programs."""
    assert shutil.which("openssl"), "install openssl"
    (tmp_path / "desk").mkdir()
    (tmp_path / "desk" / "data").write_bytes(DATA)
    return tmp_path / "desk"


@pytest.fixture
def gost(desk: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """OpenSSL knows GOST."""
    (desk / "gost.cnf").write_text(dedent(GOST))
    monkeypatch.setenv("OPENSSL_CONF", str(desk / "gost.cnf"))
    if _ran(desk, "engine", "gost").returncode:
        pytest.skip("install libengine-gost-openssl")


def _ran(desk: Path, *arguments: str) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(["openssl", *arguments], cwd=desk, capture_output=True, check=False)


def _openssl(desk: Path, command: str) -> None:
    ended = _ran(desk, *command.split())
    assert ended.returncode == 0, ended.stderr


def _certified(desk: Path, key: str) -> None:
    subject = "-subj /CN=Invented_Head/O=School_901 -days 30"
    _openssl(desk, f"req -x509 -nodes -newkey {key} -keyout key.pem -out certificate.pem {subject}")


def _results(desk: Path, data: bytes = DATA, stamp: str = "") -> list[Result]:
    # OpenSSL signs now: it is looked at soon after.
    now = datetime.now(UTC) + timedelta(minutes=5)
    later = [(stamp, (desk / stamp).read_bytes())] if stamp else []
    inspection = Inspection(desk / "data", data, [], now)
    return inspection.of_signature("head-01.sig", (desk / "head.sig").read_bytes(), later)


SIGN = "cms -sign -binary -cades -in data -signer certificate.pem -inkey key.pem -out head.sig"


@pytest.mark.parametrize(
    ("key", "options"),
    [
        ("rsa:2048", "-md sha256 -outform DER"),
        ("rsa:2048", "-md sha512 -outform PEM"),
        ("rsa:2048", "-md sha256 -keyopt rsa_padding_mode:pss -outform DER"),
        ("ec -pkeyopt ec_paramgen_curve:P-384", "-md sha384 -outform DER"),
        ("ec -pkeyopt ec_paramgen_curve:P-256", "-md sha256 -outform DER -keyid"),
        ("ec -pkeyopt ec_paramgen_curve:P-256", "-md sha256 -outform DER -nodetach -stream"),
    ],
)
def test_what_openssl_signs_is_valid_and_over_other_bytes_it_is_not(
    desk: Path, key: str, options: str
) -> None:
    _certified(desk, key)
    _openssl(desk, f"{SIGN} {options}")
    (good,), (bad,) = _results(desk), _results(desk, DATA + b"\n")
    assert (good.verdict, good.findings) == (Verdict.VALID, ())
    assert "not-cades" not in {one.code for one in good.notes}
    assert [one.code for one in bad.findings] == ["other-data"]
    assert good.by is not None
    assert good.by.subject == "CN=Invented_Head, O=School_901"


@pytest.mark.usefixtures("gost")
@pytest.mark.parametrize(
    ("key", "digest"),
    [
        ("gost2012_256 -pkeyopt paramset:TCA", "md_gost12_256"),
        ("gost2012_256 -pkeyopt paramset:A", "md_gost12_256"),
        ("gost2012_256 -pkeyopt paramset:B", "md_gost12_256"),
        ("gost2012_256 -pkeyopt paramset:C", "md_gost12_256"),
        ("gost2012_256 -pkeyopt paramset:XA", "md_gost12_256"),
        ("gost2012_256 -pkeyopt paramset:XB", "md_gost12_256"),
        ("gost2012_512 -pkeyopt paramset:A", "md_gost12_512"),
        ("gost2012_512 -pkeyopt paramset:B", "md_gost12_512"),
        ("gost2012_512 -pkeyopt paramset:C", "md_gost12_512"),
    ],
)
def test_what_the_gost_engine_signs_is_valid_and_over_other_bytes_it_is_not(
    desk: Path, key: str, digest: str
) -> None:
    _certified(desk, key)
    _openssl(desk, f"{SIGN} -md {digest} -outform DER")
    (good,), (bad,) = _results(desk), _results(desk, DATA + b"\n")
    assert (good.verdict, good.findings) == (Verdict.VALID, ())
    assert [one.code for one in bad.findings] == ["other-data"]


@pytest.mark.usefixtures("gost")
def test_what_our_own_gost_signer_makes_the_engine_accepts(desk: Path) -> None:
    from invented_signers import GOST_SETS, Person, Signature, gost_keys

    for parameters in GOST_SETS:
        person = Person(gost_keys(parameters))
        (desk / "ours.sig").write_bytes(Signature(person, DATA).content_info())
        _openssl(desk, "cms -verify -noverify -binary -inform DER -in ours.sig -content data -out seen")
        assert (desk / "seen").read_bytes() == DATA


def test_a_time_stamp_of_openssl_is_valid_over_the_file_that_was_sent(desk: Path) -> None:
    (desk / "service.cnf").write_text(dedent(SERVICE))
    (desk / "serial").write_text("01\n")
    _certified(desk, "rsa:2048 -config service.cnf -extensions stamps")
    _openssl(desk, f"{SIGN} -md sha256 -outform DER")
    _openssl(desk, "ts -query -data head.sig -sha256 -cert -out question.tsq")
    _openssl(desk, "ts -reply -config service.cnf -queryfile question.tsq -out head.tsr")
    _openssl(desk, "ts -reply -config service.cnf -queryfile question.tsq -token_out -out head.tst")
    for name in ("head.tsr", "head.tst"):
        signed, stamped = _results(desk, stamp=name)
        assert (stamped.verdict, stamped.over) == (Verdict.VALID, "head-01.sig")
        assert (signed.verdict, signed.at) == (Verdict.VALID, stamped.at)


def test_a_time_stamp_service_that_does_not_send_its_certificate_cannot_be_checked(desk: Path) -> None:
    (desk / "service.cnf").write_text(dedent(SERVICE))
    (desk / "serial").write_text("01\n")
    _certified(desk, "rsa:2048 -config service.cnf -extensions stamps")
    _openssl(desk, "ts -query -data data -sha256 -out question.tsq")
    _openssl(desk, "ts -reply -config service.cnf -queryfile question.tsq -out data.tsr")
    inspection = Inspection(desk / "data", DATA, [], datetime.now(UTC))
    result = inspection.of_stamp("bag-time-01.tsr", (desk / "data.tsr").read_bytes(), {})
    assert (result.verdict, [one.code for one in result.findings]) == (
        Verdict.NOT_CHECKED,
        ["no-certificate"],
    )
