"""The record of sealed bags in a database of its own that is removed again: no archive is needed."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import sqlalchemy as sa

from archive_store.asof import AsOf
from archive_store.errors import NotASnapshot
from archive_store.restore.reading import Bag
from archive_store.restore.records import Left
from archive_store.restore.restoring import Source, read_source, restore
from archive_store.snapshot.naming import is_summary
from archive_store.store import make_store


@dataclass(frozen=True, slots=True)
class SealedRecord:
    """The record of a sealed archive, to be read as any other. ``left`` is what was not taken over."""

    connection: sa.Connection
    at: AsOf
    source: Source
    left: tuple[Left, ...]

    def voucher(self, study_year: int) -> Bag | None:
        """The bag whose root vouches for the year: its summary, else its last bag."""
        of_year = [bag for bag in self.source.bags if bag.study_year == study_year]
        summaries = [bag for bag in of_year if is_summary(bag.name)]
        return next(reversed(summaries or of_year), None)

    def origin(self, bag: Bag) -> tuple[str, str]:
        """Where a bag lies (its year and its name) and its root in hexadecimal digits."""
        place = f"{bag.path.parent.name}/{bag.name}"
        if place not in self.source.roots:
            place = bag.name  # it lies in no folder of a year
        return place, self.source.roots[place]


@contextmanager
def sealed_record(path: Path, program: str) -> Iterator[SealedRecord]:
    """Verify the bag, year or years at ``path`` and open their record, for the block's time.

    The record is known as of the moment of the last bag, not of this reading. The database lies in a folder
    that its owner alone can enter, and goes with it however the block ends.
    Raises NotASnapshot, NotVerified, BagNotReadable, BagsOfSeveralSchools.
    """
    source = read_source(path)
    if source is None:
        raise NotASnapshot(path)
    with tempfile.TemporaryDirectory(prefix="dnevnik-archive-sealed-") as folder:
        engine = make_store(f"sqlite:///{Path(folder) / 'sealed.sqlite'}")
        try:
            with engine.begin() as connection:
                restored = restore(connection, source, source.bags[-1].recorded_at, program)
            with engine.connect() as connection:
                known = AsOf(source.school_id, restored.run_id)
                yield SealedRecord(connection, known, source, tuple(restored.left))
        finally:
            engine.dispose()
