"""Days and moments out of the platform's texts, which carry no zone."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

_DAY_LENGTH = len("2026-02-10")
_OFFSET = re.compile(r"[+-]\d\d:?\d\d$")
_OFFSET_LENGTH = len("+03:00")


def day_of(text: str) -> str:
    """The day of a school-local date (``2026-02-10T00:00:00``). Raises ValueError for what is no date."""
    return date.fromisoformat(text[:_DAY_LENGTH]).isoformat()


def time_of(text: str | None) -> str | None:
    """The time ``HH:MM`` of a bell (``0001-01-01T08:30:00``)."""
    return text[11:16] if text else None


@dataclass(frozen=True, slots=True)
class MomentReader:
    """Reads moments. A text without a zone is taken as UTC, or as the school's time if ``zone`` is set.

    The zone of ``Mark.date`` and ``createdDate`` is not documented: a live third-party service takes
    them as UTC. The text itself is kept beside the result, so that a wrong guess can be mended.
    """

    zone: ZoneInfo | None = None

    def utc(self, text: str | None) -> str | None:
        """The moment in UTC with a ``Z``, or None if there is none or the text is no moment."""
        if not text:
            return None
        if text.endswith("Z"):
            return text
        offset = _OFFSET.search(text, len(text) - _OFFSET_LENGTH)
        if self.zone is None and len(text) > _DAY_LENGTH and not offset:
            return text + "Z"
        try:
            moment = datetime.fromisoformat(text)
            local = moment if moment.tzinfo else moment.replace(tzinfo=self.zone or UTC)
            return local.astimezone(UTC).isoformat().replace("+00:00", "Z")
        except (ValueError, OverflowError):  # no moment, or one before the first year
            return None
