"""Papers of a year as files: where they come from, and that nothing is written over."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path

import sqlalchemy as sa

from archive_store import ledger, runs
from archive_store.asof import AsOf
from archive_store.errors import FolderNotWritable
from archive_store.render.source import Source
from archive_store.snapshot.contents import Record
from archive_store.snapshot.seal import school_name
from connector.cli.archive_words import FileThere
from connector.cli.session import Session


def source_of(connection: sa.Connection, session: Session, at: AsOf, study_year: int) -> Source:
    """What a paper was made from: the record as of ``at``, in the school's zone."""
    run = runs.last(connection, at.school_id, at.run_id)
    read_at = datetime.fromisoformat(run.started_at) if run else datetime.now(UTC)
    zone = session.settings.zone
    return Source(
        school_name(Record(connection, at, study_year)),
        read_at.astimezone(zone),
        ledger.head(connection, at.school_id).digest.hex(),
        datetime.now(zone),
    )


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
