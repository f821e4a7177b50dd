"""The calls of a day, kept on record while they are made: a process that is killed leaves them there.

What a kill costs the count is what was made since the last transaction: the calls under way, answers that
wait for the writer or to be put on record with others, and tries that ended in no answer.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import date

import sqlalchemy as sa

from archive_store import spent_calls
from connector.api.client import Client


@dataclass(slots=True)
class DayCount:
    """Holds the calls of one client against the day's budget of its school, and keeps them on record."""

    client: Client
    school_id: int
    _kept: Counter[date] = field(default_factory=Counter)

    def load(self, connection: sa.Connection) -> None:
        """Tell the client what others have spent of its day."""
        today = self.client.today()
        on_record = spent_calls.on(connection, self.school_id, today)
        self.client.already_spent(today, on_record - self._kept[today])

    @contextmanager
    def transaction(self, engine: sa.Engine) -> Iterator[sa.Connection]:
        """A transaction of somebody's, which keeps the count too: it costs one row more."""
        with engine.begin() as connection:
            yield connection
            made = self.client.made()
            new = made - self._kept
            spent_calls.add(connection, self.school_id, new)
        self._kept = made

    def keep(self, engine: sa.Engine) -> None:
        """Keep the count now. One that cannot be kept must not change how the work ends."""
        with suppress(sa.exc.SQLAlchemyError), self.transaction(engine):
            pass

    @contextmanager
    def counted(self, engine: sa.Engine) -> Iterator[None]:
        """Let the calls of a block that is no run count in the day's budget, and be bounded by it."""
        with engine.connect() as connection:
            self.load(connection)
        try:
            yield
        finally:
            self.keep(engine)
