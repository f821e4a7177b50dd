"""Notes of what was destroyed: small files beside sealed years, on carriers, beside copies of the database.

By them an archive that was restored from before the destruction learns of it, and so do the verifiers in the
bags. docs/FORMAT.md describes them.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from pathlib import Path

import orjson

from archive_store.on_disk import appearing, flush_folder
from archive_store.retention.tombstones import Tombstone, as_json, tombstone_of
from archive_store.snapshot import naming
from archive_store.snapshot.verifier import DESTROYED, LARGEST_TOMBSTONE, TOMBSTONE


def write_beside(root: Path, school_id: int, known: Iterable[Tombstone]) -> None:
    """Put tombstones into the folder ``destroyed`` of a place, flushed. Those that lie there stay."""
    folder = root / DESTROYED
    for one in known:
        file = folder / f"{school_id}-{naming.year_folder(one.study_year)}-{one.bag}.json"
        if file.exists():
            continue
        if not folder.is_dir():
            folder.mkdir(parents=True, mode=0o700)
            flush_folder(root)
        value = {"format": TOMBSTONE, "school": str(school_id), **as_json(one)}
        with appearing(file, over=True) as out:
            out.write(orjson.dumps(value, option=orjson.OPT_INDENT_2) + b"\n")


def lying_in(roots: Iterable[Path]) -> Iterator[tuple[int, Tombstone]]:
    """The tombstones that lie in places, each once, with its school. What is none of ours is passed over."""
    seen: set[tuple[int, tuple[int, str], str]] = set()
    for root in roots:
        folder = root / DESTROYED
        if folder.is_symlink() or not folder.is_dir():
            continue
        for file in sorted(folder.glob("*.json")):
            found = _read(file)
            if found is not None and (key := (found[0], found[1].unit, found[1].bag)) not in seen:
                seen.add(key)
                yield found


def around(path: Path) -> list[Path]:
    """Where tombstones of a bag, of a year or of a folder of years may lie: there and above."""
    path = path.resolve()
    return [path, path.parent, path.parent.parent]


def _read(file: Path) -> tuple[int, Tombstone] | None:
    try:
        if file.is_symlink() or file.stat().st_size > LARGEST_TOMBSTONE:
            return None
        value = json.loads(file.read_bytes())
        if value.get("format") != TOMBSTONE:
            return None
        found = tombstone_of(value)
        return (int(value["school"]), found) if found else None
    except (OSError, ValueError, OverflowError, RecursionError, KeyError, TypeError, AttributeError):
        return None
