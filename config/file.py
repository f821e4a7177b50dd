"""The file of settings, as it is written."""

from __future__ import annotations

import os
import tomllib
from pathlib import Path
from typing import Any, Final

from config import wishes
from config.errors import SettingsError

ENVIRONMENT_PREFIX: Final = "DNEVNIK_ARCHIVE_"
FILE_NAME: Final = "dnevnik-archive.toml"
_SECRETS: Final = {"token", "client_secret", "mail_password"}


def written(path: Path | None = None) -> tuple[dict[str, Any], Path]:
    """What stands in the file of settings, not yet looked at, and the folder that it is for.

    The file is ``path``, else that of DNEVNIK_ARCHIVE_CONFIG, else the one in the current folder, which need
    not be there. Raises SettingsError.
    """
    named = path or _path_from_environment()
    file = named or Path(FILE_NAME)
    if not file.is_file():
        if named:
            raise SettingsError("not found", "", str(file))
        return {}, Path.cwd()
    return _read(file), file.absolute().parent


def _path_from_environment() -> Path | None:
    named = os.environ.get(ENVIRONMENT_PREFIX + "CONFIG")
    return Path(named) if named else None


def _read(file: Path) -> dict[str, Any]:
    """Raises SettingsError; for a secret in it, too."""
    try:
        values = tomllib.loads(file.read_text(encoding="utf-8-sig"))
    except tomllib.TOMLDecodeError as error:
        reason, place = wishes.toml_fault(error)
        raise SettingsError("not TOML", "", str(file), {"reason": reason, **place}) from error
    except UnicodeDecodeError as error:
        raise SettingsError("not TOML", "", str(file), {"reason": wishes.NOT_UTF8}) from error
    except OSError as error:
        raise SettingsError("unreadable", "", str(file)) from error
    for name in values:
        if name.lower() in _SECRETS:
            raise SettingsError("secret in file", name.lower(), str(file))
    return values
