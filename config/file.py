"""The file of settings, as it is written."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any, Final

from config import wishes
from config.errors import SettingsError

_SECRETS: Final = {"token", "client_secret", "mail_password"}


def read_file(file: Path) -> dict[str, Any]:
    """What stands in a file of settings, not yet looked at. Raises SettingsError; for a secret in it, too."""
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
