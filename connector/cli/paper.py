"""Papers of a year as files: where they come from, and that nothing is written over."""

from __future__ import annotations

import os
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import sqlalchemy as sa

from archive_store import ledger, runs
from archive_store.asof import AsOf
from archive_store.errors import FolderNotWritable, UnknownYear
from archive_store.render.source import Sealed, Source
from archive_store.restore.scratch import SealedRecord
from archive_store.snapshot.contents import Record
from archive_store.snapshot.seal import school_name
from connector.cli.archive_words import FileThere
from connector.cli.look import look_of
from connector.cli.session import Session


def source_of(connection: sa.Connection, session: Session, at: AsOf, study_year: int) -> Source:
    """What a paper was made from: the record as of ``at``, in the school's zone, and the school's look."""
    look = look_of(session.settings)
    run = runs.last(connection, at.school_id, at.run_id)
    read_at = datetime.fromisoformat(run.started_at) if run else datetime.now(UTC)
    zone = session.settings.zone
    return Source(
        look.name or school_name(Record(connection, at, study_year)),
        read_at.astimezone(zone),
        ledger.head(connection, at.school_id).digest.hex(),
        datetime.now(zone),
        look,
    )


def sealed_source(sealed: SealedRecord, session: Session, study_year: int) -> Source:
    """The same of a record that was taken from a sealed archive. Raises UnknownYear."""
    bag = sealed.voucher(study_year)
    if bag is None:
        years = {one.study_year for one in sealed.source.bags if one.study_year is not None}
        raise UnknownYear(study_year, sorted(years))
    source = source_of(sealed.connection, session, sealed.at, study_year)
    recorded = datetime.fromisoformat(bag.recorded_at).astimezone(session.settings.zone)
    return replace(source, as_of=recorded, sealed=Sealed(*sealed.origin(bag)))


def write_new(path: Path, content: bytes) -> None:
    """Write a file for its owner's eyes. Raises FileThere, FolderNotWritable."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        flags = os.O_CREAT | os.O_EXCL | os.O_WRONLY | getattr(os, "O_BINARY", 0)
        with os.fdopen(os.open(path, flags, 0o600), "wb") as out:
            out.write(content)
    except FileExistsError as error:
        raise FileThere(path) from error
    except OSError as error:
        raise FolderNotWritable(path.parent, error.strerror or str(error)) from error
