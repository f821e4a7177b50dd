"""``snapshot copy --encrypt``: sealed bags on a carrier that travels, each one encrypted file.

Beside them lie their checksums, the key that a passphrase opens (if there is one), and what a person needs
to read them with ordinary age. These copies do not count among the two that the rules demand.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Final

import sqlalchemy as sa

from archive_store.carriers.book import Kind, Scribe, events
from archive_store.carriers.copies import Place, SealedBag
from archive_store.carriers.copying import Copied, Outcome
from archive_store.carriers.errors import EncryptedAtHome, SourceNotSound
from archive_store.carriers.register import Role
from archive_store.carriers.transfer import at_carrier, sound
from archive_store.encryption.locks import Lock
from archive_store.encryption.sealing import ENDING, SealedFile, digest_of, seal
from archive_store.on_disk import appearing, flush_folder
from archive_store.texts import _

KEY_FILE: Final = "identity.age"
CHECKSUMS: Final = "ENCRYPTED.sha256"
README: Final = "READ-ME.txt"


class State(StrEnum):
    """What a check finds of an encrypted file."""

    SOUND = "sound"
    DAMAGED = "damaged"
    MISSING = "missing"


@dataclass(frozen=True, slots=True)
class Encrypted:
    """An encrypted copy as the book knows it: its file on the carrier and that file's SHA-256."""

    study_year: int
    bag: str
    root: str
    file: str
    sha256: str


def travels(place: Place) -> bool:
    """Whether a place is a carrier that leaves the school."""
    return place.carrier is not None and place.carrier.label.role is Role.TRAVELLING


def encrypted(connection: sa.Connection, school_id: int, place: Place) -> list[Encrypted]:
    """The encrypted copies that the book knows on a carrier, the newest of each bag."""
    found: dict[str, Encrypted] = {}
    for event in events(connection, school_id):
        if event.kind is Kind.ENCRYPTED and event.carrier == place.key:
            said = event.details
            one = Encrypted(said["year"], said["bag"], said["root"], said["file"], said["sha256"])
            found[one.file] = one
        if event.kind is Kind.DESTROYED and event.carrier == place.key:
            gone = (event.details["year"], event.details["bag"])
            found = {file: one for file, one in found.items() if (one.study_year, one.bag) != gone}
    return list(found.values())


def encrypt(
    engine: sa.Engine, scribe: Scribe, wanted: Sequence[SealedBag], place: Place, lock: Lock
) -> Iterator[Copied]:
    """Bring bags that are not there yet, encrypted, each entered in the book when it was read back.

    A damaged copy is written anew. Raises EncryptedAtHome for a carrier that does not travel, SourceNotSound,
    EncryptedNotSound, and what :func:`transfer.at_carrier` raises.
    """
    if not travels(place):
        raise EncryptedAtHome(place.name)
    with engine.connect() as connection:
        known = {one.file: one for one in encrypted(connection, scribe.school_id, place)}
    for sealed in wanted:
        file = f"{sealed.place}{ENDING}"
        with at_carrier(place, scribe.school_id) as still_there:
            there = known.get(file)
            if there and there.root == sealed.root and state(place, there) is State.SOUND:
                yield Copied(sealed, Outcome.THERE)
                continue
            if findings := sound(sealed.path, sealed.root):
                raise SourceNotSound(sealed.place, sealed.path, findings)
            written = _write(place, sealed, file, lock)
            still_there()
        known[file] = Encrypted(sealed.study_year, sealed.bag, sealed.root, file, written.sha256)
        with at_carrier(place, scribe.school_id):
            _beside(place, list(known.values()), lock)
        details = {
            "year": sealed.study_year,
            "bag": sealed.bag,
            "root": sealed.root,
            "file": file,
            "sha256": written.sha256,
            "plain_sha256": written.plain_sha256,
            "tried": written.tried,
            "for": list(lock.names),
        }
        with engine.begin() as connection:
            scribe.enter(connection, Kind.ENCRYPTED, place.key, details)
        yield Copied(sealed, Outcome.COPIED)


def state(place: Place, one: Encrypted) -> State:
    """Whether an encrypted file lies on the carrier as it was written."""
    path = place.root / one.file
    if not path.is_file():
        return State.MISSING
    return State.SOUND if digest_of(path) == one.sha256 else State.DAMAGED


def _write(place: Place, sealed: SealedBag, file: str, lock: Lock) -> SealedFile:
    target = place.root / file
    place.bag(sealed.year, sealed.bag)  # refuses a link in the way
    target.parent.mkdir(exist_ok=True, mode=0o700)
    written = seal(sealed.path, target, lock, sealed.bag)
    flush_folder(target.parent)
    return written


def _beside(place: Place, known: Sequence[Encrypted], lock: Lock) -> None:
    list_again(place, known)
    if lock.key_file is not None:
        _replace(place.root / KEY_FILE, lock.key_file)
    _replace(place.root / README, _read_me(has_key=(place.root / KEY_FILE).is_file()))


def list_again(place: Place, known: Sequence[Encrypted]) -> None:
    """Write the list of digests of the encrypted files of a carrier anew."""
    lines = (f"{one.sha256}  {one.file}\n" for one in sorted(known, key=lambda one: one.file))
    _replace(place.root / CHECKSUMS, "".join(lines).encode())


def _read_me(*, has_key: bool) -> bytes:
    key = KEY_FILE if has_key else _("FILE-OF-YOUR-PRIVATE-KEY")
    lines = (
        _("Sealed academic years of a school's electronic journal, encrypted with age."),
        _("They hold personal data. Whoever finds this carrier, please give it back to the school."),
        "",
        _("To check that nothing was changed: sha256sum -c {file}").format(file=CHECKSUMS),
        _("To read a file with the program age (https://age-encryption.org):"),
        f"  age -d -i {key} 2025-2026/NAME{ENDING} | tar -x",
        _("On Windows: age -d -i {key} -o NAME.tar NAME{ending}, then tar -xf NAME.tar").format(
            key=key, ending=ENDING
        ),
        _("The folder that comes out is checked by: python3 NAME/verify.py"),
        "",
    )
    return "\r\n".join(lines).encode("utf-8-sig")


def _replace(path: Path, content: bytes) -> None:
    """Write a small file anew: the old one stands until the new one is on the medium."""
    with appearing(path, over=True) as file:
        file.write(content)
