"""Our own signature over a file, made when it is sealed: Ed25519, 64 bytes, with the public key as PEM.

Neither stands in what is sealed, for the key is a matter of the installation: the same record must give
the same root, on a new computer and after a new key too. What binds the key is the signed act, on which
its fingerprint is printed. Without this program:

    openssl pkeyutl -verify -pubin -inkey signatures/dnevnik-archive.pem -rawin \\
        -in tagmanifest-sha256.txt -sigfile signatures/dnevnik-archive.sig
    openssl pkey -pubin -in signatures/dnevnik-archive.pem -outform DER | tail -c 32 | sha256sum
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Final

from archive_store.signatures import folder
from archive_store.signatures.keys import KnownKey, PublicKey, SigningKey, public_key
from archive_store.signatures.result import Kind, Remark, Result

SIGNATURE: Final = "dnevnik-archive.sig"
PUBLIC_KEY: Final = "dnevnik-archive.pem"


def sign(file: Path, key: SigningKey) -> None:
    """Sign a file. Raises FolderNotWritable; FileExistsError if it is signed already."""
    signed = {SIGNATURE: key.sign(file.read_bytes()), PUBLIC_KEY: key.public.pem()}
    folder.add(folder.beside(file), signed)


def check(file: Path, signed: bytes, known: Sequence[KnownKey]) -> Result | None:
    """Check our signature over a file with this content; None if there is none at all.

    ``known`` are the keys of this installation; without any it cannot be told whose key it is.
    """
    place = folder.beside(file)
    present = {SIGNATURE, PUBLIC_KEY} & {*folder.names(place)}
    if not present:
        return None
    if len(present) == 1:
        return Result(SIGNATURE, Kind.OWN, (Remark("half"),))
    signature, pem = folder.content(place / SIGNATURE), folder.content(place / PUBLIC_KEY)
    if signature is None or pem is None:
        return Result(SIGNATURE, Kind.OWN, (Remark("unreadable"),))
    key = public_key(pem)
    if key is None:
        return Result(SIGNATURE, Kind.OWN, (Remark("malformed", PUBLIC_KEY),))
    if not key.has_signed(signed, signature):
        return Result(SIGNATURE, Kind.OWN, (Remark("wrong"),), key=key.fingerprint)
    if not known:
        return Result(SIGNATURE, Kind.OWN, (Remark("unknown-key"),), checkable=False, key=key.fingerprint)
    periods = [one for one in known if one.fingerprint == key.fingerprint]
    if not periods:
        return Result(SIGNATURE, Kind.OWN, (Remark("foreign-key"),), key=key.fingerprint)
    retired = periods[-1].retired_at
    notes = (Remark("retired-key", retired),) if retired else ()
    return Result(SIGNATURE, Kind.OWN, notes=notes, key=key.fingerprint)


def key_beside(place: Path) -> PublicKey | None:
    """The public key in a folder of signatures."""
    pem = folder.content(place / PUBLIC_KEY)
    return public_key(pem) if pem else None
