"""The files of homework in a bag: each once, under its digest; what is lacking is named, never left out."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Final

import sqlalchemy as sa

from archive_store.schema import HOMEWORK_FILE
from archive_store.snapshot.contents import Record
from archive_store.texts import N_

_PIECE: Final = 1 << 20
NOT_FOUND: Final = "not found"
ALTERED: Final = "altered"

REASONS: Final = {
    NOT_FOUND: N_("its contents are not in the folder of files"),
    ALTERED: N_("its contents in the folder of files were altered"),
}


@dataclass(frozen=True, slots=True)
class Lacking:
    """A file whose contents were kept once and could not be sealed, and why."""

    contents: str
    work_id: int
    file_id: int
    name: str
    reason: str


@dataclass(frozen=True, slots=True)
class Attachments:
    """Files as sealed: how many contents of how many bytes, how many records in which state, what lacks."""

    kept: int
    size: int
    states: dict[str, int]
    lacking: tuple[Lacking, ...]


def seal_files(
    record: Record, where: tuple[sa.ColumnElement[bool], ...], source: Path | None, target: Path
) -> Attachments:
    """Copy the contents of the files that meet ``where``, of earlier versions too, from the folder of files.

    A copy is digested while it is made: contents that do not agree with their name are not sealed.
    """
    kept, size, lacking = 0, 0, []
    for file in _kept(record, where):
        target.mkdir(mode=0o700, exist_ok=True)
        found = _copied(source / file.contents[:2] / file.contents, target, file.contents) if source else None
        if isinstance(found, int):
            kept, size = kept + 1, size + found
        else:
            lacking.append(_with_reason(file, found or NOT_FOUND))
    return Attachments(kept, size, _states(record, where), tuple(lacking))


def _kept(record: Record, where: tuple[sa.ColumnElement[bool], ...]) -> Iterator[Lacking]:
    """Each of the contents once, with one of the files that have them."""
    table = HOMEWORK_FILE.table
    columns = table.c.contents, table.c.work_id, table.c.file_id, table.c.name
    known = table.c.school_id == record.at.school_id, table.c.seen_from <= record.at.run_id
    query = sa.select(*columns).where(*known, *where, table.c.contents.is_not(None))
    found: dict[str, Lacking] = {}
    for contents, work_id, file_id, name in record.connection.execute(query):
        file = Lacking(contents, work_id, file_id, name or "", "")
        found[contents] = min(
            found.get(contents, file), file, key=lambda one: (one.work_id, one.file_id, one.name)
        )
    yield from (found[contents] for contents in sorted(found))


def _copied(source: Path, target: Path, digest: str) -> int | str:
    """The size of the copy, or why there is none."""
    actual, size, copy = sha256(), 0, target / digest
    try:
        reading = source.open("rb")
    except FileNotFoundError:
        return NOT_FOUND
    with reading, copy.open("xb") as writing:
        while piece := reading.read(_PIECE):
            actual.update(piece)
            size += writing.write(piece)
    if actual.hexdigest() == digest:
        return size
    copy.unlink()
    return ALTERED


def _with_reason(file: Lacking, reason: str) -> Lacking:
    return Lacking(file.contents, file.work_id, file.file_id, file.name, reason)


def _states(record: Record, where: tuple[sa.ColumnElement[bool], ...]) -> dict[str, int]:
    table = HOMEWORK_FILE.table
    query = sa.select(table.c.state, sa.func.count()).where(record.at.stands(HOMEWORK_FILE), *where)
    counted = record.connection.execute(query.group_by(table.c.state))
    return {state: int(count) for state, count in sorted((state, count) for state, count in counted)}
