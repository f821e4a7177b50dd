"""Pseudonyms: the same person has the same one in each export, and only who holds the key can tell whose."""

from __future__ import annotations

import hmac
import os
import secrets
import stat
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Final

from archive_store.errors import FolderNotWritable
from archive_store.export.depersonal_errors import KeyNotUsable

_BYTES: Final = 32
_DIGITS: Final = 16


@dataclass(frozen=True, slots=True)
class Pseudonyms:
    """Makes pseudonyms of ids with a secret key: a letter and 16 hexadecimal digits of HMAC-SHA-256.

    With the letter no spreadsheet takes one for a number, and nobody for an id.
    """

    key: bytes = field(repr=False)

    def of(self, kind: str, school_id: int, number: int) -> str:
        """The pseudonym of an id of a kind ("person", "group")."""
        text = f"{kind}:{school_id}:{number}".encode()
        return kind[0] + hmac.new(self.key, text, sha256).hexdigest()[:_DIGITS]

    @property
    def fingerprint(self) -> str:
        """Eight digits by which two exports show that they were made with one key; the key stays secret."""
        return sha256(b"fingerprint:" + self.key).hexdigest()[:8]


def pseudonyms_of(path: Path) -> Pseudonyms:
    """The pseudonyms of the key in a file, which is made if it is not there, for its owner alone.

    Raises KeyNotUsable, FolderNotWritable.
    """
    try:
        if not path.exists():
            descriptor = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
            try:
                with os.fdopen(descriptor, "w") as file:
                    file.write(secrets.token_hex(_BYTES) + "\n")
                    file.flush()
                    os.fsync(file.fileno())
            except BaseException:
                path.unlink(missing_ok=True)  # half a key would stand in the way of every later export
                raise
        if os.name == "posix" and stat.S_IMODE(path.stat().st_mode) & 0o077:
            raise KeyNotUsable(path, "not private")
        key = bytes.fromhex(path.read_text(encoding="utf-8-sig").strip())
    except OSError as error:
        raise FolderNotWritable(path.parent, error.strerror or str(error)) from error
    except ValueError:
        raise KeyNotUsable(path, "not a key") from None
    if len(key) != _BYTES:
        raise KeyNotUsable(path, "not a key")
    return Pseudonyms(key)
