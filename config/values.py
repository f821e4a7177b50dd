"""What a value of a setting must be, apart from its type."""

from __future__ import annotations

import os
import stat
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import urlsplit
from zoneinfo import available_timezones

from config import wishes
from config.errors import SettingsError


def private_text(path: Path, setting: str) -> str | None:
    """What stands in a file that only its owner can read; None if it is not there. Raises SettingsError."""
    if not path.exists():
        return None
    try:
        if os.name == "posix" and stat.S_IMODE(path.stat().st_mode) & 0o077:
            raise SettingsError("not private", setting, str(path))
        return path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError):
        raise SettingsError("unreadable", setting, str(path)) from None


def https_or_loopback(value: str) -> str:
    """The address of an API: safe, with a slash at its end. Raises ValueError."""
    return page(value).rstrip("/") + "/"


def page(value: str) -> str:
    """An address as it is, if what is sent there stays between us and it. Raises ValueError."""
    if any(character.isspace() for character in value):
        raise ValueError(wishes.ADDRESS)
    try:
        parts = urlsplit(value)
        _ = parts.port  # raises ValueError for what is no port
    except ValueError:
        raise ValueError(wishes.ADDRESS) from None
    safe = parts.scheme == "https" and parts.hostname
    if safe or (parts.scheme == "http" and is_loopback(parts.hostname)):
        return value
    raise ValueError(wishes.ADDRESS)


def is_mail_address(value: str) -> bool:
    """Whether a text may be the address of a mailbox."""
    name, _at, domain = value.rpartition("@")
    return bool(name and domain) and value.isprintable() and not {*" ,;<>"} & {*value}


def zone_name(value: str) -> str:
    """The name of a time zone as it is, if there is such a zone. Raises ValueError."""
    if value not in available_timezones():
        raise ValueError(wishes.TIME_ZONE)
    return value


def is_loopback(host: str | None) -> bool:
    """Whether a host is this machine."""
    if host == "localhost":
        return True
    try:
        return ip_address(host or "").is_loopback
    except ValueError:
        return False
