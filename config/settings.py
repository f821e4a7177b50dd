"""The settings of one installation: a commented TOML file, and the environment above it.

Every setting ``name`` may come from the variable ``DNEVNIK_ARCHIVE_NAME``, which wins over the file.
Secrets never stand in the file: the token and the secret of the application come from the environment
(``DNEVNIK_ARCHIVE_TOKEN``, ``DNEVNIK_ARCHIVE_CLIENT_SECRET``) or from places of their own, which the
settings only name; who signs in reads them there.
"""

from __future__ import annotations

import os
import re
import stat
import tomllib
from dataclasses import dataclass, field
from datetime import date, time
from ipaddress import ip_address
from pathlib import Path
from typing import Any, Final, Literal
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, available_timezones

from pydantic import BaseModel, ConfigDict, Field, SecretStr, ValidationError, ValidationInfo, field_validator
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict
from pydantic_settings.exceptions import SettingsError as UnreadableVariable

from config import wishes
from config.forms import FormsSettings

ENVIRONMENT_PREFIX: Final = "DNEVNIK_ARCHIVE_"
_FIRST_MONTH_OF_CLOSING: Final = 6
FILE_NAME: Final = "dnevnik-archive.toml"
_SECRETS: Final = {"token", "client_secret", "mail_password"}


@dataclass
class SettingsError(Exception):
    """A setting, or the file of settings, is wrong. ``setting`` is empty when the file itself is.

    ``detail`` is the file; with a wrong value, what is wanted instead. ``values`` stand in these texts.
    """

    problem: Literal[
        "not found",
        "not TOML",
        "unknown",
        "missing",
        "wrong value",
        "secret in file",
        "one token",
        "not private",
        "unreadable",
    ]
    setting: str
    detail: str
    values: dict[str, str] = field(default_factory=dict)


class LookSettings(BaseModel):
    """What stands on a school's papers; what is empty is taken from the record or filled in by hand."""

    model_config = ConfigDict(extra="forbid")

    name: str = Field(default="", max_length=300)
    address: str = Field(default="", max_length=300)
    contacts: str = Field(default="", max_length=300)
    details: list[str] = []
    head_office: str = Field(default="", max_length=100)
    head: str = Field(default="", max_length=100)
    deputy_office: str = Field(default="", max_length=100)
    deputy: str = Field(default="", max_length=100)
    executor: str = Field(default="", max_length=200)
    logo_file: Path | None = None
    signers: dict[str, list[str]] = {}


class SchoolSettings(BaseModel):
    """One of several schools in an archive: what differs from the settings above it."""

    model_config = ConfigDict(extra="forbid")

    school_id: int
    token_file: Path
    api_url: str | None = None
    login_url: str | None = None
    client_id: str | None = None
    client_secret_file: Path | None = None
    time_zone: str | None = None
    heartbeat_url: str | None = None
    look: LookSettings | None = None

    @field_validator("api_url")
    @classmethod
    def _https_or_loopback(cls, value: str | None) -> str | None:
        return value if value is None else _https_or_loopback(value)

    @field_validator("login_url", "heartbeat_url")
    @classmethod
    def _page(cls, value: str | None) -> str | None:
        return value if value is None else _page(value)

    @field_validator("time_zone")
    @classmethod
    def _known_zone(cls, value: str | None) -> str | None:
        return value if value is None else _zone_name(value)


class Settings(FormsSettings, BaseSettings):
    """All settings, with their defaults. Folders and files are relative to the file of settings."""

    model_config = SettingsConfigDict(env_prefix=ENVIRONMENT_PREFIX, extra="forbid")

    folder: Path = Field(default=Path(), exclude=True)
    language: Literal["ru", "en"] = "ru"

    api_url: str = "https://api.dnevnik.ru/v2/"
    token: SecretStr | None = None
    token_file: Path = Path("token")
    token_store: Literal["file", "keyring"] = "file"  # noqa: S105 - where, not what
    token_days: int = Field(default=30, ge=1, le=3660)
    login_url: str = "https://login.dnevnik.ru/oauth2"
    client_id: str | None = None
    client_secret: SecretStr | None = None
    client_secret_file: Path = Path("client-secret")
    scopes: str = "CommonInfo,EducationalInfo,FriendsAndRelatives,Files"
    redirect_port: int = Field(default=8347, ge=1024, le=65535)
    redirect_url: str | None = None
    refresh_url: str | None = None
    school_id: int | None = None
    schools: list[SchoolSettings] = []
    connections: int = Field(default=4, ge=1, le=16)
    timeout_seconds: float = Field(default=60.0, gt=0)
    attempts: int = Field(default=5, ge=1, le=20)
    calls_per_second: float = Field(default=5.0, ge=0.1, le=50)
    calls_per_day: int = Field(default=20_000, ge=0)
    moments_zone: Literal["UTC", "school"] = "UTC"

    store_url: str = "sqlite:///archive.sqlite"
    snapshots_dir: Path = Path("snapshots")
    seal_parquet: bool = False
    seal_answers: bool = False
    signing_key_file: Path = Path("signing-key.pem")
    keep_answers: bool = True
    homework_files: bool = True
    files_dir: Path = Path("files")
    file_hosts: list[str] = ["dnevnik.ru", "csdnevnik.ru"]
    largest_file_mb: int = Field(default=20, ge=1, le=1000)
    files_per_run: int = Field(default=1000, ge=1)
    homework_tasks: bool = False

    look: LookSettings = LookSettings()

    nomenclature_file: Path = Path("nomenclature.toml")
    acts_dir: Path = Path("acts")
    final_closing_from: str = "08-31"
    checks_stop: list[str] = [
        "year-not-ended", "not-read-in-full", "withdrawals-waiting",
        "last-sync-old", "ledger-not-verified",
    ]  # fmt: skip
    checks_stop_final: list[str] = [
        "reading-failed", "differences", "section-empty",
        "year-mark-missing", "final-mark-missing",
    ]  # fmt: skip
    checks_accept: list[str] = [
        "not-read-in-full", "last-sync-old", "reading-failed",
        "differences", "section-empty", "year-mark-missing",
        "final-mark-missing",
    ]  # fmt: skip
    last_sync_days: int = Field(default=3, ge=0, le=365)
    longest_unread_days: int = Field(default=200, ge=1, le=1000)
    average_tolerance: float = Field(default=1.0, ge=0.01, le=100)
    fewest_marks: int = Field(default=1, ge=0, le=100)
    share_of_class: int = Field(default=60, ge=1, le=100)
    check_months: int = Field(default=12, ge=1, le=120)
    check_hard_months: int = Field(default=60, ge=1, le=240)

    time_zone: str = "Europe/Moscow"
    first_year: int | None = Field(default=None, ge=2000, le=2100)
    days_back: int = Field(default=14, ge=0, le=400)
    days_ahead: int = Field(default=7, ge=0, le=60)
    reference_days: int = Field(default=7, ge=0, le=90)
    deep_days: int = Field(default=7, ge=1, le=90)
    full_days: int = Field(default=28, ge=7, le=365)

    mail_head: bool = False
    verify_all_days: int = Field(default=28, ge=1, le=365)
    backup_dir: Path = Path("backups")
    backup_weekly: bool = True
    backup_keep: int = Field(default=3, ge=1, le=100)

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

    @field_validator("login_url", "redirect_url", "refresh_url")
    @classmethod
    def _page(cls, value: str | None) -> str | None:
        return value if value is None else _page(value)

    @field_validator("scopes")
    @classmethod
    def _scope_names(cls, value: str) -> str:
        names = value.replace(" ", "")
        if not re.fullmatch(r"\w+(,\w+)*", names, re.ASCII):
            raise ValueError(wishes.SCOPES)
        return names

    @field_validator("store_url")
    @classmethod
    def _kept_somewhere(cls, value: str) -> str:
        kept = ("sqlite:///", "postgresql://", "postgresql+psycopg://")
        if not value.startswith(kept) or value in kept or value.endswith(":memory:"):
            raise ValueError(wishes.STORE)
        return value

    @field_validator("time_zone")
    @classmethod
    def _known_zone(cls, value: str) -> str:
        return _zone_name(value)

    @field_validator("final_closing_from")
    @classmethod
    def _month_and_day(cls, value: str) -> str:
        try:
            day = date.fromisoformat(f"2001-{value}")
        except ValueError:
            raise ValueError(wishes.MONTH_AND_DAY) from None
        if day.month < _FIRST_MONTH_OF_CLOSING:
            raise ValueError(wishes.MONTH_AND_DAY)
        return value

    @field_validator("heartbeat_url", "webhook_url")
    @classmethod
    def _safe_alarm(cls, value: str) -> str:
        return value and _page(value)

    @field_validator("mail_to")
    @classmethod
    def _whole_mail(cls, value: list[str], others: ValidationInfo) -> list[str]:
        """What a mail needs is there: said when the settings are read, not when the first alarm is due."""
        known = others.data
        message = ""
        if not all(_is_mail_address(one) for one in value):
            message = wishes.MAIL_ADDRESSES
        elif value and not (known.get("mail_server") and _is_mail_address(known.get("mail_from", ""))):
            message = wishes.MAIL_WHOLE
        elif value and known.get("mail_security") == "none" and not _is_loopback(known["mail_server"]):
            message = wishes.MAIL_LOCAL
        if message:
            raise ValueError(message)
        return value

    @field_validator("schools")
    @classmethod
    def _each_school_once(cls, value: list[SchoolSettings]) -> list[SchoolSettings]:
        if len({one.school_id for one in value}) < len(value):
            raise ValueError(wishes.SCHOOL_ONCE)
        if len({one.token_file for one in value}) < len(value):
            raise ValueError(wishes.TOKEN_EACH)
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
            "login_url": school.login_url or self.login_url,
            "client_id": school.client_id or self.client_id,
            "client_secret_file": school.client_secret_file or self.client_secret_file,
            "time_zone": school.time_zone or self.time_zone,
            "heartbeat_url": school.heartbeat_url or self.heartbeat_url,
            "snapshots_dir": self.snapshots_dir / str(school.school_id),
            "files_dir": self.files_dir / str(school.school_id),
            "acts_dir": self.acts_dir / str(school.school_id),
            "look": school.look or self.look,
            "schools": [],
        }
        return self.model_copy(update=own)

    @property
    def most_calls_per_second(self) -> float | None:
        """``calls_per_second``; no bound for the sandbox on this machine, unless the setting is given."""
        if "calls_per_second" not in self.model_fields_set and _is_loopback(urlsplit(self.api_url).hostname):
            return None
        return self.calls_per_second

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
        return prefix + str((self.folder / self.store_url.removeprefix(prefix)).absolute())

    @property
    def files(self) -> Path:
        """The folder of homework's files."""
        return (self.folder / self.files_dir).absolute()

    @property
    def snapshots(self) -> Path:
        """The folder of the sealed years."""
        return (self.folder / self.snapshots_dir).absolute()

    @property
    def backups(self) -> Path:
        """The folder of the copies of the archive's database."""
        return (self.folder / self.backup_dir).absolute()

    @property
    def signing_key(self) -> Path:
        """The file of the key that signs what is sealed; all schools of an archive share it."""
        return (self.folder / self.signing_key_file).absolute()

    @property
    def logo(self) -> Path | None:
        """The picture at the head of papers."""
        file = self.look.logo_file
        return file and (self.folder / file).absolute()

    @property
    def acts(self) -> Path:
        """The folder of printed acts."""
        return (self.folder / self.acts_dir).absolute()

    @property
    def nomenclature(self) -> Path:
        """The school's own list of files with their terms; it need not be there."""
        return (self.folder / self.nomenclature_file).absolute()

    @property
    def token_path(self) -> Path:
        """The file of the token, and its name in the keyring."""
        return (self.folder / self.token_file).absolute()

    @property
    def client_secret_path(self) -> Path:
        """The file of the application's secret; it need not be there."""
        return (self.folder / self.client_secret_file).absolute()

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
        raise SettingsError("unreadable", setting, str(path)) from None


def _https_or_loopback(value: str) -> str:
    return _page(value).rstrip("/") + "/"


def _page(value: str) -> str:
    """An address as it is, if what is sent there stays between us and it."""
    if any(character.isspace() for character in value):
        raise ValueError(wishes.ADDRESS)
    try:
        parts = urlsplit(value)
        _ = parts.port  # raises ValueError for what is no port
    except ValueError:
        raise ValueError(wishes.ADDRESS) from None
    safe = parts.scheme == "https" and parts.hostname
    if safe or (parts.scheme == "http" and _is_loopback(parts.hostname)):
        return value
    raise ValueError(wishes.ADDRESS)


def _is_mail_address(value: str) -> bool:
    name, _at, domain = value.rpartition("@")
    return bool(name and domain) and value.isprintable() and not {*" ,;<>"} & {*value}


def _zone_name(value: str) -> str:
    if value not in available_timezones():
        raise ValueError(wishes.TIME_ZONE)
    return value


def _path_from_environment() -> Path | None:
    named = os.environ.get(ENVIRONMENT_PREFIX + "CONFIG")
    return Path(named) if named else None


def _read(file: Path) -> dict[str, Any]:
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


def _validated(values: dict[str, Any], folder: Path) -> Settings:
    try:
        # Set last: the environment must not move the archive away from its settings.
        return Settings(**values).model_copy(update={"folder": folder})
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        setting = ".".join(str(part) for part in first["loc"])
        # No "from error": its text repeats the values, and one of them may be a secret.
        if first["type"] == "extra_forbidden":
            raise SettingsError("unknown", setting, "") from None
        if first["type"] == "missing":
            raise SettingsError("missing", setting, "") from None
        raise SettingsError("wrong value", setting, *wishes.wish_of(first)) from None
    except UnreadableVariable as error:
        # A list in the environment that is no JSON.
        named = re.search(r'field "(\w+)"', str(error))
        raise SettingsError("wrong value", named[1] if named else "?", wishes.LIST) from None


def _is_loopback(host: str | None) -> bool:
    if host == "localhost":
        return True
    try:
        return ip_address(host or "").is_loopback
    except ValueError:
        return False
