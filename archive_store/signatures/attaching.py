"""Attach what was signed outside: checked first, laid beside the file, never in the place of another."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import Final

from archive_store.signatures import folder, intake
from archive_store.signatures.der import LARGEST
from archive_store.signatures.errors import AttachedAlready, NotASignature, SignatureRefused
from archive_store.signatures.inspection import Inspection
from archive_store.signatures.keys import KnownKey, SigningKey
from archive_store.signatures.result import Kind, Remark, Result, Verdict

_NUMBERED: Final = "{stem}-{number:02d}{suffix}"


@dataclass(frozen=True, slots=True)
class ToAttach:
    """The files of a person: the signature, time-stamps of it, the power of attorney of who signed.

    Without a signature, a time-stamp is over the signed file itself.
    """

    signature: Path | None
    stamp: Path | None = None
    power: Path | None = None


@dataclass(frozen=True, slots=True)
class Attached:
    """What was attached: the new names, and what the check came to."""

    names: list[str]
    results: list[Result]


def attach(
    file: Path, given: ToAttach, known: Sequence[KnownKey], key: SigningKey | None, now: datetime
) -> Attached:
    """Check the given files over ``file`` and lay them beside it, with dated records of the check.

    ``key`` signs the records. A signature that lies there already may be given again, with a time-stamp or
    a power of attorney that came later. Raises NotASignature, SignatureRefused, AttachedAlready,
    FolderNotWritable.
    """
    place = folder.beside(file)
    inspection = Inspection(file, _content(file) or b"", known, now)
    signature = _content(given.signature)
    stem, there = _stem(place, signature)
    name = there or f"{stem}.sig"
    new = {} if there or signature is None else {name: signature}
    stamp, power = _content(given.stamp), _content(given.power)
    if stamp is not None:
        new[_free(place, f"{stem}-time", ".tsr", stamp)] = stamp
    if power is not None:
        new[_free(place, f"{stem}-power", ".xml", power)] = power
    if not new:
        raise AttachedAlready(name)
    results = _checked(inspection, name, signature, new)
    refused = [one for one in results if one.verdict is Verdict.INVALID]
    if refused:
        raise SignatureRefused(refused)
    over = sha256(inspection.signed).hexdigest()
    files: dict[str, bytes] = {}
    for one, content in new.items():
        files |= intake.files(one, content, [r for r in results if r.file == one], now, over, key)
        files[one] = content
    folder.add(place, files)
    return Attached(list(new), results)


def _checked(
    inspection: Inspection, name: str, signature: bytes | None, new: dict[str, bytes]
) -> list[Result]:
    stamps = [(one, content) for one, content in new.items() if one.endswith(".tsr")]
    powers = [Result(one, Kind.POWER, notes=(Remark("power"),)) for one in new if one.endswith(".xml")]
    if signature is None:
        return [*(inspection.of_stamp(one, content, {}) for one, content in stamps), *powers]
    return [
        *inspection.of_signature(name, signature, stamps, inspection.attached_at(name, signature)),
        *powers,
    ]


def _content(path: Path | None) -> bytes | None:
    if path is None:
        return None
    try:
        with path.open("rb") as file:
            content = file.read(LARGEST + 1)
    except OSError as error:
        raise NotASignature(path, error.strerror or type(error).__name__) from None
    if not content or len(content) > LARGEST:
        raise NotASignature(path, "empty" if not content else "too large")
    return content


def _stem(place: Path, signature: bytes | None) -> tuple[str, str]:
    """The beginning of the new names; and the name under which the signature lies there already, if so."""
    names = folder.names(place)
    if signature is None:
        return "bag", ""
    for name in names:
        if re.fullmatch(r"head-\d+\.sig", name) and folder.content(place / name) == signature:
            return name.removesuffix(".sig"), name
    number = _next(names, r"head-(\d+)\.")
    return f"head-{number:02d}", ""


def _free(place: Path, stem: str, suffix: str, content: bytes) -> str:
    names = folder.names(place)
    taken = re.escape(stem) + r"-(\d+)" + re.escape(suffix)
    for name in names:
        if re.fullmatch(taken, name) and folder.content(place / name) == content:
            raise AttachedAlready(name)
    return _NUMBERED.format(stem=stem, number=_next(names, taken), suffix=suffix)


def _next(names: Iterable[str], pattern: str) -> int:
    found = (re.match(pattern, name) for name in names)
    return max((int(one[1]) for one in found if one), default=0) + 1
