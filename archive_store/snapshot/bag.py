"""Write a bag: files, manifests, tag manifest (RFC 8493, BagIt 1.0, SHA-256), flushed to the disk."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from hashlib import file_digest, sha256
from pathlib import Path
from typing import Final

from archive_store.on_disk import flush_folder

DECLARATION: Final = "BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n"
TAG_MANIFEST: Final = "tagmanifest-sha256.txt"


@dataclass(frozen=True, slots=True)
class SealedBag:
    """A bag as written: its name, its root (SHA-256 of the tag manifest), its payload."""

    name: str
    root: bytes
    files: int
    size: int


def finish(folder: Path, info: Mapping[str, str], tag_files: Mapping[str, bytes]) -> SealedBag:
    """Add the tag files to a folder whose payload lies in ``data/``, and flush everything to the disk.

    ``info`` are the lines of bag-info.txt besides sizes (RFC 8493 section 2.2.2).
    """
    payload = sorted(path for path in (folder / "data").rglob("*") if path.is_file())
    size = sum(path.stat().st_size for path in payload)
    info = {**info, "Bag-Size": f"{size / 1e6:.1f} MB", "Payload-Oxum": f"{size}.{len(payload)}"}
    # A value is one line, whatever white space a school's name has.
    lines = "".join(f"{name}: {' '.join(value.split())}\n" for name, value in info.items())
    written = {
        "bagit.txt": DECLARATION.encode(),
        "bag-info.txt": lines.encode(),
        "manifest-sha256.txt": _manifest(folder, payload),
        **tag_files,
    }
    for name, content in written.items():
        (folder / name).write_bytes(content)
    tags = _manifest(folder, sorted(folder / name for name in written))
    (folder / TAG_MANIFEST).write_bytes(tags)
    _flush(folder)
    return SealedBag(folder.name, sha256(tags).digest(), len(payload), size)


def protect(folder: Path) -> None:
    """Make a bag readable by its owner and writable by nobody."""
    for path in _bottom_up(folder):
        path.chmod(0o500 if path.is_dir() else 0o400)


def remove(folder: Path) -> None:
    """Remove a folder of ours that was never published, protected or not; its parent stays as it is."""
    for path in _bottom_up(folder):
        if path != folder:
            path.parent.chmod(0o700)
        if path.is_dir():
            path.chmod(0o700)
            path.rmdir()
        else:
            path.chmod(0o600)
            path.unlink()


def _bottom_up(folder: Path) -> Iterator[Path]:
    for where, _folders, files in os.walk(folder, topdown=False):
        yield from (Path(where) / name for name in files)
        yield Path(where)


def _manifest(folder: Path, paths: list[Path]) -> bytes:
    lines = []
    for path in paths:
        with path.open("rb") as file:
            digest = file_digest(file, "sha256").hexdigest()
        lines.append(f"{digest}  {path.relative_to(folder).as_posix()}\n")
    return "".join(lines).encode()


def _flush(folder: Path) -> None:
    """Flush files and folders: a rename must not be on the disk before what it names."""
    for path in _bottom_up(folder):
        if path.is_dir():
            flush_folder(path)
        else:
            with path.open("rb+") as file:
                os.fsync(file.fileno())
