"""An alarm as data, and the ways to give it. It names no person: only counts, codes and moments."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal, Protocol

from connector.api import alerting
from connector.notices.mail import Letter, MailServer

Event = Literal["failed", "silence", "test", "notice"]
NotTold = alerting.NotTold


@dataclass(frozen=True, slots=True)
class Notice:
    """What has happened with a school: the exit code and its name, when, and the counts of the run.

    ``subject`` and ``text`` are for people; the webhook gets the rest.
    """

    event: Event
    school_id: int
    outcome: str
    exit_code: int
    when: datetime
    subject: str
    text: str
    counts: Mapping[str, int] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        """The body of the webhook. The number of a school is text, as ids are wherever JSON is read."""
        return {
            "event": self.event,
            "school": str(self.school_id),
            "outcome": self.outcome,
            "exit_code": self.exit_code,
            "when": self.when.isoformat(timespec="seconds"),
            "counts": dict(self.counts),
        }


class Way(Protocol):
    """A way to give an alarm."""

    @property
    def name(self) -> str:
        """What it is called: "mail" or "webhook"."""

    def give(self, notice: Notice) -> None:
        """Give it. Raises NotTold."""


@dataclass(frozen=True, slots=True)
class Webhook:
    """An address that gets the alarm as JSON."""

    url: str = field(repr=False)
    name: str = "webhook"

    def give(self, notice: Notice) -> None:
        """Post it. Raises NotTold."""
        alerting.post(self.url, notice.as_json())


@dataclass(frozen=True, slots=True)
class Mail:
    """A mail to people. The password is read when it is needed, and not kept."""

    server: MailServer
    sender: str
    recipients: tuple[str, ...]
    password: Callable[[], str | None] = field(repr=False)
    name: str = "mail"

    def give(self, notice: Notice) -> None:
        """Send it. Raises NotTold."""
        letter = Letter(self.sender, self.recipients, notice.subject, notice.text)
        reason = self.server.send(letter, self.password())
        if reason:
            raise NotTold(reason)


def give(ways: list[Way], notice: Notice) -> Iterator[tuple[str, str]]:
    """Give an alarm by each way: its name and why it failed ("" if it did not). Raises nothing."""
    for way in ways:
        try:
            way.give(notice)
        except NotTold as error:
            yield way.name, error.reason
        except Exception as error:  # noqa: BLE001 - an alarm that fails must not break what it tells of
            yield way.name, type(error).__name__
        else:
            yield way.name, ""
