"""A package for an addressee: forms, data, what was attached, letter, manifest, contents, checksums."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from archive_store.export.contents import CHECKSUMS, CONTENTS, INDEX, checksums
from archive_store.export.filling import Making, fill
from archive_store.export.folder import FileOnRecord, new_folder
from archive_store.export.forms import FORMS, Asked
from archive_store.export.inventory import Inventory
from archive_store.export.package_pages import contents_text, index_page, manifest
from archive_store.export.profiles import NEED_HISTORY, Profile
from archive_store.export.small_groups import FEWEST
from archive_store.records import EduGroup
from archive_store.render.letter import Letter, letter_pdf
from archive_store.render.source import Source
from archive_store.restore.reading import Bag
from archive_store.texts import _

LETTER: Final = "00-letter.pdf"
MANIFEST: Final = "manifest.json"


@dataclass(frozen=True, slots=True)
class Order:
    """What a package is made from and for whom.

    ``groups`` are the classes asked for, ``pupils`` the ids of the pupils. ``bags`` are sealed bags and
    ``enclosed`` other files (orders, local acts, protocols) that go along as they are.
    """

    profile: Profile
    asked: Asked
    letter: Letter
    groups: tuple[EduGroup, ...] = ()
    pupils: tuple[int, ...] = ()
    bags: tuple[Bag, ...] = ()
    enclosed: tuple[Path, ...] = ()


@dataclass(frozen=True, slots=True)
class Package:
    """What was written. ``digest`` is the SHA-256 of the list of checksums, which covers every file.

    ``given`` is that of what lies at ``path``: of the one file if it was packed into one.
    """

    path: Path
    files: tuple[FileOnRecord, ...]
    digest: bytes
    rows: dict[str, int]
    too_small: tuple[str, ...] = ()
    given: bytes = b""


def write_package(
    order: Order, out: Path, source: Source, progress: Callable[[str], None] = lambda _path: None
) -> Package:
    """Write the package into the new folder ``out``; it appears whole or not at all.

    ``progress`` is told each path when it is written. Raises NotInYear, FolderNotEmpty,
    FolderNotWritable, NotSet, NameLeft, EnclosureNotRead, NotVerified.
    """
    with new_folder(out) as folder:
        making = Making(order, source, folder, Inventory(folder), progress)
        fill(making)
        items, letter = making.inventory.items, _letter(making)
        folder.add(MANIFEST, manifest(order.profile, letter, items, source))
        folder.add(LETTER, letter_pdf(letter, items, source))
        folder.add(CONTENTS, contents_text(order.profile, letter, items, source))
        folder.add(INDEX, index_page(order.profile, letter, items, source))
        folder.add(CHECKSUMS, checksums(folder.files))
    digest = bytes.fromhex(folder.files[-1].digest)
    return Package(out, tuple(folder.files), digest, making.rows, tuple(making.too_small))


def _letter(making: Making) -> Letter:
    """The letter with what came up while the package was made."""
    letter, remarks = making.order.letter, []
    if making.too_small:
        text = _("Classes of fewer than {count} pupils, whose totals are not given: {classes}.")
        remarks.append(text.format(count=FEWEST, classes=", ".join(making.too_small)))
    if making.source.sealed:
        without = [_(FORMS[name].title) for name in making.order.profile.forms if name in NEED_HISTORY]
        text = _("Not made, because a sealed archive does not tell when entries were made: {forms}.")
        remarks += [text.format(forms=", ".join(without))] if without else []
    return replace(letter, remarks=(*letter.remarks, *remarks))
