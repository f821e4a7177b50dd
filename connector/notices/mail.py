"""A mail by the school's own mail server: over TLS whose certificate is checked, or on this machine."""

from __future__ import annotations

import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from email.message import EmailMessage
from email.utils import formatdate, make_msgid
from typing import Final, Literal

_TIMEOUT_SECONDS: Final = 15.0


@dataclass(frozen=True, slots=True)
class Letter:
    """A mail in plain text."""

    sender: str
    recipients: tuple[str, ...]
    subject: str
    text: str

    def message(self) -> EmailMessage:
        """As it goes over the wire. Raises ValueError for an address that is none."""
        message = EmailMessage()
        message["From"] = self.sender
        message["To"] = ", ".join(self.recipients)
        message["Subject"] = self.subject
        message["Date"] = formatdate()
        # By the sender's domain: the name of this machine is nobody's business.
        message["Message-ID"] = make_msgid(domain=self.sender.rpartition("@")[2] or "localhost")
        message.set_content(self.text)
        return message


@dataclass(frozen=True, slots=True)
class MailServer:
    """Where mails are handed in. ``security``: "ssl" from the first byte, "starttls", or "none".

    "none" is for a server on this machine; the settings see to that.
    """

    host: str
    port: int
    security: Literal["ssl", "starttls", "none"]
    user: str = ""

    def send(self, letter: Letter, password: str | None) -> str:
        """Send a mail. Returns why it could not be sent, without what the server said of the user, or ""."""
        try:
            with self._connected() as server:
                if self.user and password:
                    server.login(self.user, password)
                server.send_message(letter.message())
        except smtplib.SMTPResponseException as error:
            return f"SMTP {error.smtp_code}"
        except (smtplib.SMTPException, OSError, ValueError) as error:
            return type(error).__name__
        return ""

    @contextmanager
    def _connected(self) -> Iterator[smtplib.SMTP]:
        context = ssl.create_default_context()
        if self.security == "ssl":
            with smtplib.SMTP_SSL(self.host, self.port, timeout=_TIMEOUT_SECONDS, context=context) as server:
                yield server
            return
        with smtplib.SMTP(self.host, self.port, timeout=_TIMEOUT_SECONDS) as server:
            if self.security == "starttls":
                server.starttls(context=context)
            yield server
