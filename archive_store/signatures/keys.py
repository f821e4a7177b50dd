"""The signing key of an installation (Ed25519), and the list of all that it ever had.

The private key is one file for its owner alone; a new one takes its place, so that an old one signs no
more. The public halves stay in a list beside it: each is current from its moment until that of the next.
"""

from __future__ import annotations

import os
import stat
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Any, Final

import orjson
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
    load_pem_public_key,
)
from filelock import FileLock, Timeout

from archive_store.signatures.errors import KeyNotKept, KeyNotPrivate, KeyUnreadable

_LIST: Final = "signing-keys.json"
_FORMAT: Final = "dnevnik-archive signing keys 1"
_SECONDS_FOR_THE_LOCK: Final = 10.0


@dataclass(frozen=True, slots=True)
class PublicKey:
    """A public key of an installation: its 32 bytes."""

    raw: bytes

    @property
    def fingerprint(self) -> str:
        """Its id: the SHA-256 of its bytes."""
        return sha256(self.raw).hexdigest()

    def pem(self) -> bytes:
        """As a file that openssl reads."""
        key = Ed25519PublicKey.from_public_bytes(self.raw)
        return key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)

    def has_signed(self, content: bytes, signature: bytes) -> bool:
        """Whether a signature is this key's over some bytes."""
        try:
            Ed25519PublicKey.from_public_bytes(self.raw).verify(signature, content)
        except (InvalidSignature, ValueError):
            return False
        return True


@dataclass(frozen=True, slots=True)
class KnownKey:
    """A key that is ours: its fingerprint, from when to when it was current (UTC; None: it is), itself.

    Of a key that a person names by its fingerprint no more is known.
    """

    fingerprint: str
    valid_from: str = ""
    retired_at: str | None = None
    key: PublicKey | None = None


@dataclass(frozen=True, slots=True)
class SigningKey:
    """The key that signs. What it is never shows."""

    _private: Ed25519PrivateKey = field(repr=False)

    @property
    def public(self) -> PublicKey:
        """Its public half."""
        return PublicKey(self._private.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw))

    def sign(self, content: bytes) -> bytes:
        """The signature over some bytes, 64 bytes; the same bytes give the same one."""
        return self._private.sign(content)

    def pem(self) -> bytes:
        """As the file that is kept."""
        return self._private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


@dataclass(frozen=True, slots=True)
class KeyRing:
    """The keys of an installation: the file of the private one, the list of public ones beside it."""

    path: Path

    @property
    def list_path(self) -> Path:
        """The list of public keys."""
        return self.path.parent / _LIST

    def current(self) -> SigningKey | None:
        """The key that signs; None if none was made. Raises KeyNotPrivate, KeyUnreadable."""
        if not self.path.exists():
            return None
        try:
            if os.name == "posix" and stat.S_IMODE(self.path.stat().st_mode) & 0o077:
                raise KeyNotPrivate(self.path)
            private = load_pem_private_key(self.path.read_bytes(), None)
        except (OSError, ValueError, TypeError):
            raise KeyUnreadable(self.path) from None  # its cause may show a part of it
        if not isinstance(private, Ed25519PrivateKey):
            raise KeyUnreadable(self.path)
        return SigningKey(private)

    def ensure(self, at: str) -> SigningKey:
        """The key that signs, made if there is none. ``at`` is now, UTC. Raises as current, KeyNotKept."""
        with self._alone():
            key = self.current() or self._make()
            self._enlist(key.public, at)
        return key

    def renew(self, at: str) -> SigningKey:
        """Make another key and retire the one before. Raises as ensure."""
        with self._alone():
            before = self.current()
            if before is not None:
                self._enlist(before.public, at)
            key = self._make()
            # A crash here leaves a key that the next need enlists.
            self._enlist(key.public, at)
        return key

    def known(self) -> list[KnownKey]:
        """All public keys, the oldest first; a key may have been current twice. Raises KeyUnreadable."""
        return [KnownKey(key.fingerprint, since, end, key) for key, since, end in _with_ends(self._listed())]

    def _make(self) -> SigningKey:
        key = SigningKey(Ed25519PrivateKey.generate())
        self._write(self.path, key.pem())
        return key

    def _enlist(self, key: PublicKey, at: str) -> None:
        listed = self._listed()
        if listed and listed[-1][0] == key:
            return
        keys = [
            {
                "fingerprint": one.fingerprint,
                "valid_from": since,
                "retired_at": end,
                "public_key": one.pem().decode(),
            }
            for one, since, end in _with_ends([*listed, (key, at)])
        ]
        content = {"format": _FORMAT, "keys": keys}
        self._write(self.list_path, orjson.dumps(content, option=orjson.OPT_INDENT_2) + b"\n")

    def _listed(self) -> list[tuple[PublicKey, str]]:
        try:
            content: Any = orjson.loads(self.list_path.read_bytes())
            return [(_from_pem(one["public_key"]), str(one["valid_from"])) for one in content["keys"]]
        except FileNotFoundError:
            return []
        except (OSError, ValueError, KeyError, TypeError):
            raise KeyUnreadable(self.list_path) from None

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """No other process makes a key at the same time."""
        try:
            with FileLock(f"{self.path}.lock", timeout=_SECONDS_FOR_THE_LOCK, mode=0o600):
                yield
        except (OSError, Timeout) as error:
            raise KeyNotKept(self.path, getattr(error, "strerror", None) or type(error).__name__) from None

    @staticmethod
    def _write(path: Path, content: bytes) -> None:
        """Replace a file by one rename: after a crash it is the old one or the new one."""
        handle, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)  # 0600 by itself
        beside = Path(name)
        try:
            with os.fdopen(handle, "wb") as out:
                out.write(content)
                out.flush()
                os.fsync(out.fileno())
            beside.replace(path)
        except BaseException:
            with suppress(OSError):
                beside.unlink(missing_ok=True)
            raise


def _with_ends(listed: list[tuple[PublicKey, str]]) -> list[tuple[PublicKey, str, str | None]]:
    """Each key with the moment from which the next one was current."""
    ends = [*(since for _key, since in listed), None][1:]
    return [(key, since, end) for (key, since), end in zip(listed, ends, strict=True)]


def _from_pem(text: str) -> PublicKey:
    key = load_pem_public_key(text.encode())
    if not isinstance(key, Ed25519PublicKey):
        raise TypeError(text[:30])
    return PublicKey(key.public_bytes(Encoding.Raw, PublicFormat.Raw))


def public_key(pem: bytes) -> PublicKey | None:
    """The key in a file, or None if it holds none of ours."""
    try:
        return _from_pem(pem.decode("ascii"))
    except (ValueError, TypeError):
        return None
