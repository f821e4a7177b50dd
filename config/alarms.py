"""Where the alarm is raised."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from pydantic import BaseModel, Field, SecretStr, ValidationInfo, field_validator

from config import wishes
from config.values import is_loopback, is_mail_address, page


class AlarmSettings(BaseModel):
    """A service that watches, a webhook, and mail."""

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

    @field_validator("heartbeat_url", "webhook_url")
    @classmethod
    def _safe_alarm(cls, value: str) -> str:
        return value and page(value)

    @field_validator("mail_to")
    @classmethod
    def _whole_mail(cls, value: list[str], others: ValidationInfo) -> list[str]:
        """What a mail needs is there: said when the settings are read, not when the first alarm is due."""
        known = others.data
        message = ""
        if not all(is_mail_address(one) for one in value):
            message = wishes.MAIL_ADDRESSES
        elif value and not (known.get("mail_server") and is_mail_address(known.get("mail_from", ""))):
            message = wishes.MAIL_WHOLE
        elif value and known.get("mail_security") == "none" and not is_loopback(known["mail_server"]):
            message = wishes.MAIL_LOCAL
        if message:
            raise ValueError(message)
        return value
