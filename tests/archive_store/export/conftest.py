"""The viewer of the small school, written once for all tests that only read it."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from archive_store import texts
from archive_store.export.viewer_folder import export_viewer
from archive_store.store import make_store
from viewer_school import SOURCE, Exported, fill


@pytest.fixture(scope="session")
def exported(sqlite_tables: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Exported]:
    """The viewer of the whole school. Read only."""
    root = tmp_path_factory.mktemp("viewer")
    shutil.copy(sqlite_tables, root / "archive.sqlite")
    store = make_store(f"sqlite:///{root / 'archive.sqlite'}")
    with store.connect() as connection:
        school = fill(connection)
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("LANGUAGE", "ru")
            texts.activate("ru")
            export = export_viewer(connection, school.at, school.groups, root / "out", SOURCE)
        texts.activate("en")
        yield Exported(school, export.path, export)
    store.dispose()
