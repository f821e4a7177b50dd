"""A small file that holds a secret: for its owner alone, replaced as a whole or not at all."""

from __future__ import annotations

import os
import stat
import tempfile
from contextlib import suppress
from pathlib import Path

from connector.api.sign_in_errors import NotASecret, NotKept, NotPrivate


def read(path: Path) -> str | None:
    """The text, or None if there is no such file. Raises NotPrivate, NotASecret."""
    if not path.exists():
        return None
    try:
        if os.name == "posix" and stat.S_IMODE(path.stat().st_mode) & 0o077:
            raise NotPrivate(str(path))
        return path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError):
        raise NotASecret(str(path)) from None


def write(path: Path, text: str) -> None:
    """Replace the file by one rename: after a crash it is the old one or the new one. Raises NotKept."""
    try:
        descriptor, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)  # 0600 by itself
        beside = Path(name)
        try:
            with os.fdopen(descriptor, "w", encoding="utf-8") as out:
                out.write(text)
                out.flush()
                os.fsync(out.fileno())
            beside.replace(path)
        except BaseException:
            with suppress(OSError):
                beside.unlink(missing_ok=True)
            raise
    except OSError as error:
        raise NotKept(str(path), error.strerror or type(error).__name__) from None


def remove(path: Path) -> bool:
    """Delete the file; False if there was none. Raises NotKept."""
    try:
        path.unlink()
    except FileNotFoundError:
        return False
    except OSError as error:
        raise NotKept(str(path), error.strerror or type(error).__name__) from None
    return True


def one_line(text: str, where: str) -> str | None:
    """A secret out of its text: one line of visible ASCII, or nothing. Raises NotASecret."""
    secret = text.strip()
    if not (secret.isascii() and secret.isprintable()) or " " in secret:
        raise NotASecret(where)
    return secret or None
