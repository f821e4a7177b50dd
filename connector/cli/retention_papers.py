"""Write the papers of an act into the folder of acts."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Final

from archive_store.backup.making import DUMP
from archive_store.nomenclature import confirmations
from archive_store.retention.acts import Act
from archive_store.retention.due import sealed_files
from connector.cli.paper import source_of, write_new
from connector.cli.retention_settings import today_of
from connector.cli.session import Session
from connector.cli.year_gate import nomenclature_of

_BACKUP: Final = "archive-%Y%m%dT%H%M%SZ"


def write_selection_act(session: Session, act: Act, folder: Path | None = None) -> Path:
    """The act of selection. Raises FileThere, FolderNotWritable."""
    from archive_store.retention.papers.gathering import sheets_that_stay
    from archive_store.retention.papers.selection import selection_act

    settings = session.settings
    with session.engine().connect() as connection:
        at = session.as_of(connection, None)
        terms = nomenclature_of(settings)
        known = sealed_files(connection, at.school_id, terms, today_of(session))
        confirmed = confirmations.confirmed(connection, at.school_id, terms)
        source = source_of(connection, session, at, act.lines[0].study_year)
    content = selection_act(act, confirmed, sheets_that_stay(act, known), source, settings.zone)
    return _written(folder or settings.acts, f"destruction-{act.number:02}-selection.pdf", content)


def write_destruction_act(session: Session, act: Act, folder: Path | None = None) -> Path:
    """The act of destruction with the extract from the log. Raises FileThere, FolderNotWritable."""
    from archive_store.retention.papers.destruction import destruction_act
    from archive_store.retention.papers.gathering import done

    settings = session.settings
    with session.engine().connect() as connection:
        at = session.as_of(connection, None)
        found = done(connection, at.school_id, act, nomenclature_of(settings), backups_before(session, act))
        source = source_of(connection, session, at, act.lines[0].study_year)
    content = destruction_act(found, source, settings.zone)
    return _written(folder or settings.acts, f"destruction-{act.number:02}-destroyed.pdf", content)


def backups_before(session: Session, act: Act) -> list[str]:
    """The copies of the database, and the server's own dumps, from before an act was carried out, by name."""
    found = []
    folder = session.settings.backups
    for path in sorted([*folder.glob("archive-*.sqlite"), *folder.glob(f"archive-*{DUMP}")]):
        try:
            made = datetime.strptime(path.stem, _BACKUP).strftime("%Y-%m-%dT%H:%M:%SZ")  # noqa: DTZ007 - UTC
        except ValueError:
            continue
        if made <= (act.completed_at or act.begun_at or made):
            found.append(path.name)
    return found


def _written(folder: Path, name: str, content: bytes) -> Path:
    path = folder / name
    write_new(path, content)
    return path
