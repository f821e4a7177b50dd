"""The command as if it were another moment: its clock is set, and goes on from there.

    python at_moment.py 2026-05-12T20:00:00+03:00 sync

What a run takes for now lies in three modules: the plan's day, the moments that it writes, the day on which
calls are counted.
"""

from __future__ import annotations

import sys
from datetime import UTC, datetime, tzinfo

import connector.api.clock
import connector.cli.session
import connector.sync.source
from connector.cli import main


def set_clock(moment: datetime) -> None:
    """Let these modules take this moment for now."""
    later = moment - datetime.now(UTC)

    class Moved(datetime):
        """A datetime whose now is moved."""

        @classmethod
        def now(cls, tz: tzinfo | None = None) -> datetime:  # type: ignore[override]
            """This machine's moment, moved."""
            return datetime.now(tz) + later

    for module in (connector.api.clock, connector.cli.session, connector.sync.source):
        setattr(module, "datetime", Moved)  # noqa: B010 - a type checker knows no such attribute


if __name__ == "__main__":
    set_clock(datetime.fromisoformat(sys.argv.pop(1)))
    main()
