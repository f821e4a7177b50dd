"""Copies of forms made one after the other, or by several processes: a class owes nothing to another."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import fields, replace
from pathlib import Path
from typing import Any, Final

from archive_store import processes as together
from archive_store.export.copies import Copy
from archive_store.export.folder import FileOnRecord, StagedFolder
from archive_store.export.forms import FORMS, Asked
from archive_store.export.writing import Format, write_made
from archive_store.records import EduGroup
from archive_store.render.source import Source

FEWEST_COPIES: Final = 8


def make_copies(
    folder: StagedFolder,
    copies: Sequence[Copy],
    asked: Asked,
    source: Source,
    formats: Collection[Format],
    progress: Callable[[int, int], None],
) -> None:
    """Make the copies in ``folder``; ``progress`` is told how many are done, and of how many.

    A process holds one class at a time. Raises what making and writing raise.
    """
    progress(0, len(copies))
    processes = together.processes_for(len(copies), FEWEST_COPIES)
    record = together.committed(asked.connection, asked.at) if processes > 1 else None
    if record is None:
        for done, copy in enumerate(copies, start=1):
            write_made(folder, copy.stem, copy.form.made(replace(asked, group=copy.group)), source, formats)
            progress(done, len(copies))
        return
    own = ("connection", "loaded")
    rest = {one.name: getattr(asked, one.name) for one in fields(asked) if one.name not in own}
    with together.pool(record, processes) as pool:
        begun = [
            pool.submit(_make, folder.root, copy.form.name, copy.stem, copy.group, rest, source, formats)
            for copy in copies
        ]
        for done, one in enumerate(begun, start=1):
            folder.files += one.result()
            progress(done, len(copies))


def _make(
    root: Path,
    name: str,
    stem: str,
    group: EduGroup | None,
    rest: dict[str, Any],
    source: Source,
    formats: Collection[Format],
) -> list[FileOnRecord]:
    """In another process: make one copy, and tell its files."""
    folder = StagedFolder(root)
    with together.reading() as connection:
        asked = Asked(**{**rest, "connection": connection, "group": group})
        write_made(folder, stem, FORMS[name].made(asked), source, formats)
    return folder.files
