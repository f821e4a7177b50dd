"""The settings of one installation: a commented TOML file, and the environment above it.

Every setting ``name`` may come from the variable ``DNEVNIK_ARCHIVE_NAME``, which wins over the file.
Secrets never stand in the file: the token and the secret of the application come from the environment
(``DNEVNIK_ARCHIVE_TOKEN``, ``DNEVNIK_ARCHIVE_CLIENT_SECRET``) or from places of their own, which the
settings only name; who signs in reads them there.
"""

from __future__ import annotations

import re
from datetime import time
from pathlib import Path
from typing import Any, Literal
from zoneinfo import ZoneInfo

from pydantic import Field, ValidationError, field_validator
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict
from pydantic_settings.exceptions import SettingsError as UnreadableVariable

from config import wishes
from config.alarms import AlarmSettings
from config.closing import ClosingSettings
from config.errors import SettingsError
from config.file import ENVIRONMENT_PREFIX, written
from config.forms import FormsSettings
from config.platform import PlatformSettings
from config.schools import LookSettings, SchoolSettings
from config.values import private_text, zone_name


class Settings(AlarmSettings, FormsSettings, ClosingSettings, PlatformSettings, BaseSettings):
    """All settings, with their defaults. Folders and files are relative to the file of settings."""

    model_config = SettingsConfigDict(env_prefix=ENVIRONMENT_PREFIX, extra="forbid")

    folder: Path = Field(default=Path(), exclude=True)
    language: Literal["ru", "en"] = "ru"

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

    check_months: int = Field(default=12, ge=1, le=120)
    check_hard_months: int = Field(default=60, ge=1, le=240)

    operator: str = ""
    recipients_file: Path = Path("age-recipients.txt")
    pseudonym_key_file: Path = Path("pseudonym-key")
    card_purpose: str = ""
    card_basis: str = ""

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
        return zone_name(value)

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
    def recipients(self) -> Path | None:
        """The file of public keys for whom copies are encrypted, if it is there."""
        path = (self.folder / self.recipients_file).absolute()
        return path if path.is_file() else None

    @property
    def pseudonym_key(self) -> Path:
        """The file of the key by which pseudonyms are made; all schools of an archive share it."""
        return (self.folder / self.pseudonym_key_file).absolute()

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
        text = private_text(self.folder / self.mail_password_file, "mail_password_file")
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
    return _validated(*written(path))


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
