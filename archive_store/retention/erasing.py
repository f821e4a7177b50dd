"""Erase a bag where it lies: moved aside by one rename, overwritten once, removed.

What was moved aside stays as an empty folder until the book says that it is gone: it tells a command that
goes on after a kill that the bag was there. Overwriting makes recovery from a magnetic disk hard; flash
memory and file systems that copy on write may keep old blocks. That is said in the user guide.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Final

from archive_store.carriers.copies import Place, SealedBag
from archive_store.carriers.files import root_of
from archive_store.carriers.transfer import discard, open_up
from archive_store.encryption.sealing import ENDING
from archive_store.on_disk import flush_folder
from archive_store.retention.errors import OtherBagThere

_ASIDE: Final = ".destroying-"
_PIECE: Final = bytes(1 << 20)


def erase(place: Place, sealed: SealedBag) -> bool:
    """Erase a bag of a place, plain and encrypted; whether it was there. Then call :func:`settle`.

    Raises OtherBagThere, LinkInTheWay, OSError.
    """
    bag, aside = place.bag(sealed.year, sealed.bag), _aside(place, sealed)
    if bag.is_dir():
        if root_of(bag) not in (None, sealed.root):
            raise OtherBagThere(place.name, sealed.place)
        discard(aside)
        with suppress(OSError):  # a file system that knows no modes
            bag.parent.chmod(0o700)
            bag.chmod(0o700)
        bag.rename(aside)
        flush_folder(place.root)
    encrypted = bag.with_name(f"{bag.name}{ENDING}")
    if encrypted.is_file() or encrypted.is_symlink():
        aside.mkdir(mode=0o700, exist_ok=True)
        encrypted.rename(aside / encrypted.name)
        flush_folder(encrypted.parent)
    if not aside.is_dir():
        return False
    empty(aside)
    return True


def settle(place: Place, sealed: SealedBag) -> None:
    """Remove what told that a bag was erased, and the folder of its year if nothing else lies there."""
    discard(_aside(place, sealed))
    with suppress(OSError):  # not empty
        (place.root / sealed.year).rmdir()


def empty(folder: Path) -> None:
    """Overwrite and remove all files in a folder, and the folders in it."""
    open_up(folder)
    for where, folders, files in os.walk(folder, topdown=False):
        for name in files:
            overwrite(Path(where) / name)
        for name in folders:
            path = Path(where) / name
            path.unlink() if path.is_symlink() else path.rmdir()
    flush_folder(folder)


def overwrite(file: Path) -> None:
    """Overwrite a file with zeros, flush it, remove it. A link is removed, never followed."""
    if not file.is_symlink():
        with file.open("r+b") as out:
            left = os.fstat(out.fileno()).st_size
            while left > 0:
                left -= out.write(_PIECE[: min(left, len(_PIECE))])
            out.flush()
            os.fsync(out.fileno())
    file.unlink()


def overwrite_contents(folders: Iterable[Path], digests: Sequence[str]) -> None:
    """Overwrite and remove contents that lie in folders of homework's files under their digests."""
    for folder in folders:
        for digest in digests:
            with suppress(FileNotFoundError):
                overwrite(folder / digest[:2] / digest)


def _aside(place: Place, sealed: SealedBag) -> Path:
    return place.root / f"{_ASIDE}{sealed.year}-{sealed.bag}"
