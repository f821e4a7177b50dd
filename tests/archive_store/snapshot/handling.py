"""Take sealed years into one's hands: copies that can be written, damage, and the attacker's hashes."""

from __future__ import annotations

import csv
import gzip
import io
import shutil
from collections.abc import Callable, Iterable
from hashlib import sha256
from pathlib import Path

JOURNAL, OTHER_JOURNAL, SUMMARY = "journal-9A-ed01", "journal-9B-ed01", "summary-ed01"
MANIFEST, TAG_MANIFEST = "manifest-sha256.txt", "tagmanifest-sha256.txt"
MARKS, DATABASE, PASSPORT = "data/tables/mark.csv.gz", "data/archive.sqlite", "data/passport.json"


def copied(what: Path, to: Path) -> Path:
    """A copy that can be written."""
    shutil.copytree(what, to / what.name)
    for path in (to / what.name, *(to / what.name).rglob("*")):
        path.chmod(0o700 if path.is_dir() else 0o600)
    return to / what.name


def altered(path: Path, change: Callable[[bytes], bytes]) -> None:
    path.write_bytes(change(path.read_bytes()))


def flipped(content: bytes, position: int = -1) -> bytes:
    """XOR, because writing a fixed byte may change nothing."""
    changed = bytearray(content)
    changed[position] ^= 0xFF
    return bytes(changed)


def rehashed(bag: Path) -> None:
    """Make both manifests right again, as one would who knows how."""
    payload = sorted(path for path in (bag / "data").rglob("*") if path.is_file())
    _write_manifest(bag, MANIFEST, payload)
    _write_manifest(bag, TAG_MANIFEST, sorted(p for p in bag.glob("*.*") if p.name != TAG_MANIFEST))


def repacked(path: Path, change: Callable[[bytes], bytes]) -> bytes:
    """Change the CSV in a table and return what it is now."""
    content = change(gzip.decompress(path.read_bytes()))
    path.write_bytes(gzip.compress(content, mtime=0))
    return content


def csv_rows(path: Path) -> list[list[str]]:
    """The rows of a sealed table, header first."""
    text = gzip.decompress(path.read_bytes()).decode()
    return list(csv.reader(io.StringIO(text, newline=""), strict=True))


def _write_manifest(bag: Path, name: str, files: Iterable[Path]) -> None:
    lines = [f"{sha256(one.read_bytes()).hexdigest()}  {one.relative_to(bag).as_posix()}\n" for one in files]
    (bag / name).write_text("".join(lines))
