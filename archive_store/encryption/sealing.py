"""Encrypt a folder into one file: a tar archive in an age file, written, read back, and only then named."""

from __future__ import annotations

import os
import tarfile
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from hashlib import file_digest, sha256
from pathlib import Path
from typing import IO, Any, Final

import pyrage

from archive_store.encryption.errors import EncryptedNotSound
from archive_store.encryption.locks import Lock

ENDING: Final = ".tar.age"
_PART: Final = ".part"
_PIECE: Final = 1 << 20
_BLOCK: Final = tarfile.BLOCKSIZE


@dataclass(frozen=True, slots=True)
class SealedFile:
    """An encrypted file: its size and SHA-256, that of the tar archive in it, and whether it was tried.

    ``tried``: it was decrypted again from the medium; else only its own bytes were compared.
    """

    path: Path
    size: int
    sha256: str
    plain_sha256: str
    tried: bool


def seal(folder: Path, target: Path, lock: Lock, name: str) -> SealedFile:
    """Encrypt ``folder`` under the name ``name`` into the file ``target``, which appears whole or not at all.

    The same folder gives the same tar archive. Raises EncryptedNotSound, OSError.
    """
    part = target.with_name(target.name + _PART)
    part.unlink(missing_ok=True)
    plain, written = _Reading(_tar(folder, name)), sha256()
    try:
        with os.fdopen(os.open(part, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb") as file:
            lock.encrypt(plain, _Writing(file, written))  # type: ignore[arg-type]
            file.flush()
            os.fsync(file.fileno())
            if hasattr(os, "posix_fadvise"):
                with suppress(OSError):  # that reading reads the medium
                    os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)
        tried = _read_back(part, written.hexdigest(), plain.digest(), lock, target)
        size = part.stat().st_size
        part.replace(target)
    finally:
        part.unlink(missing_ok=True)
    return SealedFile(target, size, written.hexdigest(), plain.digest(), tried)


def digest_of(path: Path) -> str:
    """SHA-256 of a file, in hexadecimal digits."""
    with path.open("rb") as file:
        return file_digest(file, "sha256").hexdigest()


def opens_to(path: Path, lock: Lock) -> str | None:
    """SHA-256 of what the file decrypts to with the lock's identities; None if it does not."""
    found = _Digesting()
    try:
        with path.open("rb") as file:
            lock.decrypt(file, found)
    except (pyrage.DecryptError, OSError):
        return None
    return found.digest()


def _read_back(part: Path, expected: str, plain: str, lock: Lock, target: Path) -> bool:
    if digest_of(part) != expected:
        raise EncryptedNotSound(target)
    if not lock.identities:
        return False
    if opens_to(part, lock) != plain:
        raise EncryptedNotSound(target)
    return True


def _tar(folder: Path, name: str) -> Iterator[bytes]:
    """A tar archive of a folder: names in order, no owner, no time."""
    for path in sorted(folder.rglob("*")):
        info = tarfile.TarInfo(f"{name}/{path.relative_to(folder).as_posix()}")
        info.mode = 0o700 if path.is_dir() else 0o600
        if path.is_dir():
            info.type = tarfile.DIRTYPE
            yield info.tobuf(tarfile.PAX_FORMAT)
            continue
        info.size = path.stat().st_size
        yield info.tobuf(tarfile.PAX_FORMAT)
        yield from _padded(path, info.size)
    yield bytes(2 * _BLOCK)


def _padded(path: Path, size: int) -> Iterator[bytes]:
    left = size
    with path.open("rb") as file:
        while left:
            piece = file.read(min(_PIECE, left))
            if not piece:
                raise OSError(None, "the file became shorter while it was read", str(path))
            left -= len(piece)
            yield piece
    yield bytes(-size % _BLOCK)


class _Reading:
    """Pieces as a stream to be read, digested as they pass."""

    def __init__(self, pieces: Iterator[bytes]) -> None:
        self._pieces, self._left, self._digest = pieces, b"", sha256()

    def read(self, size: int = -1) -> bytes:
        while not self._left:
            piece = next(self._pieces, None)
            if piece is None:
                return b""
            self._left = piece
        size = len(self._left) if size < 0 else size
        given, self._left = self._left[:size], self._left[size:]
        self._digest.update(given)
        return given

    def digest(self) -> str:
        return self._digest.hexdigest()


class _Writing:
    """A file that is digested as it is written."""

    def __init__(self, file: IO[bytes], digest: Any) -> None:  # noqa: ANN401 - hashlib's
        self._file, self._digest = file, digest

    def write(self, piece: bytes) -> int:
        self._digest.update(piece)
        return self._file.write(piece)

    def flush(self) -> None:
        self._file.flush()


class _Digesting:
    """Where what is decrypted goes, to be digested alone."""

    def __init__(self) -> None:
        self._digest = sha256()

    def write(self, piece: bytes) -> int:
        self._digest.update(piece)
        return len(piece)

    def flush(self) -> None:
        """Nothing is kept."""

    def digest(self) -> str:
        return self._digest.hexdigest()
