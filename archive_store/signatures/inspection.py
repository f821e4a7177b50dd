"""All signatures over one file: each file of ``signatures/``, checked as far as it can be checked here.

A qualified signature is valid if its certificate was valid when it was signed, and that moment is proved
(63-FZ, article 11): by a time-stamp, or else by our own dated record of its check while the certificate
was valid.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from archive_store.signatures import checking, cms, folder, intake, oids, own, stamps
from archive_store.signatures.der import LARGEST, Malformed, from_file, whole
from archive_store.signatures.keys import KnownKey, PublicKey
from archive_store.signatures.result import Kind, Remark, Result

SIGNATURES: Final = (".sig", ".p7s", ".p7m", ".cms", ".sgn")
STAMPS: Final = (".tsr", ".tst")
POWERS: Final = (".xml",)
_CLOCKS_DIFFER: Final = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Inspection:
    """What is looked at: a file of which we have the content, the keys that are ours, the moment of now."""

    file: Path
    signed: bytes
    known: Sequence[KnownKey]
    now: datetime

    def results(self) -> list[Result]:
        """A result for each signature, ours first."""
        ours = own.check(self.file, self.signed, self.known)
        place = folder.beside(self.file)
        listed = [name for name in folder.names(place) if name not in (own.SIGNATURE, own.PUBLIC_KEY)]
        found = [one for name in listed for one in self._of_file(place, name, listed)]
        return [*([ours] if ours else []), *found]

    def of_signature(
        self,
        name: str,
        content: bytes,
        later: Sequence[tuple[str, bytes]],
        checked_at: datetime | None = None,
    ) -> list[Result]:
        """The results for a signature (CMS) and the time-stamps of it that lie in files of their own."""
        try:
            data = cms.read(whole(from_file(content)))
            if not data.signers:
                return [Result(name, Kind.CMS, (Remark("no-signer"),))]
            signers = checking.check(data, self.signed, oids.DATA)
            inside = [one for signer in signers for one in _stamps_inside(name, signer)]
        except Malformed as error:
            return [Result(name, Kind.CMS, (_unread(content, error),))]
        values = {f"{name}: signature": one.signer.signature for one in signers}
        outside = [self.of_stamp(file, stamp, {**values, name: content}) for file, stamp in later]
        stamped = [one.at for one in (*inside, *outside) if not one.findings and one.checkable and one.at]
        signed = [_dated(name, one, min(stamped, default=None), checked_at, self.now) for one in signers]
        return [*signed, *inside, *outside]

    def attached_at(self, name: str, content: bytes) -> datetime | None:
        """When a signature was checked as it was attached, if a record that is believed says so."""
        place = folder.beside(self.file)
        record = intake.read(place, name, content, self._keys(place))
        return record.at if record else None

    def of_stamp(self, name: str, content: bytes, candidates: dict[str, bytes]) -> Result:
        """The result for a time-stamp: over one of the candidates, or over the file itself."""
        try:
            stamp = stamps.from_answer(content)
            return stamps.check(name, stamp, {**candidates, self.file.name: self.signed})
        except stamps.StampRefused:
            return Result(name, Kind.TIME_STAMP, (Remark("stamp-refused"),))
        except Malformed as error:
            return Result(name, Kind.TIME_STAMP, (_unread(content, error, "no-time-stamp"),))

    def _of_file(self, place: Path, name: str, listed: list[str]) -> Iterator[Result]:
        if intake.is_record(name):
            return
        kind = _kind(name)
        content = folder.content(place / name)
        if content is None:
            yield Result(name, kind, (Remark("unreadable"),), checkable=kind is not Kind.OTHER)
            return
        if kind is Kind.OTHER:
            yield Result(name, kind, (Remark("not-ours"),), checkable=False)
            return
        found = self._checked(kind, place, name, content, listed)
        yield from (self._as_attached(place, one, content) for one in found)

    def _checked(self, kind: Kind, place: Path, name: str, content: bytes, listed: list[str]) -> list[Result]:
        if kind is Kind.POWER:
            return [Result(name, kind, notes=(Remark("power"),))]
        if kind is Kind.CMS:
            stamped = [one for one in listed if _kind(one) is Kind.TIME_STAMP and belongs(one, name)]
            later = [(one, folder.content(place / one) or b"") for one in stamped]
            results = self.of_signature(name, content, later, self.attached_at(name, content))
            # Each time-stamp has its result where it is listed itself.
            return [one for one in results if one.file == name]
        signatures = [one for one in listed if _kind(one) is Kind.CMS and belongs(name, one)]
        candidates: dict[str, bytes] = {}
        for one in [*signatures, own.SIGNATURE]:
            over = folder.content(place / one)
            if over is not None:
                candidates |= {**_values(one, over), one: over}
        return [self.of_stamp(name, content, candidates)]

    def _as_attached(self, place: Path, one: Result, content: bytes) -> Result:
        """The result, with what the record of its attachment says of the file."""
        state = intake.state(place, one.file, content, self._keys(place))
        if state is intake.State.OTHER_FILE:
            return replace(one, findings=(*one.findings, Remark("attached-other")), checkable=True)
        if state is not intake.State.AS_ATTACHED:
            return replace(one, notes=(*one.notes, Remark("not-attached")))
        return one

    def _keys(self, place: Path) -> list[PublicKey]:
        """Whose records of checks are believed: the keys of this installation, else the one of the seal."""
        ours = [one.key for one in self.known if one.key is not None]
        beside = own.key_beside(place)
        fingerprints = {one.fingerprint for one in self.known}
        if beside is not None and (not fingerprints or beside.fingerprint in fingerprints):
            ours.append(beside)
        return ours


def _kind(name: str) -> Kind:
    lower = name.lower()
    for suffixes, kind in ((SIGNATURES, Kind.CMS), (STAMPS, Kind.TIME_STAMP), (POWERS, Kind.POWER)):
        if lower.endswith(suffixes):
            return kind
    return Kind.OTHER


def belongs(name: str, signature: str) -> bool:
    """Whether a file is named after a signature: ``head-01-time-01.tsr`` after ``head-01.sig``."""
    return name.startswith(f"{signature.rpartition('.')[0]}-")


def _unread(content: bytes, error: Malformed, otherwise: str = "malformed") -> Remark:
    if not content:
        return Remark("empty")
    if len(content) > LARGEST:
        return Remark("too-large")
    return Remark(otherwise, str(error))


def _values(name: str, content: bytes) -> dict[str, bytes]:
    """The signature values inside a file; none if it cannot be read."""
    try:
        signers = cms.read(whole(from_file(content))).signers
    except Malformed:
        return {}
    return {f"{name}: signature": one.signature for one in signers}


def _stamps_inside(name: str, checked: checking.Checked) -> list[Result]:
    """The time-stamps that a CAdES-T signature carries inside, over its value. Raises Malformed."""
    return [
        stamps.check(name, stamps.from_token(token), {f"{name}: signature": checked.signer.signature})
        for token in checked.signer.unsigned.get(oids.SIGNATURE_TIME_STAMP, ())
    ]


def _dated(
    name: str,
    checked: checking.Checked,
    stamped: datetime | None,
    checked_at: datetime | None,
    now: datetime,
) -> Result:
    """The result for a signer, with the judgement on when he signed and whether his certificate was valid.

    ``stamped`` is the earliest valid time-stamp, ``checked_at`` the moment of our own record.
    """
    findings, notes = list(checked.findings), list(checked.notes)
    stated, certificate = checked.stated_at, checked.certificate
    if certificate is not None and stamped is not None and stamped > certificate.not_after:
        stamped = None  # too late to prove anything of the signer's certificate
    if stamped is None:
        notes.append(Remark("claimed-time" if stated else "no-time"))
    else:
        notes.append(Remark("stamped"))
        if stated is not None and stated > stamped + _CLOCKS_DIFFER:
            notes.append(Remark("later-claim"))
    if certificate is not None:
        proved = min(filter(None, (stamped, checked_at)), default=now)
        finding, note = _of_certificate(certificate, stamped or stated, proved)
        findings += finding
        notes += note if stamped is None and now > certificate.not_after else []
    signed_at = stamped or stated
    return Result(name, Kind.CMS, tuple(findings), tuple(notes), checked.checkable, checked.by, signed_at)


def _of_certificate(
    one: cms.Certificate, signed_at: datetime | None, proved: datetime
) -> tuple[list[Remark], list[Remark]]:
    """Findings and notes on a certificate: signed with at one moment, proved to be there by another."""
    if (signed_at or proved) < one.not_before:
        return [Remark("not-begun")], []
    if signed_at is not None and signed_at > one.not_after:
        return [Remark("ended-before")], []
    if proved > one.not_after:
        return [Remark("ended-since")], []
    return [], [Remark("intake")]
