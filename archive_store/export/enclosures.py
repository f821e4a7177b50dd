"""What goes into a package as it is: sealed bags, and files that a person adds."""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Iterator
from pathlib import Path

from archive_store.export.errors import EnclosureNotRead
from archive_store.export.folder import FileOnRecord, StagedFolder
from archive_store.restore.errors import NotVerified
from archive_store.snapshot import verifier
from archive_store.snapshot.naming import transliterated
from archive_store.texts import _


def copy_bags(folder: StagedFolder, bags: Iterable[Path]) -> Iterator[tuple[FileOnRecord, str]]:
    """Copy whole bags with their signatures, and verify the copies. Raises NotVerified, EnclosureNotRead."""
    for bag in bags:
        place = f"bags/{bag.parent.name}/{bag.name}"
        for file in sorted(path for path in bag.rglob("*") if path.is_file() and not path.is_symlink()):
            inside = file.relative_to(bag).as_posix()
            yield _copied(folder, file, f"{place}/{inside}"), _("sealed bag {bag}").format(bag=bag.name)
        report = verifier.verify(folder.root / place)
        if not report.sound:
            raise NotVerified(bag, [finding.text(russian=False) for finding in report.findings])


def copy_files(folder: StagedFolder, files: Iterable[Path]) -> Iterator[tuple[FileOnRecord, str]]:
    """Copy single files under names in ASCII, numbered in their order. Raises EnclosureNotRead."""
    for number, file in enumerate(files, start=1):
        suffix = transliterated(file.suffix).lower()
        name = f"enclosed/{number:02}-{transliterated(file.stem).lower() or 'file'}"
        yield _copied(folder, file, f"{name}.{suffix}" if suffix else name), file.name


def _copied(folder: StagedFolder, file: Path, path: str) -> FileOnRecord:
    try:
        opened = file.open("rb")
    except OSError as error:
        raise EnclosureNotRead(file, error.strerror or str(error)) from error
    with opened, folder.open(path) as copy:
        shutil.copyfileobj(opened, copy)
    return folder.files[-1]
