"""The inventory of a package while it is filled: what each file is, and how much is in it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import Final

from archive_store.export.folder import FileOnRecord, StagedFolder
from archive_store.render.letter import Item
from archive_store.texts import N_, _, ngettext

TABLES: Final = {
    "pupils": N_("pupils and their subgroups"),
    "lessons": N_("lessons and topics"),
    "homework": N_("homework"),
    "marks": N_("marks of lessons"),
    "attendance": N_("attendance"),
    "final_marks": N_("period, year, exam and final marks"),
}
_KINDS: Final = {
    ".pdf": N_("{what}, for print"),
    ".xlsx": N_("{what}, workbook"),
    ".csv": N_("{what}, table"),
    ".json": N_("{what}, data for programs"),
}
_PAGE: Final = re.compile(rb"/Type\s*/Page\b(?!s)")


@dataclass(slots=True)
class Inventory:
    """The items of a folder in the order in which they were written."""

    folder: StagedFolder
    items: list[Item] = field(default_factory=list)

    @contextmanager
    def of(self, what: str, progress: Callable[[str], None]) -> Iterator[None]:
        """Take up the files of a form that the block writes."""
        known = len(self.folder.files)
        yield
        for file in self.folder.files[known:]:
            kind = _KINDS.get(PurePosixPath(file.path).suffix)
            self._add(file, _(kind).format(what=what) if kind else what, self._pages(file))
            progress(file.path)

    def table(self, path: str, name: str, whose: str, rows: int) -> None:
        """Take up a table that was written last."""
        extent = ngettext("{count} row", "{count} rows", rows).format(count=rows)
        self._add(self.folder.files[-1], f"{_(TABLES[name])}, {whose}", extent)
        assert self.items[-1].path == path  # noqa: S101 - nothing was written between

    def take(self, files: Iterable[tuple[FileOnRecord, str]], progress: Callable[[str], None]) -> None:
        """Take up files that were written, with what each is."""
        for file, meaning in files:
            self._add(file, meaning, "")  # how the pages of others' files could be counted is not known
            progress(file.path)

    def _add(self, file: FileOnRecord, meaning: str, extent: str) -> None:
        self.items.append(Item(file.path, meaning, extent, file.size, file.digest))

    def _pages(self, file: FileOnRecord) -> str:
        """The pages of a PDF of ours, in which each page is one plain object; empty of any other file."""
        if not file.path.endswith(".pdf"):
            return ""
        pages = len(_PAGE.findall((self.folder.root / file.path).read_bytes()))
        return ngettext("{count} page", "{count} pages", pages).format(count=pages) if pages else ""
