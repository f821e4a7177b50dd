"""The schools of an archive, and what stands on their papers."""

from __future__ import annotations

from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, field_validator

from config.values import https_or_loopback, page, zone_name


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
        return value if value is None else https_or_loopback(value)

    @field_validator("login_url", "heartbeat_url")
    @classmethod
    def _page(cls, value: str | None) -> str | None:
        return value if value is None else page(value)

    @field_validator("time_zone")
    @classmethod
    def _known_zone(cls, value: str | None) -> str | None:
        return value if value is None else zone_name(value)
