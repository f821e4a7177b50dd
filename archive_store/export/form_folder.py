"""Forms in a new folder: each in the formats that were asked for, with the digests of all files."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from archive_store.export.contents import CHECKSUMS, checksums
from archive_store.export.copies import copies
from archive_store.export.folder import FileOnRecord, new_folder
from archive_store.export.forms import Asked, Form
from archive_store.export.making import make_copies
from archive_store.export.writing import ALL_FORMATS, Format
from archive_store.render.source import Source


@dataclass(frozen=True, slots=True)
class Written:
    """The forms that were written; ``digest`` is the SHA-256 of the list of checksums."""

    path: Path
    files: tuple[FileOnRecord, ...]
    digest: bytes


def write_forms(
    forms: Iterable[Form],
    asked: Asked,
    out: Path,
    source: Source,
    formats: Iterable[Format] = ALL_FORMATS,
    progress: Callable[[int, int], None] = lambda _done, _of: None,
) -> Written:
    """Write forms into the new folder ``out``; it appears whole or not at all.

    A form of a class that is asked for without one is written for every class of the year; many are made by
    several processes, each of which holds one class at a time. ``progress`` is told how many copies are
    done, and of how many. Raises FolderNotEmpty, FolderNotWritable, UnknownYear, NotInYear, NotOfThisGrade,
    NotSet, TableNeeded.
    """
    with new_folder(out) as folder:
        make_copies(folder, copies(forms, asked), asked, source, tuple(formats), progress)
        folder.add(CHECKSUMS, checksums(folder.files))
    return Written(out, tuple(folder.files), bytes.fromhex(folder.files[-1].digest))
