"""Bring the files of homework of a sealed bag beside a restored archive, each checked by its name."""

from __future__ import annotations

import os
import re
import stat
from hashlib import sha256
from pathlib import Path
from typing import Final

from archive_store.restore.reading import Bag

_NAME: Final = re.compile(r"[0-9a-f]{64}")
_PIECE: Final = 1 << 20
_NEW_FILE: Final = os.O_CREAT | os.O_WRONLY | os.O_TRUNC


def bring_files(bag: Bag, folder: Path) -> int:
    """Copy the contents in a bag into the folder of files; how many of them lie there now. Raises OSError.

    What is no plain file, or not what its name says, is left where it is.
    """
    source = bag.path / "data" / "files"
    if source.is_symlink() or not source.is_dir():
        return 0
    return sum(_bring(file, folder) for file in sorted(source.iterdir()) if _NAME.fullmatch(file.name))


def _bring(file: Path, folder: Path) -> bool:
    place = folder / file.name[:2] / file.name
    if place.exists():
        return True
    if not stat.S_ISREG(file.lstat().st_mode):
        return False
    place.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    part, digest = place.with_name(f"{place.name}.part"), sha256()
    try:
        with file.open("rb") as read, os.fdopen(os.open(part, _NEW_FILE, 0o600), "wb") as written:
            while piece := read.read(_PIECE):
                digest.update(piece)
                written.write(piece)
            written.flush()
            os.fsync(written.fileno())
        if digest.hexdigest() != file.name:
            return False
        part.rename(place)
    finally:
        part.unlink(missing_ok=True)
    return True
