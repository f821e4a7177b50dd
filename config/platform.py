"""How the platform is reached, and for which schools."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

from pydantic import BaseModel, Field, SecretStr, field_validator

from config import wishes
from config.schools import SchoolSettings
from config.values import https_or_loopback, is_loopback, page


class PlatformSettings(BaseModel):
    """Address, sign-in and pace."""

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

    @field_validator("api_url")
    @classmethod
    def _https_or_loopback(cls, value: str) -> str:
        return https_or_loopback(value)

    @field_validator("login_url", "redirect_url", "refresh_url")
    @classmethod
    def _page(cls, value: str | None) -> str | None:
        return value if value is None else page(value)

    @field_validator("scopes")
    @classmethod
    def _scope_names(cls, value: str) -> str:
        names = value.replace(" ", "")
        if not re.fullmatch(r"\w+(,\w+)*", names, re.ASCII):
            raise ValueError(wishes.SCOPES)
        return names

    @field_validator("schools")
    @classmethod
    def _each_school_once(cls, value: list[SchoolSettings]) -> list[SchoolSettings]:
        if len({one.school_id for one in value}) < len(value):
            raise ValueError(wishes.SCHOOL_ONCE)
        if len({one.token_file for one in value}) < len(value):
            raise ValueError(wishes.TOKEN_EACH)
        return value

    @property
    def most_calls_per_second(self) -> float | None:
        """``calls_per_second``; no bound for the sandbox on this machine, unless the setting is given."""
        if "calls_per_second" not in self.model_fields_set and is_loopback(urlsplit(self.api_url).hostname):
            return None
        return self.calls_per_second
