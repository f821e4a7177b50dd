"""A folder as one ZIP under a password: AES-256 (WinZip AE-2), which 7-Zip, WinRAR, WinZip and NanaZip open.

The Explorer of Windows opens no AES; the older ZipCrypto that it opens is broken by known plaintext and is
not written. The names of the files are not hidden, so none of them names a person.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterable
from pathlib import Path
from typing import Final

from archive_store.errors import FolderNotWritable
from archive_store.export.errors import SHORTEST_PASSWORD, WeakPassword, ZipThere
from archive_store.export.folder import FileOnRecord, file_on_record
from archive_store.on_disk import appearing

_BLOCK: Final = 1 << 20


def demand_strong(password: str) -> None:
    """Raises WeakPassword: for one that is short, or has letters that programs encode each in its own way."""
    if len(password) < SHORTEST_PASSWORD:
        raise WeakPassword("short")
    if not (password.isascii() and password.isprintable()):
        raise WeakPassword("letters")


def write_zip(folder: Path, files: Iterable[str], out: Path, password: str) -> FileOnRecord:
    """Write the files of ``folder`` into the new file ``out``, for its owner's eyes; whole or not at all.

    Raises WeakPassword, ZipThere, FolderNotWritable.
    """
    import pyzipper

    demand_strong(password)
    try:
        with (
            appearing(out) as file,
            pyzipper.AESZipFile(
                file, "w", compression=pyzipper.ZIP_DEFLATED, encryption=pyzipper.WZ_AES
            ) as packed,
        ):
            packed.setpassword(password.encode("ascii"))
            for path in files:
                with (folder / path).open("rb") as plain, packed.open(path, "w") as member:
                    shutil.copyfileobj(plain, member, _BLOCK)
    except FileExistsError as error:
        raise ZipThere(out) from error
    except OSError as error:
        raise FolderNotWritable(out.parent, error.strerror or str(error)) from error
    return file_on_record(out, out.name)
