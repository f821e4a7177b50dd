"""What goes into a package as it is: sealed bags, and files that a person adds."""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Iterator
from pathlib import Path

from archive_store.export.bag_protocol import CheckedBag
from archive_store.export.errors import EnclosureNotRead
from archive_store.export.folder import FileOnRecord, StagedFolder
from archive_store.render.letter import Item
from archive_store.restore.errors import NotVerified
from archive_store.restore.reading import Bag
from archive_store.snapshot import verifier
from archive_store.snapshot.naming import transliterated
from archive_store.texts import _, active, ngettext


def copy_bags(folder: StagedFolder, bags: Iterable[Bag]) -> Iterator[CheckedBag]:
    """Copy whole bags with their signatures, and verify the copies. Raises NotVerified, EnclosureNotRead."""
    for bag in bags:
        place = place_of(bag)
        files = sorted(path for path in bag.path.rglob("*") if path.is_file() and not path.is_symlink())
        copies = [_copied(folder, file, f"{place}{file.relative_to(bag.path).as_posix()}") for file in files]
        report = verifier.verify(folder.root / place)
        if not report.sound:
            in_russian = active() == "ru"
            raise NotVerified(bag.path, [finding.text(in_russian) for finding in report.findings])
        yield CheckedBag(bag, len(copies), sum(copy.size for copy in copies), report)


def bag_item(one: CheckedBag) -> Item:
    """A bag as one item of the inventory: its root covers all that is sealed in it."""
    extent = ngettext("{count} file", "{count} files", one.files).format(count=one.files)
    meaning = _("Sealed bag: {title}; to be kept for {years} years. The digest is the root of the bag.")
    meaning = meaning.format(title=one.title, years=one.years)
    return Item(place_of(one.bag), meaning, extent, one.size, one.root)


def place_of(bag: Bag) -> str:
    """The folder of a bag in the package."""
    return f"bags/{bag.path.parent.name}/{bag.name}/"


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
