"""The settings of one installation: a commented TOML file, and the environment above it.

Every setting ``name`` may come from the variable ``DNEVNIK_ARCHIVE_NAME``, which wins over the file.
The token never stands in the file: it comes from ``DNEVNIK_ARCHIVE_TOKEN`` or from a file of its own that
only its owner can read.
"""

from __future__ import annotations

import os
import stat
import tomllib
from dataclasses import dataclass
from datetime import time
from ipaddress import ip_address
from pathlib import Path
from typing import Any, Final, Literal
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, available_timezones

from pydantic import BaseModel, ConfigDict, Field, SecretStr, ValidationError, ValidationInfo, field_validator
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict

ENVIRONMENT_PREFIX: Final = "DNEVNIK_ARCHIVE_"
FILE_NAME: Final = "dnevnik-archive.toml"


@dataclass
class SettingsError(Exception):
    """A setting, or the file of settings, is wrong. ``setting`` is empty when the file itself is."""

    problem: Literal[
        "not found",
        "not TOML",
        "unknown",
        "wrong value",
        "token in file",
        "not private",
        "not a token",
        "one token",
    ]
    setting: str
    detail: str


class SchoolSettings(BaseModel):
    """One of several schools in an archive: what differs from the settings above it."""

    model_config = ConfigDict(extra="forbid")

    school_id: int
    token_file: Path
    api_url: str | None = None
    time_zone: str | None = None
    heartbeat_url: str | None = None

    @field_validator("api_url")
    @classmethod
    def _https_or_loopback(cls, value: str | None) -> str | None:
        return value if value is None else _https_or_loopback(value)

    @field_validator("heartbeat_url")
    @classmethod
    def _safe_heartbeat(cls, value: str | None) -> str | None:
        return value if value is None else _safe_url(value)

    @field_validator("time_zone")
    @classmethod
    def _known_zone(cls, value: str | None) -> str | None:
        return value if value is None else _zone_name(value)


class Settings(BaseSettings):
    """All settings, with their defaults. Folders and files are relative to the file of settings."""

    model_config = SettingsConfigDict(env_prefix=ENVIRONMENT_PREFIX, extra="forbid")

    folder: Path = Field(default=Path(), exclude=True)
    language: Literal["ru", "en"] = "ru"

    api_url: str = "https://api.dnevnik.ru/v2/"
    token: SecretStr | None = None
    token_file: Path = Path("token")
    school_id: int | None = None
    schools: list[SchoolSettings] = []
    connections: int = Field(default=4, ge=1, le=16)
    timeout_seconds: float = Field(default=60.0, gt=0)
    attempts: int = Field(default=5, ge=1, le=20)
    moments_zone: Literal["UTC", "school"] = "UTC"

    store_url: str = "sqlite:///archive.sqlite"
    snapshots_dir: Path = Path("snapshots")
    keep_answers: bool = True

    time_zone: str = "Europe/Moscow"
    first_year: int | None = Field(default=None, ge=2000, le=2100)
    days_back: int = Field(default=14, ge=0, le=400)
    days_ahead: int = Field(default=7, ge=0, le=60)
    reference_days: int = Field(default=7, ge=0, le=90)

    schedule_at: time = time(2, 30)
    schedule_spread_minutes: int = Field(default=60, ge=0, le=600)

    silence_hours: int = Field(default=36, ge=1, le=1000)
    heartbeat_url: str = Field(default="", repr=False)
    webhook_url: str = Field(default="", repr=False)
    mail_from: str = ""
    mail_server: str = ""
    mail_port: int = Field(default=465, ge=1, le=65535)
    mail_security: Literal["ssl", "starttls", "none"] = "ssl"
    mail_user: str = ""
    mail_password: SecretStr | None = None
    mail_password_file: Path = Path("mail-password")
    mail_to: list[str] = []  # the last: it is held against the others

    @field_validator("api_url")
    @classmethod
    def _https_or_loopback(cls, value: str) -> str:
        return _https_or_loopback(value)

    @field_validator("store_url")
    @classmethod
    def _kept_somewhere(cls, value: str) -> str:
        kept = ("sqlite:///", "postgresql://", "postgresql+psycopg://")
        if not value.startswith(kept) or value in kept or value.endswith(":memory:"):
            message = "sqlite:///FILE or postgresql://..."
            raise ValueError(message)
        return value

    @field_validator("time_zone")
    @classmethod
    def _known_zone(cls, value: str) -> str:
        return _zone_name(value)

    @field_validator("heartbeat_url", "webhook_url")
    @classmethod
    def _safe_alarm(cls, value: str) -> str:
        return value and _safe_url(value)

    @field_validator("mail_to")
    @classmethod
    def _whole_mail(cls, value: list[str], others: ValidationInfo) -> list[str]:
        """What a mail needs is there: said when the settings are read, not when the first alarm is due."""
        known = others.data
        message = ""
        if not all(_is_mail_address(one) for one in value):
            message = "mail addresses, such as name@school.example"
        elif value and not (known.get("mail_server") and _is_mail_address(known.get("mail_from", ""))):
            message = "mail_server and mail_from must be set too"
        elif value and known.get("mail_security") == "none" and not _is_loopback(known["mail_server"]):
            message = 'mail_security = "none" is for a mail_server on this machine'
        if message:
            raise ValueError(message)
        return value

    @field_validator("schools")
    @classmethod
    def _each_school_once(cls, value: list[SchoolSettings]) -> list[SchoolSettings]:
        if len({one.school_id for one in value}) < len(value):
            message = "each school once"
            raise ValueError(message)
        if len({one.token_file for one in value}) < len(value):
            message = "a token_file of its own for each school"
            raise ValueError(message)
        return value

    def of_each_school(self) -> list[Settings]:
        """The settings of each school of the archive: several, or these alone.

        Each of several has its own folder of sealed years, and its token comes from its file alone.
        Raises SettingsError if the environment gives one token for several schools.
        """
        if not self.schools:
            return [self]
        if self.token is not None:
            raise SettingsError("one token", "token", ENVIRONMENT_PREFIX + "TOKEN")
        return [self._of_school(one) for one in self.schools]

    def _of_school(self, school: SchoolSettings) -> Settings:
        own = {
            "school_id": school.school_id,
            "token_file": school.token_file,
            "api_url": school.api_url or self.api_url,
            "time_zone": school.time_zone or self.time_zone,
            "heartbeat_url": school.heartbeat_url or self.heartbeat_url,
            "snapshots_dir": self.snapshots_dir / str(school.school_id),
            "schools": [],
        }
        return self.model_copy(update=own)

    @property
    def zone(self) -> ZoneInfo:
        """The school's time zone."""
        return ZoneInfo(self.time_zone)

    @property
    def absolute_store_url(self) -> str:
        """The database's URL, with an SQLite file's path taken from the folder of the settings."""
        prefix = "sqlite:///"
        if not self.store_url.startswith(prefix):
            return self.store_url
        path = str((self.folder / self.store_url.removeprefix(prefix)).absolute())
        if "?" in path:  # a URL would end there, and the archive lie elsewhere
            raise SettingsError("wrong value", "store_url", path)
        return prefix + path

    @property
    def snapshots(self) -> Path:
        """The folder of the sealed years."""
        return (self.folder / self.snapshots_dir).absolute()

    def read_token(self) -> str | None:
        """The token from the environment or the file, or None. Raises SettingsError, never with the token."""
        if self.token is not None:
            return _one_line(self.token.get_secret_value(), "token")
        text = _private_text(self.folder / self.token_file, "token_file")
        return None if text is None else _one_line(text, "token_file")

    def read_mail_password(self) -> str | None:
        """The password of ``mail_user`` from the environment or the file, or None. Raises SettingsError."""
        if self.mail_password is not None:
            return self.mail_password.get_secret_value()
        text = _private_text(self.folder / self.mail_password_file, "mail_password_file")
        return None if text is None else text.strip("\r\n")

    @classmethod
    def settings_customise_sources(  # pydantic calls it by these names
        cls,
        settings_cls: type[BaseSettings],  # noqa: ARG003
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """The environment wins over the file, whose values come in as arguments."""
        return env_settings, init_settings


def load(path: Path | None = None) -> Settings:
    """The settings from ``path``, else from DNEVNIK_ARCHIVE_CONFIG, else from the current folder.

    Without a file the defaults and the environment hold. Raises SettingsError.
    """
    named = path or _path_from_environment()
    file = named or Path(FILE_NAME)
    if not file.is_file():
        if named:
            raise SettingsError("not found", "", str(file))
        return _validated({}, Path.cwd())
    return _validated(_read(file), file.absolute().parent)


def _private_text(path: Path, setting: str) -> str | None:
    """What stands in a file that only its owner can read; None if it is not there. Raises SettingsError."""
    if not path.exists():
        return None
    try:
        if os.name == "posix" and stat.S_IMODE(path.stat().st_mode) & 0o077:
            raise SettingsError("not private", setting, str(path))
        return path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError):
        raise SettingsError("not a token", setting, str(path)) from None


def _https_or_loopback(value: str) -> str:
    return _safe_url(value).rstrip("/") + "/"


def _safe_url(value: str) -> str:
    """An address that is spoken to over TLS, or is on this machine, as it is."""
    message = "an address that begins with https://"
    if any(character.isspace() for character in value):
        raise ValueError(message)
    parts = urlsplit(value)
    _ = parts.port  # raises ValueError for what is no port
    safe = parts.scheme == "https" and parts.hostname
    if safe or (parts.scheme == "http" and _is_loopback(parts.hostname or "")):
        return value
    raise ValueError(message)


def _is_mail_address(value: str) -> bool:
    name, _at, domain = value.rpartition("@")
    return bool(name and domain) and value.isprintable() and not {*" ,;<>"} & {*value}


def _zone_name(value: str) -> str:
    if value not in available_timezones():
        message = "the name of a time zone, such as Europe/Moscow"
        raise ValueError(message)
    return value


def _one_line(text: str, setting: str) -> str | None:
    """A token out of its text: one line of visible ASCII, or nothing."""
    token = text.strip()
    if not (token.isascii() and token.isprintable()) or " " in token:
        raise SettingsError("not a token", setting, setting)
    return token or None


def _path_from_environment() -> Path | None:
    named = os.environ.get(ENVIRONMENT_PREFIX + "CONFIG")
    return Path(named) if named else None


def _read(file: Path) -> dict[str, Any]:
    try:
        values = tomllib.loads(file.read_text(encoding="utf-8-sig"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SettingsError("not TOML", "", f"{file}: {error}") from error
    except OSError as error:
        raise SettingsError("not found", "", f"{file}: {error.strerror}") from error
    for secret in ("token", "mail_password"):
        if secret in {name.lower() for name in values}:
            raise SettingsError("token in file", secret, str(file))
    return values


def _validated(values: dict[str, Any], folder: Path) -> Settings:
    try:
        # Set last: the environment must not move the archive away from its settings.
        return Settings(**values).model_copy(update={"folder": folder})
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        setting = ".".join(str(part) for part in first["loc"])
        problem: Literal["unknown", "wrong value"]
        problem = "unknown" if first["type"] == "extra_forbidden" else "wrong value"
        # No "from error": its text repeats the values, and one of them may be a secret.
        raise SettingsError(problem, setting, first["msg"].removeprefix("Value error, ")) from None


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False
