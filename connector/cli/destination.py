"""Where an export goes: a new folder, or one encrypted file that is made of it."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final, Protocol, TypeVar

import typer

from archive_store.encryption.locks import Lock
from archive_store.encryption.sealing import ENDING, seal
from archive_store.errors import FolderNotWritable
from archive_store.texts import _
from connector.cli.archive_words import FileThere
from connector.cli.locking import Wanted, lock_of
from connector.cli.session import Session

_KEY_ENDING: Final = ".identity.age"


class _Written(Protocol):
    """What was written into a folder. ``digest`` covers all of it."""

    @property
    def path(self) -> Path: ...

    @property
    def digest(self) -> bytes: ...


_Made = TypeVar("_Made", bound=_Written)


@dataclass(frozen=True, slots=True)
class Destination:
    """The folder ``out``; with a lock, the file ``out``, and beside it the key that a passphrase opens.

    What is plain on its way into the file lies for that time in ``home``, the archive's own folder, and never
    touches where the file goes.
    """

    out: Path
    home: Path
    lock: Lock | None = None

    def fill(self, write: Callable[[Path], _Made]) -> tuple[_Made, bytes]:
        """Let ``write`` fill a new folder; returns what it made, and the SHA-256 of what is given.

        Raises what ``write`` raises, FolderNotWritable, EncryptedNotSound.
        """
        if self.lock is None:
            made = write(self.out)
            return made, made.digest
        with plain_folder(self.home) as plain:
            made = write(plain)
            return made, self._seal(made.path, self.lock)

    def _seal(self, folder: Path, lock: Lock) -> bytes:
        """Seal the folder; the key is there first, or nobody could open what a full disk leaves."""
        try:
            self.out.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            with _key_in_place(_key_beside(self.out), lock.key_file):
                sealed = seal(folder, self.out, lock, self.out.name.removesuffix(ENDING))
        except OSError as error:
            raise FolderNotWritable(self.out.parent, error.strerror or str(error)) from error
        return bytes.fromhex(sealed.sha256)


@contextmanager
def _key_in_place(path: Path, key: bytes | None) -> Iterator[None]:
    """The key that a passphrase opens, if there is one; gone again if the block fails."""
    if key is None:
        yield
        return
    descriptor = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY | getattr(os, "O_BINARY", 0), 0o600)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(key)
            file.flush()
            os.fsync(file.fileno())
        yield
    except BaseException:
        path.unlink(missing_ok=True)
        raise
    typer.echo(_("The key that the passphrase opens, to be sent along: {path}").format(path=path))


def destination(session: Session, out: Path, wanted: Wanted | None) -> Destination:
    """Where it goes; asks for a passphrase if one is needed.

    Raises BadParameter, FileThere, and what :func:`lock_of` raises.
    """
    home = session.settings.folder.absolute()
    if wanted is None:
        return Destination(out, home)
    if not out.name.endswith(ENDING):
        text = _("The name of the encrypted file must end with {ending}.").format(ending=ENDING)
        raise typer.BadParameter(text, param_hint="--out")
    for path in (out, _key_beside(out)):
        if path.exists():
            raise FileThere(path)
    return Destination(out, home, lock_of(session, wanted))


@contextmanager
def plain_folder(home: Path) -> Iterator[Path]:
    """A folder below ``home`` that is not made yet, for what is to be encrypted; gone when the block ends.

    Raises FolderNotWritable.
    """
    try:
        scratch = TemporaryDirectory(prefix=".export-", dir=home)
    except OSError as error:
        raise FolderNotWritable(home, error.strerror or str(error)) from error
    with scratch as folder:
        yield Path(folder) / "export"


def _key_beside(out: Path) -> Path:
    return out.with_name(out.name.removesuffix(ENDING) + _KEY_ENDING)
