"""What the check of a signature came to, and its words."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, Final

from archive_store.signatures.der import printable
from archive_store.texts import N_, _


class Verdict(StrEnum):
    """Valid and invalid are about mathematics and dates; trust in who signed is not decided here."""

    VALID = "valid"
    INVALID = "invalid"
    NOT_CHECKED = "not checked"
    KEPT = "kept"


class Kind(StrEnum):
    """What a file of ``signatures/`` is."""

    OWN = "own"
    CMS = "cms"
    TIME_STAMP = "time-stamp"
    POWER = "power of attorney"
    OTHER = "other"


# What is wrong, or why it could not be checked.
FINDINGS: Final = {
    "empty": N_("the file is empty"),
    "too-large": N_("the file is too large to be a signature"),
    "unreadable": N_("the file cannot be read, or is no plain file"),
    "malformed": N_("the file is damaged, or is no signature (CMS)"),
    "no-signer": N_("the file holds no signature, only certificates"),
    "other-data": N_("it was made over other bytes than these: either was changed"),
    "wrong": N_("the signature does not fit the signed data and the key: one of them was changed"),
    "attributes": N_("a signed attribute is missing, double or wrong"),
    "other-certificate": N_("it names another certificate than the one that lies in it"),
    "no-certificate": N_("the signer's certificate is not in the file"),
    "unknown-algorithm": N_("an algorithm that this program does not know"),
    "algorithms-differ": N_("its algorithms contradict each other"),
    "weak": N_("an algorithm or a key that no longer proves anything"),
    "not-begun": N_("the certificate was not valid yet when it was signed"),
    "ended-before": N_("the certificate had ended when it was signed"),
    "ended-since": N_("the certificate has ended, and nothing proves that it was signed before"),
    "no-time-stamp": N_("the file is no time-stamp (RFC 3161)"),
    "stamp-refused": N_("the time-stamp service has refused to give a time-stamp"),
    "not-for-stamps": N_("the certificate is not one for time-stamps"),
    "unsigned": N_("the program's signature is missing, and no signed summary vouches for this bag"),
    "half": N_("of the program's signature and its public key one is missing"),
    "foreign-key": N_("the key is not one of this installation"),
    "unknown-key": N_("whose key it is cannot be told here: compare its fingerprint with the signed act"),
    "attached-other": N_("the file was changed since it was attached"),
}

# What a reader should know, though nothing is wrong.
NOTES: Final = {
    "retired-key": N_("the key was retired later"),
    "vouched": N_("the bag has no signature of its own; the signed summary vouches for it"),
    "not-cades": N_("plain CMS, not CAdES-BES: the certificate is not bound into the signature"),
    "claimed-time": N_("the moment is the signer's word alone: no time-stamp proves it"),
    "no-time": N_("it does not say when it was signed"),
    "stamped": N_("a time-stamp proves that it was there at that moment"),
    "intake": N_("the certificate has ended since; it was checked while valid, when it was attached"),
    "later-claim": N_("the signer's clock was ahead: the moment that he states is later than its proof"),
    "not-attached": N_("it was laid there by hand: no check at its attachment is on record"),
    "power": N_("a power of attorney is kept, not checked"),
    "not-ours": N_("not checked: not a kind of file that this program knows"),
}

# What is never checked, said with every qualified signature and time-stamp.
LIMITS: Final = {
    "chain": N_("the chain of certificates up to an accredited authority"),
    "revocation": N_("whether the certificate was revoked"),
    "qualified": N_("whether the signature is a qualified one"),
}


@dataclass(frozen=True, slots=True)
class Remark:
    """A finding or a note: a code of FINDINGS or NOTES, and what it is about."""

    code: str
    detail: str = ""

    def text(self) -> str:
        """The remark in words."""
        words = _(FINDINGS.get(self.code) or NOTES[self.code])
        return f"{words} ({printable(self.detail)})" if self.detail else words


@dataclass(frozen=True, slots=True)
class Signatory:
    """Who signed, as the certificate has it, and how."""

    subject: str
    issuer: str
    serial: str
    not_before: datetime
    not_after: datetime
    algorithm: str

    def as_json(self) -> dict[str, str]:
        """For programs."""
        return {
            "subject": self.subject,
            "issuer": self.issuer,
            "serial": self.serial,
            "not_before": utc(self.not_before),
            "not_after": utc(self.not_after),
            "algorithm": self.algorithm,
        }


@dataclass(frozen=True, slots=True)
class Result:
    """The result for one signature.

    ``at`` is when it was signed, or stamped; ``over`` what a time-stamp is over; ``key`` the fingerprint of
    a key of ours.
    """

    file: str
    kind: Kind
    findings: tuple[Remark, ...] = ()
    notes: tuple[Remark, ...] = ()
    checkable: bool = True
    by: Signatory | None = None
    at: datetime | None = None
    over: str = ""
    key: str = ""

    @property
    def verdict(self) -> Verdict:
        """Whether it is valid."""
        if not self.checkable:
            return Verdict.NOT_CHECKED
        if self.findings:
            return Verdict.INVALID
        return Verdict.KEPT if self.kind is Kind.POWER else Verdict.VALID

    def as_json(self) -> dict[str, Any]:
        """For programs; codes and words."""
        return {
            "file": printable(self.file),
            "kind": self.kind.value,
            "verdict": self.verdict.value,
            "findings": _remarks(self.findings),
            "notes": _remarks(self.notes),
            "by": self.by.as_json() if self.by else None,
            "at": utc(self.at) if self.at else None,
            "over": printable(self.over) or None,
            "key": self.key or None,
            "not_checked": list(LIMITS) if self.by else [],
        }


def utc(moment: datetime) -> str:
    """A moment as the archive writes it: ISO 8601, UTC, to the second."""
    # Not strftime: it does not pad the years of hostile certificates everywhere.
    return moment.astimezone(UTC).replace(microsecond=0, tzinfo=None).isoformat() + "Z"


def _remarks(remarks: Iterable[Remark]) -> list[dict[str, str]]:
    return [{"code": one.code, "text": one.text()} for one in remarks]
