"""Bring a bag onto another medium: stage it, flush it, read it back, and only then give it its name.

Whatever interrupts it - a full disk, a carrier taken out, a kill - leaves either the whole, verified bag or
none; what was staged is removed by the next call if this one cannot.
"""

from __future__ import annotations

import os
import shutil
import stat
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, BinaryIO, Final

from archive_store.carriers.copies import Place, SealedBag
from archive_store.carriers.errors import (
    CarrierNotThere,
    CopyNotSound,
    LinkInTheWay,
    OtherCarrierThere,
    SourceNotSound,
)
from archive_store.carriers.files import root_of
from archive_store.carriers.register import require_present
from archive_store.errors import FolderNotWritable
from archive_store.on_disk import flush_folder
from archive_store.snapshot import verifier
from archive_store.snapshot.verifier import LATER, Report
from archive_store.texts import active

STAGING: Final = ".staging-"
_PIECE: Final = 1 << 20
_PUBLISHED_FILE, _PUBLISHED_FOLDER = 0o400, 0o500


@contextmanager
def at_carrier(place: Place, school_id: int) -> Iterator[Callable[[], None]]:
    """Turn what the system says into what it means, and give a way to make sure the carrier is still there.

    A mount point outlives its carrier: what is then written to it lands on the computer's own disk.
    Raises CarrierNotThere, OtherCarrierThere, FolderNotWritable.
    """

    def still_there() -> None:
        if place.carrier is not None:
            require_present(place.carrier, school_id)

    still_there()
    try:
        yield still_there
    except OSError as error:
        with suppress(OtherCarrierThere):
            still_there()
        if not place.root.is_dir():
            raise CarrierNotThere(place.name, place.root) from error
        raise FolderNotWritable(place.root, error.strerror or str(error)) from error


def sound(bag: Path, root: str) -> list[str]:
    """What the independent verifier finds in a bag, and whether it has this root; nothing if sound."""
    report = Report()
    verifier.verify_bag(bag, report)
    found = [finding.text(russian=active() == "ru") for finding in report.findings]
    if not report.sound and not found:
        found = [f"{report.checked} / {report.expected}"]
    if root_of(bag) != root:
        found.append(verifier.Finding("bag-other", bag.name).text(russian=active() == "ru"))
    return found


@contextmanager
def staged(place: Place, sealed: SealedBag, source: Path) -> Iterator[Path]:
    """A verified copy of ``source``, staged on the place's own medium; whatever is left there goes.

    Raises SourceNotSound, CopyNotSound, LinkInTheWay, OSError.
    """
    try:
        with staged_by(place, sealed, lambda folder: _copy(source, folder, sealed)) as folder:
            yield folder
    except CopyNotSound as error:
        at_fault = sound(source, sealed.root)
        if at_fault:
            raise SourceNotSound(sealed.place, source, at_fault) from error
        raise


@contextmanager
def staged_by(place: Place, sealed: SealedBag, write: Callable[[Path], None]) -> Iterator[Path]:
    """What ``write`` puts into a folder, flushed, read back and verified. Raises CopyNotSound."""
    staging = place.root / f"{STAGING}{sealed.year}"
    discard(staging)
    try:
        folder = staging / sealed.year / sealed.bag
        folder.mkdir(parents=True, mode=0o700)
        write(folder)
        for where, _folders, _files in os.walk(folder, topdown=False):
            flush_folder(Path(where))
        if findings := sound(folder, sealed.root):
            raise CopyNotSound(sealed.place, findings)
        yield folder
    finally:
        with suppress(OSError):
            discard(staging)


def publish(folder: Path, place: Place, sealed: SealedBag) -> Path:
    """Give a staged bag its name by one rename. Raises LinkInTheWay, OSError."""
    target = place.bag(sealed.year, sealed.bag)
    target.parent.mkdir(exist_ok=True, mode=0o700)
    folder.rename(target)
    protect(target)
    flush_folder(target.parent)
    flush_folder(place.root)
    return target


def discard(folder: Path) -> None:
    """Remove a folder of ours, protected or not. A link in its place is removed, never followed."""
    if folder.is_symlink():
        folder.unlink()
        return
    if not folder.exists():
        return
    _chmod(folder, 0o700)
    open_up(folder)
    shutil.rmtree(folder)


def open_up(folder: Path) -> None:
    """Make a protected bag one's own again: it cannot be moved or removed otherwise."""
    for where, _folders, files in os.walk(folder):
        _chmod(Path(where), 0o700)
        for name in files:
            if not (Path(where) / name).is_symlink():
                _chmod(Path(where) / name, 0o600)


def keep_signatures(kept: Path, folder: Path) -> None:
    """Add the signatures of a bag that another copy of it does not have; they prove themselves.

    Raises LinkInTheWay if what would be written into is a link; one among the signatures is left alone.
    """
    refuse_link(folder / LATER)
    for path in sorted((kept / LATER).rglob("*")) if not (kept / LATER).is_symlink() else ():
        target = folder / path.relative_to(kept)
        if stat.S_ISREG(path.lstat().st_mode) and not target.exists():
            target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            copy_file(path, target)


def _copy(source: Path, folder: Path, sealed: SealedBag) -> None:
    if source.is_symlink():
        raise LinkInTheWay(source)
    if not source.is_dir():
        raise SourceNotSound(sealed.place, source, [os.strerror(2)])
    for where, folders, files in os.walk(source):
        here = folder / Path(where).relative_to(source)
        for name in folders:
            refuse_link(Path(where) / name)
            (here / name).mkdir(mode=0o700)
        for name in files:
            refuse_link(Path(where) / name)
            copy_file(Path(where) / name, here / name)


def refuse_link(path: Path) -> None:
    """Links are not followed. Raises LinkInTheWay."""
    if path.is_symlink():
        raise LinkInTheWay(path)


def copy_file(source: Path, target: Path) -> None:
    """Copy, flush, and let the system forget what it holds, so that reading reads the medium."""
    with _reading(source) as reading, target.open("xb") as writing:
        while piece := _read(reading, source):
            writing.write(piece)
        writing.flush()
        os.fsync(writing.fileno())
        _forget(writing)


def _reading(source: Path) -> BinaryIO:
    try:
        return source.open("rb")
    except OSError as error:
        raise SourceNotSound(source.name, source, [error.strerror or str(error)]) from error


def _read(file: BinaryIO, source: Path) -> bytes:
    """The next piece. What cannot be read is the source's fault, what cannot be written the carrier's."""
    try:
        return file.read(_PIECE)
    except OSError as error:
        raise SourceNotSound(source.name, source, [error.strerror or str(error)]) from error


def _forget(file: Any) -> None:  # noqa: ANN401 - any open file
    if hasattr(os, "posix_fadvise"):
        with suppress(OSError):
            os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)


def protect(folder: Path) -> None:
    """Read only, where the file system knows such a thing."""
    for where, _folders, files in os.walk(folder, topdown=False):
        for name in files:
            _chmod(Path(where) / name, _PUBLISHED_FILE)
        _chmod(Path(where), _PUBLISHED_FOLDER)


def _chmod(path: Path, mode: int) -> None:
    with suppress(OSError):
        path.chmod(mode)


def _fsync(path: Path, mode: int) -> None:
    handle = os.open(path, mode)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
