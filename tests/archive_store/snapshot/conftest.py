"""The small invented year, sealed once; tests that damage it take a copy."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from archive_store import texts
from archive_store.snapshot.seal import Extras
from archive_store.store import make_store
from archive_store.year.closing import Closing, Order, close_year

sys.path.append(str(Path(__file__).parent))

from handling import JOURNAL, copied
from small_year import AT, SCHOOL, YEAR, fill, put_files


@pytest.fixture(scope="session")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Iterator[sa.Engine]:
    """The record of the small year, on SQLite. Read only."""
    store = make_store(f"sqlite:///{tmp_path_factory.mktemp('record') / 'archive.sqlite'}")
    yield fill(store)
    store.dispose()


@pytest.fixture(scope="session")
def closing(archive: sa.Engine, tmp_path_factory: pytest.TempPathFactory) -> Closing:
    """The small year, closed; the archive itself does not remember it."""
    texts.activate("en")
    extras = Extras(put_files(tmp_path_factory.mktemp("files")))
    with archive.connect() as connection:
        return close_year(
            connection, SCHOOL, YEAR, tmp_path_factory.mktemp("sealed"), AT, Order(extras=extras)
        )


@pytest.fixture(scope="session")
def sealed(closing: Closing) -> Path:
    """The folder of the sealed year. Read only."""
    return closing.sealed.path


@pytest.fixture
def year(sealed: Path, tmp_path: Path) -> Path:
    """A copy of the sealed year, for damage."""
    return copied(sealed, tmp_path)


@pytest.fixture
def bag(sealed: Path, tmp_path: Path) -> Path:
    """A copy of the journal of 9А alone, for damage."""
    return copied(sealed / JOURNAL, tmp_path / "alone")
