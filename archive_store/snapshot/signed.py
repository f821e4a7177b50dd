"""Who has signed what is sealed: the signatures over the tag manifest of each bag.

The summary of a year names the roots of all its bags; a signature over it vouches for them too.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

import orjson

from archive_store.errors import NotASnapshot
from archive_store.signatures import folder, own
from archive_store.signatures.der import LARGEST
from archive_store.signatures.inspection import Inspection
from archive_store.signatures.keys import KnownKey
from archive_store.signatures.result import Kind, Remark, Result, Verdict
from archive_store.snapshot import naming, verifier
from archive_store.snapshot.bag import TAG_MANIFEST


@dataclass(frozen=True, slots=True)
class SignedBag:
    """A bag: its name with the year, its root, what its signatures came to."""

    name: str
    root: str
    results: tuple[Result, ...]

    @property
    def sound(self) -> bool:
        """Whether every signature was checked and is valid."""
        return all(one.verdict in (Verdict.VALID, Verdict.KEPT) for one in self.results)


def survey(path: Path, known: Sequence[KnownKey], now: datetime) -> list[SignedBag]:
    """The signatures of the bag, the year or the years at ``path``. Raises NotASnapshot."""
    path = path.resolve()
    bags = verifier.bags_in(path)
    if not bags:
        raise NotASnapshot(path)
    found = {bag: _signed(bag, path, known, now) for bag in bags}
    for year in dict.fromkeys(bag.parent for bag in bags):
        vouched = {
            root
            for bag, one in found.items()
            if bag.parent == year and naming.is_summary(bag.name) and _is_vouched_for(one)
            for root in _roots_named(bag, one.root)
        }
        for bag, one in found.items():
            if bag.parent == year:
                found[bag] = _with_own(one, vouched)
    return list(found.values())


def to_sign(path: Path) -> Path:
    """The file that the head signs: the tag manifest of a bag; of a year, that of its latest summary.

    Raises NotASnapshot.
    """
    bags = [bag for bag in verifier.bags_in(path) if folder.content(bag / TAG_MANIFEST)]
    summaries = [bag for bag in bags if naming.is_summary(bag.name)]
    if bags and len({bag.parent for bag in bags}) == 1:
        if summaries and bags != [path]:
            return summaries[-1] / TAG_MANIFEST
        if len(bags) == 1:
            return bags[0] / TAG_MANIFEST
    raise NotASnapshot(path)


def _signed(bag: Path, path: Path, known: Sequence[KnownKey], now: datetime) -> SignedBag:
    name = bag.name if bag == path else f"{bag.parent.name}/{bag.name}"
    signed = folder.content(bag / TAG_MANIFEST)
    if signed is None or len(signed) > LARGEST:
        return SignedBag(name, "", (Result(TAG_MANIFEST, Kind.OTHER, (Remark("unreadable"),)),))
    results = Inspection(bag / TAG_MANIFEST, signed, known, now).results()
    return SignedBag(name, sha256(signed).hexdigest(), tuple(results))


def _is_vouched_for(one: SignedBag) -> bool:
    """Whether our own signature is good. One like the head's anybody could make: its chain is not checked."""
    return any(result.verdict is Verdict.VALID and result.kind is Kind.OWN for result in one.results)


def _with_own(one: SignedBag, vouched: set[str]) -> SignedBag:
    """A bag without our signature: either the summary vouches for it, or that is what is wrong."""
    if any(result.kind is Kind.OWN for result in one.results) or not one.root:
        return one
    if one.root in vouched:
        missing = Result(own.SIGNATURE, Kind.OWN, notes=(Remark("vouched"),))
    else:
        missing = Result(own.SIGNATURE, Kind.OWN, (Remark("unsigned"),))
    return replace(one, results=(missing, *one.results))


def _roots_named(summary: Path, root: str) -> set[str]:
    """The roots that the passport of a summary names, if it is the one that its root vouches for."""
    tags = folder.content(summary / TAG_MANIFEST) or b""
    manifest = folder.content(summary / "manifest-sha256.txt") or b""
    passport = folder.content(summary / "data" / "passport.json") or b""
    chained = (
        sha256(tags).hexdigest() == root
        and f"{sha256(manifest).hexdigest()}  manifest-sha256.txt\n".encode() in tags
        and f"{sha256(passport).hexdigest()}  data/passport.json\n".encode() in manifest
    )
    if not chained:
        return set()
    try:
        named: Any = orjson.loads(passport)["bags"]
        return {str(one) for one in named.values()}
    except (ValueError, KeyError, TypeError, AttributeError):
        return set()
